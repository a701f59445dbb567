"""Claiming and settling rows of work."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.leases import DONE, FAILED, LeaseLost, backoff
from notifications.models import Message
from tests.factories import make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LEASE = timedelta(seconds=90)


def make_row(**fields: object) -> Message:
    values = {
        "organization": make_organization(),
        "key": f"row-{Message.objects.count()}",
        "kind": "test",
        "to_address": "bao@solent.example",
        "subject": "Subject",
        "text": "Text",
        "html": "<p>Text</p>",
        "created_at": NOW,
        "next_at": NOW,
        **fields,
    }
    return Message.objects.create(**values)


def claim(at: datetime = NOW) -> Message | None:
    return Message.objects.claim_next(at)


def test_a_row_is_claimed_once() -> None:
    row = make_row()

    assert claim() == row
    assert claim() is None


def test_the_one_that_has_waited_longest_comes_first() -> None:
    make_row()
    older = make_row(next_at=NOW - timedelta(minutes=1))

    assert claim() == older


def test_a_row_is_left_alone_before_its_time() -> None:
    make_row(next_at=NOW + timedelta(seconds=1))

    assert claim() is None
    assert claim(NOW + timedelta(seconds=1)) is not None


def test_a_row_whose_worker_died_comes_back_when_its_lease_ends() -> None:
    make_row()
    claim()

    assert claim(NOW + LEASE - timedelta(seconds=1)) is None
    again = claim(NOW + LEASE + timedelta(seconds=1))
    assert again is not None
    assert again.attempts == 2


def test_who_lost_the_lease_cannot_settle() -> None:
    make_row()
    first = claim()
    claim(NOW + LEASE + timedelta(seconds=1))
    assert first is not None

    with pytest.raises(LeaseLost):
        first.settle(DONE, NOW)


def test_a_row_is_settled_once() -> None:
    make_row()
    row = claim()
    assert row is not None
    row.settle(DONE, NOW)

    with pytest.raises(LeaseLost):
        row.settle(DONE, NOW)


def test_a_postponed_row_comes_back_later_and_says_why() -> None:
    make_row()
    row = claim()
    assert row is not None

    row.postpone("not now", NOW)

    assert row.error == "not now"
    assert claim() is None
    assert claim(NOW + timedelta(seconds=3)) == row


def test_it_gives_up_after_many_attempts() -> None:
    make_row(attempts=Message.MAX_ATTEMPTS - 1)
    row = claim()
    assert row is not None

    row.postpone("never", NOW)

    assert row.state == FAILED


def test_process_again_puts_a_settled_row_back_and_a_waiting_one_not() -> None:
    row = make_row(state=FAILED, attempts=20)

    assert row.process_again(NOW)
    assert claim() == row
    assert not row.process_again(NOW)


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 1, 2), (3, 4, 8), (11, 1024, 2048), (20, 1800, 3600)])
def test_the_wait_doubles_up_to_an_hour(attempts: int, least: float, most: float) -> None:
    waits = {backoff(attempts).total_seconds() for _ in range(50)}

    assert least <= min(waits) <= max(waits) <= most
    assert len(waits) > 1


def test_a_fault_of_ours_is_written_down_and_tried_again_later() -> None:
    row = make_row()

    def stumble(message: Message) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Message.objects.work_off(stumble)

    row.refresh_from_db()
    assert row.state == "waiting"
    assert "ZeroDivisionError" in row.error


def test_a_row_over_which_every_worker_died_is_given_up() -> None:
    row = make_row(attempts=Message.MAX_ATTEMPTS)
    taken: list[Message] = []

    Message.objects.work_off(taken.append)

    row.refresh_from_db()
    assert row.state == FAILED
    assert taken == []


def test_a_short_wait_does_not_use_up_the_attempts() -> None:
    """Whoever says "in a second" to every attempt would have it given up within the minute."""
    row = make_row()
    waited = timedelta(0)
    for _attempt in range(row.MAX_ATTEMPTS - 1):
        assert claim(NOW + waited) is not None
        row.refresh_from_db()
        row.postpone("Too many", NOW + waited, wait=timedelta(seconds=1))
        waited = row.next_at - NOW

    assert row.state == "waiting"
    assert waited > timedelta(hours=2)
