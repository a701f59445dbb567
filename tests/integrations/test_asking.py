"""Before somebody is asked how it ended: Lever is asked, and says whom to ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from checks.models import Check, OutcomeQuestion
from config.lever_troubles import deliveries
from integrations.asking import ask_how_it_ended
from integrations.models import Connection, Delivery
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from notifications.models import Message
from tests.factories import make_check, make_completed_check, make_user
from tests.integrations.delivering import again
from tests.integrations.ending import a_round, completed, days_pass, heard, outcome_of, reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    """Completed fifteen days ago; nobody was asked yet. The opportunity is Jonas', the job Mirjam's."""
    check = completed(connection, marcus)
    days_pass(check)
    return check


@pytest.fixture
def people(lever: SandboxServer, marcus: Opportunity) -> dict[str, str]:
    """Ids by first name. Marcus is Jonas' candidate; the job is Mirjam's, and Samuel hires for it."""
    found = {user.name.split(" ")[0]: user.id for user in lever.world.users.values()}
    marcus.owner = found["Jonas"]
    return found


def asked() -> tuple[str, str]:
    """Who was asked last, and as what."""
    question = OutcomeQuestion.objects.latest("pk")
    return question.name, question.role


def told() -> Delivery:
    return Delivery.objects.get(source="outcome")


def test_the_owner_in_lever_is_asked_by_e_mail(people: dict[str, str], check: Check) -> None:
    a_round()

    assert asked() == ("Jonas Keller", "owner")
    assert Message.objects.filter(kind="outcome-asked").get().to_address == "jonas@northmoor.example"
    assert (told().state, told().decision, told().for_check) == ("done", "asked", check)
    assert told().verdict == "Lever does not say how it ended. Jonas Keller was asked, who owns the opportunity."


def test_a_mail_goes_out_once_however_often_the_round_is_made(people: dict[str, str], check: Check) -> None:
    for _ in range(3):
        a_round()
    assert OutcomeQuestion.objects.count() == Delivery.objects.filter(source="outcome").count() == 1


@pytest.mark.parametrize(("text", "ended"), [("Hired", "hired"), ("Underqualified", "not-hired")])
def test_what_lever_says_by_then_is_noted_and_nobody_is_asked(
    lever: SandboxServer, marcus: Opportunity, check: Check, text: str, ended: str
) -> None:
    lever.world.archive(marcus.id, reason(lever, text))
    a_round()

    assert heard(check) == (ended, text)
    assert (told().state, told().decision) == ("done", "ended")
    assert not OutcomeQuestion.objects.exists()
    assert outcome_of(check).ask_at is None


def test_taken_out_of_the_archive_somebody_is_asked_after_all(
    lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    a_round()
    lever.world.archive(marcus.id, None)
    outcome_of(check).hear("", "", None, timezone.now())
    a_round()
    assert OutcomeQuestion.objects.count() == 1


def test_archived_for_a_reason_that_the_key_may_not_read_somebody_is_asked(
    lever: SandboxServer, marcus: Opportunity, people: dict[str, str], check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    lever.faults.add(Fault("status", status=403, path="/archive_reasons"))
    a_round()
    assert asked()[0] == "Jonas Keller"
    assert "not known" in told().verdict


# --- whom -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (("Jonas",), ("Mirjam Bakker", "posting-owner")),
        (("Jonas", "Mirjam"), ("Samuel Osei", "hiring-manager")),
        (("Jonas", "Mirjam", "Samuel"), ("Ruth Adeyemi", "default")),
    ],
)
@pytest.mark.parametrize("lack", ["deactivated", "without an address"])
def test_who_cannot_answer_is_passed_over(
    lever: SandboxServer,
    people: dict[str, str],
    check: Check,
    gone: tuple[str, ...],
    expected: tuple[str, str],
    lack: str,
) -> None:
    for name in gone:
        user = lever.world.users[people[name]]
        user.deactivated_at, user.email = (1, user.email) if lack == "deactivated" else (None, "")
    a_round()
    assert asked() == expected


def test_without_an_owner_and_a_job_the_contact_is_asked(marcus: Opportunity, check: Check) -> None:
    marcus.owner, marcus.application = None, None
    a_round()
    assert asked()[1] == "default"
    assert "your organization’s contact" in told().verdict


def test_nobody_is_looked_up_without_need(lever: SandboxServer, people: dict[str, str], check: Check) -> None:
    a_round()
    paths = [call.path for call in lever.calls.last()]
    assert not [path for path in paths if "/users/" in path or "/postings/" in path]


def test_a_key_that_may_not_read_users_leaves_the_contact(
    lever: SandboxServer, people: dict[str, str], check: Check
) -> None:
    lever.world.users[people["Jonas"]].deactivated_at = 1
    lever.faults.add(Fault("status", status=403, path="/users", times=9))
    a_round()
    assert asked()[1] == "default"


def test_with_nobody_to_ask_the_verdict_says_what_can_be_done(marcus: Opportunity, check: Check) -> None:
    marcus.owner, marcus.application = None, None
    type(check.organization).objects.update(contact_email="")
    a_round()
    assert not OutcomeQuestion.objects.exists()
    assert outcome_of(check).trouble == "nobody"
    assert "Somebody can say it on the check’s page." in told().verdict


# --- when Lever does not answer, or has no such opportunity ----------------------------------------------


def test_a_confidential_one_is_asked_about_among_those_whom_vouch_knows(
    lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.faults.add(Fault("status", status=403, path=f"/opportunities/{marcus.id}"))
    a_round()
    assert asked() == ("Ruth Adeyemi", "owner")
    assert "it may be" not in told().verdict
    assert "confidential" in told().verdict


def test_about_a_deleted_one_nobody_is_asked(lever: SandboxServer, marcus: Opportunity, check: Check) -> None:
    lever.world.delete(marcus.id)
    a_round()
    assert not OutcomeQuestion.objects.exists()
    assert told().state == "waiting"  # lists and webhooks may be behind
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert again(told()).state == "failed"
    assert "nobody was asked how it ended" in told().verdict


@pytest.mark.parametrize(
    ("fault", "status"), [("status", 429), ("status", 500), ("reset", 0), ("hang", 0), ("html", 0)]
)
def test_while_lever_fails_nobody_is_asked(
    lever: SandboxServer,
    people: dict[str, str],
    check: Check,
    fault: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.account.AT_WORK", (1.0, 0.3))
    lever.faults.add(Fault(fault, status=status, path=r"/opportunities/.+", seconds=0.6))
    a_round()
    assert (told().state, OutcomeQuestion.objects.count()) == ("waiting", 0)
    again(told())
    assert asked()[0] == "Jonas Keller"


def test_what_lever_refuses_for_good_stands_on_the_desk(
    lever: SandboxServer, connection: Connection, check: Check
) -> None:
    lever.faults.add(Fault("status", status=400, path=r"/opportunities/.+"))
    a_round()
    ruth = make_user(connection.organization, Role.SUPER_ADMIN)
    assert [trouble.sentence for trouble in deliveries(ruth, timezone.now())] == [
        "Lever did not accept what Vouch sent. Its own words say why."
    ]
    assert not OutcomeQuestion.objects.exists()


def test_given_up_it_is_tried_again_a_day_later(people: dict[str, str], check: Check) -> None:
    a_day_ago = timezone.now() - timedelta(days=1, hours=1)
    ask_how_it_ended(timezone.now())
    Delivery.objects.update(state="failed", done_at=timezone.now())
    a_round()
    assert told().state == "failed"
    Delivery.objects.update(done_at=a_day_ago)
    a_round()
    assert (told().state, asked()[0]) == ("done", "Jonas Keller")


def test_while_lever_refuses_the_key_it_waits(people: dict[str, str], check: Check, connection: Connection) -> None:
    connection.fail("Lever does not know this API key.")
    Connection.objects.update(reconciled_at=timezone.now())
    a_round()
    assert (told().state, OutcomeQuestion.objects.count()) == ("waiting", 0)


@pytest.mark.parametrize("status", ["disabled", "incomplete"])
def test_without_a_connection_at_work_who_is_known_here_is_asked(check: Check, status: str) -> None:
    Connection.objects.update(status=status)
    a_round()
    assert asked() == ("Ruth Adeyemi", "owner")
    assert not Delivery.objects.exists()


def test_about_a_check_begun_by_hand_lever_is_not_asked(connection: Connection) -> None:
    by_hand = make_completed_check(template=connection.organization.reference_templates.get(), is_by_hand=True)
    days_pass(by_hand)
    a_round()
    assert (asked()[1], Delivery.objects.count()) == ("begun-by", 0)


def test_erased_the_verdict_names_nobody(people: dict[str, str], check: Check) -> None:
    a_round()
    check.erase(timezone.now())
    assert told().verdict == "What it said was erased together with the check."


def test_of_two_checks_of_one_opportunity_the_newer_is_asked_about(
    people: dict[str, str], check: Check, connection: Connection, marcus: Opportunity
) -> None:
    Check.objects.update(opportunity_id="")  # one more may begin
    newer = completed(connection, marcus)
    Check.objects.update(opportunity_id=marcus.id)
    days_pass(newer)
    a_round()
    assert OutcomeQuestion.objects.get().outcome == outcome_of(newer)
    assert outcome_of(check).ask_at is None


def test_while_the_candidate_is_checked_anew_nobody_is_asked_about_the_check_before(
    check: Check, connection: Connection, marcus: Opportunity
) -> None:
    template = connection.organization.reference_templates.get()
    anew = make_check(template=template, opportunity_id="anew")
    Check.objects.filter(pk=anew.pk).update(opportunity_id=marcus.id)
    a_round()
    assert (OutcomeQuestion.objects.count(), outcome_of(check).ask_at) == (0, None)


def test_said_of_the_older_check_nobody_is_asked_about_the_newer(
    people: dict[str, str], check: Check, connection: Connection, marcus: Opportunity
) -> None:
    Check.objects.update(opportunity_id="")  # one more may begin
    days_pass(newer := completed(connection, marcus))
    Check.objects.update(opportunity_id=marcus.id)
    outcome_of(check).say("not-hired", timezone.now(), name="Jonas Keller")
    a_round()
    assert (OutcomeQuestion.objects.count(), outcome_of(newer).ask_at) == (0, None)


def test_what_was_said_meanwhile_is_not_asked_for(check: Check) -> None:
    ask_how_it_ended(timezone.now())
    outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    a_round()
    assert (told().decision, OutcomeQuestion.objects.count()) == ("no-check", 0)


def test_a_round_is_bounded_and_goes_on_with_the_rest(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    template = connection.organization.reference_templates.get()
    for _ in range(3):
        days_pass(make_completed_check(template=template))
    monkeypatch.setattr("integrations.asking.AT_ONCE", 2)
    with django_assert_max_num_queries(14):
        assert ask_how_it_ended(timezone.now()) == 2
    assert ask_how_it_ended(timezone.now()) == 1
    assert ask_how_it_ended(timezone.now()) == 0
