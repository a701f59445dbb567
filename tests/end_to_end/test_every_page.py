"""Every page of candidates and references, and the portal, as axe-core and a telephone see them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from accounts.roles import Role
from checks.models import Check, Reference, Share
from config.help import PARTS
from tests.checks.every_kind import make_full_check
from tests.checks.pages import distinct
from tests.checks.test_first_view import LARGEST, ONE_ROUND_TRIP
from tests.checks.visits import link_to
from tests.end_to_end.axe import violations
from tests.end_to_end.people import DESK, PHONE
from tests.factories import make_check, make_completed_check, make_user
from tests.portal.test_every_address import LISTED
from tests.portal.world import World, make_world
from tests.prospects.choosing import chosen

Shown = Callable[..., Page]
SMALL: Any = {**PHONE, "viewport": {"width": 360, "height": 740}, "color_scheme": "dark"}
LARGE: Any = DESK["viewport"]
# What may be otherwise by day, or on a wide screen.
WIDE = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
# What the browser waits for before it shows a page; bytes of the page as they were sent, and of all that it fetched
# as they are read (a file that is kept from the page before counts, too).
WEIGHED = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const rest = performance.getEntriesByType("resource");
    const waited = rest.filter((one) => one.renderBlockingStatus !== "non-blocking").map((one) => one.name);
    return [waited, page.transferSize, [page, ...rest].reduce((sum, one) => sum + one.decodedBodySize, 0)];
}"""
LONG_NAME = "Wilhelmina-Alexandrina Papadopoulou-Featherstonehaugh"
ALIKE = ("_history", "_deleted", "_delete", "_csv", "preview-survey", "preview-candidate", "preview-reference")
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A telephone at night. It says nothing, and asks nobody but us."""
    context, wrong = browser.new_context(**SMALL), list[str]()

    def hear(message: ConsoleMessage) -> None:
        """All but that a page is a 404, which two of them are there for."""
        if message.type in ("error", "warning") and "status of 404" not in message.text:
            wrong.append(message.text)

    def follow(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            wrong.append(request.url)

    context.on("console", hear)
    context.on("request", follow)
    yield context
    context.close()
    assert wrong == []


@pytest.fixture
def shown(window: BrowserContext, live_server: LiveServer) -> Shown:
    """A page by its address, opened through the door of the row whose it is."""
    page = window.new_page()

    def show(address: str, row: Check | Reference | None = None) -> Page:
        if row:
            page.goto(f"{live_server.url}{link_to(row)}")
        if page.url != f"{live_server.url}{address}":
            page.goto(f"{live_server.url}{address}")
        return page

    return show


def faults(page: Page) -> list[str]:
    """By night on a telephone and by day on a wide screen."""
    found = violations(page)
    sideways = ["scrolls sideways"] if page.evaluate(SIDEWAYS) else []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(LARGE)
    found += violations(page, WIDE)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(SMALL["viewport"])
    return [f"{page.url} {one}" for one in (*found, *sideways)]


def faults_by_turns(page: Page, *, is_wide: bool) -> list[str]:
    """Of many pages of one make each is looked at in one way: both ways of all would take another minute."""
    if is_wide:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(LARGE)
    sideways = ["scrolls sideways"] if page.evaluate(SIDEWAYS) else []
    found = [f"{page.url} {one}" for one in (*violations(page), *sideways)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(SMALL["viewport"])
    return found


def too_heavy(page: Page) -> list[str]:
    waited, sent, whole = page.evaluate(WEIGHED)
    is_light = not waited and sent < ONE_ROUND_TRIP and whole < LARGEST
    return [] if is_light else [f"{page.url} waits for {waited}, and is {sent} of {whole} bytes"]


def test_no_page_of_candidates_and_references_has_a_fault(shown: Shown, client: Client, transactional_db: Any) -> None:
    places = [*distinct(client), (None, "/c/nothing/"), (None, "/nowhere/")]
    found = []
    for row, address in places:
        page = shown(address, row)
        found += [*too_heavy(page), *faults(page)]
    assert found == []


def test_pages_run_from_the_right_without_scrolling_sideways(shown: Shown, transactional_db: Any) -> None:
    check = make_full_check()
    rows = [make_check(), check, *check.references.all()[:1]]
    for row in rows:
        row.speak("he")
    for row in rows:
        page = shown(link_to(row))
        assert page.evaluate("document.dir") == "rtl"
        assert not page.evaluate(SIDEWAYS), page.url


def test_no_page_of_the_portal_has_a_fault(
    shown: Shown, window: BrowserContext, live_server: LiveServer, transactional_db: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    world = make_busy_world()
    visitor = world.visitor(Role.SUPER_ADMIN)
    found = [*faults(shown("/sign-in/")), *faults(shown("", world.ours.check))]
    cookie = visitor.cookies[settings.SESSION_COOKIE_NAME]
    window.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    for number, address in enumerate(portal(world, visitor)):
        found += faults_by_turns(shown(address), is_wide=number % 2 == 1)
    assert found == []


def make_busy_world() -> World:
    """Somebody with a long name, a reference who waits for a call, and two checks that are completed."""
    world = make_world()
    house = world.ours
    house.check.references.in_order()[0].ask_for_call("+442071838750", "After four", timezone.now())
    for _two in range(2):
        make_completed_check(template=house.template, candidate_name=LONG_NAME)
    Check.objects.update(candidate_name=LONG_NAME, position=f"{LONG_NAME} of the {LONG_NAME}")
    return world


def portal(world: World, visitor: Client) -> Iterator[str]:
    """Each whole page that a super admin can open; of those that are alike for every row one will do elsewhere."""
    listed = {name: each for name, each in LISTED.items() if each.get[0] == 200 and not name.endswith(ALIKE)}
    addresses = [reverse(name, args=each.args(world)) for name, each in listed.items()]
    addresses += [reverse("admin:help-part", args=[part.slug]) for part in PARTS[1:]]
    one, another = Check.objects.filter(status=Check.Status.COMPLETED)
    compare = reverse("admin:compare")
    addresses += [reverse("report", args=[one.public_id]), reverse("share-report", args=[one.public_id])]
    addresses += [f"{compare}?a={one.public_id}", f"{compare}?a={one.public_id}&b={another.public_id}"]
    for address in addresses:
        if b"".join(visitor.get(address)).lstrip().startswith(b"<!doctype html"):
            yield address


def test_no_page_of_a_prospect_has_a_fault(shown: Shown, transactional_db: Any) -> None:
    prospect = chosen(name=LONG_NAME, email=f"{'e' * 60}@{'solent.' * 8}example")
    page = shown(reverse("prospect-door", args=[prospect.token]))
    found = [*too_heavy(page), *faults(page)]
    page.get_by_role("button", name="Yes, it was me").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("may write to you about jobs")
    found += [*too_heavy(page), *faults(page)]
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is held about you here")
    assert found + faults(page) == []


def test_no_page_of_a_shared_report_has_a_fault(shown: Shown, live_server: LiveServer, transactional_db: Any) -> None:
    check, now = make_completed_check(candidate_name=LONG_NAME), timezone.now()
    share = Share.make(check, LONG_NAME, "lena@solent.example", 7, now, make_user(check.organization))
    page = shown(reverse("share-door", args=[share.token]))
    found = faults(page)
    page.get_by_role("button", name="Send me the code").click()
    found += faults(page)
    page.get_by_label("The six figures").fill("no code")
    page.get_by_role("button", name="Read the report").click()
    found += faults(page)
    page.get_by_label("The six figures").fill(share.new_code(now) or "")
    page.get_by_role("button", name="Read the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG_NAME)
    assert found + faults(page) == []
