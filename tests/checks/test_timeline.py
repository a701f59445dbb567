"""What happened, in sentences."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from checks import timeline
from checks.models import Check, Event
from templates_app.matching import Match
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_candidacy,
    make_check,
    make_named,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db


def told(check: Check) -> list[tuple[str, bool]]:
    return [(line.words, line.is_person) for line in timeline.lines(check)]


def test_it_tells_a_check_from_beginning_to_end() -> None:
    begun = timezone.now() - timedelta(days=9)
    check = make_awaiting_check(now=begun)
    first, second, third = check.references.in_order()
    first.submit(answers_for(first), begun + timedelta(days=1))
    second.decline("", begun + timedelta(days=2))
    second.replace(make_named(4), begun + timedelta(days=3))
    third.bounce(begun + timedelta(days=4))
    check.become_overdue(begun + timedelta(days=8))
    check.complete(timezone.now(), by=make_user(check.organization, name="Jonas Keller"))
    assert told(check) == [
        ("Marcus Webb was asked by e-mail", False),
        ("Marcus Webb agreed and named 3 people", True),
        ("Eileen Farrow answered", True),
        ("Bao Nguyen chose not to give a reference", True),
        ("Marcus Webb named Tomás Vidal instead of Bao Nguyen", True),
        ("The mail to Margit Larsen came back", False),
        ("The day that we had asked for passed", False),
        ("Jonas Keller concluded the check with what was in", True),
    ]


def test_the_last_answer_completes_the_check() -> None:
    check = make_awaiting_check(template=make_template(make_organization(), requests=("any",)))
    reference = check.references.get()
    reference.submit(answers_for(reference), timezone.now())
    assert told(check)[-2:] == [
        ("Eileen Farrow answered", True),
        ("The check was completed and the report made", False),
    ]


def test_it_says_which_template_and_why() -> None:
    check = make_check()
    assert timeline.lines(check)[0].note == f"Template {check.match_reason}"


def test_a_check_that_could_not_begin_says_why() -> None:
    organization = make_organization()
    match = Match(make_template(organization), "“Deck”, because the job is tagged deck.")
    check = Check.start(organization, make_candidacy(candidate_email=""), match, timezone.now())
    assert told(check) == [("The check could not begin: No e-mail", False)]


def test_a_refused_mail_is_told_after_the_beginning() -> None:
    check = make_check()
    check.lose_the_candidate(timezone.now())
    assert [words for words, _person in told(check)] == [
        "Marcus Webb was asked by e-mail",
        "The mail to Marcus Webb came back",
    ]


def test_a_cancellation_is_somebodys_or_nobodys() -> None:
    by_hand, by_itself = make_check(), make_check()
    by_hand.cancel(timezone.now(), by=make_user(by_hand.organization, name="Jonas Keller"))
    by_itself.cancel(timezone.now())
    assert told(by_hand)[-1] == ("Jonas Keller canceled the check", True)
    assert told(by_itself)[-1] == ("The check was canceled", False)


def test_an_expired_check_says_so() -> None:
    check = make_check()
    check.expire(timezone.now())
    assert told(check)[-1] == ("The check ended: nobody had answered in time", False)


def test_somebody_who_has_left_is_still_told_of() -> None:
    check = make_check()
    user = make_user(check.organization)
    check.note_opening(user, timezone.now())
    user.delete()
    assert told(check)[-1] == ("Somebody who has left opened the report", True)


def test_the_newest_comes_first_for_the_checks_own_page() -> None:
    check = make_awaiting_check()
    forward, backward = timeline.lines(check), timeline.lines(check, newest_first=True)
    assert backward == forward[::-1]


def test_a_percent_sign_in_a_name_or_reason_is_only_a_percent_sign() -> None:
    check = make_check(candidate_name="100 %s Webb")
    Event.objects.filter(for_check=check).update(detail="50 % of %(detail)s")
    (line,) = timeline.lines(check)
    assert line.words == "100 %s Webb was asked by e-mail"
    assert line.note == "Template 50 % of %(detail)s"


def test_only_the_newest_are_told_of() -> None:
    check, now = make_check(), timezone.now()
    each = [Event(for_check=check, kind="later", at=now + timedelta(days=day)) for day in range(timeline.AT_MOST)]
    Event.objects.bulk_create(each)
    told_of = timeline.lines(check)
    assert (len(told_of), told_of[0].at, told_of[-1].at) == (timeline.AT_MOST, each[0].at, each[-1].at)


def test_it_is_one_query(django_assert_num_queries: Any) -> None:
    check = make_awaiting_check()
    for reference in check.references.in_order():
        reference.decline("", timezone.now())
    with django_assert_num_queries(1):
        timeline.lines(check)
