"""What Vouch writes in Lever, and that it is written once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checks.models import Check
from integrations.models import Action, Connection
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions
from templates_app.matching import Match
from tests.factories import answers_for, make_candidacy, make_check, make_named

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    template = connection.organization.reference_templates.get()
    return make_check(template=template, opportunity_id=marcus.id, candidate_name="Marcus Webb")


def name_references(check: Check) -> None:
    named = [make_named(number) for number in (1, 2, 3)]
    assert check.name_references(named, "I agree.", timezone.now())


def answer(check: Check, position: int) -> None:
    reference = check.references.get(position=position)
    assert reference.submit(answers_for(reference), timezone.now())
    check.refresh_from_db()


def vouch_tags(opportunity: Opportunity) -> list[str]:
    return [tag for tag in opportunity.tags if tag.startswith("Vouch")]


def again() -> None:
    """Whatever was postponed is due now."""
    Action.objects.waiting().update(next_at=timezone.now())
    perform_actions()


def test_the_tag_follows_the_check(check: Check, marcus: Opportunity) -> None:
    seen = []
    perform_actions()
    seen += vouch_tags(marcus)
    name_references(check)
    perform_actions()
    seen += vouch_tags(marcus)
    for position in range(3):
        answer(check, position)
        perform_actions()
        seen += vouch_tags(marcus)

    assert seen == [
        "Vouch - Candidate submitted",
        "Vouch - Awaiting references",
        "Vouch - References 1 of 3",
        "Vouch - References 2 of 3",
        "Vouch - Completed",
    ]


def test_other_tags_stay(check: Check, marcus: Opportunity) -> None:
    perform_actions()

    assert {"Chief Officer", "deck-officer"} <= set(marcus.tags)


def test_on_completion_there_is_a_link_and_a_note_with_it(check: Check, marcus: Opportunity) -> None:
    name_references(check)
    for position in range(3):
        answer(check, position)

    perform_actions()

    link = f"http://testserver/reports/{check.public_id}/"
    assert link in marcus.contact.links
    assert [link in str(note.as_json()) for note in marcus.notes] == [True]


def test_no_secret_and_no_score_leaves_for_lever(check: Check) -> None:
    name_references(check)
    for position in range(3):
        answer(check, position)

    words = "\n".join(Action.objects.values_list("value", flat=True))

    assert check.token not in words
    assert not any(reference.token in words for reference in check.references.all())
    assert "Eileen Farrow" not in words


def test_changes_of_the_tag_that_come_close_together_become_one(
    check: Check, lever: SandboxServer, marcus: Opportunity
) -> None:
    name_references(check)
    for position in range(3):
        answer(check, position)
    before = sum(lever.calls.as_json()["counts"].values())

    perform_actions()

    assert vouch_tags(marcus) == ["Vouch - Completed"]
    assert sum(lever.calls.as_json()["counts"].values()) - before == 3  # tag, link, note
    assert Action.objects.filter(state="superseded").count() == 4


def test_passing_tags_wait_a_little(check: Check, settings, marcus: Opportunity) -> None:
    settings.TAG_SETTLE_SECONDS = 10
    perform_actions()
    name_references(check)

    perform_actions()

    assert vouch_tags(marcus) == ["Vouch - Candidate submitted"]
    assert Action.objects.waiting().get().next_at > timezone.now() + timedelta(seconds=8)


def test_a_note_whose_answer_was_lost_is_not_written_again(
    check: Check, lever: SandboxServer, marcus: Opportunity
) -> None:
    name_references(check)
    for position in range(3):
        answer(check, position)
    lever.faults.add(Fault("reset", path="/notes", method="POST", after=True))

    perform_actions()
    again()

    assert len(marcus.notes) == 1
    assert not Action.objects.waiting().exists()


def test_a_tag_whose_answer_was_lost_is_one_tag(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.faults.add(Fault("reset", path="/addTags", after=True))
    perform_actions()
    name_references(check)

    again()

    assert vouch_tags(marcus) == ["Vouch - Awaiting references"]


@pytest.mark.parametrize(
    "fault", [Fault("status", status=429), Fault("status", status=503), Fault("html")], ids=lambda f: f.kind
)
def test_what_passes_is_tried_again(check: Check, lever: SandboxServer, marcus: Opportunity, fault: Fault) -> None:
    lever.faults.add(fault)
    perform_actions()
    assert Action.objects.waiting().get().error

    again()

    assert vouch_tags(marcus) == ["Vouch - Candidate submitted"]


def test_a_permission_that_is_missing_ends_in_words(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    key = check.organization.connection.api_key
    lever.world.keys[key] = ApiKey(key, permissions=frozenset({"opportunities:read"}))

    perform_actions()

    action = Action.objects.get()
    assert action.state == "failed"
    assert "permissions of a key cannot be changed" in action.error


def test_a_revoked_key_stops_everything_and_loses_nothing(
    check: Check, lever: SandboxServer, marcus: Opportunity
) -> None:
    connection = check.organization.connection
    lever.world.keys[connection.api_key] = ApiKey(connection.api_key, revoked=True)
    perform_actions()
    connection.refresh_from_db()
    assert connection.status == "failing"
    calls = sum(lever.calls.as_json()["counts"].values())
    again()
    assert sum(lever.calls.as_json()["counts"].values()) == calls

    lever.world.keys[connection.api_key] = ApiKey(connection.api_key)
    connection.activate()
    again()

    assert vouch_tags(marcus) == ["Vouch - Candidate submitted"]


def test_an_opportunity_deleted_in_lever_ends_in_words(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.world.delete(marcus.id)

    perform_actions()

    assert Action.objects.get().state == "failed"


def test_a_later_tag_never_overtakes_an_earlier_one(check: Check) -> None:
    """The earlier is under way at another worker; the later must wait for it."""
    first = Action.objects.claim_next(timezone.now())
    assert first is not None
    name_references(check)

    assert Action.objects.claim_next(timezone.now()) is None


def test_the_tag_of_an_earlier_check_is_taken_away(check: Check, lever: SandboxServer, marcus: Opportunity) -> None:
    perform_actions()
    check.cancel(timezone.now())
    perform_actions()
    template = check.organization.reference_templates.get()
    make_check(template=template, opportunity_id=marcus.id, entered_at_ms=None)

    perform_actions()

    assert vouch_tags(marcus) == ["Vouch - Candidate submitted"]


def test_the_reason_is_noted_when_several_templates_match(connection: Connection, marcus: Opportunity) -> None:
    template = connection.organization.reference_templates.get()
    check = make_check(template=template, opportunity_id=marcus.id)
    Action.objects.all().delete()
    check.is_ambiguous = True
    check.announce(timezone.now())

    perform_actions()

    assert "because the job is tagged" in str(marcus.notes[0].as_json())


def test_the_reason_is_noted_once_also_when_the_candidate_takes_too_long(connection: Connection) -> None:
    match = Match(connection.organization.reference_templates.get(), "“Deck”, before another.", is_ambiguous=True)
    check = Check.start(connection.organization, make_candidacy(), match, timezone.now())

    assert check.become_overdue(check.due_at)

    assert Action.objects.filter(kind="note").count() == 1


def test_a_tag_tried_again_late_does_not_come_back_beside_the_newer_one(check: Check, marcus: Opportunity) -> None:
    perform_actions()
    first = Action.objects.get(kind="tag")
    Action.objects.filter(pk=first.pk).update(state="failed")
    check.cancel(timezone.now())
    perform_actions()

    assert first.process_again(timezone.now())
    perform_actions()

    first.refresh_from_db()
    assert first.state == "superseded"
    assert vouch_tags(marcus) == ["Vouch - Canceled"]


def test_a_note_that_was_given_up_is_looked_for_before_it_is_written_again(check: Check, marcus: Opportunity) -> None:
    """All answers to it may have been lost, and the note be there."""
    name_references(check)
    for position in range(3):
        answer(check, position)
    perform_actions()
    note = Action.objects.get(kind="note")
    Action.objects.filter(pk=note.pk).update(state="failed", attempts=Action.MAX_ATTEMPTS)

    note.process_again(timezone.now())
    perform_actions()

    note.refresh_from_db()
    assert note.state == "done"
    assert len(marcus.notes) == 1
