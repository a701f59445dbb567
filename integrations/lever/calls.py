"""One HTTP call to Lever: out goes a request, back comes JSON or a `LeverError`."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

import requests
import urllib3
from requests.auth import HTTPBasicAuth

from .errors import Kind, LeverError, kind_of
from .hosts import LEVER_HOST
from .reading import identifier, mapping, text

LONGEST_ANSWER = 10 * 1024 * 1024  # bytes
LONGEST_WAIT = 3600.0  # seconds

Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Call:
    """One request as it went, for logs and counting. `status` is None when no answer came."""

    method: str
    path: str
    status: int | None
    milliseconds: float


@dataclass(frozen=True)
class Upload:
    """A file on its way to Lever, as the part `file` of a form."""

    name: str
    content: bytes
    kind: str  # such as application/pdf

    def part(self) -> dict[str, tuple[str, bytes, str]]:
        return {"file": (self.name, self.content, self.kind)}


@dataclass(frozen=True)
class Answer:
    url: str
    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class WithoutRedirects(requests.Session):
    """Leaves redirects alone. Told not to follow, requests still reads them whole and parses their target."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None


class Caller:
    """Lever's API key, the address of its API, and the rules by which Vouch calls it.

    `before_call` is the gate of the rate limiter that all workers share; it is asked before every request,
    so before every page. `on_rate_limited` hears of each 429, with the seconds that Lever asked for, if any.
    `timeout` is in seconds, for connecting and for each wait for more of the answer. When both together have passed,
    an answer that has begun must be whole.

    Nothing is tried twice in here. Lever knows no idempotency key, so trying again is for Vouch's outbox,
    which looks for its own mark before it writes a second time. Not to be shared between threads.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str,
        *,
        before_call: Callable[[], None] = lambda: None,
        on_rate_limited: Callable[[float | None], None] = lambda retry_after: None,
        on_call: Callable[[Call], None] | None = None,
        timeout: tuple[float, float] = (3.05, 10),
        version: str = "",
    ) -> None:
        basic = base64.b64encode(f"{api_key}:".encode()).decode()
        self._secrets = tuple(secret for secret in (api_key, basic) if api_key)
        self._base_url = base_url.rstrip("/")
        self._before_call = before_call
        self._on_rate_limited = on_rate_limited
        self._on_call = on_call
        self._timeout = timeout
        self.clock_ahead: float | None = None
        self.session = WithoutRedirects()
        self.session.auth = HTTPBasicAuth(api_key.encode(), b"")  # bytes: requests takes text for latin-1
        self.session.headers["User-Agent"] = f"Vouch/{version}".rstrip("/")
        self.session.headers["Accept"] = "application/json"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self._base_url}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.session.close()

    def call(
        self, method: str, *path: str, query: Query = (), body: object = None, upload: Upload | None = None
    ) -> object:
        """Sends one request, with JSON or a file in it, and returns the JSON of the answer, None for an empty one."""
        url = self._base_url + "".join(f"/{_segment(part)}" for part in path)
        answer = self._exchange(method, url, query, body, upload)
        if moved := _same_call_at_another_host(answer):
            answer = self._exchange(method, moved, (), body, upload)
        if not 200 <= answer.status < 300:
            raise self._refusal(answer)
        return _json(answer)

    def pages(self, *path: str, query: Query = ()) -> Iterator[object]:
        """Every item of a listing, page after page.

        Offsets are opaque. Lever's are percent-encoded already and are encoded once more on their way.
        """
        offset: str | None = None
        seen = set()
        while True:
            place = [("offset", offset)] if offset else []
            page = self.call("GET", *path, query=[*query, *place])
            found = data_of(page)
            # Seen in Lever's documentation: one object where a list was asked for.
            yield from found if isinstance(found, list) else [found]
            offset = _next_offset(page)
            if offset is None:
                return
            if offset in seen:
                raise LeverError(Kind.UNREADABLE, "The listing goes in circles.")
            seen.add(offset)

    def _exchange(self, method: str, url: str, query: Query, body: object, upload: Upload | None) -> Answer:
        self._before_call()
        started, status = time.monotonic(), None
        try:
            with self.session.request(
                method,
                url,
                params=list(query),
                json=body,
                files=upload.part() if upload else None,
                timeout=self._timeout,
                stream=True,
            ) as response:
                status = response.status_code
                self._read_clock(response.headers.get("Date", ""))
                content = _bounded(response, started + sum(self._timeout))
                return Answer(response.url, status, response.reason or "", response.headers, content)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # Without the cause: its request carries the key in a header.
            raise LeverError(Kind.UNREACHABLE, self._without_secrets(str(error)), status) from None
        finally:
            elapsed = (time.monotonic() - started) * 1000
            if self._on_call:
                self._on_call(Call(method, urlsplit(url).path, status, elapsed))

    def _read_clock(self, date: str) -> None:
        """How many seconds Lever's clock is ahead of ours, by the last answer's header; None when there is none."""
        try:
            self.clock_ahead = parsedate_to_datetime(date).timestamp() - time.time()
        except (ValueError, OverflowError):
            self.clock_ahead = None

    def _refusal(self, answer: Answer) -> LeverError:
        kind = Kind.ELSEWHERE if _leads_elsewhere(answer) else kind_of(answer.status)
        retry_after = _seconds(answer.headers.get("Retry-After", ""))
        if kind is Kind.RATE_LIMITED:
            self._on_rate_limited(retry_after)
        message = self._without_secrets(_message(answer))
        return LeverError(kind, message, answer.status, retry_after)

    def _without_secrets(self, message: str) -> str:
        for secret in self._secrets:
            message = message.replace(secret, "…")
        return message


def _segment(part: str) -> str:
    """One segment of a path, which no id can leave: HTTP clients resolve dots even when they are encoded."""
    if part in (".", "..") or identifier(part) is None:
        raise LeverError(Kind.NOT_FOUND, f"Lever has no id like {part[:50]!r}.")
    return quote(part, safe="")


def _bounded(response: requests.Response, until: float) -> bytes:
    """What has come is looked at as it comes: requests would wait for 64 KB, however slowly they trickle in."""
    content = bytearray()
    while chunk := response.raw.read1(65536, decode_content=True):
        content += chunk
        if len(content) > LONGEST_ANSWER:
            raise LeverError(Kind.UNREADABLE, "The answer is longer than 10 MB.", response.status_code)
        if time.monotonic() > until:
            raise LeverError(Kind.UNREACHABLE, "The answer takes too long to come.", response.status_code)
    return bytes(content)


def _location(answer: Answer) -> tuple[str, str, str]:
    """Scheme, host and path of the place that a redirect names."""
    try:
        there = urlsplit(urljoin(answer.url, answer.headers.get("Location", "")))
        return there.scheme, there.hostname or "", there.path
    except ValueError:
        return "", "", ""


def _same_call_at_another_host(answer: Answer) -> str | None:
    """The address of the same call in another of Lever's data centres.

    Lever's documentation lists 301 among its answers. HTTP clients would turn a POST into a GET and leave out
    the key, so redirects are followed here, and only the host is taken from them.
    """
    scheme, host, path = _location(answer)
    here = urlsplit(answer.url)
    if answer.status not in (301, 308) or scheme != "https" or path != here.path:
        return None
    return here._replace(scheme="https", netloc=host).geturl() if LEVER_HOST.fullmatch(host) else None


def _leads_elsewhere(answer: Answer) -> bool:
    is_redirect = 300 <= answer.status < 400 and "Location" in answer.headers
    return is_redirect and not LEVER_HOST.fullmatch(_location(answer)[1])


def _json(answer: Answer) -> object:
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise LeverError(Kind.UNREADABLE, "The answer is not JSON.", answer.status) from None


def data_of(answer: object) -> object:
    """What the answer is about. Lever's documentation shows a few lists without the usual envelope."""
    return answer.get("data") if isinstance(answer, dict) and "data" in answer else answer


def _next_offset(page: object) -> str | None:
    has_next, offset = mapping(page).get("hasNext"), mapping(page).get("next")
    if has_next is False or (has_next is None and not offset):
        return None
    if not isinstance(offset, str) or not offset:
        raise LeverError(Kind.UNREADABLE, "The listing has a next page without its offset.")
    return offset


def _message(answer: Answer) -> str:
    try:
        said = mapping(json.loads(answer.body))
    except (ValueError, RecursionError):
        said = {}
    return text(said.get("message")) or text(answer.reason)


def _seconds(retry_after: str) -> float | None:
    """The header holds seconds or a date. Nobody waits for longer than LONGEST_WAIT, whatever it says."""
    if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 10:
        return min(float(retry_after), LONGEST_WAIT)
    try:
        return min(max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time()), LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None
