"""A template, a survey or a message in own words as it was at an earlier time, and the way back to that.

Rows that were there before histories were kept, or that have not been touched since, stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Organization
from templates_app.changes import PARTS, RESTORED, Part
from templates_app.differences import Change, Names, changes_of_row, changes_of_rows
from templates_app.models import CustomNotification, ReferenceTemplate, Survey

# What stays as it is now: whether a template is in use, and which message it is that has these words.
STAYS: dict[Any, dict[str, Any]] = {
    ReferenceTemplate: {"is_default": False, "is_archived": False},
    CustomNotification: dict.fromkeys(("template_id", "moment", "channel", "language")),
    Survey: {},
}
# What has a history of its own, and is brought back with the whole only where the whole was deleted.
OF_ITS_OWN = (CustomNotification,)


@dataclass(frozen=True)
class Past:
    """`record` is the row as it was at that time, `row` as it is; None where it was deleted since."""

    record: Any
    row: Any
    at: datetime

    @property
    def model(self) -> Any:
        return PARTS_OF[type(self.record)][0].model

    @property
    def parts(self) -> list[Part]:
        """Those that are brought back with it."""
        parts = PARTS_OF[type(self.record)][1:]
        return [part for part in parts if self.row is None or part.model not in OF_ITS_OWN]

    @cached_property
    def rows(self) -> dict[Part, dict[int, Any]]:
        return {part: {record.id: record for record in _as_of(part, self.record.id, self.at)} for part in self.parts}

    def changes(self) -> list[Change]:
        """What going back there would change."""
        now = {part: {row.pk: row for row in self._present(part)} for part in self.parts}
        everything = [self.record, self.row, *(record for rows in self.rows.values() for record in rows.values())]
        names = Names.of(each for each in everything if each)
        found = changes_of_row(self.model, self.row, self.record, names)
        for part, then in self.rows.items():
            gone = [(row, None) for row in self._come_since(part, now[part])]
            kept = [(now[part].get(pk), record) for pk, record in then.items()]
            found += changes_of_rows(part.model, [*gone, *kept], names)
        return found

    def restore(self) -> Any:
        """Go back; a ValidationError says in words what stands in the way. The row as it is then."""
        try:
            with transaction.atomic():
                Organization.objects.select_for_update().get(pk=self.record.organization_id)
                row = self._restored()
                row.full_clean()
                row._change_reason = f"{RESTORED}{self.at.isoformat()}"
                row.save(force_insert=self.row is None)
                for part in self.parts:
                    self._restore_rows(part)
                if isinstance(row, Survey):
                    row.note_changes()
        except IntegrityError as error:
            raise ValidationError(_("This does not go together with what has been added since.")) from error
        return row

    def _restored(self) -> Any:
        row = self.row or self.model(pk=self.record.id, organization_id=self.record.organization_id)
        _copy(self.record, row, {"id", "organization"})
        return row

    def _restore_rows(self, part: Part) -> None:
        now = {row.pk: row for row in self._present(part)}
        then = self.rows[part]
        for row in self._come_since(part, now):
            row.delete()
        for pk, record in then.items():
            if pk in now and getattr(now[pk], "key", "") != getattr(record, "key", ""):
                now.pop(pk).delete()  # two may have changed their keys for each other's
        for pk, record in then.items():
            row = now.get(pk) or part.model(pk=pk)
            if _copy(record, row, {"id"}) or row._state.adding:
                row.save(force_insert=row._state.adding)

    def _present(self, part: Part) -> Any:
        return part.model.objects.filter(**{part.column: self.record.id})

    def _come_since(self, part: Part, now: dict[int, Any]) -> list[Any]:
        ids = set(now) - set(self.rows[part])
        added = part.records.filter(id__in=ids, history_type="+", history_date__gt=self.at)
        return [now[pk] for pk in sorted(set(added.values_list("id", flat=True)))]


PARTS_OF = {parts[0].records.model: parts for parts in PARTS.values()}


def past(model: Any, pk: int, at: datetime) -> Past | None:
    """How it was at that time; None when it was not there."""
    record = _as_of(PARTS[model][0], pk, at).first()
    if record is None:
        return None
    row = model.objects.filter(pk=pk).first()
    for name, usual in STAYS[model].items():
        if row is not None or usual is not None:
            setattr(record, name, getattr(row, name) if row is not None else usual)
    return Past(record, row, at)


def obstacles(past: Past) -> Iterator[str]:
    """What it needs and is gone, in sentences."""
    record = past.record
    if past.model is ReferenceTemplate and not _is_there(Survey, record.survey_id):
        yield _("The survey that it had then was deleted. Restore the survey first.")
    if past.model is CustomNotification and record.template_id and not _is_there(ReferenceTemplate, record.template_id):
        yield _("The template that it belongs to was deleted. Restore the template first: its messages come with it.")


def _is_there(model: Any, pk: int) -> bool:
    return bool(model.objects.filter(pk=pk).exists())


def _as_of(part: Part, pk: int, at: datetime) -> Any:
    later = part.records.filter(id=OuterRef("id"), history_date__lte=at, history_id__gt=OuterRef("history_id"))
    rows = part.records.filter(**{part.column: pk}, history_date__lte=at)
    return rows.filter(~Exists(later)).exclude(history_type="-").order_by("history_id")


def _copy(record: Any, row: Any, leave: set[str]) -> bool:
    """Whether anything was different."""
    kept = [
        field.attname
        for field in row._meta.concrete_fields
        if field.name not in leave and hasattr(record, field.attname)
    ]
    different = [name for name in kept if getattr(row, name) != getattr(record, name)]
    for name in different:
        setattr(row, name, getattr(record, name))
    return bool(different)
