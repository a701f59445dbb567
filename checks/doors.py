"""The link in a mail: a capability for one page, not a sign-in. Unguessable, expiring, revocable."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from accounts.encryption import EncryptedTextField, digest, new_token


class Door(models.Model):
    """A row with a page of its own behind a token. The token is kept encrypted so that a reminder can carry it."""

    token = EncryptedTextField(editable=False, default=new_token)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_expires_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.token_hash = digest(self.token)
        super().save(*args, **kwargs)

    @classmethod
    def behind(cls, token: str, now: datetime) -> Self | None:
        """The row that a token opens; None alike for unknown, altered, expired and revoked ones."""
        rows = cls._base_manager.filter(token_hash=digest(token))
        return rows.exclude(token_expires_at__lte=now).first()
