"""From an empty organization to a template for engineers that was tried: by the pages alone, with no help page.

Clicks are counted, and may not become more.
"""

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.demo import Demo
from tests.end_to_end.people import DESK, Counted

TEN_MINUTES = 600.0  # seconds
NEW_ORGANIZATION = """
import os
from accounts.models import Organization, User
from accounts.roles import Role
organization = Organization.objects.create(name="{email}")
person = User(organization=organization, email="{email}", name="Nora Vale", role=Role.SUPER_ADMIN)
person.set_password(os.environ["VOUCH_DEMO_PASSWORD"])
person.save()
"""
NOTE = "Somebody who has read your code."
SUBJECT, TEXT = "{candidate} wartet auf Ihre Antwort", "Guten Tag, {name} hofft auf Ihre Antwort bis {date}.\n\n{link}"


class Newcomer(Counted):
    """The first person of an organization that has nothing yet: no template, no survey, no words."""

    def __init__(self, browser: Browser, demo: Demo) -> None:
        super().__init__(browser, demo, DESK)
        self.email = f"nora-{uuid4().hex[:8]}@harbour.example"
        demo.manage("shell", "-c", NEW_ORGANIZATION.format(email=self.email))
        self.sign_in(self.email)
        self.began = time.monotonic()


@pytest.fixture
def nora(browser: Browser, demo: Demo) -> Iterator[Newcomer]:
    newcomer = Newcomer(browser, demo)
    yield newcomer
    newcomer.leave()


# --- two ways to a template -----------------------------------------------------------------------------


def from_a_pack(nora: Newcomer) -> None:
    page = nora.page
    page.get_by_role("link", name="choose from the packs").click()
    nora.look()
    page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Engineering")).get_by_role(
        "button", name="Choose"
    ).click()
    page.get_by_text("Whom it asks").click()
    expect(page.get_by_text("Any: the candidate decides")).to_be_visible()
    nora.look()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("link", name="Engineering", exact=True).click()
    reference(page, 2).get_by_label("Note").fill(NOTE)


def from_nothing(nora: Newcomer) -> None:
    """A survey of one's own first: a new template says that it needs one, and leads there."""
    page = nora.page
    page.get_by_role("link", name="Create new template").click()
    nora.look()
    page.get_by_role("link", name="Write a survey").click()
    page.get_by_label("Name", exact=True).fill("Engineers")
    page.get_by_label("Kind of answer").select_option("Their own words, as many as they like")
    page.get_by_label("Question", exact=True).fill("Which piece of {name}’s work do you still remember?")
    nora.look()
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator(".notice").first).to_contain_text("Version 1 is in use")
    page.get_by_role("link", name="Templates", exact=True).first.click()
    page.get_by_role("link", name="Create new template").click()
    page.get_by_label("Name", exact=True).fill("Engineering")
    page.get_by_label("ATS tag").fill("engineering")
    page.get_by_label("Survey").select_option("Engineers, version 1")
    for number, relationship in enumerate(("Manager", "Colleague", "Any: the candidate decides"), start=1):
        reference(page, number).get_by_label("Relationship").select_option(relationship)
    reference(page, 2).get_by_label("Note").fill(NOTE)


def reference(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Reference {number}", exact=True)


# --- and then -------------------------------------------------------------------------------------------


def say_in_german(nora: Newcomer) -> None:
    """How a reference is reminded; saved, so that it will be said, and still on the page."""
    page = nora.page
    page.get_by_role("link", name="Messages of this template").click()
    nora.look()
    reminded = page.get_by_role("row").filter(has_text="The reference is reminded").filter(has_text="e-mail")
    reminded.get_by_role("link").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The reference is reminded: e-mail, Deutsch")
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Save and stay here").click()
    expect(page.get_by_text("In this template’s own words")).to_be_visible()
    nora.look()


def try_it(nora: Newcomer) -> str:
    """The text of the test as it came in."""
    nora.page.get_by_role("button", name="Send me a test").click()
    expect(nora.page.frame_locator("iframe.arrived").get_by_role("status")).to_contain_text(nora.email)
    return str(nora.demo.until("the test arrives", lambda: received(nora)))


def received(nora: Newcomer) -> str | None:
    texts = (str(mail["text"]) for mail in nora.demo.mails() if nora.email in mail["to"])
    return next(texts, None)


def save(nora: Newcomer) -> None:
    page = nora.page
    page.locator("[name=_save]").click()
    line = page.get_by_role("row").filter(has_text="Engineering")
    expect(line).to_contain_text("3: Manager, Colleague and Any")
    nora.look()
    line.get_by_role("link", name="Engineering", exact=True).click()
    expect(reference(page, 2).get_by_label("Note")).to_have_value(NOTE)


@pytest.mark.parametrize(("begin", "most"), [(from_a_pack, 12), (from_nothing, 12)])
def test_a_newcomer_comes_from_nothing_to_a_template_and_a_test_of_its_german_reminder(
    nora: Newcomer, begin: Callable[[Newcomer], None], most: int
) -> None:
    nora.page.get_by_role("link", name="Templates").click()
    begin(nora)
    nora.look()
    save(nora)
    say_in_german(nora)
    assert "hofft auf Ihre Antwort bis" in try_it(nora)
    assert nora.clicks <= most
    assert time.monotonic() - nora.began < TEN_MINUTES
