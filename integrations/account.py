"""A connection's Lever account, with the rate limit that all workers share in front of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.lever.calls import Call
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Action, CallBudget, Connection, Delivery, LeverCall

log = structlog.get_logger(__name__)

AT_WORK = (3.05, 10.0)  # seconds to connect and to wait
PAUSE_AFTER_429 = 1.0  # seconds, when Lever names no time of its own


@contextmanager
def lever(
    connection: Connection, timeout: tuple[float, float] | None = None, cause: Delivery | Action | None = None
) -> Iterator[Lever]:
    """Open the account. `timeout` is to connect and to wait, in seconds, for somebody who sits before a page: they
    wait for our turn no longer than to connect. Without it a worker asks, and has patience.

    Calls that have a cause are written down with it when the account is closed.
    """
    calls: list[LeverCall] = []
    with _open(connection, timeout, calls) as account:
        try:
            yield account
        finally:
            if cause:
                LeverCall.objects.bulk_create(_caused_by(cause, calls))


def _open(connection: Connection, timeout: tuple[float, float] | None, calls: list[LeverCall]) -> Lever:
    key = connection.budget_key
    patience = timedelta(seconds=timeout[0]) if timeout else CallBudget.PATIENCE

    def wait_for_our_turn() -> None:
        wait = CallBudget.reserve(key, timezone.now(), patience)
        if wait > patience:
            raise LeverError(Kind.RATE_LIMITED, retry_after=wait.total_seconds())
        time.sleep(wait.total_seconds())

    def hold_back(retry_after: float | None) -> None:
        CallBudget.slow_down(key, timezone.now(), timedelta(seconds=retry_after or PAUSE_AFTER_429))

    def note(call: Call) -> None:
        took = round(call.milliseconds)
        calls.append(
            LeverCall(
                method=call.method,
                path=call.path[:300],
                status=call.status,
                milliseconds=took,
                at=timezone.now(),
            )
        )
        log.info(
            "called Lever",
            connection=connection.pk,
            method=call.method,
            path=call.path,
            status=call.status,
            ms=took,
        )

    return Lever(
        connection.api_key,
        connection.api_url,
        before_call=wait_for_our_turn,
        on_rate_limited=hold_back,
        on_call=note,
        timeout=timeout or AT_WORK,
    )


def _caused_by(cause: Delivery | Action, calls: list[LeverCall]) -> list[LeverCall]:
    for call in calls:
        call.attempt = cause.attempts
        if isinstance(cause, Delivery):
            call.delivery = cause
        else:
            call.action = cause
    return calls


def refusal(connection: Connection, error: LeverError) -> timedelta | None:
    """What a refused call means for the whole connection; how long to wait, if Lever named a time.

    A key that Lever no longer knows stops all work on the connection. The rows stay and go on once it is mended.
    """
    if error.kind is Kind.UNAUTHORIZED:
        connection.fail(_(error.words))
    return timedelta(seconds=error.retry_after) if error.retry_after else None
