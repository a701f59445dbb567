"""The people in a report, and how what was stored is read back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime


def known(cls: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was stored, the fields that there are today."""
    return {field.name: data[field.name] for field in fields(cls) if field.name in data}


@dataclass(frozen=True)
class Person:
    """Somebody who was named, whether they answered or not. Company, months and title are the candidate's word."""

    id: str
    name: str = ""
    relationship: str = ""
    company: str = ""
    worked_from: date | None = None
    worked_until: date | None = None  # None beside a beginning: still
    asked_at: datetime | None = None
    submitted_at: datetime | None = None
    status: str = ""
    title: str = ""  # the candidate's own at the time, as the candidate says
    gives_dates_only: bool = False
    told_relationship: str = ""  # the candidate's word, where it is another than `relationship`, which is the person's
    corrections: Mapping[str, str] = field(default_factory=dict)  # what they put right, as `Reference.corrections`
    why_other: str = ""  # why they are not the kind of person that was asked for, as the candidate says
    written_down_by: str = ""  # who called them and filled the form for them
    decline_kind: str = ""
    is_erased: bool = False  # they had deleted what was held about them

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Person":
        days = {name: parse_date(data.get(name) or "") for name in ("worked_from", "worked_until")}
        moments = {name: parse_datetime(data.get(name) or "") for name in ("asked_at", "submitted_at")}
        return cls(**{**known(cls, data), **days, **moments})
