"""A signed event that Vouch sends to itself, by the same way as Lever's: address, proxy, signature, inbox, worker."""

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.encryption import digest
from integrations.doctor.lines import Finding, Line, broken, left_open, look, well
from integrations.hints import OUR_TEST
from integrations.lever.calls import WithoutRedirects
from integrations.lever.webhooks import signature
from integrations.models import Connection, Delivery, Heartbeat, Webhook
from notifications.leases import FAILED, WAITING

PATIENCE = (3.0, 6.5)  # seconds to connect and to wait for the answer: ten at most
SHOWN_FOR = timedelta(minutes=10)
A_WHILE = timedelta(seconds=20)  # for which the page asks again by itself

# What came back instead of an answer, and what it means; the first that fits.
SILENCES: tuple[tuple[type[Exception], Any], ...] = (
    (requests.exceptions.SSLError, gettext_lazy("its certificate is not accepted, and Lever accepts no other either")),
    (requests.Timeout, gettext_lazy("no answer came within ten seconds")),
    (requests.ConnectionError, gettext_lazy("nobody answers at this address")),
    (requests.RequestException, gettext_lazy("no answer came that could be read")),
)
# What an answer means that is none of ours.
ANSWERS = {
    403: gettext_lazy("the signature was refused; enter the token again"),
    404: gettext_lazy("the address leads to something that does not know this connection"),
    413: gettext_lazy("something in between finds it too large"),
}


@dataclass(frozen=True)
class Sent:
    """One test event as it went. `key` is what it bears in the inbox; `problem` is empty when it was taken in."""

    webhook: str
    key: str
    milliseconds: int
    problem: str


def send(connection: Connection, now: datetime) -> list[Sent]:
    """One to each webhook that has a token, all at the same time; not within a transaction, and ten seconds at most."""
    tokens = {webhook: connection.tokens_for(webhook) for webhook in Webhook.values}
    work = [(webhook, connection.webhook_url(webhook), known[0]) for webhook, known in tokens.items() if known]
    with ThreadPoolExecutor(max_workers=len(Webhook)) as threads:
        return list(threads.map(partial(_send, now), work))


def _send(now: datetime, what: tuple[str, str, str]) -> Sent:
    webhook, url, token = what
    name, triggered_at = secrets.token_hex(24), int(now.timestamp() * 1000)
    body = {
        "event": OUR_TEST,
        "token": name,
        "triggeredAt": triggered_at,
        "signature": signature(name, triggered_at, token),
        "data": {},
    }
    started = time.monotonic()
    problem = _post(url, json.dumps(body).encode())
    return Sent(webhook, digest(name), round((time.monotonic() - started) * 1000), problem)


def _post(url: str, body: bytes) -> str:
    """What went wrong, in words. The body of the answer is not read."""
    headers = {"User-Agent": "Vouch-Doctor", "Content-Type": "application/json"}
    try:
        with (
            WithoutRedirects() as session,
            session.post(url, data=body, headers=headers, timeout=PATIENCE, stream=True) as answer,
        ):
            return _meaning(answer.status_code)
    except requests.RequestException as error:
        return str(next(words for kind, words in SILENCES if isinstance(error, kind)))


def _meaning(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return _("it answers with another address, which Lever counts as a failure")
    return str(ANSWERS.get(status) or _("it answered %(status)d") % {"status": status})


# --- what became of it ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """The test events of one click. Kept in the session of whoever clicked."""

    connection: int
    at: datetime
    sent: tuple[Sent, ...]

    def as_json(self) -> dict[str, Any]:
        return {"connection": self.connection, "at": self.at.isoformat(), "sent": [vars(each) for each in self.sent]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None, connection: Connection, now: datetime) -> "Trial | None":
        """None when there was none for this connection lately."""
        if not value or value["connection"] != connection.pk:
            return None
        at = parse_datetime(value["at"])
        if at is None or now - at > SHOWN_FOR:
            return None
        return cls(connection.pk, at, tuple(Sent(**each) for each in value["sent"]))

    def lines(self, connection: Connection, now: datetime) -> list[Line]:
        found = {row.dedupe_key: row for row in self._rows()}
        return [
            Line(f"test-{sent.webhook}", Webhook(sent.webhook).label, _outcome(sent, found, connection, now))
            for sent in self.sent
        ]

    def goes_on(self, now: datetime) -> bool:
        """Whether a worker may still settle one that the page waits for."""
        return now - self.at < A_WHILE and any(row.state == WAITING for row in self._rows())

    def _rows(self) -> Iterable[Delivery]:
        keys = [each.key for each in self.sent if not each.problem]
        return Delivery.objects.filter(connection=self.connection, dedupe_key__in=keys).defer("body")


def _outcome(sent: Sent, found: Mapping[str, Delivery], connection: Connection, now: datetime) -> Finding:
    words: dict[str, Any] = {"ms": sent.milliseconds, "problem": sent.problem}
    if sent.problem:
        return broken(_("It did not arrive: %(problem)s.") % words)
    row = found.get(sent.key)
    if row is None:
        return broken(
            _("Somebody answered within %(ms)d ms, and nothing is in the inbox: the address is not ours.") % words
        )
    if row.state == WAITING:
        return _still_waiting(words, row, connection, now)
    words["seconds"] = f"{((row.done_at or now) - row.created_at).total_seconds():.1f}"
    if row.state == FAILED:
        return broken(_("Arrived within %(ms)d ms, and could not be processed. Its delivery says why.") % words)
    return well(_("Arrived within %(ms)d ms, processed after %(seconds)s s.") % words)


def _still_waiting(words: dict[str, Any], row: Delivery, connection: Connection, now: datetime) -> Finding:
    if connection.status == Connection.Status.FAILING:
        return look(_("Arrived within %(ms)d ms. It waits until Lever accepts the key again.") % words)
    if now - row.created_at < A_WHILE:
        return left_open(_("Arrived within %(ms)d ms. It waits for a worker.") % words)
    if Heartbeat.is_beating(now):
        return look(_("Arrived within %(ms)d ms. It still waits: the queue is long at the moment.") % words)
    return broken(
        _("Arrived within %(ms)d ms. It still waits: the queue does not move, because no worker runs.") % words
    )
