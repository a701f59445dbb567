"""The marks of many checks beside how each ended, read in a fixed number of queries and in bounded memory.

Nothing comes out of here that its reader could not read in single reports: only checks whose report they may read are
looked at, so that no subtraction tells of another; and of a check that promised its references averages only, the mark
is the mean that its report shows (three answers or more), and there is none where the report shows none.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, groupby
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.fields.json import KT

from accounts.models import User
from checks.models import Answer, Check, Ended, Outcome
from checks.querysets import CheckQuerySet
from checks.validity import Relation, relate
from checks.validity_items import Edition, Item, Voices, Wording
from templates_app.answering import LONGEST
from templates_app.kinds import Confidentiality
from templates_app.models import SurveyVersion

MOST = 20_000  # checks, the newest
AT_ONCE = 5_000  # rows
Sheet = Mapping[str, list[Voices]]  # question key -> what was answered in one check

HIRED = Q(outcome__in_ats=Ended.HIRED, outcome__said__in=("", Ended.HIRED)) | Q(
    outcome__in_ats="", outcome__said=Ended.HIRED
)
NOT_HIRED = Q(outcome__in_ats=Ended.NOT_HIRED, outcome__said__in=("", Ended.NOT_HIRED)) | Q(
    outcome__in_ats="", outcome__said=Ended.NOT_HIRED
)
KNOWN = HIRED | NOT_HIRED
CONFLICT = Q(outcome__in_ats=Ended.HIRED, outcome__said=Ended.NOT_HIRED) | Q(
    outcome__in_ats=Ended.NOT_HIRED, outcome__said=Ended.HIRED
)


@dataclass(frozen=True)
class Choice:
    """Which checks are looked at; None and empty: whichever. Days are those of completion, both included."""

    survey: Any = None
    template: Any = None
    since: date | None = None
    until: date | None = None

    def of(self, checks: CheckQuerySet) -> CheckQuerySet:
        asked = {
            "survey_version__survey": self.survey,
            "template": self.template,
            "completed_at__date__gte": self.since,
            "completed_at__date__lte": self.until,
        }
        return checks.completed().not_erased().filter(**{name: value for name, value in asked.items() if value})


@dataclass(frozen=True)
class Counts:
    """The checks of a choice. `private` ones are left out, as whoever looks may not read their reports."""

    hired: int
    not_hired: int
    kept: int
    left: int
    conflicts: int
    unknown: int
    private: int
    is_cut: bool

    @property
    def known(self) -> int:
        return self.hired + self.not_hired


def count(user: User, choice: Choice) -> Counts:
    """Two queries."""
    kinds = {"hired": HIRED, "not_hired": NOT_HIRED, "conflicts": CONFLICT}
    kinds |= {"kept": HIRED & Q(outcome__is_kept=True), "left": HIRED & Q(outcome__is_kept=False)}
    asked = {name: Count("pk", filter=where) for name, where in kinds.items()}
    readable = choice.of(Check.objects.readable_by(user))
    found = readable.aggregate(all=Count("pk"), private=Count("pk", filter=Q(is_private=True)), **asked)
    everybody, read = found.pop("all"), found.pop("private")
    private = choice.of(Check.objects.visible_to(user)).filter(is_private=True).count() - read
    known = found["hired"] + found["not_hired"]
    unknown = everybody - known - found["conflicts"]
    return Counts(**found, unknown=unknown, private=private, is_cut=known > MOST)


class Group:
    """What a check's mark is filed under."""

    NOT_HIRED, HIRED, KEPT, LEFT = range(4)

    @classmethod
    def of(cls, ended: str, is_kept: bool | None) -> int:
        if ended == Ended.NOT_HIRED:
            return cls.NOT_HIRED
        return cls.HIRED if is_kept is None else cls.KEPT if is_kept else cls.LEFT


class Marks:
    """The marks of one item or competency, by group."""

    def __init__(self) -> None:
        self.by_group = tuple(array("d") for _group in range(4))

    def add(self, group: int, mark: float) -> None:
        self.by_group[group].append(mark)

    def against_hired(self) -> Relation:
        not_hired, *hired = self.by_group
        return relate([*chain.from_iterable(hired)], not_hired)

    def against_kept(self) -> Relation:
        return relate(self.by_group[Group.KEPT], self.by_group[Group.LEFT])


@dataclass
class Gathered:
    """`points` are the steps of a competency's scales where all have as many, else 0."""

    items: dict[Item, Marks] = field(default_factory=lambda: defaultdict(Marks))
    competencies: dict[str, Marks] = field(default_factory=lambda: defaultdict(Marks))
    wordings: dict[Item, Wording] = field(default_factory=dict)

    def _scales_of(self, competency: str) -> list[Item]:
        return [item for item in self.items if self.wordings[item].competency == competency]

    def points_of(self, competency: str) -> int:
        found = {item.points for item in self._scales_of(competency)}
        return found.pop() if len(found) == 1 else 0

    def is_of_several(self, competency: str) -> bool:
        """With one scale it has the same marks."""
        return len(self._scales_of(competency)) > 1

    def take(self, group: int, edition: Edition, sheet: Sheet) -> None:
        """One check."""
        together: dict[str, list[float]] = defaultdict(list)
        for key, voices in sheet.items():
            for item, mark in edition.marks(key, voices):
                self.items[item].add(group, mark)
                if competency := self.wordings[item].competency:
                    together[competency].append(mark)
        for competency, marks in together.items():
            self.competencies[competency].add(group, sum(marks) / len(marks))


def gather(user: User, choice: Choice) -> Gathered:
    """Four queries: the checks, their surveys' versions, the answers, and the reports with averages only."""
    chosen = choice.of(Check.objects.readable_by(user)).filter(KNOWN, survey_version__isnull=False)
    newest = chosen.order_by("-completed_at", "-pk")[:MOST]
    looked_at = {pk: each for pk, *each in _checks(newest)}
    versions = SurveyVersion.objects.filter(pk__in={version for version, _group, _kind in looked_at.values()})
    editions = {row.pk: Edition(row) for row in versions.select_related("survey")}
    found = Gathered(wordings=_wordings(editions.values()))
    sheets = (_answers(newest), _shown(newest))
    for source, is_averages in zip(sheets, (False, True), strict=True):
        for pk, sheet in source:
            version, group, averages = looked_at.get(pk, (None, None, None))
            if version in editions and group is not None and averages is is_averages:
                found.take(group, editions[version], sheet)
    return found


def _checks(newest: CheckQuerySet) -> Iterator[tuple[int, int, int, bool]]:
    """Check, version, group, and whether it promised averages only."""
    kind = KT("frozen_template__confidentiality")
    columns = ("pk", "survey_version", "outcome__in_ats", "outcome__said", "outcome__is_kept", "promised")
    for pk, version, in_ats, said, is_kept, promised in newest.annotate(promised=kind).values_list(*columns):
        group = Group.of(Outcome(in_ats=in_ats, said=said).ended, is_kept)
        yield pk, version, group, promised == Confidentiality.AVERAGES


def _wordings(editions: Iterable[Edition]) -> dict[Item, Wording]:
    found: dict[Item, Wording] = {}
    for edition in sorted(editions, key=lambda each: each.number):
        found.update(edition.items())
    return found


def _answers(newest: CheckQuerySet) -> Iterator[tuple[int, Sheet]]:
    """Summed by the database: a row for each check, question and answer chosen."""
    given = Answer.objects.filter(
        Q(score__isnull=False) | ~Q(choice=""),
        reference__for_check__in=newest.values("pk"),
        reference__status="submitted",
        reference__gives_dates_only=False,
        is_unobserved=False,
    )
    by = ("reference__for_check", "question_key", "choice")
    rows = given.values(*by).annotate(people=Count("pk"), total=Sum("score")).order_by("reference__for_check")
    stream = rows.values_list(*by, "people", "total").iterator(chunk_size=AT_ONCE)
    for pk, same in groupby(stream, key=lambda row: row[0]):
        sheet: dict[str, list[Voices]] = defaultdict(list)
        for _check, key, choice, people, total in same:
            sheet[key].append(Voices(people, choice, total))
        yield pk, sheet


def _shown(newest: CheckQuerySet) -> Iterator[tuple[int, Sheet]]:
    """What reports with averages only show."""
    parts = ("report_data__scales", "report_data__yes_no", "report_data__choices")
    # As a list of ids of its own: a slice cannot be filtered any more.
    rows = Check.objects.filter(
        pk__in=newest.values("pk"), frozen_template__confidentiality=Confidentiality.AVERAGES.value
    )
    for pk, scales, yes_no, choices in rows.values_list("pk", *parts).iterator(chunk_size=AT_ONCE):
        yield pk, dict([*_of_scales(scales or ()), *_of_tallies(yes_no or ()), *_of_tallies(choices or ())])


def _of_scales(scales: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, list[Voices]]]:
    for scale in scales:
        figures = scale.get("figures", {})
        if figures.get("mean") is not None:
            yield scale["key"], [Voices(figures["n"], total=figures["mean"] * figures["n"])]


def _of_tallies(tallies: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, list[Voices]]]:
    for tally in tallies:
        counted = zip(tally.get("options", ()), tally.get("counts", ()), strict=False)
        yield tally["key"], [Voices(people, option[:LONGEST]) for option, people in counted]
