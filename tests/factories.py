"""Plain functions that make saved objects; every argument has a believable default."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import Role
from checks.candidacy import Candidacy
from checks.models import Check, Reference
from checks.references import Given, Named
from integrations.models import Connection, Webhook
from templates_app.kinds import Kind, Look, Relationship
from templates_app.matching import Match
from templates_app.models import ReferenceTemplate, Survey

_numbers = count(1)


def make_organization(**fields: Any) -> Organization:
    fields.setdefault("name", f"Northmoor Ferries {next(_numbers)}")
    fields.setdefault("contact_name", "Ruth Adeyemi")
    fields.setdefault("contact_email", "ruth@northmoor.example")
    return Organization.objects.create(**fields)


def make_user(organization: Organization | None = None, role: str = Role.TEAM_MEMBER, **fields: Any) -> User:
    fields.setdefault("email", f"person{next(_numbers)}@northmoor.example")
    fields.setdefault("name", "Ruth Adeyemi")
    return User.objects.create_user(organization=organization or make_organization(), role=role, **fields)


def make_operator(**fields: Any) -> User:
    fields.setdefault("email", f"operator{next(_numbers)}@vouch.example")
    return User.objects.create_superuser(**fields)


def make_survey(organization: Organization, **fields: Any) -> Survey:
    """Five questions, one of each kind and look."""
    fields.setdefault("name", f"Survey {next(_numbers)}")
    survey = Survey.objects.create(organization=organization, **fields)
    questions: list[dict[str, Any]] = [
        {
            "key": "overall",
            "kind": Kind.SCALE,
            "text": "Against others in this job, where is {name}?",
            "competency": "Overall",
            "look": Look.BANDS,
        },
        {
            "key": "setbacks",
            "kind": Kind.SCALE,
            "text": "When something goes wrong, what does {name} do?",
            "competency": "Handling setbacks",
            "labels": ["Looks away", "Says so", "Says so and mends it", "Mends it and finds the cause"],
        },
        {
            "key": "work-again",
            "kind": Kind.YES_NO,
            "text": "Would you work with {name} again?",
            "reason_label": "Why?",
        },
        {
            "key": "pace",
            "kind": Kind.CHOICE,
            "text": "Where does {name} work best?",
            "labels": ["Alone", "In a team"],
        },
        {"key": "strength", "kind": Kind.TEXT, "text": "What does {name} do best?", "is_required": False},
    ]
    for position, question in enumerate(questions):
        survey.questions.create(position=position, **question)
    survey.publish(timezone.now())
    return survey


def make_template(
    organization: Organization, requests: tuple[str, ...] = ("manager", "peer", "any"), **fields: Any
) -> ReferenceTemplate:
    fields.setdefault("name", f"Template {next(_numbers)}")
    fields.setdefault("survey", None)
    if fields["survey"] is None:
        fields["survey"] = make_survey(organization)
    template = ReferenceTemplate.objects.create(organization=organization, **fields)
    for position, relationship in enumerate(requests):
        template.requests.create(position=position, relationship=relationship, note=f"Note {position + 1}")
    return template


def make_candidacy(**fields: Any) -> Candidacy:
    number = next(_numbers)
    values: dict[str, Any] = {
        "opportunity_id": f"opportunity-{number}",
        "candidate_name": "Marcus Webb",
        "candidate_email": f"marcus{number}@post.example",
        "position": "Chief Officer",
        "entered_at_ms": 1_790_000_000_000 + number,
        "owner_name": "Ruth Adeyemi",
        "owner_email": "ruth@northmoor.example",
        **fields,
    }
    return Candidacy(**values)


def make_check(
    organization: Organization | None = None,
    template: ReferenceTemplate | None = None,
    now: datetime | None = None,
    **candidacy: Any,
) -> Check:
    """A check that waits for its candidate."""
    organization = organization or (template.organization if template else make_organization())
    template = template or make_template(organization)
    template.survey.publish(now or timezone.now())  # whatever a test has done to its questions
    match = Match(template, f"“{template.name}”, because the job is tagged deck.")
    return Check.start(organization, make_candidacy(**candidacy), match, now or timezone.now())


def make_named(number: int = 1, **fields: Any) -> Named:
    names = ("Eileen Farrow", "Bao Nguyen", "Margit Larsen", "Tomás Vidal", "Joanna Bell")
    values: dict[str, Any] = {
        "name": names[(number - 1) % len(names)],
        "email": f"reference{next(_numbers)}@solent.example",
        "relationship": (Relationship.MANAGER, Relationship.PEER, Relationship.CLIENT)[(number - 1) % 3],
        **fields,
    }
    return Named(**values)


def make_awaiting_check(
    organization: Organization | None = None,
    template: ReferenceTemplate | None = None,
    now: datetime | None = None,
    **candidacy: Any,
) -> Check:
    """A check whose candidate has named everybody."""
    check = make_check(organization, template, now, **candidacy)
    named = [make_named(number + 1) for number in range(len(check.frozen.requests))]
    check.name_references(named, "I agree.", now or timezone.now())
    return check


def answers_for(reference: Reference, **given: Given) -> Mapping[str, Given]:
    """An answer to each question: the middle, yes, the first, some words; or what is given."""
    usual = {
        Kind.SCALE: Given(score=3),
        Kind.YES_NO: Given(choice="yes"),
        Kind.TEXT: Given(text="Calm when others are not."),
    }
    questions = {question.key: question for question in reference.questions()}
    return {
        key: given.get(key.replace("-", "_")) or usual.get(Kind(q.kind), Given(choice=q.labels[0] if q.labels else ""))
        for key, q in questions.items()
    }


def make_completed_check(
    organization: Organization | None = None,
    template: ReferenceTemplate | None = None,
    now: datetime | None = None,
    **candidacy: Any,
) -> Check:
    check = make_awaiting_check(organization, template, now, **candidacy)
    for reference in check.references.in_order():
        reference.submit(answers_for(reference), now or timezone.now())
    check.refresh_from_db()
    return check


def make_connection(organization: Organization | None = None, **fields: Any) -> Connection:
    """An active connection; its stage-change token is `TOKEN`."""
    values: dict[str, Any] = {
        "organization": organization or make_organization(),
        "api_key": "lever-key",
        "stage_id": "reference-check",
        "stage_name": "Reference check",
        "perform_as_id": "user-1",
        "perform_as_name": "Ruth Adeyemi",
        "status": Connection.Status.ACTIVE,
        **fields,
    }
    connection = Connection.objects.create(**values)
    for webhook in Webhook.values:
        connection.set_token(webhook, f"{TOKEN}-{webhook}", timezone.now())
    return connection


TOKEN = "0123456789abcdef0123456789abcdef"
