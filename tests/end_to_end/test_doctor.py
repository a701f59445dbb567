"""The doctor in a real browser: lines that fill one by one, a title that follows, a test that comes back."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from config.demo import Demo
from tests.end_to_end.people import DESK, PATIENCE, PHONE, Person

RUTH = "ruth@northmoor.example"


@pytest.fixture
def doctor(arrive: Callable[..., Person]) -> Callable[..., Person]:
    """Ruth, before the doctor's page."""

    def come(device: Any = DESK, **more: Any) -> Person:
        ruth = arrive(device, **more)
        ruth.sign_in(RUTH)
        ruth.open("/admin/integrations/connection/1/doctor/")
        return ruth

    return come


def filled(page: Page) -> Page:
    """Once Lever has answered every line."""
    expect(page.locator("[data-line][aria-busy]")).to_have_count(0, timeout=2 * PATIENCE)
    expect(page.locator("h1")).not_to_contain_text("so far")
    return page


@pytest.mark.parametrize("device", [DESK, PHONE])
def test_the_lines_fill_and_the_title_follows(doctor: Callable[..., Person], device: Any) -> None:
    ruth = doctor(device)
    page = filled(ruth.page)
    ruth.look()
    expect(page.get_by_text("Asking Lever…").locator("visible=true")).to_have_count(0)
    expect(page.locator("#line-key")).to_contain_text("The account of northmoor.example answers.")
    counted = {shape: page.locator(f"[data-line] > .state.{shape}").count() for shape in ("bad", "warn")}
    assert counted["bad"] == 0
    expect(page.locator("h1")).to_have_text(re.compile("All is well|deserves? a look"))
    expect(page).to_have_title(re.compile(r"(well|look) · Vouch$"))


def test_a_signed_test_event_comes_back_while_one_looks(doctor: Callable[..., Person]) -> None:
    ruth = doctor()
    ruth.page.get_by_role("button", name="Send a signed test event").click()
    expect(ruth.page.get_by_text("processed after")).to_have_count(4)
    expect(ruth.page.locator("#test [data-fill][aria-busy]")).to_have_count(0)
    filled(ruth.page)
    ruth.look()


def test_without_a_script_one_link_asks_lever(doctor: Callable[..., Person]) -> None:
    ruth = doctor(java_script_enabled=False)
    expect(ruth.page.get_by_text("Not asked yet.").first).to_be_visible()
    expect(ruth.page.get_by_text("Asking Lever…").first).to_be_hidden()
    ruth.page.get_by_role("link", name="Ask Lever for all lines").click()
    expect(ruth.page.locator("#line-key")).to_contain_text("Accepted by Lever.")
    ruth.page.get_by_role("button", name="Look again").click()
    expect(ruth.page.locator("#line-key")).to_contain_text("Accepted by Lever.")
    ruth.look()


@pytest.fixture
def dead(demo: Demo) -> Iterator[None]:
    fault = {"kind": "hang", "times": 99, "seconds": 60}
    requests.post(f"{demo.lever}/sandbox/faults", json=fault, timeout=5).raise_for_status()
    yield
    requests.delete(f"{demo.lever}/sandbox/faults", timeout=5).raise_for_status()


def test_a_hanging_lever_leaves_a_page_with_a_verdict(dead: None, doctor: Callable[..., Person]) -> None:
    ruth = doctor()
    expect(ruth.page.locator("#line-queue")).to_contain_text("It moves.")
    filled(ruth.page)
    expect(ruth.page.locator("h1")).to_contain_text("One thing is broken")
    expect(ruth.page.get_by_text("Not asked: Lever did not answer a moment ago.").first).to_be_visible()


def test_it_can_be_read_by_everybody(doctor: Callable[..., Person]) -> None:
    ruth = doctor()
    filled(ruth.page)
    ruth.check_accessibility()


def test_a_test_event_comes_back_although_lever_hangs(dead: None, doctor: Callable[..., Person]) -> None:
    """The lines that wait for Lever leave the web server room for what comes in."""
    ruth = doctor()
    ruth.page.wait_for_load_state()
    expect(ruth.page.locator("[data-line][aria-busy]").first).to_be_visible()
    ruth.page.get_by_role("button", name="Send a signed test event").click()
    arrived = ruth.page.locator("#test").get_by_text("processed after")
    expect(arrived).to_have_count(4)
    took = [int(re.findall(r"within (\d+) ms", words)[0]) for words in arrived.all_inner_texts()]
    assert max(took) < 3000, took
