"""Before the export: how many would go to Lever, and why the others would not. Nothing is written anywhere."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from checks.models import Check
from integrations.account import lever
from integrations.jobs import in_vain
from integrations.lever.client import Lever
from integrations.lever.errors import LeverError
from integrations.models import Connection
from prospects.models import Prospect, Suppression

MOST = 10_000  # prospects that are looked at
ASKED = 25  # of them, in Lever
AT_ONCE = 5_000  # addresses in one query
PATIENCE = (1.0, 2.5)  # seconds to connect, and to wait for an answer: somebody sits before the page
LONGEST = 6.0  # seconds after which Lever is asked no further question; with the last one's patience ten in all


@dataclass(frozen=True)
class Preview:
    """Those who wait, each counted once, and those who have been there before.

    `known` are candidates of the organization's, so they are in Lever; `suppressed` wish not to be prospects;
    `invalid` lack an address that a mail can reach.
    """

    new: int
    known: int
    suppressed: int
    invalid: int
    in_lever: int
    is_cut: bool  # more than MOST wait

    @property
    def waiting(self) -> int:
        return self.new + self.known + self.suppressed + self.invalid


def preview(organization: Organization) -> Preview:
    rows = Prospect.objects.filter(organization=organization)
    waiting = list(rows.waiting().order_by("pk").values_list("email", flat=True)[: MOST + 1])
    valid = [email for email in waiting[:MOST] if is_address(email)]
    suppressed = set(_suppressed(organization, valid))
    known = set(_candidates(organization, valid)) - suppressed
    return Preview(
        new=len(valid) - len(known) - len(suppressed),
        known=len(known),
        suppressed=len(suppressed),
        invalid=len(waiting[:MOST]) - len(valid),
        in_lever=rows.filter(state__in=(Prospect.State.EXPORTED, Prospect.State.KNOWN)).count(),
        is_cut=len(waiting) > MOST,
    )


def is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _suppressed(organization: Organization, emails: list[str]) -> Iterator[str]:
    for some in _parts(emails):
        yield from Suppression.among(organization, some)


def _candidates(organization: Organization, emails: list[str]) -> Iterator[str]:
    """Those whom a check of the organization's knows as a candidate: they have an opportunity in Lever."""
    rows = Check.objects.filter(organization=organization, is_by_hand=False).annotate(lower=Lower("candidate_email"))
    for some in _parts(emails):
        yield from rows.filter(lower__in=some).values_list("lower", flat=True)


def _parts(whole: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]


def look_in_lever(connection: Connection) -> str:
    """Ask Lever about those who are next, and say how many are there. Never raises for what Lever does."""
    rows = Prospect.objects.filter(organization=connection.organization_id)
    emails = list(rows.waiting().order_by("pk").values_list("email", flat=True)[:ASKED])
    if not emails:
        return _("Nobody waits, so there is nobody to ask Lever about.")
    try:
        with lever(connection, timeout=PATIENCE) as account:
            found = list(_asked(account, emails))
    except LeverError as error:
        return in_vain(error)
    words = {"asked": len(found), "there": sum(found)}
    return (
        ngettext(
            "Of %(asked)d looked for in Lever now, %(there)d is there.",
            "Of %(asked)d looked for in Lever now, %(there)d are there.",
            words["there"],
        )
        % words
    )


def _asked(account: Lever, emails: list[str]) -> Iterator[bool]:
    begun = time.monotonic()
    for email in emails:
        if time.monotonic() - begun > LONGEST:
            return
        yield bool(account.opportunities_of(email))
