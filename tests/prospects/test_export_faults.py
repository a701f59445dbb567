"""Lever refuses, is away or loses its answer: nobody is doubled, nobody is lost, and somebody reads why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from config.prospect_troubles import given_up, in_doubt, refused, stopped
from integrations.lever.client import Lever
from integrations.sandbox.records import ApiKey
from prospects.models import Errand, Prospect
from prospects.running import REFUSALS
from tests.factories import make_user
from tests.prospects.people import Export

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_of_the_write_ends_in_words(export: Export, status: int) -> None:
    prospect = export.add()
    export.fault("status", method="POST", path="/opportunities", status=status)

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert "A fault was asked for." in prospect.problem
    assert Errand.objects.get().state == "failed"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_one_that_meets_trouble_is_put_off(export: Export, status: int) -> None:
    prospect = export.add()
    export.fault("status", method="POST", path="/opportunities", status=status)
    export.go()
    prospect.refresh_from_db()
    errand = Errand.objects.get()
    assert (prospect.state, errand.state) == ("waiting", "waiting")
    assert errand.next_at > timezone.now()

    export.go_again()

    assert len(export.there(prospect)) == 1


def test_the_others_go_on_after_trouble_with_one(export: Export) -> None:
    first, second = export.add(), export.add()
    export.fault("status", path="/opportunities", status=500)
    export.go()
    assert not export.there(first)

    export.go()

    assert len(export.there(second)) == 1


@pytest.mark.parametrize("kind", ["reset", "html", "truncated"])
def test_an_answer_lost_after_the_write_is_found_again(export: Export, kind: str) -> None:
    prospect = export.add()
    export.fault(kind, method="POST", path="/opportunities", after=True)
    export.go()
    (there,) = export.there(prospect)

    export.go_again()

    prospect.refresh_from_db()
    assert (prospect.state, prospect.opportunity_id) == ("exported", there.id)
    assert export.there(prospect) == [there]


def test_without_looking_first_a_lost_answer_doubles(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the look is for: this shows that the test above could fail."""
    prospect = export.add()
    export.fault("reset", method="POST", path="/opportunities", after=True)
    monkeypatch.setattr(Lever, "opportunities_of", lambda *given, **more: [])
    export.go()

    export.go_again()

    assert len(export.there(prospect)) == 2


def test_lever_that_hangs_is_left_alone(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.account.AT_WORK", (1.0, 0.3))
    prospect, other = export.add(), export.add()
    export.fault("hang", seconds=1, path="/opportunities")
    before = export.calls()

    export.go()

    assert Errand.objects.get(prospect=prospect).error
    assert not export.there(other)  # in the next task, which comes within a second
    assert export.calls() - before <= 1


def test_a_key_that_lever_no_longer_knows_stops_the_connection_and_all_wait(export: Export) -> None:
    prospects = [export.add() for _number in range(2)]
    export.fault("status", path="/opportunities", status=401)

    export.go()

    export.connection.refresh_from_db()
    assert export.connection.status == "failing"
    assert {each.state for each in Prospect.objects.all()} == {"waiting"}
    export.connection.recover()
    export.go_again()
    assert all(len(export.there(each)) == 1 for each in prospects)


def test_a_job_that_is_gone_is_named(export: Export) -> None:
    export.choose(posting_id="gone", posting_name="Chief Officer")
    prospect = export.add()

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert "“Chief Officer”" in prospect.problem


def test_a_confidential_job_that_the_key_may_not_see_is_named(export: Export) -> None:
    posting = export.lever.world.posting_named("Chief Officer")
    posting.confidentiality = "confidential"
    export.lever.world.keys["plain"] = ApiKey("plain", confidential=False)
    export.connection.api_key = "plain"
    export.connection.save(update_fields=["api_key"])
    export.choose(posting_id=posting.id, posting_name="Chief Officer")
    prospect = export.add()

    export.go()

    prospect.refresh_from_db()
    assert "confidential and hidden from this API key" in prospect.problem
    assert not export.there(prospect)


def test_a_stage_that_is_gone_is_named(export: Export) -> None:
    export.choose(stage_id="gone", stage_name="Talent pool")
    prospect = export.add()

    export.go()

    prospect.refresh_from_db()
    assert "The stage “Talent pool” is not in Lever any more." in prospect.problem


def test_a_writer_who_left_is_named(export: Export) -> None:
    export.lever.world.deactivate(export.connection.perform_as_id)
    prospect = export.add()

    export.go()

    prospect.refresh_from_db()
    assert "Ruth Adeyemi, in whose name Vouch writes" in prospect.problem


def test_who_is_refused_does_not_keep_the_others(export: Export) -> None:
    refused_one, other = export.add(email="eileen@"), export.add()

    export.go()

    refused_one.refresh_from_db()
    assert refused_one.state == "refused"
    assert len(export.there(other)) == 1


def test_after_several_refusals_in_a_row_vouch_stops_and_says_so(export: Export) -> None:
    """A stage that is gone would cost each of ten thousand their way."""
    export.choose(stage_id="gone", stage_name="Talent pool")
    for _number in range(REFUSALS + 3):
        export.add()

    export.go()

    assert Prospect.objects.filter(state="refused").count() == REFUSALS
    assert export.settings.paused_at
    (line,) = stopped(super_admin(export), timezone.now())
    assert "Talent pool" in line.sentence


def test_refused_prospects_are_one_line_on_the_desk(export: Export) -> None:
    for _number in range(3):
        export.add(email="")
    export.go()

    Prospect.objects.latest("pk").want("farewell", timezone.now())  # somebody with more than one errand

    (line,) = refused(super_admin(export), timezone.now())

    assert "3 " in line.sentence


def test_a_note_that_could_not_be_written_is_a_line_of_its_own(export: Export) -> None:
    prospect = export.add()
    export.fault("status", method="POST", path="/notes", status=403)
    export.go()

    (line,) = given_up(super_admin(export), timezone.now())

    assert line.who == prospect.name
    assert "A fault was asked for." in line.sentence


def test_who_may_be_in_lever_twice_is_a_line_until_somebody_has_looked(export: Export) -> None:
    """A candidate for a confidential job, whom lists do not show."""
    prospect = export.add()
    posting = export.lever.world.posting_named("Chief Officer")
    posting.confidentiality = "confidential"
    export.lever.world.add_person("Eileen Farrow", emails=[prospect.email], posting=posting.id)
    export.go()
    reader = super_admin(export)

    (line,) = in_doubt(reader, timezone.now())

    assert "whether they have two now" in line.sentence
    assert Prospect.objects.get().clear(reader, timezone.now())
    assert not list(in_doubt(reader, timezone.now()))


def test_an_opportunity_that_was_deleted_needs_no_note(export: Export) -> None:
    prospect = export.add()
    export.fault("status", method="POST", path="/notes", status=500)
    export.go()
    export.lever.world.delete(export.there(prospect)[0].id)

    export.go_again()

    errand = Errand.objects.get(kind="note")
    assert (errand.state, bool(errand.error)) == ("superseded", True)


def test_who_is_never_answered_is_refused_in_the_end(export: Export) -> None:
    prospect = export.add()
    Errand.objects.update(attempts=Errand.MAX_ATTEMPTS - 1)
    export.fault("status", path="/opportunities", status=500)

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert "Lever is not available" in prospect.problem


def test_a_fault_of_ours_is_written_down_and_raised(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    export.add()
    monkeypatch.setattr("prospects.outbox.new_opportunity", lambda errand: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        export.go()

    assert "Vouch itself failed" in Errand.objects.get().error


def test_a_lease_that_has_ended_is_taken_up_by_another(export: Export) -> None:
    prospect = export.add()
    Errand.objects.update(attempts=1, leased_until=timezone.now() - timedelta(seconds=1))

    export.go()

    assert len(export.there(prospect)) == 1


def super_admin(export: Export) -> User:
    return make_user(export.connection.organization, Role.SUPER_ADMIN)
