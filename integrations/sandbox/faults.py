"""What can be made to go wrong, and how often.

A fault waits until a call (or a webhook) fits it, spoils that one, and is used up after `times`.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.http import HttpResponse, JsonResponse

from .records import Json

# What happens to a call, and what happens to a webhook.
CALLS = ("status", "hang", "reset", "html", "truncated")
WEBHOOKS = ("drop_webhook", "duplicate_webhook")

PROXY_PAGE = b"<!doctype html><html><head><title>Please wait</title></head><body><h1>One moment</h1></body></html>"


class Reset(Exception):
    """The connection is to be cut without an answer."""


@dataclass
class Fault:
    """One thing that goes wrong.

    path: a regular expression searched in the path, as in `/opportunities/.*/notes`, or in a webhook's event.
    after: the call is carried out first, and only its answer is lost.
    skip: so many that fit pass unspoilt first.
    status, retry_after: for `status`; retry_after in seconds, left out when None, as Lever does.
    seconds: for `hang`.
    """

    kind: str
    times: int = 1
    path: str = ""
    method: str = ""
    status: int = 500
    retry_after: int | None = None
    seconds: float = 30.0
    after: bool = False
    skip: int = 0

    def __post_init__(self) -> None:
        if self.kind not in CALLS + WEBHOOKS:
            raise ValueError(f"{self.kind} is no kind of fault")
        re.compile(self.path)

    def fits(self, method: str, target: str) -> bool:
        return self.method in ("", method) and re.search(self.path, target) is not None


class Faults:
    """The faults that are waiting, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def as_json(self) -> list[Json]:
        with self._lock:
            return [asdict(fault) for fault in self._waiting]

    def take(self, kinds: tuple[str, ...], target: str, method: str = "") -> Fault | None:
        """The first fault that fits; it counts as used once."""
        with self._lock:
            for fault in self._waiting:
                if fault.kind in kinds and fault.fits(method, target):
                    if fault.skip:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    self._waiting = [each for each in self._waiting if each.times > 0]
                    return fault
            return None


def error(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


NAMES = {
    401: "Unauthorized",
    403: "Forbidden",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
}


def spoil(fault: Fault, proceed: Callable[[], HttpResponse], wait: Callable[[float], object]) -> HttpResponse:
    """Answer a call as the fault has it. `proceed` carries the call out, `wait` sleeps for seconds."""
    if fault.kind == "hang":
        return _hang(fault, proceed, wait)
    answer = proceed() if fault.after or fault.kind == "truncated" else None
    if fault.kind == "reset":
        raise Reset
    if fault.kind == "html":
        return HttpResponse(PROXY_PAGE)
    if fault.kind == "truncated" and answer is not None:
        answer.content = answer.content[: len(answer.content) // 2]
        return answer
    refusal = error(fault.status, NAMES.get(fault.status, "Error"), "A fault was asked for.")
    if fault.retry_after is not None:
        refusal.headers["Retry-After"] = str(fault.retry_after)
    return refusal


def _hang(fault: Fault, proceed: Callable[[], HttpResponse], wait: Callable[[float], object]) -> HttpResponse:
    if fault.after:
        answer = proceed()
        wait(fault.seconds)
        return answer
    wait(fault.seconds)
    return proceed()
