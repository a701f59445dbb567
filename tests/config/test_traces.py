"""When something of ours breaks, the report says where, and shows no key: on Django's page, in a mail, in the log."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils.log import AdminEmailHandler
from structlog.stdlib import ProcessorFormatter

from accounts.roles import Role
from config.logs import configuration
from integrations.models import Connection
from tests.factories import make_connection, make_user

KEY, TYPED, DOOR = "the-stored-api-key", "the-key-just-typed", "the-key-in-the-address"
SECRETS = {KEY, TYPED, DOOR, "the-session-cookie", "a-bearer-token", "the-database-password"}


handler500 = "config.dead_ends.broken"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def mailed(settings: Any) -> Iterator[list[Any]]:
    """What Django's own handler would mail to the operator, with the whole page attached."""
    settings.ADMINS = [("Operator", "operator@vouch.example")]
    handler, log = AdminEmailHandler(include_html=True), logging.getLogger("django.request")
    log.addHandler(handler)
    yield mail.outbox
    log.removeHandler(handler)


def break_it() -> Any:
    """As `runserver` would hand it over: with the environment among the headers."""
    visitor = Client(raise_request_exception=False)
    visitor.cookies["session"] = "the-session-cookie"
    headers = {"Authorization": "Bearer a-bearer-token", "Referer": f"http://testserver/c/{DOOR}/"}
    environment: dict[str, Any] = {"DATABASE_URL": "postgres://vouch:the-database-password@localhost/vouch"}
    return visitor.post(f"/c/{DOOR}/", {"new_api_key": TYPED}, headers=headers, **environment)


def leaked(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text}


def test_the_error_page_of_debug_shows_where_it_was_and_no_value(settings: Any) -> None:
    settings.DEBUG = True

    page = break_it()

    assert page.status_code == 500
    assert "nothing of that name" in page.text  # the source around the line
    assert "KeyError" in page.text
    assert leaked(page.text) == set()


def test_a_script_that_asks_gets_the_same_as_text(settings: Any) -> None:
    settings.DEBUG = True
    visitor = Client(raise_request_exception=False, headers={"Accept": "text/plain"})

    text = visitor.post(f"/c/{DOOR}/", {"new_api_key": TYPED}).text

    assert "KeyError at /c/.../" in text
    assert leaked(text) == set()


def test_the_mail_about_it_shows_no_value_either(mailed: list[Any]) -> None:
    break_it()

    (message,) = mailed
    # Above the report stands the log's line with the whole address: Vouch has no such handler, its own cut it short.
    text, html = message.body.partition("\n\n")[2], message.alternatives[0].content
    assert "KeyError at /c/.../" in text
    assert "KeyError" in html
    assert leaked(text + html) == set()


def test_no_setting_of_the_report_holds_a_password(settings: Any) -> None:
    settings.DEBUG = True
    settings.CACHES = {"default": {"LOCATION": "redis://:the-database-password@localhost"}}

    page = break_it()

    assert "LANGUAGE_CODE" in page.text
    assert settings.FIELD_ENCRYPTION_KEYS[0] not in page.text
    assert settings.SECRET_KEY not in page.text
    assert leaked(page.text) == set()


@pytest.mark.parametrize("json", [True, False])
def test_the_log_of_it_shows_no_variable(json: bool, caplog: pytest.LogCaptureFixture) -> None:
    """`rich`, where a developer has it, would print each frame with all its variables."""
    break_it()
    how = configuration(json=json, level="INFO")["formatters"]["lines"]
    formatter = ProcessorFormatter(processors=how["processors"], foreign_pre_chain=how["foreign_pre_chain"])

    (line,) = (formatter.format(record) for record in caplog.records if record.levelno >= logging.ERROR)

    assert "KeyError" in line
    assert "breaks" in line
    assert leaked(line) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("debug", [True, False])
def test_a_connection_whose_key_cannot_be_read_breaks_its_page_and_shows_nothing(
    settings: Any, mailed: list[Any], debug: bool
) -> None:
    settings.DEBUG = debug
    connection = make_connection(api_key=KEY)
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user(connection.organization, Role.SUPER_ADMIN))
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    page = browser.post(reverse("admin:integrations_connection_change", args=[connection.pk]), {"new_api_key": TYPED})

    told = page.text + "".join(message.body + message.alternatives[0].content for message in mailed)
    assert page.status_code == 500
    assert "DecryptionError" in told
    assert leaked(told) == set()


# --- at the end, because a report shows the lines around the one that broke ---------------------------------


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    connection, typed = Connection(api_key=KEY), request.POST["new_api_key"]
    with_key = {"connection": connection, "key": connection.api_key, "typed": typed}
    return HttpResponse(with_key["nothing of that name"])


urlpatterns = [path("c/<str:token>/", breaks), path("", include("config.urls"))]
