"""The gate before every call, and the word that Lever wants fewer."""

import datetime
from email.utils import format_datetime

import pytest

from integrations.lever.client import Lever
from tests.integrations.lever.fake import KEY, FakeLever, failing


def test_it_asks_the_gate_before_each_page(fake: FakeLever) -> None:
    asked: list[int] = []
    fake.answers_with({"data": [], "hasNext": True, "next": "a"})
    fake.answers_with({"data": [], "hasNext": False})

    with Lever(KEY, fake.url, before_call=lambda: asked.append(len(fake.seen))) as lever:
        lever.stages()

    assert asked == [0, 1]


def test_a_closed_gate_stops_the_call(fake: FakeLever) -> None:
    def closed() -> None:
        raise TimeoutError

    with Lever(KEY, fake.url, before_call=closed) as lever, pytest.raises(TimeoutError):
        lever.stages()

    assert not fake.seen


@pytest.mark.parametrize(("header", "seconds"), [({"Retry_After": "7"}, 7.0), ({}, None)])
def test_it_passes_on_that_lever_wants_fewer_calls(
    fake: FakeLever, header: dict[str, str], seconds: float | None
) -> None:
    heard: list[float | None] = []
    fake.answers_with({"message": "Slow down"}, 429, **header)

    with Lever(KEY, fake.url, on_rate_limited=heard.append) as lever:
        error = failing(lever)

    assert heard == [seconds]
    assert error.retry_after == seconds


def test_no_other_error_slows_the_calls_down(fake: FakeLever) -> None:
    heard: list[float | None] = []
    fake.answers_with({}, 503, Retry_After="30")

    with Lever(KEY, fake.url, on_rate_limited=heard.append) as lever:
        assert failing(lever).retry_after == 30

    assert heard == []


def test_lever_may_name_a_time_of_day(fake: FakeLever, lever: Lever) -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=60)
    fake.answers_with({}, 429, Retry_After=format_datetime(soon, usegmt=True))

    retry_after = failing(lever).retry_after

    assert retry_after is not None
    assert 50 < retry_after <= 60


def test_a_time_that_has_passed_is_now(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with({}, 429, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT")

    assert failing(lever).retry_after == 0


@pytest.mark.parametrize("odd", ["soon", "-5", "1e9", "nan", "", "٣", "Thu, 99 Jan 2026 00:00:00 GMT", "9" * 400])
def test_an_odd_retry_after_does_no_harm(fake: FakeLever, lever: Lever, odd: str) -> None:
    fake.answers_with({}, 429, Retry_After=odd.encode().decode("latin-1"))

    assert failing(lever).retry_after is None


@pytest.mark.parametrize("header", ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_nobody_waits_for_years(fake: FakeLever, lever: Lever, header: str) -> None:
    fake.answers_with({}, 429, Retry_After=header)

    assert failing(lever).retry_after == 3600
