"""Prospects come into Lever, once each, with what they agreed to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from integrations.lever.client import Lever
from integrations.lever.objects import Opportunity
from integrations.models import Connection
from prospects.models import Errand, Prospect, Suppression
from prospects.progress import progress_of
from prospects.tasks import sweep, wake_export
from tests.prospects.people import Export

pytestmark = pytest.mark.django_db


def test_a_prospect_is_in_lever_with_all_that_they_said(export: Export) -> None:
    export.choose(source="References", tags="Silver medalist, Deck")
    prospect = export.add()

    export.go()

    there = export.there(prospect)[0]
    assert (there.contact.name, there.contact.headline) == (prospect.name, "Chief Officer, Solent Ferries")
    assert (there.origin, there.sources) == ("sourced", ["References"])
    assert {"Vouch - Prospect", "Silver medalist", "Deck"} <= set(there.tags)
    assert there.contact.links == [f"http://testserver/prospects/{prospect.public_id}/"]
    assert [phone["value"] for phone in there.contact.phones] == [prospect.phone]


def test_it_says_where_they_are(export: Export) -> None:
    prospect = export.add()

    export.go()

    prospect.refresh_from_db()
    there = export.there(prospect)[0]
    assert prospect.state == "exported"
    assert prospect.exported_at
    assert (prospect.opportunity_id, prospect.contact_id) == (there.id, there.contact.id)
    assert not prospect.was_deduped


def test_what_they_agreed_to_is_a_note_and_comes_behind(export: Export) -> None:
    """Two calls and they are there; one more, and it says why."""
    prospect = export.add(topics="Deck and bridge")
    before = export.calls()

    export.go()

    assert export.calls() - before == 3
    (note,) = export.there(prospect)[0].notes
    assert "“You may write to me about jobs.”" in str(note.as_json())
    assert "About: Deck and bridge." in str(note.as_json())


def test_whom_lever_knows_costs_one_call_and_nothing_is_written(export: Export) -> None:
    prospect = export.add()
    known = export.lever.world.add_person("Eileen Farrow", emails=[prospect.email])
    before = export.calls()

    export.go()

    prospect.refresh_from_db()
    assert export.calls() - before == 1
    assert (prospect.state, prospect.opportunity_id) == ("known", known.id)
    assert export.there(prospect) == [known]
    assert (known.contact.links, known.notes) == ([], [])


def test_of_several_candidacies_the_open_one_is_shown(export: Export) -> None:
    prospect = export.add()
    world = export.lever.world
    old, new = (world.add_person("Eileen Farrow", emails=[prospect.email]) for _number in range(2))
    world.archive(old.id, next(iter(world.reasons)), None)

    export.go()

    prospect.refresh_from_db()
    assert prospect.opportunity_id == new.id


def test_what_lever_says_of_a_person_it_did_not_show_is_said_here(export: Export) -> None:
    """They are a candidate for a confidential job, of which lists say nothing: now they have two opportunities."""
    prospect = export.add()
    posting = export.lever.world.posting_named("Chief Officer")
    posting.confidentiality = "confidential"
    export.lever.world.add_person("Eileen Farrow", emails=[prospect.email], posting=posting.id)

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "exported"
    assert prospect.was_deduped
    assert "whether they have two now" in prospect.problem


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"email": ""}, "no e-mail address"), ({"email": "eileen@"}, "not a valid one")],
)
def test_who_cannot_go_is_refused_without_a_call(export: Export, fields: dict[str, str], words: str) -> None:
    prospect = export.add(**fields)
    before = export.calls()

    export.go()

    prospect.refresh_from_db()
    assert export.calls() == before
    assert prospect.state == "refused"
    assert words in prospect.problem


def test_who_has_no_name_goes_by_the_beginning_of_their_address(export: Export) -> None:
    prospect = export.add(name="", email="e.farrow@solent.example")

    export.go()

    assert export.there(prospect)[0].contact.name == "e.farrow"


def test_an_address_of_two_people_is_for_somebody_to_decide(export: Export) -> None:
    prospect = export.add(email="office@solent.example")
    for name in ("Bao Nguyen", "Margit Larsen"):
        export.lever.world.add_person(name, emails=[prospect.email], apart=True)

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert "more than one person" in prospect.problem
    assert len(export.there(prospect)) == 2


def test_who_was_anonymised_in_lever_is_refused(export: Export) -> None:
    prospect = export.add()
    known = export.lever.world.add_person("Eileen Farrow", emails=[prospect.email])
    export.lever.world.anonymize(known.id, keeps_address=True)

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert "anonymized" in prospect.problem


# --- whether they may go at all ------------------------------------------------------------------------


def test_switched_off_nobody_goes(export: Export) -> None:
    prospect = export.add()
    Connection.objects.update(exports_existing_prospects=False, exports_new_prospects=False)

    export.go()

    assert not export.there(prospect)


@pytest.mark.parametrize(
    ("switch", "who"), [("exports_existing_prospects", "before"), ("exports_new_prospects", "after")]
)
def test_each_switch_is_for_its_own(export: Export, switch: str, who: str) -> None:
    now = timezone.now()
    some = {
        "before": export.add(confirmed_at=now - timedelta(days=2)),
        "after": export.add(confirmed_at=now),
    }
    others = {"exports_existing_prospects": False, "exports_new_prospects": False}
    Connection.objects.update(**{**others, switch: True})

    export.go()

    assert [name for name, prospect in some.items() if export.there(prospect)] == [who]


def test_paused_it_stops_at_the_next_and_resumed_it_goes_on(export: Export) -> None:
    prospect = export.add()
    settings = export.settings
    assert settings.stop("Lever refused.", timezone.now())
    assert not settings.stop("Lever refused.", timezone.now())
    export.go()
    assert not export.there(prospect)

    assert settings.resume(timezone.now())
    export.go()

    assert len(export.there(prospect)) == 1


def test_who_withdraws_while_lever_is_asked_is_not_written(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is read once more right before the write."""
    prospect = export.add()
    hear_between(monkeypatch, lambda: prospect.withdraw(timezone.now()))

    export.go()

    assert not export.lever.world.opportunities
    assert Errand.objects.get(kind="export").state == "superseded"


def test_paused_while_lever_is_asked_nothing_is_written(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    prospect = export.add()
    hear_between(monkeypatch, lambda: export.settings.stop("Lever refused.", timezone.now()))

    export.go()

    errand = Errand.objects.get()
    assert not export.there(prospect)
    assert (errand.state, errand.attempts, errand.leased_until) == ("waiting", 0, None)


def test_what_another_worker_has_taken_up_meanwhile_is_left_to_it(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when this one was asleep for longer than its lease, between the look and the write."""
    prospect = export.add()
    hear_between(monkeypatch, lambda: Errand.objects.update(attempts=F("attempts") + 1))

    export.go()

    assert not export.there(prospect)


def test_another_key_ends_what_goes_by_the_old_one(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = export.add(), export.add()
    hear_between(monkeypatch, lambda: Connection.objects.update(key_digest="another"))

    export.go()

    assert [len(export.there(each)) for each in (first, second)] == [1, 0]


def hear_between(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Something happens here after Lever was asked who is there, and before anything is written."""
    look = Lever.opportunities_of

    def looked(account: Lever, email: str, **more: Any) -> list[Opportunity]:
        found = look(account, email, **more)
        happens()
        return found

    monkeypatch.setattr(Lever, "opportunities_of", looked)


def test_an_address_that_asked_not_to_be_there_is_not_written(export: Export) -> None:
    prospect = export.add()
    Suppression.add(prospect.organization, prospect.email, timezone.now())

    export.go()

    prospect.refresh_from_db()
    assert prospect.state == "refused"
    assert not export.there(prospect)


# --- saying goodbye --------------------------------------------------------------------------------------


def test_who_withdraws_after_the_export_gets_a_tag_and_a_note(export: Export) -> None:
    prospect = export.add()
    export.go()
    there = export.there(prospect)[0]

    assert prospect.withdraw(timezone.now())
    export.go()

    assert "Vouch - Consent withdrawn" in there.tags
    assert "Vouch - Prospect" not in there.tags
    assert ["withdrew their consent" in str(note.as_json()) for note in there.notes] == [False, True]


def test_a_goodbye_that_is_said_twice_leaves_one_note(export: Export) -> None:
    prospect = export.add()
    export.go()
    there = export.there(prospect)[0]
    prospect.withdraw(timezone.now())
    export.fault("reset", path="/notes", method="POST", after=True)
    export.go()

    export.go_again()

    assert len(there.notes) == 2
    assert Errand.objects.get(kind="farewell").state == "done"


def test_who_withdraws_while_it_is_unknown_whether_they_are_there_is_looked_for(export: Export) -> None:
    """The answer to the write was lost; then they took it back, and all that is personal is erased but the address."""
    prospect = export.add()
    address = prospect.email
    export.fault("reset", path="/opportunities", method="POST", after=True)
    export.go()
    (there,) = export.there(prospect)
    prospect.refresh_from_db()
    prospect.withdraw(timezone.now())
    prospect.refresh_from_db()
    assert (prospect.name, prospect.email) == ("", address)

    export.go_again()

    prospect.refresh_from_db()
    assert "Vouch - Consent withdrawn" in there.tags
    assert (prospect.opportunity_id, prospect.email) == (there.id, "")


def test_consent_given_anew_finds_what_is_there(export: Export) -> None:
    prospect = export.add()
    export.go()
    there = export.there(prospect)[0]
    prospect.withdraw(timezone.now())
    export.go()
    address = there.contact.emails[0]
    Prospect.objects.update(state="unconfirmed", email=address, agreed_at=timezone.now(), withdrawn_at=None)
    prospect.refresh_from_db()
    assert prospect.confirm(timezone.now())

    export.go()

    prospect.refresh_from_db()
    assert (prospect.state, prospect.opportunity_id) == ("exported", there.id)
    assert len(export.there(prospect)) == 1
    assert "Vouch - Prospect" in there.tags
    assert "Vouch - Consent withdrawn" not in there.tags
    assert len(there.notes) == 3


# --- again, and how far it is ------------------------------------------------------------------------------


def test_who_was_refused_can_be_tried_again(export: Export) -> None:
    prospect = export.add(email="eileen@")
    export.go()
    Prospect.objects.update(email="eileen@solent.example")
    prospect.refresh_from_db()

    assert prospect.try_again(timezone.now())
    export.go()

    prospect.refresh_from_db()
    assert (prospect.state, prospect.problem) == ("exported", "")
    assert not prospect.try_again(timezone.now())


def test_progress_counts_the_present_run(export: Export) -> None:
    for _number in range(2):
        export.add()
    export.add(email="")
    export.go()
    late = export.add()
    Errand.objects.filter(prospect=late).update(next_at=timezone.now() + timedelta(hours=1))

    progress = progress_of(export.connection.organization, timezone.now())

    assert (progress.exported, progress.refused, progress.waiting, progress.total) == (2, 1, 1, 4)
    assert progress.rate > 0
    assert progress.left
    assert progress.percent == 75


def test_a_run_goes_on_after_a_pause_and_a_later_one_is_a_new_one(export: Export) -> None:
    export.add()
    export.go()
    first = export.settings.begun_at
    export.add()

    export.go()

    later = export.settings.begun_at
    assert first
    assert later
    assert later > first
    assert progress_of(export.connection.organization, timezone.now()).total == 1


def test_without_a_rate_the_time_left_is_what_lever_allows(export: Export) -> None:
    for _number in range(10):
        export.add()

    progress = progress_of(export.connection.organization, timezone.now())

    assert progress.left == timedelta(seconds=2)
    assert progress.is_running


def test_nothing_is_said_to_be_left_of_time_while_the_connection_rests(export: Export) -> None:
    export.add()
    Connection.objects.update(status="failing")
    assert progress_of(export.connection.organization, timezone.now()).left is None


def test_progress_costs_the_same_however_many_there_are(export: Export, django_assert_num_queries: Any) -> None:
    for _number in range(3):
        export.add()
    with django_assert_num_queries(5):
        progress_of(export.connection.organization, timezone.now())


def test_no_worker_is_woken_when_nothing_may_go(export: Export, django_assert_num_queries: Any) -> None:
    export.add()
    export.settings.stop("Lever refused.", timezone.now())
    with django_assert_num_queries(1):
        wake_export()

    export.settings.resume(timezone.now())
    wake_export()

    assert OrmQ.objects.count() == 1


def test_no_call_is_made_within_a_transaction(export: Export, in_transactions: list[bool]) -> None:
    export.add()

    export.go()

    assert in_transactions == [False] * 3


def test_the_sweep_finds_who_has_no_errand_yet(export: Export) -> None:
    """They confirmed it before their organization was connected."""
    prospect = export.add()
    Errand.objects.all().delete()

    sweep()
    export.go()

    assert len(export.there(prospect)) == 1


def test_nobody_is_looked_for_behind_a_switch_that_is_off(export: Export) -> None:
    """However many wait there, what may go is found by the index."""
    for _number in range(50):
        export.add()
    Connection.objects.update(exports_existing_prospects=False, exports_new_prospects=False)
    goodbye = export.add(state="withdrawn", opportunity_id="gone", exported_at=timezone.now())
    Errand.objects.filter(prospect=goodbye).update(kind="farewell")
    before = export.calls()

    export.go()

    assert export.calls() - before == 1
    assert Errand.objects.get(prospect=goodbye).state == "superseded"
