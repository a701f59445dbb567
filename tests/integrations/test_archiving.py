"""What somebody said of how it ended, written in Lever: a tag, a note, and the archive where that is chosen."""

from dataclasses import replace

import pytest
from django.db import connection as django_connection
from django.utils import timezone
from django.utils.translation import override

from accounts.roles import Role
from checks.models import Check
from config.lever_troubles import actions
from integrations.models import Action, Connection, LeverCall
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions
from tests.factories import make_completed_check, make_user
from tests.integrations.delivering import archived
from tests.integrations.ending import archives, completed, heard, outcome_of, reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    """Completed, and Lever has been told so."""
    check = completed(connection, marcus)
    perform_actions()
    return check


@pytest.fixture
def archiving(connection: Connection, lever: SandboxServer) -> None:
    archives(connection, lever)


def say(check: Check, ended: str, name: str = "Ruth Adeyemi") -> None:
    """And the outbox is worked off."""
    assert outcome_of(check).say(ended, timezone.now(), name=name)
    perform_actions()


def again() -> None:
    Action.objects.waiting().update(next_at=timezone.now())
    perform_actions()


def tags(marcus: Opportunity) -> list[str]:
    return [tag for tag in marcus.tags if tag.startswith("Vouch")]


def notes(marcus: Opportunity) -> list[str]:
    """Those about how it ended, without the mark in their last line."""
    texts = [note.as_json()["fields"][0]["value"] for note in marcus.notes]
    return [text.partition("\n")[0] for text in texts if " said on " in text]


def step() -> Action:
    """The archiving that was written last."""
    return Action.objects.filter(kind="archive").latest("pk")


# --- tag and note -----------------------------------------------------------------------------------------


def test_a_tag_stands_beside_the_other_and_a_note_says_who_and_when(check: Check, marcus: Opportunity) -> None:
    say(check, "hired")
    assert tags(marcus) == ["Vouch - Completed", "Vouch - Hired"]
    assert notes(marcus)[0].startswith("Ruth Adeyemi said on ")
    assert notes(marcus)[0].endswith(" that Marcus Webb was hired.")
    assert str(timezone.now().year) in notes(marcus)[0]
    assert marcus.archived is None
    assert not Action.objects.filter(kind="archive").exists()


def test_said_otherwise_the_one_tag_replaces_the_other_and_both_notes_stay(check: Check, marcus: Opportunity) -> None:
    say(check, "hired")
    say(check, "not-hired", "Jonas Keller")
    assert tags(marcus) == ["Vouch - Completed", "Vouch - Not hired"]
    assert [text.split(" ")[0] for text in notes(marcus)] == ["Ruth", "Jonas"]


def test_the_other_tag_goes_although_what_wrote_it_is_long_forgotten(check: Check, marcus: Opportunity) -> None:
    say(check, "hired")
    Action.objects.all().delete()
    say(check, "not-hired")
    assert "Vouch - Hired" not in tags(marcus)


def test_a_correction_overtakes_what_was_not_begun(check: Check, marcus: Opportunity) -> None:
    outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    say(check, "not-hired")
    assert Action.objects.filter(kind="outcome").values_list("value", "state")[0] == ("Vouch - Hired", "superseded")
    assert tags(marcus) == ["Vouch - Completed", "Vouch - Not hired"]


def test_the_note_is_in_one_language_whoever_answers(check: Check, marcus: Opportunity) -> None:
    with override("de"):
        outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    perform_actions()
    assert "that Marcus Webb was hired" in notes(marcus)[0]


@pytest.mark.parametrize("path", ["/addTags", "/removeTags", "/notes"])
@pytest.mark.parametrize("fault", ["reset", "hang", "status"])
def test_when_an_answer_is_lost_each_still_stands_there_once(
    check: Check,
    lever: SandboxServer,
    marcus: Opportunity,
    path: str,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.account.AT_WORK", (1.0, 0.3))
    lever.faults.add(Fault(fault, status=500, path=path, method="POST", after=True, seconds=0.6))
    say(check, "hired")
    again()
    assert tags(marcus) == ["Vouch - Completed", "Vouch - Hired"]
    assert len(notes(marcus)) == 1
    assert not Action.objects.waiting().exists()


def test_a_key_that_cannot_be_decrypted_keeps_nobody_from_answering(check: Check) -> None:
    with django_connection.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET api_key = 'rubbish'")
    assert outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    assert Action.objects.waiting().count() == 2


def test_of_a_check_begun_by_hand_lever_is_told_nothing(connection: Connection) -> None:
    template = connection.organization.reference_templates.get()
    check = make_completed_check(template=template, is_by_hand=True)
    outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    assert not Action.objects.exists()


def test_erased_nobody_is_named_in_what_was_written(check: Check) -> None:
    say(check, "hired")
    check.erase(timezone.now())
    values = Action.objects.filter(for_check=check).values_list("value", flat=True)
    assert not [value for value in values if "Marcus" in value or "Ruth" in value]


def test_a_note_is_not_taken_for_one_whose_row_was_forgotten(
    check: Check, lever: SandboxServer, marcus: Opportunity
) -> None:
    say(check, "hired")
    Action.objects.all().delete()
    lever.faults.add(Fault("reset", path="/notes", method="POST"))
    say(check, "not-hired")
    again()
    assert len(notes(marcus)) == 2


# --- archived with the chosen reason ----------------------------------------------------------------------


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize(("ended", "text"), [("hired", "Hired"), ("not-hired", "Position closed")])
def test_it_is_archived_with_the_chosen_reason_and_our_own_write_is_recognized(
    check: Check, connection: Connection, lever: SandboxServer, marcus: Opportunity, ended: str, text: str
) -> None:
    say(check, ended)
    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever, text)
    assert (step().state, step().value) == ("done", text)

    delivery = archived(connection, marcus)
    assert heard(check) == (ended, text)
    assert "Vouch archived it itself" in delivery.verdict
    assert not Action.objects.waiting().exists()  # what Lever says is not written back to it


@pytest.mark.usefixtures("archiving")
def test_what_somebody_archived_so_already_is_done_and_not_taken_for_ours(
    check: Check, connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    say(check, "hired")
    assert step().state == "done"
    assert not [call for call in lever.calls.last() if call.method == "PUT"]
    assert "Vouch archived it itself" not in archived(connection, marcus).verdict


@pytest.mark.usefixtures("archiving")
def test_a_conflict_is_shown_and_not_overwritten(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.world.archive(marcus.id, reason(lever))
    say(check, "not-hired")

    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever)
    assert outcome_of(check).is_conflict
    assert step().state == "superseded"
    assert "is archived as “Hired”, which says otherwise. Vouch left that as it is" in step().error


@pytest.mark.usefixtures("archiving")
def test_another_reason_that_says_the_same_is_left(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.world.archive(marcus.id, reason(lever, "Withdrew"))
    say(check, "not-hired")
    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever, "Withdrew")
    assert "“Withdrew”, which says the same" in step().error
    assert not outcome_of(check).is_conflict


@pytest.mark.usefixtures("archiving")
def test_what_vouch_archived_is_put_right_when_they_say_otherwise(
    check: Check, lever: SandboxServer, marcus: Opportunity
) -> None:
    say(check, "hired")
    say(check, "not-hired")
    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever, "Position closed")


@pytest.mark.usefixtures("archiving")
def test_switched_to_tag_and_note_meanwhile_nothing_is_archived(check: Check, marcus: Opportunity) -> None:
    outcome_of(check).say("hired", timezone.now(), name="Ruth Adeyemi")
    Connection.objects.update(outcome_writes="tag-and-note")
    perform_actions()
    assert (marcus.archived, step().state) == (None, "superseded")
    assert "archive nothing" in step().error


# --- when Lever refuses, or does not answer ---------------------------------------------------------------


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize("fault", ["reset", "hang", "truncated", "status"])
def test_when_the_answer_to_archiving_is_lost_it_is_archived_once(
    check: Check,
    lever: SandboxServer,
    marcus: Opportunity,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.account.AT_WORK", (1.0, 0.4))
    lever.faults.add(Fault(fault, status=500, path="/archived", method="PUT", after=True, seconds=1))
    say(check, "hired")
    assert (step().state, bool(step().error)) == ("waiting", True)
    again()
    assert (step().state, step().error) == ("done", "")
    assert LeverCall.objects.filter(method="PUT").count() == 1
    say(check, "not-hired")  # and Vouch knows that it was its own
    assert marcus.archived is not None
    assert marcus.archived["reason"] == reason(lever, "Position closed")


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.parametrize(("method", "path"), [("PUT", "/archived"), ("POST", "/addTags"), ("POST", "/notes")])
def test_what_passes_is_tried_again(
    check: Check, lever: SandboxServer, marcus: Opportunity, status: int, method: str, path: str
) -> None:
    lever.faults.add(Fault("status", status=status, path=path, method=method))
    say(check, "hired")
    assert Action.objects.waiting().exclude(error="").count() == 1
    again()
    assert marcus.archived is not None
    assert "Vouch - Hired" in tags(marcus)
    assert len(notes(marcus)) == 1


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_reason_that_is_no_more_is_said_on_the_desk_and_mended_by_another(
    check: Check, connection: Connection, lever: SandboxServer, marcus: Opportunity, is_deleted: bool
) -> None:
    chosen = lever.world.reasons.pop(reason(lever))
    lever.world.reasons["hired-anew"] = replace(chosen, id="hired-anew")
    if not is_deleted:
        lever.world.reasons[chosen.id] = replace(chosen, status="inactive")
    say(check, "hired")

    trouble = next(iter(actions(make_user(connection.organization, Role.SUPER_ADMIN), timezone.now())))
    assert "“Hired” is not among the archive reasons in Lever any more" in trouble.sentence
    assert trouble.remedy is not None
    assert "Vouch - Hired" in tags(marcus)  # and a note, all the same
    Connection.objects.update(hired_reason_id="hired-anew")
    step().process_again(timezone.now())
    perform_actions()
    assert marcus.archived is not None
    assert marcus.archived["reason"] == "hired-anew"


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Lever did not accept what Vouch sent."),
        (403, "Lever does not allow this to the API key."),
        (404, "Lever has no such record"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/archived"), ("POST", "/addTags"), ("POST", "/notes")])
def test_what_lever_refuses_for_good_is_given_up_in_words(
    check: Check, lever: SandboxServer, status: int, words: str, method: str, path: str
) -> None:
    lever.faults.add(Fault("status", status=status, path=path, method=method))
    say(check, "hired")
    failed = Action.objects.get(state="failed")
    assert words in failed.error
    assert "A fault was asked for." in failed.error


@pytest.mark.usefixtures("archiving")
@pytest.mark.parametrize("status", [403, 404])
def test_an_opportunity_that_is_hidden_or_gone_is_given_up_in_words(
    check: Check, lever: SandboxServer, marcus: Opportunity, status: int
) -> None:
    lever.faults.add(Fault("status", status=status, path=f"/opportunities/{marcus.id}$", method="GET"))
    say(check, "hired")
    assert step().state == "failed"
    assert "Lever" in step().error


@pytest.mark.usefixtures("archiving")
@pytest.mark.django_db(transaction=True)
def test_no_call_to_lever_is_made_within_a_transaction(
    check: Check, connection: Connection, marcus: Opportunity, in_transactions: list[bool]
) -> None:
    say(check, "hired")
    archived(connection, marcus)
    assert len(in_transactions) >= 6
    assert not any(in_transactions)
