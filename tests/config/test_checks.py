"""Wrong or insecure settings stop the start."""

from typing import Any

import pytest

from config.checks import settings_are_complete, settings_are_safe


@pytest.fixture(autouse=True)
def levers_own(settings: Any) -> None:
    settings.LEVER_API_URL = "https://api.lever.co/v1"


def ids(settings: Any, **changes: Any) -> list[str]:
    for name, value in changes.items():
        setattr(settings, name, value)
    return [found.id for found in settings_are_complete(None)]


def test_the_tests_own_settings_are_right(settings: Any) -> None:
    assert ids(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SITE_URL", "", "vouch.E001"),
        ("ALLOWED_HOSTS", [], "vouch.E001"),
        ("FIELD_ENCRYPTION_KEYS", [], "vouch.E001"),
        ("DEFAULT_FROM_EMAIL", "", "vouch.E001"),
        ("FIELD_ENCRYPTION_KEYS", ["short"], "vouch.E002"),
        ("CONNECTION_MODE", "automatic", "vouch.E003"),
        ("LEVER_API_URL", "https://api.lever.co", "vouch.E004"),
        ("LEVER_API_URL", "https://api.lever.co.evil.example/v1", "vouch.W004"),
        ("LEVER_API_URL", "https://[::1/v1", "vouch.W004"),
        ("SITE_URL", "vouch.example.com", "vouch.E005"),
        ("ALLOWED_HOSTS", ["vouch.example.com"], "vouch.W003"),
        ("DEFAULT_FROM_EMAIL", "Vouch", "vouch.E008"),
        ("Q_CLUSTER", {"timeout": 90, "retry": 60}, "vouch.E006"),
        ("KEEP_DELIVERIES_DAYS", 19, "vouch.E009"),
        ("KEEP_DELIVERIES_DAYS", 36_501, "vouch.E009"),
    ],
)
def test_a_wrong_value_is_an_error(settings: Any, name: str, value: Any, expected: str) -> None:
    assert ids(settings, **{name: value}) == [expected]


def test_a_connection_pool_is_an_error(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", {"pool": True})

    assert ids(settings) == ["vouch.E007"]


def test_every_error_about_a_missing_value_says_what_to_set(settings: Any) -> None:
    settings.SITE_URL = ""

    (found,) = settings_are_complete(None)

    assert found.hint is not None
    assert "https://" in found.hint


def test_plain_http_is_a_warning_before_deployment(settings: Any) -> None:
    settings.HTTPS = False
    settings.LEVER_API_URL = "http://127.0.0.1/v1"

    assert [found.id for found in settings_are_safe(None)] == ["vouch.W001", "vouch.W002"]


def test_our_own_address_may_bear_a_name(settings: Any) -> None:
    assert ids(settings, DEFAULT_FROM_EMAIL="Vouch <references@example.com>") == []


def test_a_practice_lever_is_no_news_in_debug(settings: Any) -> None:
    assert ids(settings, DEBUG=True, LEVER_API_URL="http://127.0.0.1:8001/v1") == []


def test_the_warning_of_another_lever_says_what_it_means(settings: Any) -> None:
    settings.LEVER_API_URL = "http://127.0.0.1:8001/v1"

    (found,) = settings_are_complete(None)

    assert "every API key is sent there" in found.msg
