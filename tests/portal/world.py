"""Two organizations with a row of everything, and everybody who could look at it."""

import json
from dataclasses import dataclass, field
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task

from accounts.models import Organization, User
from accounts.roles import Role
from checks.models import Check
from integrations.models import Action, Connection, Delivery
from notifications.letters import Letter, Link, render
from notifications.models import Message
from prospects.models import Prospect
from templates_app.models import CustomNotification, ReferenceTemplate
from tests.factories import (
    make_awaiting_check,
    make_connection,
    make_operator,
    make_organization,
    make_template,
    make_user,
)
from tests.prospects.people import make_prospect

# Whoever may come by, in the order of the tables in the tests.
VISITORS = (*Role.values, "operator", "stranger", "anonymous")
PASSWORD = "correct horse battery staple"


@dataclass
class House:
    """One organization with a row of everything in it. `word` stands in every text of it."""

    word: str
    organization: Organization = field(init=False)
    people: dict[str, User] = field(init=False)
    connection: Connection = field(init=False)
    template: ReferenceTemplate = field(init=False)
    check: Check = field(init=False)
    message: Message = field(init=False)
    delivery: Delivery = field(init=False)
    action: Action = field(init=False)
    words: CustomNotification = field(init=False)
    prospect: Prospect = field(init=False)

    def __post_init__(self) -> None:
        word, now = self.word, timezone.now()
        self.organization = make_organization(name=f"{word} Ferries", contact_name=f"{word} Contact")
        self.people = {
            role: make_user(self.organization, role, name=f"{word} {role}", email=f"{role[:4]}@{word}.example".lower())
            for role in Role.values
        }
        self.connection = make_connection(
            self.organization, api_key=f"{word}-secret-key", stage_name=f"{word} stage", tag_prefix=word
        )
        self.template = make_template(self.organization, name=f"{word} template", ats_tag=f"{word}-tag".lower())
        self.template.survey.name = f"{word} survey"
        self.template.survey.save()
        self.check = make_awaiting_check(
            template=self.template, candidate_name=f"{word} Webb", owner_email=self.people[Role.LIMITED].email
        )
        self.words = CustomNotification.objects.create(
            organization=self.organization, moment="reference-thanks", subject=f"{word} thanks", text=f"{word} text"
        )
        letter = Letter(subject=f"{word} letter", heading="", action=Link("Open", "http://vouch.example/c/SECRETDOOR/"))
        self.message = Message.queue(
            self.organization,
            key=f"{word}:1",
            kind="candidate-another",
            topic=self.check.topic,
            to=(f"{word} Reader", f"reader@{word}.example".lower()),
            letter=render(letter, self.organization),
            now=now,
        )
        self.delivery = make_delivery(self.connection, word, for_check=self.check)
        self.action = Action.objects.filter(for_check=self.check).latest("pk")
        self.prospect = make_prospect(
            self.connection,
            name=f"{word} Farrow",
            email=f"farrow@{word}.example".lower(),
            company=f"{word} Lines",
            consent_text=f"{word} may write to me.",
            reference=self.check.references.in_order()[2],
        )

    def rows(self) -> dict[str, Model]:
        """A row of each model that the portal shows."""
        return {
            "accounts.user": self.people[Role.TEAM_MEMBER],
            "accounts.organization": self.organization,
            "notifications.message": self.message,
            "templates_app.survey": self.template.survey,
            "templates_app.referencetemplate": self.template,
            "templates_app.customnotification": self.words,
            "checks.check": self.check,
            "integrations.connection": self.connection,
            "integrations.delivery": self.delivery,
            "integrations.action": self.action,
            "prospects.prospect": self.prospect,
        }


def make_delivery(connection: Connection, word: str = "", **fields: Any) -> Delivery:
    """A webhook as it came, with the signature that nobody must see."""
    now = timezone.now()
    envelope = {
        "event": "candidateStageChange",
        "token": f"{word}-secret-webhook-token",
        "signature": f"{word}-secret-signature",
        "data": {"opportunityId": f"{word}-opportunity", "toStageId": "reference-check"},
    }
    values = {
        "connection": connection,
        "dedupe_key": f"{word}{Delivery.objects.count()}",
        "body": json.dumps(envelope).encode(),
        "opportunity_id": f"{word}-opportunity",
        "verdict": f"{word} verdict",
        "created_at": now,
        "next_at": now,
        **fields,
    }
    return Delivery.objects.create(**values)


def make_machinery() -> dict[str, Model]:
    """A row of each model of other packages that the operator sees."""
    now = timezone.now()
    task = {"func": "integrations.tasks.sweep", "started": now, "stopped": now}
    known = {"user_agent": "", "ip_address": "192.0.2.7", "username": "somebody", "path_info": "/sign-in/"}
    return {
        "django_q.schedule": Schedule.objects.first() or Schedule.objects.create(func="integrations.tasks.sweep"),
        "django_q.success": Task.objects.create(id="a" * 32, name="good", success=True, **task),
        "django_q.failure": Task.objects.create(id="b" * 32, name="bad", success=False, **task),
        "django_q.ormq": OrmQ.objects.create(key="vouch", payload="", lock=now),
        "axes.accessattempt": AccessAttempt.objects.create(failures_since_start=1, **known),
        "axes.accesslog": AccessLog.objects.create(**known),
        "axes.accessfailurelog": AccessFailureLog.objects.create(**known),
    }


@dataclass
class World:
    ours: House
    theirs: House
    operator: User
    machinery: dict[str, Model]

    def visitor(self, name: str) -> Client:
        """A browser with one of VISITORS before it; the stranger is another organization's super admin."""
        client, people = Client(), {**self.ours.people, "operator": self.operator}
        if name == "stranger":
            client.force_login(self.theirs.people[Role.SUPER_ADMIN])
        elif name != "anonymous":
            client.force_login(people[name])
        return client

    def rows(self) -> dict[str, Model]:
        return {**self.ours.rows(), **self.machinery}


def make_world() -> World:
    return World(House("Ours"), House("Magpie"), make_operator(name="The operator"), make_machinery())


def models() -> list[str]:
    """All that is in the portal, as labels such as checks.check."""
    return sorted(model._meta.label_lower for model in admin.site._registry)


def address(label: str, page: str, *args: Any) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)


def pages(label: str, row: Model) -> dict[str, str]:
    """The addresses of a model's pages, the last three for one row."""
    one = {page: address(label, page, row.pk) for page in ("change", "delete", "history")}
    return {"changelist": address(label, "changelist"), "add": address(label, "add"), **one}
