"""The candidate's own answers to the questions that the references get."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import models, transaction

from checks.answers import Given
from checks.asking import possible
from checks.querysets import OfChecksQuerySet
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind


class SelfAssessmentQuerySet(OfChecksQuerySet["SelfAssessment"]):
    pass


class SelfAssessment(models.Model):
    """One for a check whose template asks for it. `answers`: question key to the fields of a `Given`."""

    for_check = models.OneToOneField("checks.Check", models.CASCADE, related_name="self_assessment")
    answers = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    objects = SelfAssessmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"self-assessment {self.pk}"

    def questions(self) -> tuple[FrozenQuestion, ...]:
        """What a candidate can say of their own work: what is rated or chosen, and not who would hire them again."""
        asked = (Kind.SCALE, Kind.FORCED, Kind.TEXT)
        return possible(question for question in self.for_check.frozen.questions if question.kind in asked)

    def given(self) -> dict[str, Given]:
        return {key: _given(fields) for key, fields in self.answers.items()}

    @classmethod
    def keep(cls, check: Any, given: Mapping[str, Given], now: datetime, *, submit: bool = False) -> bool:
        """Keep what was answered so far, or hand it in; False when that was done before, or it is too late."""
        with transaction.atomic():
            check.hold()
            row, _created = cls.objects.get_or_create(for_check=check, defaults={"started_at": now})
            if row.submitted_at or not check.is_live:
                return False
            row.answers = {**row.answers, **{key: asdict(answer) for key, answer in given.items()}}
            row.submitted_at = now if submit else None
            row.save(update_fields=["answers", "submitted_at"])
            if submit:
                check.record("self", now)
        return True


def _given(fields: Mapping[str, Any]) -> Given:
    return Given(**{**fields, "choices": tuple(fields.get("choices", ()))})
