"""A second factor for those who want it: an authenticator app, and codes on paper for the day the phone is lost."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlencode

from django.db import models, transaction
from django_otp.oath import TOTP  # RFC 6238

from accounts.encryption import EncryptedTextField, digest
from accounts.limits import Allowance

if TYPE_CHECKING:
    from accounts.models import User

STEP = 30  # seconds that a code of the app lasts
TOLERANCE = 1  # steps that the phone's clock may be off
CODES = 10  # on paper
WRONG_CODES, WITHIN = 10, timedelta(hours=1)  # a guesser would need a year for one chance in ten
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # what nobody confuses on paper


class Authenticator(models.Model):
    """An app that shows six figures, new every thirty seconds. It counts from `confirmed_at` on."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="authenticator")
    secret = EncryptedTextField(editable=False)  # hexadecimal
    last_step = models.BigIntegerField(default=-1, editable=False)  # of the code that was used last: each works once
    created_at = models.DateTimeField()
    confirmed_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"authenticator {self.pk}"

    @classmethod
    def of(cls, user: "User") -> Self | None:
        """The one that signing in asks for."""
        return cls._base_manager.filter(user=user, confirmed_at__isnull=False).first()

    @classmethod
    def begin(cls, user: "User", now: datetime) -> Self:
        """A new secret, which counts once it is confirmed. The one before, if confirmed, stays as it is."""
        fresh = {"secret": secrets.token_hex(20), "created_at": now, "last_step": -1}
        row, was_made = cls._base_manager.get_or_create(user=user, defaults=fresh)
        if not was_made and row.confirmed_at is None and now - row.created_at > WITHIN:
            cls._base_manager.filter(pk=row.pk, confirmed_at=None).update(**fresh)
            row.refresh_from_db()
        return row

    @classmethod
    def forget(cls, user: "User") -> None:
        """Sign in without it again; its codes on paper are void."""
        with transaction.atomic():
            cls._base_manager.filter(user=user).delete()
            RecoveryCode.objects.filter(user=user).delete()

    @property
    def key(self) -> str:
        """As apps take it when it is typed."""
        return base64.b32encode(bytes.fromhex(self.secret)).decode()

    @property
    def address(self) -> str:
        """What the QR code says (github.com/google/google-authenticator/wiki/Key-Uri-Format)."""
        label = quote(f"Vouch:{self.user.email}")
        return f"otpauth://totp/{label}?{urlencode({'secret': self.key, 'issuer': 'Vouch'})}"

    def confirm(self, code: str, now: datetime) -> list[str]:
        """Begin to count, and give the codes for paper; none when the code is wrong."""
        with transaction.atomic():
            if self.confirmed_at or not self._takes(code, now):
                return []
            type(self)._base_manager.filter(pk=self.pk).update(confirmed_at=now)
            self.confirmed_at = now
            return RecoveryCode.anew(self.user)

    def accepts(self, code: str, now: datetime) -> bool:
        """Whether a code of the app, or one from paper, is right. Each works once; wrong ones are counted."""
        if not Allowance.take("second-factor", str(self.user_id), WRONG_CODES, WITHIN, now):
            return False
        if not (self._takes(code, now) or RecoveryCode.use(self.user, code, now)):
            return False
        Allowance.give_back("second-factor", str(self.user_id))
        return True

    def _takes(self, code: str, now: datetime) -> bool:
        plain = "".join(code.split())
        if not (plain.isascii() and plain.isdigit() and len(plain) == 6):
            return False
        with transaction.atomic():
            row = type(self)._base_manager.select_for_update().get(pk=self.pk)
            totp = TOTP(bytes.fromhex(row.secret), step=STEP)
            totp.time = now.timestamp()
            if not totp.verify(int(plain), tolerance=TOLERANCE, min_t=row.last_step + 1):
                return False
            row.last_step = totp.t()
            row.save(update_fields=["last_step"])
        return True


class RecoveryCode(models.Model):
    """Works once, in place of the app. Only the digest is kept."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="recovery_codes")
    code_digest = models.CharField(max_length=64)
    used_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_digest"], name="accounts_recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"

    @classmethod
    def anew(cls, user: "User") -> list[str]:
        """Fresh ones in the place of all before. They can be read this once."""
        codes = [_code() for _ in range(CODES)]
        with transaction.atomic():
            cls.objects.filter(user=user).delete()
            RecoveryCode.objects.bulk_create([RecoveryCode(user=user, code_digest=digest(code)) for code in codes])
        return codes

    @classmethod
    def use(cls, user: "User", code: str, now: datetime) -> bool:
        unused = cls.objects.filter(user=user, used_at=None)
        return bool(unused.filter(code_digest=digest("".join(code.split()).lower())).update(used_at=now))


def _code() -> str:
    """74 random bits: enough for a plain digest. Such as: k7m2p-x9q4r-t3w8h."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))
