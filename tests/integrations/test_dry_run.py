"""What a dry run is about, and what stands in the way now."""

import pytest
from django.utils import timezone

from checks.models import Check
from integrations.dry_run import DryRun, Subject, dry_run
from integrations.lever.errors import Kind, LeverError
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from tests.integrations.delivering import moved

pytestmark = pytest.mark.django_db


def of(connection: Connection, opportunity: Opportunity) -> DryRun:
    return dry_run(connection, Subject("opportunity", opportunity.id), timezone.now())


@pytest.mark.parametrize(
    ("kind", "text", "subject"),
    [
        ("opportunity", "7f3b1c52-9f0e", Subject("opportunity", "7f3b1c52-9f0e")),
        ("posting", " 7f3b1c52 ", Subject("posting", "7f3b1c52")),
        ("opportunity", "https://hire.lever.co/candidates/7f3b-1c52", Subject("opportunity", "7f3b-1c52")),
        ("opportunity", "https://hire.eu.lever.co/candidates/7f3b/x?a=b#c", Subject("opportunity", "7f3b")),
        ("opportunity", "https://hire.lever.co/jobs/7f3b?x", Subject("posting", "7f3b")),
        ("posting", "https://hire.lever.co/candidates/7f3b", Subject("opportunity", "7f3b")),
        ("opportunity", "", None),
        ("opportunity", "Marcus Webb", None),
        ("opportunity", "https://hire.lever.co/candidates/", None),
        ("opportunity", "../users", None),
        ("opportunity", "7" * 101, None),
    ],
)
def test_ids_and_pasted_addresses_are_understood(kind: str, text: str, subject: Subject | None) -> None:
    assert Subject.read(kind, text) == subject


def test_whoever_is_in_the_stage_would_get_a_check(connection: Connection, marcus: Opportunity) -> None:
    run = of(connection, marcus)
    assert (run.title, run.obstacles) == ("A check would begin for Marcus Webb now", ())
    assert run.match.reason.startswith("“Deck officers”, because")


def test_a_check_on_its_way_is_said_first_and_the_rest_is_played_all_the_same(
    connection: Connection, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    run = of(connection, marcus)
    assert run.title == "No check would begin for Marcus Webb now"
    assert run.obstacles == ("A check for this opportunity is on its way already.",)
    assert len(run.rehearsal.scenes) == 5


def test_an_earlier_completed_check_is_said(connection: Connection, marcus: Opportunity) -> None:
    moved(connection, marcus)
    Check.objects.update(status="completed", entered_at_ms=1)
    assert "was completed" in of(connection, marcus).obstacles[0]


def test_a_move_that_was_dealt_with_is_said(connection: Connection, marcus: Opportunity) -> None:
    moved(connection, marcus)
    Check.objects.get().cancel(timezone.now())
    assert of(connection, marcus).obstacles == ("This move to the stage has been dealt with before.",)


def test_after_a_canceled_check_the_next_move_would_begin_one(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    Check.objects.get().cancel(timezone.now())
    lever.world.move(marcus.id, "offer")
    assert [sentence[:30] for sentence in of(connection, marcus).obstacles] == ["In Lever Marcus Webb is not in"]


def test_another_stage_is_said(connection: Connection, lever: SandboxServer) -> None:
    posting = lever.world.posting_named("Chief Officer")
    ines = lever.world.add_person("Ines Duarte", emails=["ines@post.example"], posting=posting.id)
    assert of(connection, ines).obstacles == (
        "In Lever Ines Duarte is not in the stage “Reference check”. A check begins on coming there.",
    )


def test_an_archived_opportunity_is_said(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.world.archive(marcus.id, next(iter(lever.world.reasons)))
    assert of(connection, marcus).obstacles == ("In Lever Marcus Webb is archived.",)


def test_no_address_is_said_with_the_tag_and_one_stands_in(connection: Connection, marcus: Opportunity) -> None:
    marcus.contact.emails = []
    run = of(connection, marcus)
    assert run.obstacles == ("Lever holds no address for Marcus Webb to which a mail can be sent.",)
    assert run.start.scenes[0].changes[0].value == "Vouch - ERROR (no email)"
    assert run.rehearsal.scenes[0].mails[0].address == "candidate@example.invalid"


def test_whoever_may_not_be_contacted_is_said(connection: Connection, marcus: Opportunity) -> None:
    marcus.contact.may_contact = False
    run = of(connection, marcus)
    assert run.obstacles == ("Lever says that Marcus Webb may not be contacted.",)
    assert run.start.scenes[0].changes[0].value == "Vouch - ERROR (no contact)"


def test_a_job_without_a_template_is_said_once(connection: Connection, marcus: Opportunity) -> None:
    connection.organization.reference_templates.all().delete()
    run = of(connection, marcus)
    assert run.obstacles == ("The job’s tags match no template, and there is no default.",)
    assert run.is_hopeless


def test_a_connection_that_is_off_is_said(connection: Connection, marcus: Opportunity) -> None:
    connection.disable()
    assert "The connection is not active (Switched off)" in of(connection, marcus).obstacles[0]


def test_a_job_is_played_with_a_stand_in(connection: Connection, lever: SandboxServer) -> None:
    run = dry_run(connection, Subject("posting", lever.world.posting_named("Chief Officer").id), timezone.now())
    assert run.title == "What happens with a candidate for Chief Officer"
    assert run.rehearsal.scenes[0].mails[0].address == "candidate@example.invalid"


def test_a_job_without_a_template_would_get_no_check(connection: Connection, lever: SandboxServer) -> None:
    run = dry_run(connection, Subject("posting", lever.world.posting_named("Deckhand").id), timezone.now())
    assert run.title == "A candidate for Deckhand would get no check"
    assert [change.value for change in run.rehearsal.scenes[0].changes] == ["Vouch - ERROR (no template)"]


def test_what_lever_does_not_show_is_an_error(connection: Connection, lever: SandboxServer) -> None:
    with pytest.raises(LeverError) as caught:
        dry_run(connection, Subject("opportunity", "nobody"), timezone.now())
    assert caught.value.kind is Kind.NOT_FOUND


def test_a_job_that_the_key_may_not_read_leaves_the_candidates_own_tags(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.keys["narrow"] = ApiKey("narrow", permissions=frozenset({"opportunities:read"}))
    connection.api_key = "narrow"
    assert of(connection, marcus).match.template.name == "Deck officers"


def test_it_says_who_would_read_the_answers(connection: Connection, marcus: Opportunity) -> None:
    template = of(connection, marcus).match.template
    assert template is not None
    assert [sentence.split(" is told ")[0] for sentence in of(connection, marcus).promised] == ["Each reference"] * 2
    type(template)._base_manager.update(confidentiality="averages", candidate_reads="on-request", is_private=True)
    seen, read, private = of(connection, marcus).promised
    assert "averages of three answers or more" in seen
    assert "can read the answers on asking" in read
    assert private.startswith("Only the owner")
