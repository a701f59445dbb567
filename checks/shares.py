"""A report shared with somebody who has no account: by a link that expires, can be revoked, and asks for their mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.doors import Door
from checks.querysets import OfChecksQuerySet


class ShareQuerySet(OfChecksQuerySet["Share"]):
    pass


class Share(Door):
    """For one person. The link alone shows nothing: a code goes to the address that the report is shared with."""

    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="shares")
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.CharField(_("e-mail"), max_length=254)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)  # wrong ones since the code was made
    codes_sent = models.PositiveSmallIntegerField(default=0)
    key_digest = models.CharField(max_length=64, blank=True)  # of the cookie of the browser that gave the code
    first_opened_at = models.DateTimeField(null=True)
    last_opened_at = models.DateTimeField(null=True)

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email
