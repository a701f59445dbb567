"""Prospects from a file into the list: all of its good lines, or none. Doing it again changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.encryption import digest
from accounts.models import Organization
from checks.keeping import months_from
from integrations.models import Connection
from prospects.lines import Line, Remark, Table
from prospects.models import Errand, Prospect, Suppression

AT_ONCE = 1_000  # rows in one query

T = TypeVar("T")


@dataclass(frozen=True)
class Comparison:
    """The lines of a file beside who is here. `remarks`: the lines that cannot be taken, in their order."""

    new: list[Line]
    newer: list[Line]  # known here, and what they agreed to is newer
    here: list[Line]  # known here, and it is not
    remarks: list[Remark]

    @property
    def good(self) -> list[Line]:
        return [*self.new, *self.newer]

    @property
    def to_ask(self) -> int:
        """How many new ones are asked by mail whether it was them."""
        return sum(line.confirmed_at is None for line in self.new)


def compare(organization: Organization, table: Table) -> Comparison:
    emails = [line.email for line in table.lines]
    shut = {email for some in _parts(emails) for email in Suppression.among(organization, some)}
    agreed = dict(_agreed(organization, emails))
    open_to = [line for line in table.lines if line.email not in shut]
    words = _("They do not wish to be a prospect, and said so here. Only they themselves can change that.")
    refused = [Remark(line.number, words) for line in table.lines if line.email in shut]
    return Comparison(
        new=[line for line in open_to if line.email not in agreed],
        newer=[line for line in open_to if line.email in agreed and agreed[line.email] < line.agreed_at],
        here=[line for line in open_to if line.email in agreed and agreed[line.email] >= line.agreed_at],
        remarks=sorted([*table.remarks, *refused], key=lambda remark: remark.line),
    )


def _agreed(organization: Organization, emails: list[str]) -> Iterator[tuple[str, datetime]]:
    rows = Prospect.objects.filter(organization=organization)
    for some in _parts(emails):
        yield from rows.filter(email__in=some).values_list("email", "agreed_at")


def take(organization: Organization, table: Table, now: datetime) -> Comparison:
    """Enter the good lines, in one transaction. What was taken is in the answer."""
    with transaction.atomic():
        # One at a time within an organization: two for one address must not both make a row.
        Organization.objects.select_for_update().get(pk=organization.pk)
        found = compare(organization, table)
        for some in _parts(found.new):
            _add(organization, some, now)
        newer = {line.email: line for line in found.newer}
        for emails in _parts(list(newer)):
            for prospect in Prospect.objects.filter(organization=organization, email__in=emails):
                prospect.enter(newer[prospect.email], now)
    return found


def _add(organization: Organization, lines: Iterable[Line], now: datetime) -> None:
    """Who is to be asked whether it was them is asked by a task: a mail takes longer than a row."""
    rows = Prospect.objects.bulk_create([_row(organization, line, now) for line in lines])
    confirmed = [row for row in rows if row.confirmed_at]
    if connection := Connection.objects.filter(organization=organization).first():
        Errand.objects.bulk_create(
            Errand(prospect=row, connection=connection, kind=Errand.Kind.EXPORT, next_at=now, created_at=now)
            for row in confirmed
        )


def _row(organization: Organization, line: Line, now: datetime) -> Prospect:
    """As `save` would store it. Whoever said yes elsewhere confirmed it there, or is asked here."""
    row = Prospect(organization=organization, created_at=now, language=get_language() or "en", **line.said)
    row.token_hash = digest(row.token)
    if line.confirmed_at:
        row.state, row.confirmed_at = Prospect.State.WAITING, line.confirmed_at
        row.ends_at = months_from(line.confirmed_at, line.months)
    return row


def _parts(whole: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
