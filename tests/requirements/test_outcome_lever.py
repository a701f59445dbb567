"""R17, R19 and D3: how it ended is the same in Lever and here, whichever of the two learned of it first."""

import json
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from checks.models import Check, Outcome
from integrations.models import Action, Connection, Delivery
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions, process_inbox, sweep
from notifications.tasks import send_due
from tests.checks.visits import only, read
from tests.factories import TOKEN
from tests.integrations.delivering import PLACES
from tests.integrations.ending import archives, completed, days_pass, heard, reason
from tests.integrations.signing import address, payload, signed

pytestmark = pytest.mark.django_db

ANSWERS = ("hired", "not-hired", "later")  # in the order of the links in the mail


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    """Marcus' check was completed, and Lever bears its tag, note and link."""
    marcus.owner = connection.perform_as_id
    check = completed(connection, marcus)
    perform_actions()
    return check


def tell(connection: Connection, event: str, opportunity: Opportunity) -> Delivery:
    """Lever posts it to our door, and a worker looks."""
    body = payload(event, opportunityId=opportunity.id) | {"token": f"{opportunity.id}-{Delivery.objects.count()}"}
    where = address(connection, PLACES[event])
    sent = json.dumps(signed(body, f"{TOKEN}-{PLACES[event]}"))
    assert Client().post(where, sent, content_type="application/json").status_code == 200
    process_inbox()
    return Delivery.objects.latest("pk")


def two_weeks_later(check: Check) -> None:
    days_pass(check)
    sweep()
    process_inbox()
    send_due()


def answer(link: int) -> None:
    """The owner follows one of the links in the mail and presses the button; a worker writes it in Lever."""
    browser = Client()
    links = [urlsplit(line).path for line in str(mail.outbox[-1].body).splitlines() if "/o/" in line]
    page = browser.get(links[link], follow=True)
    fields = (("answer", "[checked]"), ("seen", ""))
    form = {name: only(read(page), f"input[name={name}]{which}")["value"] for name, which in fields}
    assert browser.post(page.request["PATH_INFO"], form).status_code == 302
    perform_actions()


def said_in_lever(marcus: Opportunity) -> tuple[list[str], int]:
    """The tags of how it ended, and how many notes say who said so."""
    tags = [tag for tag in marcus.tags if tag in ("Vouch - Hired", "Vouch - Not hired")]
    return tags, sum(" said on " in str(note.as_json()) for note in marcus.notes)


@pytest.mark.parametrize("events", [("candidateHired",), ("candidateArchiveChange", "candidateHired")])
def test_r17_the_hired_webhook_keeps_the_hiring_status_in_step(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, events: tuple[str, ...]
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    for event in events:
        tell(connection, event, marcus)
    assert heard(check) == ("hired", "Hired")

    lever.world.archive(marcus.id, None)
    assert tell(connection, "candidateArchiveChange", marcus).decision == "ended"
    assert heard(check) == ("", "")


@pytest.mark.parametrize("text", ["Underqualified", "Withdrew"])
def test_d3_any_other_archive_reason_means_not_hired(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, text: str
) -> None:
    lever.world.archive(marcus.id, reason(lever, text))
    tell(connection, "candidateArchiveChange", marcus)
    assert heard(check) == ("not-hired", text)


def test_d3_the_mail_is_not_sent_when_lever_knows_by_then(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))  # and no webhook arrives
    send_due()
    before = len(mail.outbox)
    two_weeks_later(check)
    assert heard(check) == ("hired", "Hired")
    assert len(mail.outbox) == before


@pytest.mark.parametrize("link", [0, 1])
@pytest.mark.parametrize("is_archiving", [False, True])
def test_r19_the_answer_updates_the_status_in_both_systems(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, link: int, is_archiving: bool
) -> None:
    if is_archiving:
        archives(connection, lever)
    two_weeks_later(check)
    answer(link)

    assert Outcome.objects.get().said == ANSWERS[link]
    assert said_in_lever(marcus) == ([("Vouch - Hired", "Vouch - Not hired")[link]], 1)
    chosen = reason(lever, ("Hired", "Position closed")[link])
    assert (marcus.archived or {}).get("reason") == (chosen if is_archiving else None)


@pytest.mark.parametrize("is_archiving", [False, True])
def test_d3_not_decided_yet_changes_nothing_in_lever(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, is_archiving: bool
) -> None:
    if is_archiving:
        archives(connection, lever)
    two_weeks_later(check)
    answer(ANSWERS.index("later"))

    outcome = Outcome.objects.get()
    assert (outcome.said, outcome.ask_at > timezone.now()) == ("", True)
    assert said_in_lever(marcus) == ([], 0)
    assert marcus.archived is None


def test_r19_vouchs_own_writing_is_recognized_when_lever_tells_of_it(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    archives(connection, lever)
    two_weeks_later(check)
    answer(0)
    written = Action.objects.count()

    verdicts = [tell(connection, event, marcus).verdict for event in ("candidateArchiveChange", "candidateHired")]
    assert all("Vouch archived it itself" in verdict for verdict in verdicts)
    assert Action.objects.count() == written
    assert (Outcome.objects.get().ended, check.events.filter(kind="lever-hired").count()) == ("hired", 1)


def test_d3_a_conflict_is_never_overwritten(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    archives(connection, lever)
    two_weeks_later(check)
    lever.world.archive(marcus.id, reason(lever))  # while the owner has the mail
    answer(1)

    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever)
    outcome = Outcome.objects.get()
    assert (outcome.in_ats, outcome.said, outcome.is_conflict) == ("hired", "not-hired", True)
