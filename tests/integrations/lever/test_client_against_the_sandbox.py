"""The client and the practice Lever were written apart; here they meet."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.webhooks import Hired, event_of, is_signed_by, read
from integrations.sandbox import cast
from integrations.sandbox.faults import Fault
from integrations.sandbox.records import Webhook
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.webhooks import Delivery
from integrations.sandbox.world import DEMO_API_KEY, World


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(World.demo()) as server:
        server.sandbox.rate = server.sandbox.burst = 1_000
        yield server


@pytest.fixture
def lever(sandbox: SandboxServer) -> Iterator[Lever]:
    with Lever(DEMO_API_KEY, sandbox.api_url, timeout=(1, 0.3)) as client:
        yield client


@pytest.fixture
def marcus(sandbox: SandboxServer) -> str:
    people = sandbox.world.opportunities.values()
    return next(person.id for person in people if person.contact.name == "Marcus Webb")


def test_they_agree_on_stages_users_and_archive_reasons(lever: Lever) -> None:
    assert [stage.text for stage in lever.stages()] == [stage.text for stage in cast.STAGES]
    assert [user.id for user in lever.users() if user.name == "Ruth Adeyemi"] == [cast.RUTH]
    assert [reason.text for reason in lever.archive_reasons() if reason.is_hired] == ["Hired"]


def test_they_agree_on_an_opportunity_and_its_posting(lever: Lever, marcus: str) -> None:
    opportunity = lever.opportunity(marcus)

    assert (opportunity.name, opportunity.emails) == ("Marcus Webb", ("marcus.webb@post.example",))
    assert opportunity.owner == lever.user(cast.MIRJAM)
    assert opportunity.application is not None
    posting = lever.posting(opportunity.application.posting_id or "")
    assert (posting.title, posting.tags) == ("Chief Officer", ("deck-officer",))


def test_they_agree_on_a_draft(lever: Lever) -> None:
    assert lever.posting(cast.id_of("posting", "Port Captain")).url == ""


def test_they_agree_on_changes(sandbox: SandboxServer, lever: Lever, marcus: str) -> None:
    lever.add_tags(marcus, ["Vouch - Candidate submitted", "b"], cast.RUTH)
    lever.remove_tags(marcus, ["b", "never there"], cast.RUTH)
    lever.add_links(marcus, ["https://vouch.example/reports/1", "https://vouch.example/2"], cast.RUTH)
    lever.remove_links(marcus, ["https://vouch.example/2"], cast.RUTH)

    opportunity = lever.opportunity(marcus)
    assert opportunity.tags[-1] == "Vouch - Candidate submitted"
    assert opportunity.links[-1] == "https://vouch.example/reports/1"


def test_they_agree_on_notes(lever: Lever, marcus: str) -> None:
    written = lever.add_note(marcus, "Three of three have answered.", cast.RUTH)

    assert {note.id: note.text for note in lever.notes(marcus)}[written] == "Three of three have answered."


def test_they_agree_on_pages(sandbox: SandboxServer, lever: Lever) -> None:
    made = {sandbox.world.add_person(f"Person {number}", stage="offer").id for number in range(230)}

    assert {found.id for found in lever.opportunities_in_stage("offer")} == made
    assert sandbox.calls.as_json()["counts"]["GET v1/opportunities"] == 3


def test_they_agree_on_when_somebody_came_to_a_stage(sandbox: SandboxServer, lever: Lever, marcus: str) -> None:
    sandbox.world.move(marcus, "offer")
    since = lever.opportunity(marcus).stage_entered_at_ms

    assert since is not None
    assert [found.id for found in lever.opportunities_in_stage("offer", since)] == [marcus]
    assert list(lever.opportunities_in_stage("offer", since + 1)) == []


def test_they_agree_on_confidential_people(lever: Lever) -> None:
    stage = cast.id_of("stage", "Manager interview")

    shown = {found.name for found in lever.opportunities_in_stage(stage)}
    everybody = {found.name for found in lever.opportunities_in_stage(stage, with_confidential=True)}

    assert everybody - shown == {"Hélène Marchetti"}


def test_they_agree_on_a_hire(sandbox: SandboxServer, lever: Lever, marcus: str) -> None:
    hired = next(reason for reason in lever.archive_reasons() if reason.is_hired)
    sandbox.world.archive(marcus, hired.id)

    opportunity = lever.opportunity(marcus)

    assert (opportunity.is_archived, opportunity.archive_reason_id) == (True, hired.id)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault("status", status=503), Kind.UNAVAILABLE),
        (Fault("status", status=429), Kind.RATE_LIMITED),
        (Fault("hang", seconds=1), Kind.UNREACHABLE),
        (Fault("reset"), Kind.UNREACHABLE),
        (Fault("html"), Kind.UNREADABLE),
        (Fault("truncated"), Kind.UNREADABLE),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else str(value),
)
def test_they_agree_on_what_goes_wrong(sandbox: SandboxServer, lever: Lever, fault: Fault, kind: Kind) -> None:
    sandbox.faults.add(replace(fault))  # a fault is used up

    with pytest.raises(LeverError) as raised:
        lever.stages()

    assert (raised.value.kind, raised.value.permanent) == (kind, False)


def test_they_agree_on_a_wrong_key_an_unknown_id_and_a_missing_user(
    sandbox: SandboxServer, lever: Lever, marcus: str
) -> None:
    with Lever("another", sandbox.api_url) as stranger, pytest.raises(LeverError) as unauthorized:
        stranger.stages()
    with pytest.raises(LeverError) as not_found:
        lever.opportunity("../stages")
    with pytest.raises(LeverError) as refused:
        lever.add_tags(marcus, ["a"], "nobody")

    kinds = [raised.value.kind for raised in (unauthorized, not_found, refused)]
    assert kinds == [Kind.UNAUTHORIZED, Kind.NOT_FOUND, Kind.REFUSED]


def test_they_agree_on_signatures() -> None:
    webhook = Webhook("w1", "candidateHired", "https://vouch.example/", "the signature token", 0)
    delivery = Delivery(webhook, "candidateHired", {"opportunityId": "o1"}, 1767225661234, "token", None)

    envelope = read(delivery.body())

    assert is_signed_by(envelope, ["the signature token"])
    assert event_of(envelope) == Hired("o1")
