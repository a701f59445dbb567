"""What somebody answered to one question: as it comes from a page, and as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Given:
    """An answer to one question, as it came from the page."""

    score: int | None = None  # of a scale, from 1
    choice: str = ""
    text: str = ""
    is_unobserved: bool = False
    choices: tuple[str, ...] = ()  # of several, as the question has them in its own language

    @property
    def is_empty(self) -> bool:
        return self.score is None and not (self.choice or self.choices or self.text or self.is_unobserved)


class Answer(models.Model):
    """What one reference answered to one question."""

    reference = models.ForeignKey("checks.Reference", models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(null=True)
    choice = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list)  # of several
    text = models.TextField(blank=True)
    is_unobserved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "question_key"], name="checks_answer_once"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.question_key}"

    def given(self) -> Given:
        return Given(self.score, self.choice, self.text, self.is_unobserved, tuple(self.choices))

    @staticmethod
    def keep(reference: Any, given: Mapping[str, Given]) -> None:
        """Write them down in place of those to the same questions."""
        rows = [
            Answer(
                reference=reference,
                question_key=key,
                score=answer.score,
                choice=answer.choice,
                choices=list(answer.choices),
                text=answer.text,
                is_unobserved=answer.is_unobserved,
            )
            for key, answer in given.items()
        ]
        fields = ["score", "choice", "choices", "text", "is_unobserved"]
        unique = ["reference", "question_key"]
        Answer.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=fields)
