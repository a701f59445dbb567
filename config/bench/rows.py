"""Pages with few rows and with many: what there is to look at, made as the product makes it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import Role
from checks.models import Check, Reference
from integrations.models import Delivery
from templates_app.kinds import Kind
from templates_app.models import ReferenceTemplate, Survey
from tests import factories

ROOMS = ("accounts", "notifications", "templates_app", "checks", "integrations", "prospects")
BACKEND = "accounts.backends.RoleBackend"


@dataclass(frozen=True)
class Page:
    """A page, and somebody who may see it."""

    name: str
    address: str
    client: Client = field(default_factory=Client)
    rounds: int = 5


def pages(rows: int) -> Iterator[Page]:
    """Each page with so many rows: people to name, questions, answers, checks, lines of a list."""
    organization = factories.make_organization()
    recruiter = signed_in(factories.make_user(organization, Role.SUPER_ADMIN))
    yield _behind("candidate", factories.make_check(organization, _template(organization, people=rows)))
    check = factories.make_awaiting_check(organization, _template(organization, questions=rows))
    yield _behind("reference", check.references.get())
    report = factories.make_completed_check(organization, _template(organization, people=2, questions=rows // 2))
    yield Page("report", reverse("report", args=[report.public_id]), recruiter)
    yield from _large_report(organization, recruiter, people=min(10, rows), questions=min(50, 5 * rows))
    _fill_desk(organization, rows)
    yield Page("desk", reverse("admin:index"), recruiter)
    yield Page("search", f"{reverse('admin:checks_check_changelist')}?q=mar", recruiter)
    yield Page("numbers", reverse("admin:numbers"), recruiter)
    _fill_lists(rows)
    operator = signed_in(factories.make_operator())
    for model in admin.site._registry:
        if model._meta.app_label in ROOMS:
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            yield Page(f"list of {model._meta.verbose_name_plural}", reverse(f"admin:{name}_changelist"), operator)


def _large_report(organization: Organization, reader: Client, people: int, questions: int) -> Iterator[Page]:
    """As large as reports get: ten people and fifty questions."""
    template = _template(organization, people=people, questions=questions)
    report = factories.make_completed_check(organization, template)
    yield Page("large report", reverse("report", args=[report.public_id]), reader)
    yield Page("large report as PDF", reverse("report-pdf", args=[report.public_id]), reader, rounds=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def _behind(name: str, row: Check | Reference) -> Page:
    """The page behind a mailed link, for somebody who has followed it."""
    client, letter = Client(), "c" if isinstance(row, Check) else "r"
    return Page(name, client.get(f"/{letter}/{row.token}/").headers["Location"], client)


def _template(organization: Organization, people: int = 1, questions: int = 5) -> ReferenceTemplate:
    survey = Survey.objects.create(organization=organization, name=f"Survey {Survey.objects.count()}")
    labels = ["Looks away", "Says so", "Says so and mends it", "Mends it and finds the cause"]
    for each in range(questions):
        scale = {"kind": Kind.SCALE, "competency": f"Competency {each}", "labels": labels}
        survey.questions.create(position=each, key=f"question-{each}", text="What does {name} do then?", **scale)
    return factories.make_template(organization, ("any",) * people, survey=survey)


def _fill_desk(organization: Organization, rows: int) -> None:
    """Checks of every kind: on their way, overdue, completed, and some that could not begin."""
    now, template = timezone.now() - timedelta(days=9), _template(organization)
    for each in range(rows):
        match each % 5:
            case 0:
                factories.make_check(organization, template, now, candidate_email="")
            case 1:
                factories.make_check(organization, template)
            case 2:
                factories.make_awaiting_check(organization, template)
            case 3:
                factories.make_check(organization, template, now).become_overdue(timezone.now())
            case _:
                factories.make_completed_check(organization, template)


def _fill_lists(rows: int) -> None:
    """At least so many rows of everything: whole organizations with one of each."""
    for _ in range(rows - Organization.objects.count()):
        organization = factories.make_organization()
        connection = factories.make_connection(organization)
        factories.make_user(organization)
        check = factories.make_check(organization)
        Delivery.ask_for(connection, check.opportunity_id, timezone.now())
