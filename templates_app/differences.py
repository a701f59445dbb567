"""What is different between a row and itself at another time, in the words of its page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import Any

from django.db.models import Field, ForeignKey
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from templates_app.kinds import Language, Relationship
from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey

LONGEST = 100  # characters of a value
BEGINNING = 25  # of them before the first that differs
NAMED = 3  # rows that changed their places, by name

# What stands for itself on the page: the row's own id, its place, and to whom it belongs.
UNTOLD = {
    ReferenceTemplate: {"id", "organization"},
    Survey: {"id", "organization"},
    CustomNotification: {"id", "organization"},
    RequestedReference: {"id", "template", "position"},
    Question: {"id", "survey", "position"},
}
# By what a row that was written anew is known again.
LIKENESS = {
    RequestedReference: ("position", "relationship"),
    Question: ("key",),
    CustomNotification: ("moment", "channel", "language"),
}


@dataclass(frozen=True)
class Change:
    """`what` alone, or with what it was and what it became."""

    what: str
    before: str = ""
    after: str = ""


class Names(dict[tuple[Any, int], str]):
    """What the rows are called that other rows point to."""

    @classmethod
    def of(cls, records: Iterable[Any]) -> "Names":
        ids: dict[Any, set[int]] = {Survey: set(), ReferenceTemplate: set()}
        for record in records:
            for model, column in ((Survey, "survey_id"), (ReferenceTemplate, "template_id")):
                ids[model].add(getattr(record, column, None) or 0)
        found = ((model, model.objects.filter(pk__in=keys).values_list("pk", "name")) for model, keys in ids.items())
        return cls({(model, pk): name for model, rows in found for pk, name in rows})


def changes_of_row(model: Any, was: Any, then: Any, names: Names, row: str = "") -> list[Change]:
    """Of one row that is there at both times; `row` is what it is called among others."""
    if was is None or then is None:
        return []
    return [
        Change(f"{row}, {field.verbose_name}" if row else capfirst(str(field.verbose_name)), *_excerpts(*said))
        for field in _told(model)
        if getattr(was, field.attname) != getattr(then, field.attname)
        for said in [(_said(field, was, names), _said(field, then, names))]
    ]


def changes_of_rows(model: Any, pairs: Sequence[tuple[Any, Any]], names: Names) -> list[Change]:
    """Of rows that belong to another: each pair is a row at two times, or None where it was not there."""
    stayed = _paired(model, pairs)
    gone = [was for was, then in stayed if was and not then]
    come = [then for was, then in stayed if then and not was]
    both = [(was, then) for was, then in stayed if was and then]
    thing = model._meta.verbose_name
    found = [Change(_("Added a %(thing)s") % {"thing": thing}, after=called(model, row)) for row in _placed(come)]
    found += [Change(_("Removed a %(thing)s") % {"thing": thing}, before=called(model, row)) for row in _placed(gone)]
    for was, then in sorted(both, key=lambda pair: _place(pair[1])):
        found += changes_of_row(model, was, then, names, row=f"“{called(model, was)}”")
    return [*found, *_moved(model, both, is_explained=bool(gone or come))]


def called(model: Any, record: Any) -> str:
    """What a row is called among others of its kind."""
    name: str = model.__str__(record)
    note = getattr(record, "note", "")
    return Truncator(f"{name} ({note})" if note else name).chars(60)


def _paired(model: Any, pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """An import writes all rows anew: one that went and one that came with the same key are one row."""
    gone = [was for was, then in pairs if then is None and was is not None]
    found = [(was, then) for was, then in pairs if was is not None and then is not None]
    for came in (then for was, then in pairs if was is None and then is not None):
        was = next((each for each in gone if _is_like(model, each, came)), None)
        found.append((was, came))
        gone = [each for each in gone if each is not was]
    return [*found, *((was, None) for was in gone)]


def _is_like(model: Any, one: Any, other: Any) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in LIKENESS[model])


def _moved(model: Any, both: Sequence[tuple[Any, Any]], *, is_explained: bool) -> Iterator[Change]:
    """`is_explained`: others came or went, so that places changed without anything having been moved."""
    moved = [(was, then) for was, then in both if _place(was) != _place(then)]
    by_then = sorted(moved, key=lambda pair: _place(pair[1]))
    if not moved or (is_explained and by_then == sorted(moved, key=lambda pair: _place(pair[0]))):
        return
    names = [called(model, then) for _was, then in by_then]
    words = "; ".join(names[:NAMED]) + (
        _(" and %(count)d more") % {"count": len(names) - NAMED} if names[NAMED:] else ""
    )
    yield Change(_("Order"), after=words)


def _told(model: Any) -> list[Field[Any, Any]]:
    untold, kept = UNTOLD[model], {field.name for field in model.history.model._meta.fields}
    return [field for field in model._meta.concrete_fields if field.name in kept and field.name not in untold]


def _placed(records: Iterable[Any]) -> list[Any]:
    return sorted(records, key=_place)


def _place(record: Any) -> int:
    return getattr(record, "position", 0)


def _said(field: Any, record: Any, names: Names) -> str:
    """A value as people read it."""
    value = getattr(record, field.attname)
    if value in (None, "", [], {}):
        return _("nothing")
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), _("one that is gone"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, dict):
        return _translated(value)
    if isinstance(value, list):
        known = dict(Relationship.choices)
        return ", ".join(str(known.get(each, each)) for each in value)
    return str(value)


def _translated(translations: dict[str, Any]) -> str:
    """Such as: Deutsch: Wie gut …; Français: …"""
    known = dict(Language.choices)
    texts = ((known.get(language, language), _texts(found)) for language, found in sorted(translations.items()))
    return "; ".join(f"{language}: {text}" for language, text in texts)


def _texts(found: Any) -> str:
    values = found.values() if isinstance(found, dict) else [found]
    return ", ".join(chain.from_iterable(value if isinstance(value, list) else [str(value)] for value in values))


def _excerpts(before: str, after: str) -> tuple[str, str]:
    """Both, cut down to where they begin to differ."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    start = max(0, len(list(alike)) - BEGINNING)
    if max(len(before), len(after)) <= LONGEST:
        start = 0
    cut = (("…" if start else "") + Truncator(text[start:]).chars(LONGEST) for text in (before, after))
    first, second = cut
    return first, second
