"""Checks that ended long ago, many at once: what their references marked, and how each ended."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from checks.models import Answer, Check, Outcome, Reference
from checks.report import to_keep
from templates_app.models import ReferenceTemplate, SurveyVersion

NOW = timezone.now()
_numbers = count(1)


@dataclass(frozen=True)
class Past:
    """`given` has, for each reference, question keys with a score or a choice."""

    given: Sequence[dict[str, Any]]
    in_ats: str = ""
    said: str = ""
    is_kept: bool | None = None
    email: str = ""
    completed_at: datetime = NOW - timedelta(days=30)


def hired(*scores: int, is_kept: bool | None = None, **more: Any) -> Past:
    """With one reference for each score of “overall”."""
    return Past([{"overall": score} for score in scores], in_ats="hired", is_kept=is_kept, **more)


def refused(*scores: int, **more: Any) -> Past:
    return Past([{"overall": score} for score in scores], in_ats="not-hired", **more)


def make_past(template: ReferenceTemplate, pasts: Iterable[Past], **fields: Any) -> list[Check]:
    """A fixed number of queries; with averages only, each report is made as it is on completion."""
    pasts = list(pasts)
    frozen = template.freeze()
    common = {
        "organization": template.organization,
        "template": template,
        "frozen_template": frozen.as_json(),
        "survey_version": SurveyVersion.objects.behind(frozen),
        "status": "completed",
        "is_private": frozen.is_private,
        **fields,
    }
    checks = Check.objects.bulk_create([_check(past, common) for past in pasts])
    Outcome.objects.bulk_create([_outcome(check, past) for check, past in zip(checks, pasts, strict=True)])
    rows = [(_reference(check), given) for check, past in zip(checks, pasts, strict=True) for given in past.given]
    Reference.objects.bulk_create([reference for reference, _given in rows])
    Answer.objects.bulk_create(
        [_answer(reference, key, value) for reference, given in rows for key, value in given.items()]
    )
    if frozen.is_averages_only:
        for check in checks:
            check.report_data = to_keep(check).as_json()
        Check.objects.bulk_update(checks, ["report_data"])
    return checks


def _check(past: Past, common: dict[str, Any]) -> Check:
    number, at = next(_numbers), past.completed_at
    times = {"created_at": at, "due_at": at, "expires_at": at, "completed_at": at, "ended_at": at}
    who = {"candidate_name": f"Candidate {number}", "candidate_email": past.email or f"past{number}@post.example"}
    return Check(opportunity_id=f"past-{number}", token_hash=uuid.uuid4().hex, **who, **times, **common)


def _outcome(check: Check, past: Past) -> Outcome:
    since = past.completed_at if past.in_ats else None
    said_at = past.completed_at if past.said else None
    given = {"in_ats": past.in_ats, "ats_since": since, "said": past.said, "said_at": said_at}
    return Outcome(for_check=check, is_kept=past.is_kept, **given)


def _reference(check: Check) -> Reference:
    kind = {"relationship": "peer", "asked_relationship": "any", "status": "submitted", "name": "Bao Nguyen"}
    at = {"asked_at": check.completed_at, "submitted_at": check.completed_at}
    return Reference(for_check=check, token_hash=uuid.uuid4().hex, **kind, **at)


def _answer(reference: Reference, key: str, value: Any) -> Answer:
    said = {"choice": value} if isinstance(value, str) else {"score": value, "is_unobserved": value is None}
    return Answer(reference=reference, question_key=key, **said)
