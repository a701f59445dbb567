"""How it ended: what is heard and said, when somebody is asked, and when that stops."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.models import Check, Outcome, OutcomeQuestion
from checks.outcome_asking import HANDS
from checks.outcome_people import WHY, Asked
from checks.signals import outcome_said
from notifications.models import Message
from tests.factories import answers_for, make_awaiting_check, make_completed_check, make_organization, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
DUE = NOW + 14 * DAY
JONAS = Asked("Jonas Lind", "jonas@northmoor.example", "owner")


def completed(**candidacy: Any) -> Outcome:
    return Outcome.of(make_completed_check(now=NOW, **candidacy))


def concluded(check: Check) -> Check:
    """With one answer, and without the others."""
    first = check.references.in_order()[0]
    first.submit(answers_for(first), NOW)
    check.refresh_from_db()
    assert check.complete(NOW)
    return check


def asked(now: datetime = DUE) -> OutcomeQuestion:
    question = completed().ask(JONAS, now)
    assert question
    return question


def kinds(outcome: Outcome) -> list[str]:
    return list(outcome.for_check.events.order_by("pk").values_list("kind", flat=True))


def mails(state: str = "waiting") -> list[str]:
    rows = Message.objects.filter(kind="outcome-asked", state=state).order_by("pk")
    return list(rows.values_list("to_address", flat=True))


@contextmanager
def listening() -> Iterator[list[str]]:
    told: list[str] = []

    def hear(outcome: Outcome, **more: Any) -> None:
        told.append(outcome.said)

    outcome_said.connect(hear)
    yield told
    outcome_said.disconnect(hear)


# --- hearing and saying -----------------------------------------------------------------------------


def test_what_the_ats_says_is_heard_once() -> None:
    outcome = completed()
    assert outcome.hear("hired", "Hired", NOW, DUE)
    assert not outcome.hear("hired", "Hired", NOW, DUE + DAY)
    assert (outcome.ended, outcome.ats_reason, outcome.ats_since) == ("hired", "Hired", NOW)
    assert kinds(outcome).count("lever-hired") == 1


def test_another_reason_for_the_same_end_is_no_news() -> None:
    outcome = completed()
    outcome.hear("not-hired", "Underqualified", NOW, NOW)
    assert not outcome.hear("not-hired", "Withdrew", NOW, NOW)
    assert outcome.ats_reason == "Withdrew"


def test_archived_anew_for_the_same_reason_it_bears_the_new_day() -> None:
    outcome = completed()
    outcome.hear("hired", "Hired", NOW, NOW)
    assert not outcome.hear("hired", "Hired", NOW + DAY, NOW + DAY)
    assert outcome.ats_since == NOW + DAY
    assert kinds(outcome).count("lever-hired") == 1


def test_what_somebody_says_is_told_to_others_once() -> None:
    outcome = completed()
    with listening() as told:
        assert outcome.say("hired", NOW, name="Jonas Lind", email="jonas@northmoor.example")
        assert not outcome.say("hired", NOW, name="Somebody else")
    assert told == ["hired"]
    assert (outcome.ended, outcome.said_name) == ("hired", "Jonas Lind")


def test_neither_overwrites_the_other() -> None:
    outcome = completed()
    outcome.say("not-hired", NOW, name="Jonas Lind")
    outcome.hear("hired", "", NOW, NOW)
    assert (outcome.is_conflict, outcome.ended, outcome.in_ats, outcome.said) == (True, "", "hired", "not-hired")


def test_a_correction_ends_the_conflict() -> None:
    outcome = completed()
    outcome.say("not-hired", NOW, name="Jonas Lind")
    outcome.hear("hired", "", NOW, NOW)
    ruth = make_user(outcome.for_check.organization)
    assert outcome.say("hired", NOW, name=str(ruth), user=ruth)
    assert (outcome.is_conflict, outcome.ended, outcome.said_by) == (False, "hired", ruth)


def test_of_an_erased_check_nothing_is_heard_or_said() -> None:
    outcome = completed()
    outcome.for_check.erase(NOW)
    assert not outcome.hear("hired", "", NOW, NOW)
    assert not outcome.say("hired", NOW, name="Jonas Lind")


# --- when -------------------------------------------------------------------------------------------


def test_somebody_is_asked_after_as_many_days_as_the_organization_says() -> None:
    assert completed().ask_at == DUE
    assert Outcome.of(make_completed_check(make_organization(asks_outcome_after=30), now=NOW)).ask_at == NOW + 30 * DAY


def test_nobody_is_asked_where_the_organization_wants_it_so() -> None:
    assert Outcome.of(make_completed_check(make_organization(asks_outcome_after=None), now=NOW)).ask_at is None


def test_nobody_is_asked_about_what_was_complete_more_than_a_year_ago() -> None:
    outcome = completed()
    outcome.hear("hired", "Hired", NOW, NOW)
    outcome.hear("", "", None, NOW + 366 * DAY)
    assert outcome.ask_at is None


def test_switched_off_later_nobody_is_asked_who_did_not_want_to_be() -> None:
    outcome, wanted = completed(), completed()
    assert wanted.hasten(DUE - DAY, make_user(wanted.for_check.organization))
    for each in (outcome, wanted):
        each.for_check.organization.asks_outcome_after = None
        each.drop(DUE)
    assert (outcome.ask_at, wanted.ask_at) == (None, DUE - DAY)


def test_nobody_is_asked_where_the_ats_has_told_before_completion() -> None:
    check = make_awaiting_check(now=NOW)
    Outcome.of(check).hear("not-hired", "Withdrew", NOW, NOW)
    concluded(check)
    assert Outcome.of(check).ask_at is None


def test_before_its_day_the_question_is_not_put() -> None:
    outcome = completed()
    assert outcome.ask(JONAS, DUE - timedelta(seconds=1)) is None
    assert not Outcome.objects.to_ask(DUE - timedelta(seconds=1)).exists()
    assert list(Outcome.objects.to_ask(DUE)) == [outcome]


def test_two_who_ask_at_once_ask_once() -> None:
    outcome = completed()
    other = Outcome.objects.get(pk=outcome.pk)
    assert outcome.ask(JONAS, DUE)
    assert other.ask(JONAS, DUE) is None
    assert mails() == [JONAS.email]


def test_there_are_two_repeats_a_week_apart_and_no_more() -> None:
    outcome = asked().outcome
    assert outcome.ask_at == DUE + WEEK
    assert outcome.ask(JONAS, DUE + WEEK)
    assert outcome.ask(JONAS, DUE + 2 * WEEK)
    assert (outcome.times_asked, outcome.ask_at) == (3, None)
    assert not Outcome.objects.to_ask(DUE + 99 * WEEK).exists()


@pytest.mark.parametrize("how", ["the ATS", "somebody", "the desk"])
def test_an_end_stops_it_and_takes_back_what_waits(how: str) -> None:
    outcome = asked().outcome
    ruth = make_user(outcome.for_check.organization)
    {
        "the ATS": lambda: outcome.hear("hired", "", DUE, DUE),
        "somebody": lambda: outcome.say("hired", DUE, name="Jonas Lind"),
        "the desk": lambda: outcome.stop_asking(DUE, ruth),
    }[how]()
    assert (outcome.ask_at, mails(), mails("canceled")) == (None, [], [JONAS.email])


def test_what_the_ats_takes_back_is_asked_for_after_all() -> None:
    outcome = completed()
    outcome.hear("hired", "Hired", NOW, NOW)
    assert outcome.hear("", "", None, NOW + DAY)
    assert (outcome.ask_at, outcome.ats_since) == (DUE, None)
    outcome.hear("hired", "Hired", NOW, NOW)
    outcome.hear("", "", None, DUE + DAY)
    assert outcome.ask_at == DUE + DAY


def test_what_somebody_said_is_not_asked_for_when_the_ats_takes_its_word_back() -> None:
    outcome = completed()
    outcome.say("hired", NOW, name="Jonas Lind")
    outcome.hear("hired", "", NOW, NOW)
    outcome.hear("", "", None, NOW)
    assert (outcome.ask_at, outcome.ended) == (None, "hired")


def test_a_check_that_is_opened_again_asks_nobody_until_it_is_complete_again() -> None:
    outcome = Outcome.of(concluded(make_awaiting_check(now=NOW)))
    outcome.ask(JONAS, DUE)
    check = outcome.for_check
    check.reopen(DUE)
    outcome.refresh_from_db()
    assert (outcome.ask_at, mails()) == (None, [])
    check.complete(DUE + DAY)
    outcome.refresh_from_db()
    assert (outcome.ask_at, outcome.times_asked) == (DUE + 15 * DAY, 0)


def test_erasing_forgets_who_was_asked_and_keeps_how_it_ended() -> None:
    question = asked()
    outcome = question.outcome
    outcome.say("hired", DUE, name="Jonas Lind", email=JONAS.email)
    outcome.for_check.erase(DUE)
    outcome.refresh_from_db()
    question.refresh_from_db()
    assert (outcome.ended, outcome.said_name, outcome.said_email) == ("hired", "", "")
    assert (question.name, question.email) == ("", "")
    assert OutcomeQuestion.behind(question.token, DUE) is None
    assert not outcome.for_check.events.filter(detail__contains="Jonas").exists()


def test_erasing_takes_back_the_mail_that_waits() -> None:
    outcome = asked().outcome
    outcome.for_check.erase(DUE)
    outcome.refresh_from_db()
    assert (outcome.ask_at, mails()) == (None, [])
    assert [mail.subject for mail in Message.objects.filter(kind="outcome-asked")] == [""]


# --- by hand ----------------------------------------------------------------------------------------


def test_the_desk_can_have_somebody_asked_sooner_but_not_twice_within_a_day() -> None:
    outcome = completed()
    ruth = make_user(outcome.for_check.organization)
    assert outcome.hasten(NOW + DAY, ruth)
    assert not outcome.hasten(NOW + DAY, ruth)
    outcome.ask(JONAS, NOW + DAY)
    assert not outcome.hasten(NOW + DAY + timedelta(hours=23), ruth)
    assert outcome.hasten(NOW + 3 * DAY, ruth)


def test_what_is_known_is_not_asked_sooner() -> None:
    outcome = completed()
    outcome.hear("hired", "", NOW, NOW)
    assert not outcome.hasten(NOW, make_user(outcome.for_check.organization))


# --- whom -------------------------------------------------------------------------------------------


def test_without_an_ats_the_owner_is_asked_then_the_contact() -> None:
    first, second = completed(), completed(owner_email="")
    question = first.ask_without_ats(DUE)
    assert question
    assert (question.email, question.role) == ("ruth@northmoor.example", "owner")
    other = second.ask_without_ats(DUE)
    assert other
    assert (other.email, other.role) == ("ruth@northmoor.example", "default")


def test_who_lost_their_account_or_whose_mail_came_back_is_passed_over() -> None:
    outcome = completed(owner_email="gone@northmoor.example")
    make_user(outcome.for_check.organization, email="gone@northmoor.example", is_active=False)
    question = outcome.ask_without_ats(DUE)
    assert question
    assert question.role == "default"
    Message.objects.filter(kind="outcome-asked").update(state="failed")
    assert outcome.ask_without_ats(DUE + WEEK) is None
    assert outcome.trouble == "nobody"


def test_nobody_to_ask_is_said_once_and_tried_again_each_week() -> None:
    outcome = completed()
    outcome.nobody_to_ask(DUE)
    outcome.nobody_to_ask(DUE + WEEK)
    assert (outcome.trouble, outcome.ask_at) == ("nobody", DUE + 2 * WEEK)
    assert kinds(outcome).count("nobody-asked") == 1
    assert outcome.ask(JONAS, DUE + 2 * WEEK)
    assert not outcome.trouble


def test_there_is_a_reason_for_every_role() -> None:
    outcome = completed()
    assert {person.role for person in outcome.known_here()} < set(WHY)
    assert all(len(role) <= 16 for role in WHY)


# --- what the one who is asked can do ---------------------------------------------------------------


def test_an_answer_is_kept_with_who_and_when() -> None:
    question = asked()
    assert question.say("hired", DUE + DAY)
    outcome = question.outcome
    assert (outcome.ended, outcome.said_name, outcome.said_email) == ("hired", JONAS.name, JONAS.email)
    assert (question.answer, question.answered_at) == ("hired", DUE + DAY)


def test_not_decided_yet_is_asked_again_then_and_counts_anew() -> None:
    question = asked()
    assert question.put_off(4, DUE)
    outcome = question.outcome
    assert (outcome.ask_at, outcome.times_asked) == (DUE + 4 * WEEK, 0)
    again = outcome.again()
    assert again
    assert again.email == JONAS.email


def test_put_off_twice_in_a_breath_it_is_put_off_once() -> None:
    question = asked()
    assert question.put_off(4, DUE)
    assert not question.put_off(4, DUE + timedelta(seconds=1))
    assert question.put_off(1, DUE + timedelta(seconds=2))
    assert kinds(question.outcome).count("not-decided") == 2


def test_it_is_not_put_off_beyond_a_year() -> None:
    question = asked()
    later = NOW + 360 * DAY
    assert question.put_off(1, later)
    assert question.outcome.ask_at is None


def test_handed_on_it_goes_to_the_next_at_once_and_not_back() -> None:
    question = asked()
    Message.objects.filter(kind="outcome-asked").update(state="done")
    handed = question.hand_on("Amal Haddad", "amal@northmoor.example", DUE + DAY)
    assert handed
    assert (handed.role, handed.handed_on_by) == ("handed-on", JONAS.name)
    assert mails() == ["amal@northmoor.example"]
    outcome = handed.outcome
    again = outcome.again()
    assert (outcome.times_asked, outcome.ask_at) == (1, DUE + DAY + WEEK)
    assert again
    assert again.email == "amal@northmoor.example"
    assert kinds(outcome)[-2:] == ["handed-on", "asked-ended"]
    assert not question.say("hired", DUE + DAY)


def test_a_question_goes_through_a_few_hands_only() -> None:
    question: OutcomeQuestion | None = asked()
    for number in range(HANDS):
        assert question
        question = question.hand_on(f"Person {number}", f"person{number}@hand.example", DUE)
    assert question
    assert question.hand_on("One more", "one@hand.example", DUE) is None


def test_who_has_answered_corrects_it_until_the_ats_has_settled_it() -> None:
    question = asked()
    question.say("hired", DUE)
    assert question.say("not-hired", DUE)
    question.outcome.hear("not-hired", "", DUE, DUE)
    assert not question.say("hired", DUE)
    assert question.outcome.ended == "not-hired"


def test_what_somebody_else_has_settled_is_not_corrected_by_an_old_link() -> None:
    question = asked()
    ruth = make_user(question.outcome.for_check.organization)
    question.outcome.say("hired", DUE, name=str(ruth), email=ruth.email, user=ruth)
    assert not question.say("not-hired", DUE)
    assert not question.put_off(1, DUE)
    assert question.hand_on("Amal Haddad", "amal@northmoor.example", DUE) is None


def test_an_answer_that_differs_from_the_ats_is_a_conflict() -> None:
    question = asked()
    question.outcome.hear("hired", "", DUE, DUE)
    assert question.say("not-hired", DUE)
    assert question.outcome.is_conflict
