"""What a prospect agrees to, from the tick on the reference's page to the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from checks.keeping import months_from
from checks.models import JobInterest, Reference
from notifications.models import Message
from prospects.models import Prospect, Suppression
from tests.factories import make_connection, make_organization, make_user
from tests.prospects.choosing import WORDS, answered, choose, chosen, confirmed, fresh

pytestmark = pytest.mark.django_db

NOW = timezone.now()
EMPTY = ("name", "email", "phone", "company", "title", "topics", "consent_text")


def held(prospect: Prospect) -> list[str]:
    found = fresh(prospect)
    return [name for name in EMPTY if getattr(found, name)]


def errands(prospect: Prospect) -> dict[str, str]:
    return dict(prospect.errands.values_list("kind", "state"))


def mails(prospect: Prospect) -> list[str]:
    return list(Message.objects.about(prospect.topic).order_by("pk").values_list("kind", flat=True))


def exported(prospect: Prospect, **more: Any) -> Prospect:
    """As the export leaves them."""
    prospect.errands.update(state="done", attempts=1)
    Prospect.objects.filter(pk=prospect.pk).update(
        state="exported", opportunity_id="opportunity-1", exported_at=NOW, **more
    )
    return fresh(prospect)


def with_lever(prospect: Prospect) -> Prospect:
    make_connection(prospect.organization)
    return prospect


# --- chosen ---------------------------------------------------------------------------------------------


def test_a_choice_waits_for_a_yes_by_mail() -> None:
    prospect = chosen(NOW)
    assert (prospect.state, prospect.email, prospect.consent_text) == ("unconfirmed", "eileen@solent.example", WORDS)
    assert (prospect.agreed_at, prospect.ends_at, prospect.months) == (NOW, None, 12)
    assert mails(prospect) == ["prospect-confirm"]
    assert not prospect.errands.exists()


def test_nothing_is_taken_over_that_the_candidate_said() -> None:
    prospect = chosen()
    assert (prospect.name, prospect.phone, prospect.company, prospect.title) == ("Eileen Farrow", "", "", "")
    told = " ".join(map(str, Prospect.objects.values().get().values()))
    assert not [word for word in ("Marcus", "Webb", "Chief Officer", "Solent Lines", "Mate") if word in told]


def test_ticking_again_sends_no_second_mail_and_the_newest_words_count() -> None:
    reference = answered()
    choose(reference)
    prospect = choose(reference, months=6, consent_text="Six.")
    assert (prospect.months, prospect.consent_text, mails(prospect)) == (6, "Six.", ["prospect-confirm"])


def test_who_is_asked_again_and_again_gets_three_mails_a_day() -> None:
    reference = answered()
    for _often in range(5):
        choose(reference)
        Message.objects.update(state="done")
        Prospect.objects.get().withdraw(NOW)
    assert mails(Prospect.objects.get()) == ["prospect-confirm"] * 3


def test_a_mail_that_came_back_is_sent_anew_when_they_choose_again() -> None:
    reference = answered()
    choose(reference)
    Message.objects.filter(kind="prospect-confirm").update(state="failed")
    assert mails(choose(reference)) == ["prospect-confirm"] * 2


def test_one_address_named_in_two_checks_is_one_prospect() -> None:
    organization = make_organization()
    one, other = answered(organization), answered(organization, email="eileen@SOLENT.example")
    choose(one)
    prospect = choose(other)
    assert (Prospect.objects.count(), prospect.reference) == (1, other)


def test_the_same_address_at_another_organization_is_another_prospect() -> None:
    chosen()
    chosen()
    assert Prospect.objects.count() == 2


def test_a_reference_without_an_address_is_no_prospect() -> None:
    reference = answered()
    Reference.objects.filter(pk=reference.pk).update(email="")
    reference.refresh_from_db()
    JobInterest.give(reference, months=6, topics="", consent_text="Six.", now=NOW)
    assert not Prospect.objects.exists()


# --- confirmed ------------------------------------------------------------------------------------------


def test_a_yes_begins_the_time_and_wants_the_export() -> None:
    prospect = with_lever(chosen(NOW))
    later = NOW + timedelta(days=3)
    assert prospect.confirm(later, company="Harbour Lines")
    assert (prospect.state, prospect.confirmed_at, prospect.company) == ("waiting", later, "Harbour Lines")
    assert prospect.ends_at == months_from(later, 12)
    assert errands(prospect) == {"export": "waiting"}
    assert not prospect.confirm(later)


def test_without_lever_nothing_is_wanted_and_nothing_breaks() -> None:
    assert errands(confirmed()) == {}


def test_changing_it_later_renews_words_and_time_and_tells_by_mail() -> None:
    prospect = with_lever(confirmed(NOW))
    began = fresh(prospect).confirmed_at
    assert prospect.reference
    choose(prospect.reference, NOW + timedelta(days=30), months=24, consent_text="Twenty-four.")
    found = fresh(prospect)
    assert (found.state, found.consent_text, found.confirmed_at) == ("waiting", "Twenty-four.", began)
    assert found.ends_at == months_from(NOW + timedelta(days=30), 24)
    assert mails(prospect) == ["prospect-confirm", "prospect-renewed"]


def test_whoever_is_in_lever_gets_a_note_of_the_new_words() -> None:
    prospect = exported(with_lever(confirmed()))
    prospect.want("note", NOW)
    prospect.errands.filter(kind="note").update(state="done")
    assert prospect.reference
    choose(prospect.reference, consent_text="New.")
    assert errands(prospect)["note"] == "waiting"


# --- taken back -----------------------------------------------------------------------------------------


def test_a_no_erases_and_is_remembered_without_the_address() -> None:
    prospect = chosen()
    assert prospect.withdraw(NOW)
    found = fresh(prospect)
    assert (found.state, found.withdrawn_at, found.erased_at, held(prospect)) == ("withdrawn", NOW, NOW, [])
    assert Suppression.holds(prospect.organization, " EILEEN@solent.example")
    assert "eileen" not in str(Suppression.objects.values().get())
    assert not found.withdraw(NOW)


def test_the_words_of_mails_go_with_it() -> None:
    prospect = chosen()
    Message.objects.about(prospect.topic).update(state="done")
    prospect.withdraw(NOW)
    message = Message.objects.about(prospect.topic).get()
    assert (message.to_address, message.text, message.stop_url) == ("", "", "")


def test_a_mail_that_waits_is_not_sent_any_more() -> None:
    prospect = chosen()
    prospect.withdraw(NOW)
    assert Message.objects.about(prospect.topic).get().state == "canceled"


def test_taking_it_back_on_the_page_of_the_reference_does_the_same() -> None:
    prospect = confirmed()
    assert prospect.reference
    assert JobInterest.take_back(prospect.reference, NOW)
    assert (fresh(prospect).state, held(prospect)) == ("withdrawn", [])
    assert not JobInterest.take_back(prospect.reference, NOW)


def test_taking_it_back_by_the_link_empties_the_box_of_every_reference_they_are() -> None:
    organization = make_organization()
    for reference in (answered(organization), answered(organization)):
        choose(reference)
    Prospect.objects.get().withdraw(NOW)
    assert not JobInterest.objects.filter(withdrawn_at=None).exists()


def test_an_export_that_nobody_has_begun_is_dropped() -> None:
    prospect = with_lever(chosen())
    prospect.confirm(NOW)
    prospect.withdraw(NOW, by=make_user(prospect.organization))
    assert (errands(prospect), held(prospect)) == ({"export": "superseded"}, [])


def test_the_address_stays_while_somebody_has_to_look_into_lever() -> None:
    prospect = with_lever(chosen())
    prospect.confirm(NOW)
    prospect.errands.update(attempts=1, leased_until=NOW + timedelta(minutes=1))
    prospect.withdraw(NOW)
    assert (errands(prospect), held(prospect)) == ({"export": "superseded", "farewell": "waiting"}, ["email"])
    farewell = prospect.errands.get(kind="farewell")
    assert farewell.next_at == NOW + timedelta(minutes=1)
    farewell.settle("superseded", NOW)
    assert (held(prospect), fresh(prospect).erased_at) == ([], NOW)


def test_whoever_is_in_lever_is_said_goodbye_to_and_stays_on_the_desk() -> None:
    prospect = exported(with_lever(confirmed()))
    prospect.want("export", NOW)
    assert prospect.withdraw(NOW)
    assert errands(prospect)["farewell"] == "waiting"
    assert (held(prospect), fresh(prospect).opportunity_id) == ([], "opportunity-1")
    assert Prospect.objects.to_clear().get() == prospect


def test_of_one_whom_lever_knew_before_nothing_is_kept() -> None:
    prospect = with_lever(confirmed())
    Prospect.objects.update(state="known", opportunity_id="theirs", contact_id="theirs")
    prospect.withdraw(NOW)
    assert (errands(prospect), fresh(prospect).opportunity_id) == ({}, "")


def test_what_was_given_up_is_not_tried_again_after_it_is_taken_back() -> None:
    prospect = exported(with_lever(confirmed()))
    prospect.want("note", NOW)
    prospect.errands.update(state="failed", attempts=1, error="eileen@solent.example is not valid.")
    prospect.withdraw(NOW)
    assert errands(prospect) == {"note": "superseded", "farewell": "waiting"}
    assert set(prospect.errands.values_list("error", flat=True)) == {""}


def test_a_goodbye_waits_for_whoever_is_still_at_it_in_lever() -> None:
    prospect = exported(with_lever(confirmed()))
    prospect.want("export", NOW)
    until = NOW + timedelta(minutes=1)
    prospect.errands.update(state="waiting", attempts=1, leased_until=until)
    prospect.withdraw(NOW)
    assert prospect.errands.get(kind="farewell").next_at == until


# --- chosen again ---------------------------------------------------------------------------------------


def test_choosing_again_asks_again_and_only_the_yes_lifts_the_no() -> None:
    prospect = confirmed()
    prospect.withdraw(NOW)
    assert prospect.reference
    again = choose(prospect.reference, consent_text="Again.")
    assert (again.pk, again.token, again.state) == (prospect.pk, prospect.token, "unconfirmed")
    assert mails(again) == ["prospect-confirm", "prospect-confirm"]
    assert Suppression.holds(again.organization, again.email)
    again.confirm(NOW)
    assert not Suppression.holds(again.organization, again.email)
    assert (again.state, again.withdrawn_at, again.consent_text) == ("waiting", None, "Again.")


def test_what_is_in_lever_already_is_gone_to_again_and_no_goodbye_is_said() -> None:
    prospect = exported(with_lever(confirmed()))
    prospect.want("export", NOW)
    prospect.errands.update(state="done")
    prospect.withdraw(NOW)
    assert prospect.reference
    again = choose(prospect.reference)
    again.confirm(NOW)
    assert errands(again) == {"export": "waiting", "farewell": "superseded"}
    assert (again.opportunity_id, again.cleared_at) == ("opportunity-1", None)


def test_a_goodbye_that_was_left_out_is_said_when_they_never_confirm() -> None:
    prospect = exported(with_lever(confirmed(NOW)))
    prospect.withdraw(NOW)
    assert prospect.reference
    again = choose(prospect.reference, NOW)
    again.errands.update(state="superseded")
    assert again.lapse(NOW + timedelta(days=31))
    assert (again.state, errands(again)) == ("withdrawn", {"farewell": "waiting"})


def test_a_yes_anew_waits_for_whoever_is_still_at_it_in_lever() -> None:
    prospect = with_lever(chosen())
    prospect.confirm(NOW)
    until = NOW + timedelta(minutes=1)
    prospect.errands.update(attempts=1, leased_until=until)
    prospect.withdraw(NOW)
    assert prospect.reference
    again = choose(prospect.reference)
    again.confirm(NOW)
    assert again.errands.get(kind="export").next_at == until


def test_a_look_that_was_left_out_is_made_up_for_when_they_never_confirm() -> None:
    """Taken back while they were on the way to Lever, chosen again before anybody had looked there, and no answer."""
    prospect = with_lever(chosen(NOW))
    prospect.confirm(NOW)
    prospect.errands.update(attempts=1)
    prospect.withdraw(NOW)
    assert prospect.reference
    again = choose(prospect.reference, NOW)
    again.errands.update(state="superseded")
    assert again.lapse(NOW + timedelta(days=31))
    assert (errands(again)["farewell"], held(again)) == ("waiting", ["email"])


# --- the list of those who said no ----------------------------------------------------------------------


def test_the_list_is_of_one_organization() -> None:
    one, other = make_organization(), make_organization()
    Suppression.add(one, "eileen@solent.example", NOW)
    assert Suppression.holds(one, "Eileen@Solent.example ")
    assert not Suppression.holds(other, "eileen@solent.example")
    Suppression.add(other, "eileen@solent.example", NOW)
    assert Suppression.objects.values("address_digest").distinct().count() == 2


def test_many_are_looked_up_at_once(django_assert_num_queries: Any) -> None:
    organization = make_organization()
    Suppression.add(organization, "a@solent.example", NOW)
    asked = ["A@solent.example", "b@solent.example", "a@solent.example"]
    with django_assert_num_queries(2):
        assert Suppression.among(organization, asked) == {"A@solent.example", "a@solent.example"}
    assert Suppression.lift(organization, "a@SOLENT.example")
    assert not Suppression.lift(organization, "a@solent.example")


def test_said_twice_it_counts_from_the_first_time() -> None:
    organization = make_organization()
    for day in (0, 1):
        Suppression.add(organization, "a@solent.example", NOW + timedelta(days=day))
    assert Suppression.objects.get().since == NOW


def test_a_plus_does_not_lead_around_a_no() -> None:
    organization = make_organization()
    Suppression.add(organization, "ada@solent.example", NOW)
    Suppression.add(organization, "bo+ferries@solent.example", NOW)
    asked = ["Ada+jobs@solent.example", "bo@solent.example", "bo+FERRIES@solent.example"]
    assert Suppression.among(organization, asked) == {"Ada+jobs@solent.example", "bo+FERRIES@solent.example"}
    assert Suppression.lift(organization, "ada+jobs@solent.example")
    assert not Suppression.holds(organization, "ada@solent.example")
