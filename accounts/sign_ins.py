"""Where a person is signed in: a line for each session, which they can end."""

from django.db import models

from accounts.encryption import EncryptedTextField
from accounts.querysets import OrganizationQuerySet


class SignedInQuerySet(OrganizationQuerySet["SignedIn"]):
    to_organization = "user__organization"


class SignedIn(models.Model):
    """One browser. The session's key would open it, so it is kept encrypted and found by its digest."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_ins")
    session_key = EncryptedTextField(editable=False)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    device = models.CharField(max_length=120, blank=True)  # such as: Firefox on Linux
    way = models.CharField(max_length=12)  # link, password
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SignedInQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"])]

    def __str__(self) -> str:
        return self.device or f"session {self.pk}"
