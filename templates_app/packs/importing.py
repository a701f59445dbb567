"""Packs into the database: all of a file or nothing, and never over something else unless told to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from templates_app.packs.comparing import Finding
from templates_app.packs.entries import Remark
from templates_app.packs.holdings import Holding
from templates_app.packs.reading import Pack, Reading


class PackError(Exception):
    """The file cannot be imported as it is; `remarks` says why, line by line."""

    def __init__(self, remarks: Iterable[Remark]) -> None:
        self.remarks = tuple(sorted(set(remarks)))
        super().__init__("\n".join(f"{remark.line}: {remark.text}" for remark in self.remarks))


@dataclass(frozen=True)
class Outcome:
    """What was changed, in sentences by organization (none: it was all there), and put right on the way."""

    changes: dict[str, list[str]]
    notices: tuple[Remark, ...]


@dataclass(frozen=True)
class Comparison:
    """What a file holds beside what is here, by organization. `named` are those that the file itself names."""

    findings: dict[str, list[Finding]]
    notices: tuple[Remark, ...]
    named: tuple[str, ...]

    @property
    def is_all_here(self) -> bool:
        return all(finding.is_same for findings in self.findings.values() for finding in findings)


def load(
    source: bytes,
    *,
    organization: str = "",
    replace: bool | Collection[str] = False,
    dry_run: bool = False,
    now: datetime | None = None,
    by: User | None = None,
) -> Outcome:
    """Import every pack of a file. `organization` is whose they are, whatever the file says.

    What is here under the same name has to be the same, unless `replace` lets the file's take its place: everywhere,
    or in the findings of `compare` whose marks it names, and the others stay as they are here. A dry run does it all
    and takes it back. Raises PackError, with nothing done, when anything is wrong.
    """
    with transaction.atomic():
        reading, holdings = _sound(source, organization, replace)
        moment = now or timezone.now()
        changes = {holding.organization.name: list(holding.change(moment, by)) for holding in holdings}
        transaction.set_rollback(dry_run)
    return Outcome({name: done for name, done in changes.items() if done}, tuple(sorted(reading.notices)))


def compare(source: bytes, *, organization: str = "") -> Comparison:
    """What is new in a file, the same as here, and different. Raises PackError as `load` with `replace` would."""
    with transaction.atomic():
        reading, holdings = _sound(source, organization, replace=True)
    found = {holding.organization.name: [*holding.findings, *filter(None, [holding.handover])] for holding in holdings}
    named = dict.fromkeys(pack.organization for pack in reading.packs if pack.organization)
    return Comparison(found, tuple(sorted(reading.notices)), tuple(named))


def _sound(source: bytes, organization: str, replace: bool | Collection[str]) -> tuple[Reading, list[Holding]]:
    """The file and what it meets here, held to the end of the transaction."""
    reading = Reading(source)
    whose, problems = _whose(reading.packs, organization)
    problems += reading.problems
    holdings = [Holding(_organization(name), packs, replace) for name, packs in whose.items()]
    for holding in holdings:
        problems += holding.problems()
    if problems:
        raise PackError(problems)
    return reading, holdings


def _whose(packs: Sequence[Pack], chosen: str) -> tuple[dict[str, list[Pack]], list[Remark]]:
    """The packs by the name of their organization; under no name those whose it is not known, with the reason."""
    named = {pack.organization for pack in packs} - {""}
    by_name: dict[str, list[Pack]] = {}
    problems = []
    if chosen and len(named) > 1:
        words = {"names": ", ".join(sorted(named)), "chosen": chosen}
        problems.append(Remark(1, _("This file is for %(names)s, and cannot all be for %(chosen)s.") % words))
    for pack in packs:
        name = chosen or pack.organization or _only_organization()
        by_name.setdefault(name, []).append(pack)
        if not name:
            problems.append(Remark(pack.line, _nobody_s()))
    return by_name, problems


def _only_organization() -> str:
    names = list(Organization.objects.values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""


def _nobody_s() -> str:
    names = ", ".join(Organization.objects.order_by("name").values_list("name", flat=True))
    if names:
        text = _("This pack names no organization, and there are several: %(names)s. Choose with --organization NAME.")
        return text % {"names": names}
    return _("This pack names no organization, and there is none yet. Add one with --organization NAME.")


def _organization(name: str) -> Organization:
    """The organization, held to the end of the transaction; one that is not here yet is made later."""
    return Organization.objects.select_for_update().filter(name=name).first() or Organization(name=name)
