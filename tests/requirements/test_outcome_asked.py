"""R18: with no outcome 14 days after the check completed, the owner gets an e-mail asking whether they were hired."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from checks.models import Check, Outcome
from integrations.asking import ask_how_it_ended
from notifications.tasks import send_due
from tests.checks.visits import only, read, words
from tests.factories import make_completed_check, make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIELDS = (("answer", "[checked]"), ("seen", ""))  # of the form, and which of them


def completed(**organization: Any) -> Check:
    """Of an organization without a Lever, which needs no asking there first."""
    return make_completed_check(make_organization(**organization), now=NOW, owner_email="jonas@northmoor.example")


class Clock:
    """Whose hands are moved to a day after completion."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def move(self, day: int) -> datetime:
        now = NOW + day * DAY
        self.monkeypatch.setattr(timezone, "now", lambda: now)
        return now

    def live_through(self, first: int, last: int) -> list[tuple[int, str]]:
        """The sweep, once on each of these days: on which one the question came, and to whom."""
        came = []
        for day in range(first, last + 1):
            before = len(mail.outbox)
            ask_how_it_ended(self.move(day))
            send_due()
            came += [(day, sent.to[0]) for sent in mail.outbox[before:] if "hired?" in sent.subject]
        return came

    def answer(self, day: int, link: int) -> str:
        """Follow one of the three links in the newest mail on this day, and press the button; what the page says."""
        self.move(day)
        browser = Client()
        links = [urlsplit(line).path for line in str(mail.outbox[-1].body).splitlines() if "/o/" in line]
        page = browser.get(links[link], follow=True)
        form = {name: only(read(page), f"input[name={name}]{which}")["value"] for name, which in FIELDS}
        return words(read(browser.post(page.request["PATH_INFO"], form, follow=True)).main)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_r18_the_owner_is_asked_after_fourteen_days_and_twice_more(clock: Clock) -> None:
    completed()
    jonas = "Ruth Adeyemi <jonas@northmoor.example>"
    assert clock.live_through(1, 60) == [(14, jonas), (21, jonas), (28, jonas)]


@pytest.mark.parametrize(("link", "ended"), [(0, "hired"), (1, "not-hired")])
def test_r18_an_answer_is_kept_and_stops_the_asking(clock: Clock, link: int, ended: str) -> None:
    check = completed()
    clock.live_through(14, 14)
    assert "You said on" in clock.answer(15, link)
    assert Outcome.of(check).ended == ended
    assert clock.live_through(16, 60) == []


def test_r18_not_decided_yet_is_asked_again_after_the_chosen_weeks(clock: Clock) -> None:
    check = completed()
    clock.live_through(14, 14)
    assert "We ask you again on" in clock.answer(15, 2)
    assert not Outcome.of(check).is_known
    assert [day for day, _to in clock.live_through(16, 60)] == [22, 29, 36]


def test_r18_the_owner_is_not_asked_when_it_is_known_by_then(clock: Clock) -> None:
    Outcome.of(completed()).hear("hired", "Hired", NOW + DAY, NOW + DAY)
    assert clock.live_through(1, 60) == []


def test_r18_the_days_are_a_setting_and_nobody_need_be_asked(clock: Clock) -> None:
    completed(asks_outcome_after=30)
    completed(asks_outcome_after=None)
    assert [day for day, _to in clock.live_through(1, 36)] == [30]
