"""Who changed what in a template, a survey or a message in own words: the rows of their histories, told in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from templates_app.differences import Change, Names, changes_of_row, changes_of_rows
from templates_app.models import (
    CustomNotification,
    Question,
    ReferenceTemplate,
    RequestedReference,
    Survey,
    SurveyVersion,
)

TOGETHER = timedelta(seconds=2)  # what one person saves within so long is one act: the rows of one form
PER_PAGE = 20
READ = 600  # rows of each table for one page
RESTORED = "restored "  # how the reason of a restoration begins; then comes the moment


@dataclass(frozen=True)
class Part:
    """A model with a history, and the column that holds the id of the row whose page it stands on."""

    model: Any
    column: str

    @property
    def records(self) -> Any:
        return self.model.history.model.objects


TEMPLATE = (
    Part(ReferenceTemplate, "id"),
    Part(RequestedReference, "template_id"),
    Part(CustomNotification, "template_id"),
)
SURVEY = (Part(Survey, "id"), Part(Question, "survey_id"))
MESSAGE = (Part(CustomNotification, "id"),)
PARTS: Mapping[Any, tuple[Part, ...]] = {ReferenceTemplate: TEMPLATE, Survey: SURVEY, CustomNotification: MESSAGE}


@dataclass(frozen=True)
class Entry:
    """What somebody did at one time. `moment` names its end, in microseconds, where it can be gone back to."""

    at: datetime
    who: str
    changes: tuple[Change, ...]
    title: str = ""
    moment: int | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first. `older` is where the next page begins; None at the end."""

    entries: list[Entry]
    older: int | None


@dataclass(frozen=True)
class Act:
    """One row of a history, or one publication."""

    at: datetime
    user_id: int | None
    user: Any
    part: Part | None
    record: Any


@dataclass(frozen=True)
class Read:
    """What was read of one table. `before` are the rows that stood before the oldest that were read, by id."""

    acts: list[Act]
    before: dict[int, Any] = field(default_factory=dict)
    is_all: bool = True


def moment_of(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=at.tzinfo)) // timedelta(microseconds=1)


def time_of(moment: int) -> datetime | None:
    """None for what is no time."""
    try:
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00") + timedelta(microseconds=moment)
    except OverflowError:
        return None


def said(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def page(model: Any, pk: int, before: datetime | None = None) -> Page:
    """What was done to one row and to those that belong to it, in as many queries whatever there is."""
    tables = {part: _read(part, pk, before) for part in PARTS[model]}
    published = _publications(pk, before) if model is Survey else Read([])
    groups = _groups([*tables.values(), published])
    shown, is_more = groups[:PER_PAGE], len(groups) > PER_PAGE or not all(read.is_all for read in tables.values())
    names = Names.of(record for read in tables.values() for record in _records(read))
    pasts = {part: _pasts(read) for part, read in tables.items()}
    entries = [_entry(group, pasts, names) for group in shown]
    return Page([each for each in entries if each], moment_of(shown[-1][-1].at) if shown and is_more else None)


def _read(part: Part, pk: int, before: datetime | None) -> Read:
    rows = part.records.filter(**{part.column: pk})
    newest = rows.filter(history_date__lt=before) if before else rows
    found = list(newest.select_related("history_user").order_by("-history_date", "-history_id")[:READ])
    if not found:
        return Read([])
    oldest = min(record.history_id for record in found)
    ids = {record.id for record in found}
    between = part.records.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"), history_id__lt=oldest)
    earlier = rows.filter(id__in=ids, history_id__lt=oldest).filter(~Exists(between))
    acts = [Act(each.history_date, each.history_user_id, each.history_user, part, each) for each in found]
    return Read(acts, {record.id: record for record in earlier}, len(found) < READ)


def _publications(pk: int, before: datetime | None) -> Read:
    versions = SurveyVersion.objects.filter(survey=pk).defer("content").select_related("published_by")
    if before:
        versions = versions.filter(published_at__lt=before)
    found = versions.order_by("-published_at", "-number")[:READ]
    return Read([Act(each.published_at, each.published_by_id, each.published_by, None, each) for each in found])


def _groups(reads: Sequence[Read]) -> list[list[Act]]:
    """The acts of one person at one time, newest first; without what may not have been read to its end."""
    ends = [read.acts[-1].at for read in reads if not read.is_all]
    acts = sorted((act for read in reads for act in read.acts), key=lambda act: act.at, reverse=True)
    groups: list[list[Act]] = []
    for act in acts:
        first = groups[-1][0] if groups else None
        if first and act.user_id == first.user_id and first.at - act.at <= TOGETHER:
            groups[-1].append(act)
        else:
            groups.append([act])
    whole = [group for group in groups if not ends or group[-1].at > max(ends)]
    return whole or groups[:1]


def _records(read: Read) -> Iterator[Any]:
    yield from (act.record for act in read.acts)
    yield from read.before.values()


def _pasts(read: Read) -> dict[int, Any]:
    """For each record that was read, the one before it."""
    pasts, later = {}, dict[int, Any]()
    for act in read.acts:
        if act.record.id in later:
            pasts[later[act.record.id].history_id] = act.record
        later[act.record.id] = act.record
    pasts |= {record.history_id: read.before[pk] for pk, record in later.items() if pk in read.before}
    return pasts


def _entry(group: Sequence[Act], pasts: Mapping[Part, Mapping[int, Any]], names: Names) -> Entry | None:
    """None where somebody pressed Save and nothing was different."""
    changed = defaultdict[Part, list[tuple[Any, Any]]](list)
    for part, records in _by_part(group).items():
        for newest, oldest in records:
            was = pasts[part].get(oldest.history_id)
            changed[part].append((_there(was), _there(newest)))
    changes = tuple(change for part in pasts for change in _changes(part, changed[part], names))
    title, newest = _title(group), group[0]
    if not changes and not title:
        return None
    return Entry(newest.at, _who(newest), changes, title, moment_of(newest.at) if _leaves_something(group) else None)


def _leaves_something(group: Sequence[Act]) -> bool:
    """Whether there is anything to go back to: not where the whole was deleted, nor where it was only published."""
    of_the_whole = [act for act in group if act.part and act.part.column == "id"]
    return of_the_whole[0].record.history_type != "-" if of_the_whole else any(act.part for act in group)


def _by_part(group: Sequence[Act]) -> dict[Part, list[tuple[Any, Any]]]:
    """The newest and the oldest record of each row in it."""
    found = defaultdict[Part, dict[int, tuple[Any, Any]]](dict)
    for act in group:
        if act.part:
            rows = found[act.part]
            rows[act.record.id] = (rows.get(act.record.id, (act.record,))[0], act.record)
    return {part: list(rows.values()) for part, rows in found.items()}


def _there(record: Any) -> Any:
    """None for a row that was deleted, or not there yet."""
    return None if record is None or record.history_type == "-" else record


def _changes(part: Part, pairs: Sequence[tuple[Any, Any]], names: Names) -> Iterable[Change]:
    if part.column == "id":
        return [change for was, then in pairs for change in changes_of_row(part.model, was, then, names)]
    return changes_of_rows(part.model, pairs, names)


def _title(group: Sequence[Act]) -> str:
    """What was done to the whole, where it was more than a change of this and that."""
    for act in group:
        if act.part is None:
            return _("Published version %(number)d") % {"number": act.record.number}
        if act.part.column == "id" and (title := _title_of(act.record, act.part)):
            return title
    return ""


def _title_of(record: Any, part: Part) -> str:
    reason = record.history_change_reason or ""
    if reason.startswith(RESTORED):
        return _("Restored as it was on %(date)s") % {"date": said(datetime.fromisoformat(reason[len(RESTORED) :]))}
    words = {"+": _("Made this %(thing)s"), "-": _("Deleted this %(thing)s")}
    return words[record.history_type] % {"thing": part.model._meta.verbose_name} if record.history_type in words else ""


def _who(act: Act) -> str:
    """Whoever was at the screen; imports by command and what follows by itself are Vouch's."""
    return capfirst(str(act.user)) if act.user else "Vouch"
