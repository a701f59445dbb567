"""Two people at once. Threads, because only a second connection to the database can be in the way of the first."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from checks.models import Check, Reference
from tests.factories import answers_for, make_awaiting_check, make_named

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment; what each gave back."""
    found: dict[int, Any] = {}
    gate = threading.Barrier(len(deeds))

    def run(number: int) -> None:
        try:
            gate.wait()
            found[number] = deeds[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in range(len(deeds))]


def as_it_is(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def answer(reference: Reference) -> bool:
    mine: Reference = as_it_is(reference)
    return mine.submit(answers_for(mine), timezone.now())


def test_two_last_answers_at_once_complete_the_check_once() -> None:
    check = make_awaiting_check()

    assert together(*[lambda r=reference: answer(r) for reference in check.references.all()]) == [True] * 3

    assert as_it_is(check).status == Check.Status.COMPLETED
    assert check.events.filter(kind="completed").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_an_answer_at_the_moment_of_expiry_is_in_a_report_or_too_late(turn: int) -> None:
    check = make_awaiting_check()
    first = check.references.in_order()[0]

    in_time, _ended = together(lambda: answer(first), lambda: as_it_is(check).expire(timezone.now()))

    assert as_it_is(check).status == (Check.Status.COMPLETED if in_time else Check.Status.EXPIRED)


@pytest.mark.parametrize("turn", range(3))
def test_whoever_is_asked_while_the_check_is_canceled_is_released(turn: int) -> None:
    check = make_awaiting_check()
    gone = check.references.in_order()[0]
    gone.decline("", timezone.now() - timedelta(minutes=1))

    together(
        lambda: as_it_is(gone).replace(make_named(4), timezone.now()),
        lambda: as_it_is(gone).replace(make_named(5), timezone.now()),
        lambda: as_it_is(check).cancel(timezone.now()),
    )

    assert not check.references.open().exists()
    assert check.references.filter(position=0).count() <= 2
