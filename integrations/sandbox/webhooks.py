"""Sends webhooks as Lever documents it: a signed JSON body, 2xx is success, else five more tries."""

import hashlib
import heapq
import hmac
import itertools
import json
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, replace
from secrets import token_hex

import requests

from .faults import WEBHOOKS, Faults
from .records import Json, Webhook, new_id
from .world import Event, World

# The events that may be narrowed by where the candidate came from.
BY_ORIGIN = ("applicationCreated", "candidateArchiveChange", "candidateHired", "candidateStageChange")
RETRIES = 5
LOG_LENGTH = 1000  # as many as Lever's own delivery history shows


def sign(signature_token: str, token: str, triggered_at: int) -> str:
    """Lever signs the token and the time, and neither the event nor its data."""
    message = f"{token}{triggered_at}".encode()
    return hmac.new(signature_token.encode(), message, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one webhook. `id` is documented, yet missing from the printed examples."""

    webhook: Webhook
    event: str
    data: Json
    triggered_at: int
    token: str
    id: str | None
    attempt: int = 1

    def body(self) -> bytes:
        envelope: Json = {
            "event": self.event,
            "triggeredAt": self.triggered_at,
            "data": self.data,
            "token": self.token,
            "signature": sign(self.webhook.token, self.token, self.triggered_at),
        }
        return json.dumps(envelope | ({"id": self.id} if self.id else {})).encode()


@dataclass(frozen=True)
class Attempt:
    """A line of the delivery log. `status` is None when nobody answered, and `error` says why."""

    at: int
    webhook: str
    event: str
    url: str
    opportunity: str | None
    token: str
    attempt: int
    status: int | None
    error: str
    ms: int

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    def as_json(self) -> Json:
        return asdict(self)


class WebhookSender:
    """Sends from its own threads, so that whoever changed something never waits.

    retry_wait: seconds before the second attempt; each further wait is twice as long. Lever's are unknown.
    retry_keeps_token: whether a retry repeats token and time, or gets fresh ones. Lever does not say.
    timeout: seconds that a receiver may take. Lever does not say either.
    """

    def __init__(
        self,
        world: World,
        faults: Faults,
        *,
        retry_wait: float = 2.0,
        retry_keeps_token: bool = True,
        timeout: float = 10,
    ) -> None:
        self.world, self.faults = world, faults
        self.retry_wait, self.retry_keeps_token, self.timeout = retry_wait, retry_keeps_token, timeout
        self._log: deque[Attempt] = deque(maxlen=LOG_LENGTH)
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._events = itertools.count()
        self._in_hand = 0
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._stopping = False

    def start(self, threads: int = 4) -> None:
        self._stopping = False
        self.world.listeners.append(self.announce)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.world.listeners.remove(self.announce)
        with self._changed:
            self._stopping = True
            self._due.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=1)  # one may still wait for a receiver that hangs

    def announce(self, event: Event) -> None:
        """Queue an event for every webhook that wants it, if its group is switched on."""
        if event.name not in self.world.switched_on:
            return
        for webhook in self.world.webhooks.values():
            if (
                webhook.url
                and webhook.event == event.name
                and (event.name not in BY_ORIGIN or event.origin in webhook.origins)
            ):
                self._announce_to(webhook, event)

    def verify(self, webhook: Webhook) -> Attempt:
        """The test an administrator can send from Lever's settings: real signature, empty data, no retry."""
        delivery = Delivery(webhook, webhook.event, {}, self.world.clock(), token_hex(24), None)
        return self._deliver(delivery)

    def attempts(self) -> list[Attempt]:
        """The delivery log, oldest first."""
        with self._changed:
            return list(self._log)

    def forget(self) -> None:
        """Empty the log and send nothing of what is still queued."""
        with self._changed:
            self._log.clear()
            self._due.clear()

    def idle(self, timeout: float = 5.0) -> bool:
        """Wait until nothing is queued or in hand, at most `timeout` seconds; tell whether that came true."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._in_hand, timeout)

    def _announce_to(self, webhook: Webhook, event: Event) -> None:
        numbered = new_id() if next(self._events) % 2 else None
        delivery = Delivery(webhook, event.name, event.data, event.triggered_at, token_hex(24), numbered)
        fault = self.faults.take(WEBHOOKS, event.name)
        if fault and fault.kind == "drop_webhook":
            self._record(delivery, None, "dropped: a fault was asked for")
            return
        for _ in range(2 if fault else 1):
            self._queue(delivery, 0.0)

    def _queue(self, delivery: Delivery, wait: float) -> None:
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + wait, next(self._order), delivery))
            self._changed.notify()

    def _work(self) -> None:
        while delivery := self._next():
            self._done(delivery, self._deliver(delivery))

    def _next(self) -> Delivery | None:
        """The next delivery when it is due; None when it is time to stop."""
        with self._changed:
            while not self._stopping:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._in_hand += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None

    def _done(self, delivery: Delivery, attempt: Attempt) -> None:
        if not attempt.succeeded and delivery.attempt <= RETRIES and not self._stopping:
            self._queue(self._again(delivery), self.retry_wait * 2 ** (delivery.attempt - 1))
        with self._changed:
            self._in_hand -= 1
            self._changed.notify_all()

    def _again(self, delivery: Delivery) -> Delivery:
        again = replace(delivery, attempt=delivery.attempt + 1)
        if self.retry_keeps_token:
            return again
        return replace(again, token=token_hex(24), triggered_at=self.world.clock())

    def _deliver(self, delivery: Delivery) -> Attempt:
        started = time.perf_counter()
        try:
            status, error = self._post(delivery), ""
        except requests.RequestException as problem:
            status, error = None, type(problem).__name__
        return self._record(delivery, status, error, round((time.perf_counter() - started) * 1000))

    def _post(self, delivery: Delivery) -> int | None:
        headers = {"User-Agent": "Lever-Webhooks", "Content-Type": "application/json"}
        with requests.Session() as session:
            session.trust_env = False  # no proxy stands between a machine and itself
            answer = session.post(
                delivery.webhook.url,
                data=delivery.body(),
                headers=headers,
                timeout=self.timeout,
                allow_redirects=False,  # Lever counts 3xx as a failure
            )
        return answer.status_code

    def _record(self, delivery: Delivery, status: int | None, error: str, ms: int = 0) -> Attempt:
        attempt = Attempt(
            at=self.world.clock(),
            webhook=delivery.webhook.id,
            event=delivery.event,
            url=delivery.webhook.url,
            opportunity=delivery.data.get("opportunityId"),
            token=delivery.token,
            attempt=delivery.attempt,
            status=status,
            error=error,
            ms=ms,
        )
        with self._changed:
            self._log.append(attempt)
        return attempt
