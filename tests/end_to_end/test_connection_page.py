"""The Lever page in a browser: what its script adds, by mouse and by keyboard."""

from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import expect

from config.demo import Demo
from integrations.sandbox.world import DEMO_API_KEY
from tests.end_to_end.people import DESK, PHONE, Person

PAGE = "/admin/integrations/connection/1/change/"
# As if it had been read a while ago: the page asks anew.
STALE = "from integrations.models import Connection; Connection.objects.update(offered_at=None)"


@pytest.fixture
def ruth(arrive: Callable[..., Person]) -> Person:
    person = arrive(DESK)
    person.sign_in("ruth@northmoor.example")
    return person


@pytest.fixture
def slow_lever(demo: Demo) -> Iterator[None]:
    """It takes two seconds to say which stages it has."""
    demo.manage("shell", "--command", STALE)
    faults = f"{demo.lever}/sandbox/faults"
    requests.post(faults, json={"kind": "hang", "seconds": 2, "path": "/stages"}, timeout=10).raise_for_status()
    yield
    requests.delete(faults, timeout=10)


def test_a_key_is_tested_where_it_is_typed(ruth: Person) -> None:
    page = ruth.open(PAGE)
    token, verdict = page.get_by_label("Lever API token"), page.locator("#verdict")
    token.fill("wrong")
    page.get_by_role("button", name="Test the API token").click()
    expect(verdict).to_contain_text("Lever does not know this API key")
    token.fill(DEMO_API_KEY)
    page.get_by_role("button", name="Test the API token").click()
    expect(verdict).to_contain_text("Lever accepts this key")
    expect(token).to_have_value(DEMO_API_KEY)
    expect(page.get_by_role("button", name="Test the stored one")).to_be_hidden()


@pytest.mark.usefixtures("slow_lever")
def test_what_was_chosen_stays_chosen_when_lever_answers(ruth: Person) -> None:
    page = ruth.open(PAGE)
    stage, part = page.get_by_label("Lever interview stage"), page.locator("#offer")
    expect(part).to_have_attribute("aria-busy", "true")
    writer = page.get_by_label("Vouch writes in Lever as")
    writer.focus()
    expect(part).to_contain_text("Asking Lever")
    expect(part).not_to_have_attribute("aria-busy", "true")
    expect(part).to_contain_text("Read from your account today at")
    expect(writer).to_be_focused()
    stage.select_option(label="Offer")
    page.get_by_role("link", name="Read it again").click()
    expect(part).not_to_have_attribute("aria-busy", "true")
    expect(stage.locator("option:checked")).to_have_text("Offer")
    expect(page).to_have_url(f"{ruth.demo.site}{PAGE}")


def test_by_keyboard_the_list_leads_to_a_field_and_the_field_to_its_test(ruth: Person) -> None:
    page = ruth.open(PAGE)
    token = page.get_by_label("Lever API token")
    ruth.go_to(token)
    page.keyboard.type("wrong")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Test the API token")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("Lever does not know this API key")
    expect(page.get_by_role("button", name="Test the API token")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_is_accessible(arrive: Callable[..., Person], scheme: str) -> None:
    person = arrive(PHONE, color_scheme=scheme)
    person.sign_in("ruth@northmoor.example")
    person.open(PAGE)
    person.page.locator("main details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    person.look()
    person.check_accessibility()
