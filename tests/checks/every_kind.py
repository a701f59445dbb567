"""A survey with a question of every kind, and what people answer to it."""

from typing import Any

from django.utils import timezone

from accounts.models import Organization
from checks.models import Check, Reference
from templates_app.kinds import Fact, Kind, Look
from templates_app.models import ReferenceTemplate, Survey
from tests.factories import make_awaiting_check, make_organization, make_template

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"key": "title", "kind": Kind.FACT, "fact": Fact.TITLE, "section": "Then", "text": "What was {name}’s title?"},
    {"key": "period", "kind": Kind.FACT, "fact": Fact.PERIOD, "section": "Then", "text": "When was it?"},
    {
        "key": "overall",
        "kind": Kind.SCALE,
        "look": Look.BANDS,
        "section": "At work",
        "competency": "Overall",
        "text": "Against others, where is {name}?",
        "translations": {"de": {"text": "Wo steht {name} im Vergleich?", "section": "Bei der Arbeit"}},
    },
    {
        "key": "setbacks",
        "kind": Kind.SCALE,
        "section": "At work",
        "competency": "Handling setbacks",
        "labels": ["Looks away", "Says so", "Says so and mends it"],
        "text": "When something goes wrong, what does {name} do?",
        "reason_label": "Such as?",
    },
    {
        "key": "on-time",
        "kind": Kind.SCALE,
        "look": Look.FREQUENCY,
        "section": "At work",
        "competency": "Punctuality",
        "text": "How often was {name} on time?",
    },
    {"key": "work-again", "kind": Kind.YES_NO, "text": "Would you work with {name} again?"},
    {
        "key": "in-the-way",
        "kind": Kind.TEXT,
        "text": "What would stand in the way?",
        "shown_if": "work-again",
        "shown_for": ["unsure", "no"],
    },
    {
        "key": "pace",
        "kind": Kind.CHOICE,
        "text": "Where does {name} work best?",
        "labels": ["Alone", "With {name}’s team"],
        "translations": {"de": {"text": "Wo arbeitet {name} am besten?", "labels": ["Allein", "Mit {name}s Team"]}},
    },
    {
        "key": "seen",
        "kind": Kind.CHOICES,
        "text": "What did you see as {relationship} of {candidate} at {company}?",
        "labels": ["Planning", "Budgets", "Hiring"],
    },
    {
        "key": "better",
        "kind": Kind.FORCED,
        "text": "Which fits {name} better?",
        "labels": ["Decides fast", "Weighs long"],
    },
    {"key": "one-word", "kind": Kind.LINE, "text": "One word for {name} as {position}?", "is_required": False},
    {"key": "strength", "kind": Kind.TEXT, "text": "What does {name} do best?", "is_required": False},
)
ANSWERS: dict[str, Any] = {
    "title": "right",
    "period": "not-quite",
    "period.reason": "Until June 2023",
    "overall": "4",
    "setbacks": "2",
    "on-time": "5",
    "work-again": "yes",
    "pace": "With {name}’s team",
    "seen": ["Planning", "Hiring"],
    "better": "Weighs long",
    "one-word": "Steady",
    "strength": "Calm.",
}


def make_full_survey(organization: Organization, **fields: Any) -> Survey:
    survey = Survey.objects.create(organization=organization, **{"name": "Every kind", **fields})
    for position, question in enumerate(QUESTIONS):
        survey.questions.create(position=position, **question)
    survey.publish(timezone.now())
    return survey


def make_full_template(requests: tuple[str, ...] = ("manager",), **fields: Any) -> ReferenceTemplate:
    organization = make_organization()
    return make_template(organization, requests, survey=make_full_survey(organization), **fields)


def make_full_check(requests: tuple[str, ...] = ("manager",), **fields: Any) -> Check:
    """Asked are managers, who know what the candidate has told of each."""
    check = make_awaiting_check(template=make_full_template(requests, **fields))
    check.references.update(title="Chief Officer", worked_from="2020-04-01", worked_until="2023-05-01")
    return check


def first(check: Check) -> Reference:
    return check.references.in_order()[0]


def sent(**changes: Any) -> dict[str, Any]:
    """A whole form. A change is for one field, such as `work_again`; None leaves it out."""
    found = {**ANSWERS, **{key.replace("_", "-").replace("-reason", ".reason"): each for key, each in changes.items()}}
    return {f"q-{key}": value for key, value in found.items() if value is not None}
