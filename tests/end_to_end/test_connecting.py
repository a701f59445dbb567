"""From nothing to the first check, both ways, by people between two windows: Vouch's portal and Lever's settings.

Nobody here knows more than a page tells. Clicks are counted, and may not become more.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from config.demo import OPERATOR, ORGANIZATION, Demo
from tests.end_to_end.people import DESK, PHONE, Counted
from tests.faults.processes import add_person, database_of_its_own, move, tags

SUPER_ADMIN = "ruth@northmoor.example"


class Newcomer(Counted):
    """At two windows; clicks are counted in both."""

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.vouch = self.page
        self.lever = self.context.new_page()

    def at(self, window: Page) -> Page:
        self.page = window
        return window


@pytest.fixture(params=["self-service", "managed"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty(mode: str, tmp_path: Path) -> Iterator[Demo]:
    """An installation that knows of no Lever, beside a Lever that knows of no Vouch."""
    with database_of_its_own(tmp_path) as url:
        more = {"DATABASE_URL": url, "CONNECTION_MODE": mode}
        with Demo(tmp_path, lambda step: None, settle=0.2, ports=(0, 0, 0), more=more, connected=False) as demo:
            yield demo


@pytest.fixture
def come(browser: Browser, empty: Demo) -> Iterator[Callable[..., Newcomer]]:
    here: list[Newcomer] = []

    def newcomer(email: str, device: Any = DESK, **more: Any) -> Newcomer:
        here.append(Newcomer(browser, empty, device, **more))
        here[-1].sign_in(email)
        return here[-1]

    yield newcomer
    for each in here:
        each.leave()


# --- in Lever's settings --------------------------------------------------------------------------------


def new_key(person: Newcomer) -> str:
    """Made with everything ticked; shown once."""
    page = person.at(person.lever)
    page.goto(f"{person.demo.lever}/settings")
    page.get_by_text("Generate new key").click()
    page.get_by_label("Allow access to confidential data").check()
    page.get_by_role("button", name="Generate key").click()
    return page.locator("#new-key").inner_text()


def group(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=words)


def add_webhook(page: Page, words: str) -> str:
    """Its signature token, which is there before the address."""
    group(page, words).get_by_role("button", name="Add webhook").click()
    return group(page, words).locator(".token").inner_text()


def paste(page: Page, words: str, url: str) -> None:
    group(page, words).get_by_label("Webhook address").fill(url)
    group(page, words).get_by_role("button", name="Save").click()


def switch_on(page: Page, words: str) -> None:
    group(page, words).get_by_role("button", name="Switch on").click()


# --- in Vouch -------------------------------------------------------------------------------------------


def manage(person: Newcomer) -> Page:
    page = person.at(person.vouch)
    page.get_by_role("link", name="Organization settings").click()
    page.get_by_role("button", name="Manage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lever")
    person.look()
    person.check_accessibility()
    return page


def enter_key(person: Newcomer, key: str) -> Page:
    page = person.at(person.vouch)
    page.get_by_label("Lever API token").fill(key)
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_text("Lever accepts")).to_be_visible()
    return page


def choose(page: Page) -> None:
    """The lists are filled with what the account of the key has, a moment after the key is saved."""
    stage = page.get_by_label("Lever interview stage")
    expect(stage.get_by_role("option", name="Reference check")).to_be_attached()
    stage.select_option(label="Reference check")
    page.get_by_label("Vouch writes in Lever as").select_option(label="Ruth Adeyemi")


def save(person: Newcomer) -> None:
    page = person.at(person.vouch)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".notice").first).to_contain_text("Saved")


def reloaded(page: Page) -> str:
    """What the page says by now of the webhook that starts checks."""
    page.reload()
    return page.get_by_role("group", name="Candidate stage change").inner_text()


def activate(person: Newcomer) -> None:
    page = person.at(person.vouch)
    page.get_by_role("button", name="Activate").first.click()
    expect(page.locator(".notice").first).to_contain_text("active")
    person.look()


def see_first_check(demo: Demo) -> None:
    candidate = add_person(demo, "Nia Morgan")
    move(demo, candidate)
    demo.until("Lever shows the tag", lambda: tags(demo)[candidate] == ["Vouch - Candidate submitted"])


# --- the ways -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["self-service"], indirect=True)
def test_a_super_admin_connects_alone_and_vouch_makes_the_webhooks(come: Callable[..., Newcomer]) -> None:
    ruth = come(SUPER_ADMIN)
    manage(ruth)
    key = new_key(ruth)
    page = enter_key(ruth, key)
    save(ruth)
    choose(page)
    save(ruth)
    page.get_by_role("button", name="Create the webhooks for me").click()
    expect(page.get_by_role("group", name="Candidate deleted")).not_to_contain_text("No token")
    for words in ("Stage Change", "Hired", "Archive State Change", "Deleted"):
        switch_on(ruth.at(ruth.lever), f"Candidate {words}")
    activate(ruth)
    see_first_check(ruth.demo)
    assert ruth.clicks <= 15


@pytest.mark.parametrize("mode", ["self-service"], indirect=True)
def test_a_super_admin_connects_alone_and_pastes_the_webhooks_by_hand(come: Callable[..., Newcomer]) -> None:
    """With one address: the others may follow on any day."""
    ruth = come(SUPER_ADMIN, DESK, color_scheme="dark")
    manage(ruth)
    key = new_key(ruth)
    token = add_webhook(ruth.lever, "Candidate Stage Change")
    page = enter_key(ruth, key)
    hook = page.get_by_role("group", name="Candidate stage change")
    hook.get_by_label("Signature token").fill(token)
    url = hook.get_by_label("Lever webhook URL").input_value()
    save(ruth)
    choose(page)
    save(ruth)
    paste(ruth.at(ruth.lever), "Candidate Stage Change", url)
    switch_on(ruth.lever, "Candidate Stage Change")
    group(ruth.lever, "Candidate Stage Change").get_by_role("button", name="Verify connection").click()
    ruth.demo.until("the test is on the page", lambda: "test" in reloaded(page))
    activate(ruth)
    see_first_check(ruth.demo)
    assert ruth.clicks <= 16


@pytest.mark.parametrize("mode", ["managed"], indirect=True)
def test_the_operator_connects_for_a_customer(come: Callable[..., Newcomer]) -> None:
    ruth, operator = come(SUPER_ADMIN, PHONE), come(OPERATOR)
    tiles(ruth).get_by_role("button", name="Request connection").click()
    expect(tiles(ruth)).to_contain_text("Requested")
    ruth.look()
    ruth.check_accessibility()

    page = customers_page(operator)
    page.get_by_label("Stage that starts checks").fill("reference check")
    next_step(operator)
    next_step(operator)

    key = new_key(ruth)
    token = add_webhook(ruth.lever, "Candidate Stage Change")
    ruth.at(ruth.vouch).reload()
    tiles(ruth).get_by_role("button", name="Settings").click()
    dialog = ruth.vouch.get_by_role("dialog")
    dialog.get_by_label("API key").fill(key)
    dialog.get_by_label("Webhook signature token").fill(token)
    dialog.get_by_role("button", name="Save").click()
    expect(ruth.vouch.locator(".notice").first).to_contain_text("Saved")

    operator.vouch.reload()
    next_step(operator)
    ruth.vouch.reload()
    url = tiles(ruth).get_by_label("Address").input_value()
    paste(ruth.at(ruth.lever), "Candidate Stage Change", url)
    switch_on(ruth.lever, "Candidate Stage Change")
    operator.vouch.reload()
    next_step(operator)
    see_first_check(ruth.demo)
    assert (ruth.clicks <= 14, operator.clicks <= 9) == (True, True), (ruth.clicks, operator.clicks)


def tiles(person: Newcomer) -> Locator:
    """Lever's tile."""
    page = person.at(person.vouch)
    if "/integrations/connection/" not in page.url:
        person.open("/admin/integrations/connection/")
    return page.locator(".tile").first


def customers_page(operator: Newcomer) -> Page:
    """By the line on the desk."""
    operator.at(operator.vouch)
    page = operator.open("/admin/")
    expect(page.get_by_text(ORGANIZATION).first).to_be_visible()
    page.get_by_role("link", name="Open the connection").first.click()
    operator.look()
    operator.check_accessibility()
    return page


def next_step(operator: Newcomer) -> None:
    operator.at(operator.vouch).locator(".steps form.next button").click()
    operator.look()
