"""Who said that they do not wish to be a prospect: a list that outlives all else that is known of them."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.db import models

from accounts.models import Organization
from prospects.preferences import ProspectSettings
from prospects.querysets import SuppressionQuerySet


class Suppression(models.Model):
    """It names nobody: the address stands there as a digest under the organization's salt."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="suppressions", db_index=False)
    address_digest = models.CharField(max_length=64)
    since = models.DateTimeField()

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "address_digest"], name="prospects_suppressed_once")
        ]

    def __str__(self) -> str:
        return f"suppressed since {self.since:%Y-%m-%d}"

    @classmethod
    def add(cls, organization: Organization, email: str, now: datetime) -> None:
        """Nobody but themselves makes this address a prospect again. Said twice, it counts from the first time."""
        if email:
            cls.objects.get_or_create(
                organization=organization, address_digest=_digest(_salt(organization), email), defaults={"since": now}
            )

    @classmethod
    def holds(cls, organization: Organization, email: str) -> bool:
        return bool(cls.among(organization, [email]))

    @classmethod
    def among(cls, organization: Organization, emails: Iterable[str]) -> set[str]:
        """Those of some addresses, written as they were given, for which `holds` is true: in two queries."""
        salt = _salt(organization)
        by_digest: dict[str, set[str]] = {}
        for email in emails:
            for digest in _digests(salt, email):
                by_digest.setdefault(digest, set()).add(email)
        rows = cls.objects.filter(organization=organization, address_digest__in=by_digest)
        return set().union(*(by_digest[each] for each in rows.values_list("address_digest", flat=True)))

    @classmethod
    def lift(cls, organization: Organization, email: str) -> bool:
        """They say themselves that they do wish it; False when they had never said otherwise."""
        digests = _digests(_salt(organization), email)
        return bool(cls.objects.filter(organization=organization, address_digest__in=digests).delete()[0])


def _salt(organization: Organization) -> str:
    return ProspectSettings.of(organization).salt


def _digests(salt: str, email: str) -> set[str]:
    """Of the address, and of the one that it reaches without what follows a plus: ada+jobs@ is in ada@’s mailbox, so a
    no of hers holds for it.
    """
    box, at, domain = email.strip().rpartition("@")
    return {_digest(salt, email), _digest(salt, box.partition("+")[0] + at + domain)}


def _digest(salt: str, email: str) -> str:
    """Of one address however it is written. With the salt: there are few enough addresses to try them all."""
    return hmac.new(salt.encode(), email.strip().casefold().encode(), hashlib.sha256).hexdigest()
