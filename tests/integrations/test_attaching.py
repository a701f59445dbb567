"""The report as a file in Lever: only where that is switched on, never a private one, and once."""

import pytest
from django.utils import timezone

from checks import readership
from checks.models import Check
from integrations.lever.calls import Upload
from integrations.lever.client import LARGEST_FILE, Lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Action, Connection
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions
from tests.factories import answers_for, make_awaiting_check, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    Connection.objects.update(attaches_pdf=True)
    template = connection.organization.reference_templates.get()
    return make_awaiting_check(template=template, opportunity_id=marcus.id, candidate_name="Marcus Webb")


def complete(check: Check) -> None:
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())
    check.refresh_from_db()
    check.complete(timezone.now())


def again() -> None:
    Action.objects.waiting().update(next_at=timezone.now())
    perform_actions()


def test_the_completed_report_is_a_file_on_the_candidates_page(
    check: Check, marcus: Opportunity, lever: SandboxServer
) -> None:
    complete(check)
    perform_actions()
    (file,) = marcus.files
    assert file.content.startswith(b"%PDF-")
    assert file.name.endswith(".pdf")
    assert lever.world.users[file.user or ""].name == "Ruth Adeyemi"
    assert "webb" not in file.name.lower()


def test_it_is_made_and_sent_outside_of_any_transaction(check: Check, in_transactions: list[bool]) -> None:
    complete(check)
    perform_actions()
    assert in_transactions
    assert not any(in_transactions)


def test_nothing_is_attached_unless_it_is_switched_on(check: Check, marcus: Opportunity) -> None:
    Connection.objects.update(attaches_pdf=False)
    complete(check)
    perform_actions()
    assert marcus.files == []


def test_a_private_report_is_never_attached(check: Check, marcus: Opportunity) -> None:
    Check.objects.update(is_private=True)
    check.refresh_from_db()
    complete(check)
    perform_actions()
    assert marcus.files == []
    assert not Action.objects.filter(kind="file").exists()


def test_one_that_becomes_private_before_it_is_sent_is_not_sent(check: Check, marcus: Opportunity) -> None:
    complete(check)
    readership.make_private(check, timezone.now(), make_user(check.organization))
    perform_actions()
    assert marcus.files == []
    assert Action.objects.get(kind="file").state == Action.State.SUPERSEDED


def test_a_lost_answer_makes_no_second_file(check: Check, marcus: Opportunity, lever: SandboxServer) -> None:
    complete(check)
    lever.faults.add(Fault("reset", after=True, path="/files", method="POST"))
    perform_actions()
    assert len(marcus.files) == 1
    again()
    assert len(marcus.files) == 1
    assert Action.objects.get(kind="file").state == Action.State.DONE


def test_a_key_that_may_not_write_files_is_said_on_the_action(check: Check, lever: SandboxServer) -> None:
    complete(check)
    lever.faults.add(Fault("status", status=403, path="/files", method="POST"))
    perform_actions()
    action = Action.objects.get(kind="file")
    assert action.state == Action.State.FAILED
    assert action.error


def test_what_lever_would_not_take_is_not_sent(lever: SandboxServer, marcus: Opportunity) -> None:
    upload = Upload("large.pdf", bytes(LARGEST_FILE + 1), "application/pdf")
    with Lever("key", lever.api_url) as account, pytest.raises(LeverError) as refused:
        account.add_file(marcus.id, upload, "ruth")
    assert (refused.value.kind, marcus.files) == (Kind.REFUSED, [])
