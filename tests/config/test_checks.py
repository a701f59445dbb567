"""Wrong or insecure settings stop the start."""

import json
import os
import subprocess
import sys
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
        ("EMAIL_PROVIDER", "pigeon", "vouch.E010"),
        ("EMAIL_PROVIDER", "scaleway", "vouch.E010"),
        ("SMS_URL", "twilio://AC1@api.twilio.com/?from=+15017122661", "vouch.E013"),
        ("SMS_URL", "https://api.twilio.com/", "vouch.E013"),
        ("SMS_URL", "console://", "vouch.W005"),
        ("SMS_URL", "file:///tmp/texts", "vouch.W005"),
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


BACKEND = "anymail.backends.postmark.EmailBackend"


@pytest.mark.parametrize(
    ("anymail", "expected"),
    [
        ({"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": ["user:password"]}, []),
        ({"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": []}, ["vouch.E011"]),
        ({"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": ["user:password", "password"]}, ["vouch.E011"]),
        ({"WEBHOOK_SECRET": ["user:password"]}, ["vouch.E012"]),
    ],
)
def test_a_mail_provider_needs_its_own_settings(settings: Any, anymail: dict[str, Any], expected: list[str]) -> None:
    assert ids(settings, EMAIL_PROVIDER="postmark", EMAIL_BACKEND=BACKEND, ANYMAIL=anymail) == expected


def test_what_is_missing_says_where_the_provider_is_to_call(settings: Any) -> None:
    settings.EMAIL_PROVIDER, settings.EMAIL_BACKEND = "postmark", BACKEND
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "WEBHOOK_SECRET": []}

    (found,) = settings_are_complete(None)

    assert "https://user:password@testserver/webhooks/mail/postmark/tracking/" in str(found.hint)


def test_twilio_is_right_as_it_stands_in_the_readme(settings: Any) -> None:
    assert ids(settings, SMS_URL="twilio://AC1:token@api.twilio.com/?from=+15017122661") == []


def test_in_debug_text_messages_may_go_nowhere(settings: Any) -> None:
    assert ids(settings, DEBUG=True, SMS_URL="console://") == []


def test_the_environment_chooses_the_provider_and_fills_anymail_s_settings() -> None:
    environment = {
        "EMAIL_PROVIDER": "postmark",
        "ANYMAIL_POSTMARK_SERVER_TOKEN": "token",
        "ANYMAIL_IGNORE_UNSUPPORTED_FEATURES": "false",
        "ANYMAIL_WEBHOOK_SECRET": "user:old,user:new",
        "SMS_URL": "twilio://AC1:token@api.twilio.com/?from=+15017122661",
    }
    show = "import json; from tests import settings as s; print(json.dumps([s.EMAIL_BACKEND, s.ANYMAIL, s.SMS_URL]))"

    done = subprocess.run(
        [sys.executable, "-c", show], env=os.environ | environment, capture_output=True, text=True, check=True
    )

    backend, anymail, sms = json.loads(done.stdout)
    assert (backend, sms) == (BACKEND, environment["SMS_URL"])
    assert anymail["POSTMARK_SERVER_TOKEN"] == "token"
    assert anymail["IGNORE_UNSUPPORTED_FEATURES"] is False
    assert anymail["WEBHOOK_SECRET"] == ["user:old", "user:new"]
    assert anymail["REQUESTS_TIMEOUT"] == 15
