"""The pages for when something is wrong."""

import gzip
import json
import logging
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from structlog.stdlib import ProcessorFormatter


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a fault of ours")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


urlpatterns = [
    path("breaks/", breaks),
    path("forbidden/", forbidden),
    path("form/", form),
    path("", include("config.urls")),
]
handler400 = "config.dead_ends.unreadable"
handler403 = "config.dead_ends.refused"
handler404 = "config.dead_ends.nowhere"
handler500 = "config.dead_ends.broken"

# No test here asks for the database, so pytest-django refuses a page that needs it.
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def heading(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").select("h1")[0].get_text()


def test_an_unknown_address_gets_a_page_of_ours(visitor: Client) -> None:
    response = visitor.get("/nowhere/")
    assert (response.status_code, heading(response)) == (404, "There is no such page")


def test_a_page_that_is_not_yours_says_so(visitor: Client) -> None:
    response = visitor.get("/forbidden/")
    assert (response.status_code, heading(response)) == (403, "This page is not yours to open")


def test_a_form_without_its_cookie_says_how_to_go_on() -> None:
    response = Client(enforce_csrf_checks=True).post("/form/", {"text": "<b>Calm</b>"})
    assert (response.status_code, heading(response)) == (403, "This was not sent")
    assert b"cookies" in response.content


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_that_is_too_large_gets_a_page_of_ours(visitor: Client, kind: str, settings: Any) -> None:
    text = b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + text + b"\r\n--x--\r\n"
    response = visitor.post("/form/", body, content_type=kind)
    assert (response.status_code, heading(response)) == (400, "This could not be read")


def test_a_fault_of_ours_gets_a_page_that_needs_no_database(visitor: Client) -> None:
    response = visitor.get("/breaks/")
    assert (response.status_code, heading(response)) == (500, "Something broke on our side")
    assert b"a fault of ours" not in response.content


def test_the_number_on_the_page_is_the_one_in_the_log(visitor: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    page = BeautifulSoup(visitor.get("/breaks/").content, "html.parser")
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    ours = next(formatter for formatter in formatters if isinstance(formatter, ProcessorFormatter))
    (line,) = [json.loads(ours.format(record)) for record in caplog.records]
    assert line["request"] == page.select("code")[0].get_text()
    assert "a fault of ours" in line["exception"]


@pytest.mark.parametrize("address", ["/nowhere/", "/forbidden/", "/breaks/"])
def test_an_error_page_runs_no_script_of_others(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    page = BeautifulSoup(response.content, "html.parser")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert all(str(tag.get("src", "/")).startswith("/") for tag in page.select("script"))
    assert not page.select("style:not([nonce]), [style], script:not([src])")


@pytest.mark.parametrize("address", ["/nowhere/", "/forbidden/", "/breaks/"])
def test_an_error_page_is_in_the_language_that_the_browser_asks_for(visitor: Client, address: str) -> None:
    response = visitor.get(address, headers={"Accept-Language": "it, es;q=0.8", "Accept-Encoding": "gzip"})
    page = BeautifulSoup(gzip.decompress(response.content), "html.parser")
    assert page.select_one('html[lang="es"][dir="ltr"]')
    assert response.headers["Content-Language"] == "es"
    assert {"Accept-Language", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))


def test_a_form_that_is_refused_says_so_in_the_browsers_language() -> None:
    response = Client(enforce_csrf_checks=True).post("/form/", headers={"Accept-Language": "de"})
    assert response.headers["Content-Language"] == "de"
