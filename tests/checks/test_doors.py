"""The links in mails: what they open, and what they never tell."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from checks.models import Answer, Check, Event, Reference
from notifications.models import Message
from tests.checks.visits import answers, enter, link_to, names_for, read, words
from tests.factories import make_awaiting_check, make_check

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["candidate", "reference"])
def row(request: pytest.FixtureRequest) -> Check | Reference:
    """Whoever has a page behind a door."""
    return make_check() if request.param == "candidate" else make_awaiting_check().references.in_order()[0]


def everything() -> list[Any]:
    """All that a page could change, as values."""
    return [list(model.objects.order_by("pk").values()) for model in (Check, Reference, Answer, Event, Message)]


def test_the_link_goes_on_to_a_page_without_the_token(client: Client, row: Check | Reference) -> None:
    response = client.get(link_to(row))
    assert response.status_code == 302
    assert str(row.public_id) in response.headers["Location"]
    assert row.token not in response.headers["Location"]


def test_the_token_is_in_a_cookie_for_that_page_alone(client: Client, row: Check | Reference) -> None:
    page = enter(client, row)
    cookie = client.cookies["door"]
    assert cookie.value == row.token
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (page, True, "Lax")


def test_over_https_the_cookie_never_travels_in_clear(client: Client, row: Check | Reference, settings: Any) -> None:
    settings.HTTPS = True
    page = enter(client, row)
    assert client.cookies["__Secure-door"]["secure"]
    assert client.get(page).status_code == 200


def test_the_page_opens_with_the_cookie(client: Client, row: Check | Reference) -> None:
    assert client.get(enter(client, row)).status_code == 200


def test_a_head_request_is_answered_as_a_get(client: Client, row: Check | Reference) -> None:
    assert client.head(link_to(row)).status_code == 302


def test_nothing_can_be_sent_to_the_link(client: Client, row: Check | Reference) -> None:
    assert client.post(link_to(row)).status_code == 405


# --- dead ends ------------------------------------------------------------------------------------------


def shut(row: Check | Reference) -> None:
    type(row).objects.filter(pk=row.pk).update(token_expires_at=timezone.now())


def expired(client: Client, row: Check | Reference) -> Any:
    type(row).objects.filter(pk=row.pk).update(token_expires_at=timezone.now() - timedelta(seconds=1))
    return client.get(link_to(row))


def revoked(client: Client, row: Check | Reference) -> Any:
    shut(row)
    return client.get(link_to(row))


def revoked_on_the_page(client: Client, row: Check | Reference) -> Any:
    page = enter(client, row)
    shut(row)
    return client.get(page)


def revoked_before_sending(client: Client, row: Check | Reference) -> Any:
    page = enter(client, row)
    shut(row)
    return client.post(page, {"consent": "on"})


def altered(client: Client, row: Check | Reference) -> Any:
    return client.get(link_to(row).swapcase().replace("/C/", "/c/").replace("/R/", "/r/"))


def at_another_door(client: Client, row: Check | Reference) -> Any:
    doors = {"/c/": "/r/", "/r/": "/c/"}
    return client.get(doors[link_to(row)[:3]] + link_to(row)[3:])


def without_the_cookie(client: Client, row: Check | Reference) -> Any:
    page = enter(client, row)
    client.cookies.clear()
    return client.get(page)


def with_the_cookie_of_another(client: Client, row: Check | Reference) -> Any:
    page = enter(client, row)
    enter(client, make_check() if isinstance(row, Check) else make_awaiting_check().references.in_order()[0])
    return client.get(page)


def plain(response: Any) -> tuple[str, str]:
    """Body and headers without what is new with each answer."""
    header, nonce = str(response.headers), str(read(response).style["nonce"])
    return response.text.replace(nonce, ""), header.replace(nonce, "")


@pytest.mark.parametrize(
    "dead_end",
    [
        expired,
        revoked,
        revoked_on_the_page,
        revoked_before_sending,
        altered,
        at_another_door,
        without_the_cookie,
        with_the_cookie_of_another,
    ],
)
def test_every_dead_end_is_the_same(client: Client, row: Check | Reference, dead_end: Any) -> None:
    unknown = Client().get("/c/never-a-token/")
    found = dead_end(client, row)
    assert (found.status_code, plain(found)) == (404, plain(unknown))
    assert not found.cookies


def test_the_dead_end_says_what_can_be_done(client: Client) -> None:
    page = read(client.get("/r/never-a-token/"))
    assert words(page.h1) == "This link has run out"
    assert "Open the link in the newest mail" in words(page)


def test_the_address_of_a_dead_end_is_told_to_nobody(client: Client) -> None:
    assert client.get("/r/never-a-token/").headers["Referrer-Policy"] == "no-referrer"


# --- mail scanners, caches, logs ------------------------------------------------------------------------


def test_fifty_looks_change_nothing_and_then_the_candidate_answers_once(client: Client) -> None:
    check = make_check()
    before = everything()
    for _ in range(50):
        client.get(enter(client, check))
    assert everything() == before
    for _ in range(2):
        client.post(enter(client, check), names_for(check))
    assert check.references.count() == 3


def test_fifty_looks_change_nothing_and_then_the_reference_answers_once(client: Client) -> None:
    reference = make_awaiting_check().references.in_order()[0]
    before = everything()
    for _ in range(50):
        page = enter(client, reference)
        client.get(page)
        client.get(f"{page}decline/")
    assert everything() == before
    for _ in range(2):
        client.post(enter(client, reference), answers(reference))
    assert Event.objects.filter(kind="answered").count() == 1


def test_no_cache_keeps_a_page_and_no_search_engine_lists_it(client: Client, row: Check | Reference) -> None:
    page = enter(client, row)
    wrong_method = client.put(page)
    for response in (client.get(link_to(row)), client.get(page), client.post(page), wrong_method, client.get("/c/x/")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"


def test_no_log_line_holds_a_token(client: Client, row: Check | Reference, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = enter(client, row)
    client.get(page)
    client.post(link_to(row))  # not allowed, and Django says so with the path
    shut(row)
    client.get(link_to(row))  # not found, likewise
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    ours = next(formatter for formatter in formatters if isinstance(formatter, ProcessorFormatter))
    written = "\n".join(ours.format(record) for record in caplog.records)
    assert "Method Not Allowed" in written
    assert "Not Found" in written
    assert row.token not in written


def test_no_page_leads_back_to_the_token(client: Client, row: Check | Reference) -> None:
    page = enter(client, row)
    for response in (client.get(page), client.post(page, {"save": "1"})):
        assert row.token.encode() not in response.content
        assert row.token not in str(response.headers)
