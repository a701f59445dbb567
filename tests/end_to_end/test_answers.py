"""A questionnaire with every kind of question and a follow-up, in a browser on a telephone."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from checks.models import Reference
from checks.references import Given
from tests.checks.every_kind import first, make_full_check
from tests.checks.visits import link_to
from tests.end_to_end.axe import violations
from tests.end_to_end.people import PHONE


@pytest.fixture
def reference(transactional_db: Any) -> Reference:
    return first(make_full_check())


@pytest.fixture
def said() -> list[str]:
    """What the browser says of the page."""
    return []


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, reference: Reference, said: list[str]) -> Iterator[Page]:
    """The reference's page. Whatever the browser says of it is a fault. (axe would break our CSP.)"""
    how: Mapping[str, Any] = {**PHONE, "bypass_csp": True}
    context = browser.new_context(**how)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}{link_to(reference)}")
    yield page
    context.close()
    assert said == []


def question(page: Page, text: str) -> Locator:
    return page.get_by_role("group", name=text)


def test_every_kind_is_answered_and_a_follow_up_comes_when_it_is_asked_for(page: Page, reference: Reference) -> None:
    progress, follow_up = page.locator("#progress-words"), question(page, "What would stand in the way?")
    expect(progress).to_have_text("0 of 11 answered")
    expect(follow_up).to_be_hidden()
    question(page, "Would you work with Marcus again?").get_by_text("Unsure").tap()
    expect(follow_up.get_by_role("textbox")).to_be_enabled()
    expect(progress).to_have_text("1 of 12 answered")
    follow_up.get_by_role("textbox").fill("The hours.")
    question(page, "What was Marcus’s title?").get_by_text("Not quite", exact=True).tap()
    question(page, "What was Marcus’s title?").get_by_label("What was it").fill("Mate")
    for text in ("That is right", "Top tenth", "Looks away", "Nearly always", "Alone", "Planning", "Decides fast"):
        page.get_by_role("group").get_by_text(text, exact=True).last.tap()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert violations(page) == []
    page.get_by_role("button", name="Send my answers").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Eileen. It is sent.")
    assert reference.given() == {
        "title": Given(choice="not-quite", text="Mate"),
        "period": Given(choice="right"),
        "overall": Given(score=4),
        "setbacks": Given(score=1),
        "on-time": Given(score=4),
        "work-again": Given(choice="unsure"),
        "in-the-way": Given(text="The hours."),
        "pace": Given(choice="Alone"),
        "seen": Given(choices=("Planning",)),
        "better": Given(choice="Decides fast"),
    }


def test_the_page_saves_itself_says_when_it_cannot_and_tries_again(page: Page, said: list[str]) -> None:
    words = question(page, "What does Marcus do best?").get_by_role("textbox")
    page.route("**/reference/**", lambda route: route.fulfill(status=503))
    words.fill("By ear \U0001f600")
    expect(page.locator("#saved.unsaved")).to_contain_text("Not saved at the moment")
    assert ["503" in line for line in said] == [True]
    said.clear()
    page.unroute("**/reference/**")
    words.press("End")
    words.press_sequentially(", mostly.")
    expect(page.locator("#saved:not(.unsaved)")).to_contain_text("Saved at")
    page.reload()
    expect(words).to_have_value("By ear \U0001f600, mostly.")


def test_by_keyboard_alone_one_puts_right_and_sends_nothing_too_early(page: Page, reference: Reference) -> None:
    summary = page.get_by_text("Put something right")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Where you worked together").focus()
    page.keyboard.type("Solent Lines")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="You can close this page")).to_be_visible()
    assert Reference.objects.get(pk=reference.pk).corrections == {"company": "Solent Lines"}
    assert Reference.objects.get(pk=reference.pk).status == "asked"
