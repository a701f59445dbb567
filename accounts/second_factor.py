"""A second factor for those who want it: an authenticator app, and codes on paper for the day the phone is lost."""

from datetime import datetime

from django.db import models

from accounts.encryption import EncryptedTextField


class Authenticator(models.Model):
    """An app that shows six figures, new every thirty seconds. It counts from `confirmed_at` on."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="authenticator")
    secret = EncryptedTextField(editable=False)  # hexadecimal
    last_step = models.BigIntegerField(default=-1, editable=False)  # of the code that was used last: each works once
    created_at = models.DateTimeField()
    confirmed_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"authenticator {self.pk}"


class RecoveryCode(models.Model):
    """Works once, in place of the app. Only the digest is kept."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="recovery_codes")
    code_digest = models.CharField(max_length=64)
    used_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_digest"], name="accounts_recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
