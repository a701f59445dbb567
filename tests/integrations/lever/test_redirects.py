"""To which other host the key may go: another of Lever's, and no other."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter

from integrations.lever.calls import LONGEST_ANSWER
from integrations.lever.client import Lever
from integrations.lever.errors import Kind
from tests.integrations.lever.fake import KEY, FakeLever, failing, payload

EU = "https://api.eu.lever.co"


class Detour(HTTPAdapter):
    """Stands for a host of Lever's and hands what is sent there to the server on this machine."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.asked: list[str] = []

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        self.asked.append(request.url or "")
        here, there = urlsplit(self.url), urlsplit(request.url or "")
        request.url = str(there._replace(scheme="http", netloc=here.netloc).geturl())
        response = super().send(request, stream, timeout, verify, cert, proxies)
        response.url = self.asked[-1]
        return response


@pytest.fixture
def eu(fake: FakeLever, lever: Lever) -> Iterator[Detour]:
    detour = Detour(fake.url)
    lever.session.mount("https://", detour)
    yield detour
    detour.close()


@pytest.mark.parametrize("status", [301, 308])
def test_it_repeats_the_same_call_in_another_data_centre(
    fake: FakeLever, lever: Lever, eu: Detour, status: int
) -> None:
    fake.answers_with(b"", status, Location=f"{EU}/v1/opportunities/o%2F1/notes?perform_as=u+1")
    fake.answers_with({"data": {"noteId": "n1"}}, 201)

    assert lever.add_note("o/1", "text", "u 1") == "n1"

    first, second = fake.seen
    assert eu.asked == [f"{EU}/v1/opportunities/o%2F1/notes?perform_as=u+1"]
    assert (second.method, second.target, second.body) == ("POST", first.target, first.body)
    assert second.headers["Authorization"] == first.headers["Authorization"]


def test_the_gate_is_asked_for_the_repeated_call_too(fake: FakeLever) -> None:
    asked: list[int] = []
    fake.answers_with(b"", 301, Location=f"{EU}/v1/stages")
    fake.answers_with(payload("stages"))

    with Lever(KEY, fake.url, before_call=lambda: asked.append(1)) as lever:
        lever.session.mount("https://", Detour(fake.url))
        lever.stages()

    assert len(asked) == 2


def test_it_follows_only_once(fake: FakeLever, lever: Lever, eu: Detour) -> None:
    fake.answers_with(b"", 301, Location=f"{EU}/v1/stages")
    fake.answers_with(b"", 301, Location="https://api.lever.co/v1/stages")

    error = failing(lever)

    assert (error.kind, error.status, error.permanent) == (Kind.UNAVAILABLE, 301, False)
    assert len(fake.seen) == 2


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/v1/stages",
        "https://notlever.co/v1/stages",
        "https://lever.co.elsewhere.example/v1/stages",
        "https://elsewhere.example\\.lever.co/v1/stages",
        "https://elsewhere.example%2f.lever.co/v1/stages",
        "https://api.lever.co@elsewhere.example/v1/stages",
        "//elsewhere.example/v1/stages",
        "/v1/stages",
        "https://[::1/v1/stages",
    ],
)
def test_it_never_follows_to_a_host_that_is_not_lever(fake: FakeLever, lever: Lever, eu: Detour, location: str) -> None:
    fake.answers_with(b"", 301, Location=location)

    error = failing(lever)

    assert (error.kind, error.permanent) == (Kind.ELSEWHERE, True)
    assert len(fake.seen) == 1


@pytest.mark.parametrize(
    ("status", "location"),
    [
        (301, "http://api.eu.lever.co/v1/stages"),
        (301, f"{EU}/login"),
        (302, f"{EU}/v1/stages"),
        (303, f"{EU}/v1/stages"),
        (307, f"{EU}/v1/stages"),
    ],
)
def test_it_does_not_follow_to_another_call(
    fake: FakeLever, lever: Lever, eu: Detour, status: int, location: str
) -> None:
    fake.answers_with(b"", status, Location=location)

    assert failing(lever).kind is Kind.UNAVAILABLE
    assert len(fake.seen) == 1


def test_even_the_text_of_a_redirect_is_cut_off(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b" " * (LONGEST_ANSWER + 1), 302, Location="https://elsewhere.example/")

    assert "10 MB" in failing(lever).message


def test_a_redirect_to_nowhere_is_no_redirect(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b"", 301)

    assert failing(lever).kind is Kind.UNAVAILABLE


def test_the_port_and_the_user_of_a_redirect_are_left_out(fake: FakeLever, lever: Lever, eu: Detour) -> None:
    fake.answers_with(b"", 301, Location="https://somebody@api.eu.lever.co:8443/v1/stages")
    fake.answers_with(payload("stages"))

    lever.stages()

    assert eu.asked == [f"{EU}/v1/stages"]
