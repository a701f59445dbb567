"""A report shared with somebody who has no account: by a link that expires, can be revoked, and asks for their mail."""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models, transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from accounts.encryption import digest, new_token
from accounts.models import User
from checks.doors import Door
from checks.querysets import OfChecksQuerySet
from notifications.models import Message

if TYPE_CHECKING:
    from checks.models import Check

LONGEST = 30  # days
CODE_LIFETIME = timedelta(minutes=15)
TRIES = 5  # of a code
CODES_PER_DAY = 5
CODE_KIND, LINK_KIND = "share-code", "share-link"


class ShareQuerySet(OfChecksQuerySet["Share"]):
    def open_at(self, now: datetime) -> "ShareQuerySet":
        return self.filter(token_expires_at__gt=now)

    def messages(self) -> Any:
        """All that was written to those it is shared with."""
        return Message.objects.filter(topic__in=[f"share:{pk}" for pk in self.values_list("pk", flat=True)])

    def revoke(self, now: datetime) -> int:
        """Shut the doors, also for whoever reads at this moment; mails that wait are taken back."""
        self.messages().cancel(now)
        return self.open_at(now).update(token_expires_at=now, code_digest="", key_digest="")


class Share(Door):
    """For one person. The link alone shows nothing: a code goes to the address that the report is shared with.

    `token_expires_at` is the end that was chosen, or the moment of its revoking.
    """

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

    @property
    def public_id(self) -> UUID:
        """What stands in the page's address. It opens nothing: no token can be found from half of its digest."""
        return UUID(self.token_hash[:32])

    @property
    def topic(self) -> str:
        return f"share:{self.pk}"

    @property
    def who(self) -> str:
        return self.name or self.email

    def is_open(self, now: datetime) -> bool:
        return bool(self.token_expires_at and self.token_expires_at > now)

    @classmethod
    def make(cls, check: "Check", name: str, email: str, days: int, now: datetime, by: User) -> "Share":
        """Share the report for so many days. What is mailed is `share_letters.send_link`'s."""
        with transaction.atomic():
            share = cls.objects.create(
                for_check=check,
                name=name,
                email=email,
                created_by=by,
                created_at=now,
                token_expires_at=now + timedelta(days=min(days, LONGEST)),
            )
            check.record("shared", now, user=by, detail=email)
        return share

    def end(self, now: datetime, by: User) -> bool:
        """Revoke it; False when it had ended before."""
        with transaction.atomic():
            if not type(self).objects.filter(pk=self.pk).revoke(now):
                return False
            self.token_expires_at = now
            self.for_check.record("unshared", now, user=by, detail=self.email)
        return True

    # --- the code ---------------------------------------------------------------------------------------

    def new_code(self, now: datetime) -> str | None:
        """Six figures for the mail; the one before is no good any more. None when the day's codes are used up."""
        with transaction.atomic():
            row = type(self).objects.select_for_update().get(pk=self.pk)
            written = Message.objects.about(self.topic).filter(kind=CODE_KIND, created_at__gt=now - timedelta(days=1))
            if written.count() >= CODES_PER_DAY:
                return None
            code = f"{secrets.randbelow(10**6):06}"
            row.code_digest, row.code_expires_at, row.code_tries = row._digest(code), now + CODE_LIFETIME, 0
            row.codes_sent += 1
            row.save(update_fields=["code_digest", "code_expires_at", "code_tries", "codes_sent"])
        self.codes_sent = row.codes_sent
        return code

    def redeem(self, code: str, now: datetime) -> str:
        """The key for the browser of whoever gives the right code, which is then used up; "" for any other."""
        with transaction.atomic():
            row = type(self).objects.select_for_update().get(pk=self.pk)
            if not row._takes_codes(now):
                return ""
            row.code_tries += 1
            key = ""
            if constant_time_compare(row.code_digest, row._digest(code)):
                key = new_token()
                row.code_digest, row.key_digest = "", digest(key)
            row.save(update_fields=["code_digest", "code_tries", "key_digest"])
        return key

    def _takes_codes(self, now: datetime) -> bool:
        is_fresh = self.code_expires_at is not None and self.code_expires_at > now
        return bool(self.code_digest) and is_fresh and self.code_tries < TRIES and self.is_open(now)

    def _digest(self, code: str) -> str:
        """With the token, which the database holds encrypted: a million digests are soon compared."""
        return digest(f"{self.token}:{code}")

    def is_opened_by(self, key: str, now: datetime) -> bool:
        """Whether this is the browser that gave the code last, within the day that a code opens it for."""
        is_of_today = self.code_expires_at is not None and now < self.code_expires_at + timedelta(days=1)
        return is_of_today and bool(self.key_digest) and constant_time_compare(self.key_digest, digest(key))

    def note_opening(self, now: datetime) -> None:
        """When it was read: the first time with a line in the timeline."""
        rows = type(self).objects.filter(pk=self.pk)
        with transaction.atomic():
            if rows.filter(first_opened_at=None).update(first_opened_at=now):
                self.for_check.record("share-read", now, detail=self.email)
            rows.update(last_opened_at=now)
