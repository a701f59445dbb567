"""The forms of candidates and references by Tab, Space, arrows and Enter: one always sees where one is."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from checks.models import Check, Reference
from tests.checks.every_kind import ANSWERS, first, make_full_check
from tests.checks.visits import link_to
from tests.end_to_end.people import DESK
from tests.factories import make_check, make_organization, make_template

# What has the focus: what it is called, whether it stands in the page's main part, and what hides it, if anything does.
STOP = """() => {
    const one = document.activeElement, named = one.labels?.[0] ?? one;
    const box = [...one.getClientRects()].find((line) => line.width > 0);
    const isDrawn = [one, named].some((each) => parseFloat(getComputedStyle(each).outlineWidth) >= 2);
    const seen = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    const isSeen = one.contains(seen) || named.contains(seen);
    const fault = isDrawn ? (isSeen ? "" : "is hidden") : "has no ring";
    return [one === document.body ? "" : named.textContent.trim(), Boolean(one.closest("main")), fault];
}"""
SKIP = "Skip to content"
Keys = tuple[tuple[str, str], ...]  # a stop, and what is pressed or typed there
NAMED: Keys = (
    ("I agree", "Space"),
    ("I have nobody like this", "Enter"),
    ("I name somebody like this", "ArrowDown"),
    ("How do you know this person?", "Teacher"),
    ("Why this person instead?", "She taught me."),
    ("Full name", "Eileen Farrow"),
    ("E-mail address", "eileen@solent.example"),
    ("Worked together from", "April 2020"),
    ("Only if you like: where", "Enter"),
    ("A line to them", "Do you remember the storm?"),
    ("Send this name", "Enter"),
)
ANSWERED: Keys = (
    ("Put something right", "Enter"),
    ("Where you worked together", "Solent Lines"),
    ("That is right", "Space"),
    ("That is right", "Space"),
    ("Bottom half", "ArrowDown"),
    ("Looks away", "ArrowDown"),
    ("Such as?", "He called me at once."),
    ("Hardly ever", "ArrowDown"),
    ("Yes", "ArrowDown"),
    ("In your own words", "The hours."),
    ("Alone", "Space"),
    ("Planning", "Space"),
    ("Hiring", "Space"),
    ("Decides fast", "ArrowDown"),
    ("Send my answers", "Enter"),
)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, transactional_db: Any) -> Iterator[Page]:
    with browser.new_context(**DESK) as context:
        yield context.new_page()


def enter(page: Page, live_server: LiveServer, row: Check | Reference) -> None:
    page.goto(f"{live_server.url}{link_to(row)}")


def step(page: Page, key: str = "Tab") -> str:
    """To the next stop; what it is called."""
    page.keyboard.press(key)
    name, _is_in_main, fault = page.evaluate(STOP)
    assert not name or not fault, f"{name} {fault}"
    return str(name)


def stops(page: Page, key: str, last: str) -> list[str]:
    """All of the page, on the way to the one that is called `last`."""
    found: list[str] = []
    while (name := step(page, key)) != last and len(found) < 200:
        found.append(name)
    return found


def look_around(page: Page) -> None:
    """All that can be used is come to, forwards and backwards, and the first stop leads past what stands above."""
    there = stops(page, "Tab", last="")  # to where the browser's own begin
    back = stops(page, "Shift+Tab", last=SKIP)
    assert there[0] == SKIP
    assert len(there) == len([SKIP, *back]) < 200
    page.reload()
    assert step(page) == SKIP
    page.keyboard.press("Enter")
    step(page)
    assert page.evaluate(STOP)[1]


def fill_in(page: Page, keys: Keys) -> None:
    """From one to the next, in the order of the page."""
    for words, pressed in keys:
        while words not in (name := step(page)):
            assert name, f"No stop is called {words}"
        is_one_key = pressed in ("Space", "Enter", "ArrowDown")
        (page.keyboard.press if is_one_key else page.keyboard.type)(pressed)


def test_a_candidate_names_somebody_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",)))
    enter(page, live_server, check)
    look_around(page)
    page.reload()
    fill_in(page, NAMED)
    expect(page.get_by_role("heading", level=1)).to_have_text("One person is asked")
    named = check.references.get()
    assert (named.name, named.relationship, named.why_other) == ("Eileen Farrow", "teacher", "She taught me.")
    assert named.personal_line == "Do you remember the storm?"


def test_a_reference_answers_by_keyboard_alone(page: Page, live_server: LiveServer) -> None:
    reference = first(make_full_check())
    enter(page, live_server, reference)
    look_around(page)
    page.reload()
    fill_in(page, ANSWERED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Eileen. It is sent.")
    given = Reference.objects.get(pk=reference.pk).given()
    assert set(given) == {*ANSWERS, "in-the-way"} - {"period.reason", "one-word", "strength"}
    assert (given["overall"].score, given["work-again"].choice, given["in-the-way"].text) == (2, "unsure", "The hours.")
    assert given["seen"].choices == ("Planning", "Hiring")
