"""The day on which one looks back: whose has come, what is put down of them, and that it can be taken back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from checks.keeping import months_from
from checks.kept import to_look_back_at
from checks.models import Check, Outcome
from checks.timeline import lines
from tests.checks.past import NOW, Past, hired, make_past, refused
from tests.factories import make_organization, make_template, make_user

A_YEAR_AGO = months_from(NOW, -12)


@pytest.fixture
def ruth(db: None) -> User:
    return make_user(make_organization(looks_back_after=12), Role.TEAM_MEMBER)


def outcomes(user: User, *pasts: Past) -> list[Outcome]:
    checks = make_past(make_template(user.organization), pasts)
    return list(Outcome.objects.filter(for_check__in=checks).order_by("pk"))


def due(user: User, now: datetime = NOW) -> list[Outcome]:
    return list(to_look_back_at(Outcome.objects.visible_to(user), user.organization, now).order_by("pk"))


def test_on_the_day_and_not_before(ruth: User) -> None:
    found = outcomes(ruth, hired(5, completed_at=A_YEAR_AGO))
    assert due(ruth, NOW - timedelta(minutes=1)) == []
    assert due(ruth) == found


def test_of_those_hired_alone_whoever_says_so(ruth: User) -> None:
    old: dict[str, Any] = {"completed_at": A_YEAR_AGO}
    at_odds = Past([], in_ats="hired", said="not-hired", **old)
    found = outcomes(ruth, refused(1, **old), at_odds, Past([], said="hired", **old), hired(5, is_kept=True, **old))
    assert due(ruth) == [found[2]]


def test_where_nobody_looks_back_no_day_comes(ruth: User) -> None:
    outcomes(ruth, hired(5, completed_at=A_YEAR_AGO))
    ruth.organization.looks_back_after = None
    assert due(ruth) == []


def test_it_is_put_down_once_and_taken_back(ruth: User) -> None:
    (outcome,) = outcomes(ruth, hired(5, completed_at=A_YEAR_AGO))
    assert [outcome.keep(True, ruth, NOW), outcome.keep(True, ruth, NOW)] == [True, False]
    assert (outcome.is_kept, outcome.kept_said_by, outcome.kept_said_at) == (True, ruth, NOW)
    assert due(ruth) == []
    assert outcome.keep(None, ruth, NOW)
    assert due(ruth) == [outcome]
    outcome.refresh_from_db()
    assert (outcome.kept_said_by, outcome.kept_said_at) == (None, None)


def test_it_stands_in_the_timeline(ruth: User) -> None:
    (outcome,) = outcomes(ruth, hired(5))
    for is_kept in (True, False, None):
        outcome.keep(is_kept, ruth, NOW)
    found = [line.words for line in lines(outcome.for_check)]
    name = outcome.for_check.candidate_name
    assert found == [
        f"Ruth Adeyemi put down that {name} is still employed",
        f"Ruth Adeyemi put down that {name} is not employed any more",
        f"Ruth Adeyemi took back what was put down about whether {name} is still employed",
    ]


def test_of_somebody_not_hired_or_erased_nothing_is_put_down(ruth: User) -> None:
    not_hired, erased = outcomes(ruth, refused(1), hired(5))
    Check.objects.get(pk=erased.for_check_id).erase(NOW)
    assert [each.keep(True, ruth, NOW) for each in (not_hired, erased)] == [False, False]
