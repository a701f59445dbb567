"""Which addresses are Lever's own: to no other does an API key go, unless the operator has named it."""

import pytest

from integrations.lever.hosts import API_URLS, is_levers


@pytest.mark.parametrize("url", [*API_URLS.values(), "https://API.Lever.co/v1", "https://api.lever.co:443/v1"])
def test_these_are_levers(url: str) -> None:
    assert is_levers(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.lever.co/v1",
        "http://api.lever.co/v1",
        "ftp://api.lever.co/v1",
        "https://lever.co.evil.example/v1",
        "https://api.lever.co.evil.example/v1",
        "https://evillever.co/v1",
        "https://api-lever.co/v1",
        "https://api.lever.com/v1",
        "https://api.lever.co@evil.example/v1",
        "https://api.lever.co:443@evil.example/v1",
        "https://evil.example/api.lever.co/v1",
        "https://evil.example?.lever.co/v1",
        "https://evil.example#.lever.co/v1",
        "https://evil.example\\.lever.co/v1",
        "https://evil.example%2f.lever.co/v1",
        "https://evil.example\u3002lever.co/v1",
        "https://api.l\u0435ver.co/v1",  # a Cyrillic letter
        "https://api.lever.co./v1",
        "https://.lever.co/v1",
        "https://127.0.0.1/v1",
        "https://[::1/v1",
        "//api.lever.co/v1",
    ],
)
def test_these_only_look_like_it(url: str) -> None:
    assert not is_levers(url)
