"""All that one running sandbox holds, and the request that carries it to the views."""

import threading
import time
from collections import Counter, defaultdict, deque
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.core.handlers.wsgi import WSGIRequest

from .faults import Faults
from .records import ApiKey, Json
from .webhooks import WebhookSender
from .world import World

LOG_LENGTH = 1000


@dataclass(frozen=True)
class Call:
    """One API call. `status` is 0 where the connection was cut; `key` is the end of the API key."""

    at: int
    method: str
    path: str
    status: int
    ms: int
    key: str


@dataclass
class Tally:
    """What one API key did since the start: all calls, those refused as too many, of each kind how many, and when."""

    calls: int = 0
    refused: int = 0
    first: int = 0
    last: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, call: Call, kind: str) -> None:
        self.calls += 1
        self.refused += call.status == 429
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.first, self.last = self.first or call.at, call.at


class CallLog:
    """The last calls, and how many of each kind since the start: `{"GET v1/opportunities/<id>": 12}`."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=LOG_LENGTH)
        self._counts: Counter[str] = Counter()
        self._keys: dict[str, Tally] = defaultdict(Tally)
        self._lock = threading.Lock()

    def add(self, call: Call, route: str) -> None:
        with self._lock:
            self._calls.append(call)
            kind = f"{call.method} {route}"
            self._counts[kind] += 1
            self._keys[call.key].add(call, kind)

    def last(self, length: int = LOG_LENGTH) -> list[Call]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._calls))[:length]

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self._counts.clear()
            self._keys.clear()

    def added_up(self) -> Json:
        """Without the calls themselves: `{"counts": {..}, "keys": {"ending": {"calls": 3, ..}}}`; times in ms."""
        with self._lock:
            keys = {key: asdict(tally) for key, tally in self._keys.items()}
            return {"counts": dict(self._counts), "keys": keys}

    def as_json(self) -> Json:
        calls = [asdict(call) for call in self.last()]
        with self._lock:
            return {"counts": dict(self._counts), "latest": calls}


class Bucket:
    """A token bucket: `rate` calls a second for ever, `burst` at once after a rest."""

    def __init__(self, burst: float) -> None:
        self._left = burst
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self, rate: float, burst: float) -> bool:
        with self._lock:
            now = time.monotonic()
            self._left = min(burst, self._left + (now - self._at) * rate)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


class Sandbox:
    """What a test may turn stands here: rate and burst (calls a second), retry_after (seconds, or None as in
    Lever), clock_ahead (seconds by which the time on its answers is wrong), perform_as_required, because Lever's
    documentation and what clients have seen differ on it, and deduped: which answers to `POST /opportunities` say
    whether Lever knew the person ("true": those about somebody known, "always", "never"; the first is recorded)."""

    rate = 10.0
    burst = 20.0
    retry_after: int | None = None
    clock_ahead = 0.0
    perform_as_required = True
    deduped = "true"

    def __init__(self, world: World, mail_dir: Path | None = None, vouch_url: str | None = None) -> None:
        self.world = world
        self.mail_dir = mail_dir
        self.vouch_url = vouch_url
        self.faults = Faults()
        self.sender = WebhookSender(world, self.faults)
        self.calls = CallLog()
        self.stopping = threading.Event()
        self.offsets: dict[str, tuple[int | str, ...]] = {}
        self._buckets: dict[str, Bucket] = {}

    def within_rate(self, key: ApiKey) -> bool:
        return self._buckets.setdefault(key.key, Bucket(self.burst)).take(self.rate, self.burst)

    def reset(self) -> None:
        """Everyone back to the first stage, nothing broken, nothing remembered. Webhooks and keys stay."""
        self.faults.clear()
        self.world.reset()
        self.sender.forget()
        self.calls.clear()
        self.offsets.clear()
        self._buckets.clear()


class SandboxRequest(WSGIRequest):
    """A request on its way through a sandbox. `key` is known once it has passed the door of the API."""

    sandbox: Sandbox
    key: ApiKey
    route: str = "unknown"
