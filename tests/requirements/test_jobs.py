"""B3: which template would this job get, and a dry run that shows everything before anything is sent."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from checks.models import Check
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions
from notifications.tasks import send_due
from tests.factories import make_template, make_user
from tests.integrations.delivering import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(connection: Connection) -> Client:
    browser = Client()
    browser.force_login(make_user(connection.organization, Role.ADMIN))
    return browser


def page(browser: Client, connection: Connection, name: str, **query: str) -> str:
    address = reverse(f"admin:integrations_connection_{name}", args=[connection.pk], query=query)
    return " ".join(browser.get(address).text.split())


def test_b3_every_open_job_names_the_template_it_would_get(admin: Client, connection: Connection) -> None:
    shown = page(admin, connection, "jobs", ask="1")
    assert "Four of five open jobs would get no check" in shown
    assert shown.index("Deckhand") < shown.index("Chief Officer") < shown.index("Deck officers</a>")


def test_b3_the_template_named_for_a_job_is_the_one_a_candidate_then_gets(
    admin: Client,
    connection: Connection,
    marcus: Opportunity,
) -> None:
    make_template(connection.organization, name="First", ats_tag="deck-officer", priority=1)
    assert "“First”, because the job is tagged deck-officer and it comes before" in page(
        admin, connection, "jobs", ask="1"
    )
    moved(connection, marcus)
    assert Check.objects.get().template.name == "First"


def test_b3_a_dry_run_shows_every_mail_tag_and_note_before_anything_is_sent(
    admin: Client,
    connection: Connection,
    lever: SandboxServer,
    marcus: Opportunity,
) -> None:
    shown = page(admin, connection, "dry_run", opportunity=marcus.id, ask="1")
    send_due()
    perform_actions()
    for part in ("Your references for", "asked you for a reference", "References 2 of 3", "Reference check completed"):
        assert part in shown
    assert not mail.outbox
    assert not Check.objects.exists()
    assert {call.method for call in lever.calls.last()} == {"GET"}


def test_b3_a_dry_run_is_there_for_a_job_without_a_candidate(
    admin: Client,
    connection: Connection,
    lever: SandboxServer,
) -> None:
    posting = lever.world.posting_named("Chief Officer")
    assert "candidate@example.invalid" in page(admin, connection, "dry_run", posting=posting.id, ask="1")


@pytest.mark.parametrize(
    ("tags", "answer"),
    [
        ("DECK-OFFICER", "These tags get “Deck officers”"),
        ("deck-officer, galley", "These tags get “Cooks”"),
        ("bridge", "These tags get “General”"),
    ],
)
def test_d4_tags_choose_by_case_priority_and_default(
    admin: Client,
    connection: Connection,
    tags: str,
    answer: str,
) -> None:
    make_template(connection.organization, name="Cooks", ats_tag="galley", priority=1)
    make_template(connection.organization, name="General", is_default=True)
    assert answer in page(admin, connection, "jobs", tags=tags)
