"""The portal in a browser: what staff do there by mouse and by keyboard, and how it fits a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from config.demo import Demo
from integrations.sandbox.world import DEMO_API_KEY
from tests.end_to_end.people import DESK, PHONE, Person

SUPER_ADMIN = "ruth@northmoor.example"
TEMPLATES = "/admin/templates_app/referencetemplate/"


@pytest.fixture
def ruth(arrive: Callable[..., Person]) -> Person:
    """At her desk, signed in."""
    person = arrive(DESK)
    person.sign_in(SUPER_ADMIN)
    return person


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def test_a_password_opens_the_desk_and_signing_out_closes_it(ruth: Person) -> None:
    expect(ruth.page.get_by_role("navigation", name="Main")).to_contain_text("Desk")
    ruth.page.get_by_text("Ruth Adeyemi").first.click()
    ruth.page.get_by_role("button", name="Sign out").click()
    expect(ruth.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    ruth.open("/admin/")
    expect(ruth.page.get_by_role("heading", level=1)).to_have_text("Sign in")


# --- the menu of a row ----------------------------------------------------------------------------------


def test_the_menu_of_a_row_opens_and_closes_by_keyboard(ruth: Person) -> None:
    page = ruth.open(TEMPLATES)
    menu = page.get_by_role("group").filter(has_text="Actions for Engineering")
    edit = menu.get_by_role("link", name="Edit")
    ruth.go_to(menu.locator("summary"))
    page.keyboard.press("Enter")
    expect(edit).to_be_visible()
    page.keyboard.press("Tab")
    expect(edit).to_be_focused()
    page.keyboard.press("Escape")
    expect(edit).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_the_menu_of_a_row_closes_when_the_focus_leaves_it(ruth: Person) -> None:
    page = ruth.open(TEMPLATES)
    menu = page.get_by_role("group").filter(has_text="Actions for Engineering")
    menu.locator("summary").click()
    ruth.go_to(menu.get_by_role("link", name="Delete"))
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Delete")).to_be_hidden()


# --- templates ------------------------------------------------------------------------------------------


def test_a_new_template_asks_for_two_people_and_keeps_its_tag_in_lower_case(ruth: Person) -> None:
    page = ruth.open(TEMPLATES)
    page.get_by_role("link", name="Create new template").click()
    page.get_by_label("Name", exact=True).fill("Harbour pilot")
    page.get_by_label("ATS tag").fill("Harbour-Pilot")
    page.get_by_label("Survey").select_option("General, version 1")
    for line, relationship in enumerate(("Manager", "Client"), start=1):
        reference = page.get_by_role("group", name=f"Reference {line}", exact=True)
        reference.get_by_label("Relationship").select_option(relationship)
    expect(page.get_by_label("ATS tag")).to_have_value("harbour-pilot")
    ruth.look()
    page.get_by_role("button", name="Create template").click()
    made = row(page, "Harbour pilot")
    expect(made).to_contain_text("harbour-pilot")
    expect(made).to_contain_text("Manager and Client")
    made.get_by_role("link", name="Harbour pilot").click()
    ruth.look()
    ruth.check_accessibility()


def test_another_line_for_a_reference_comes_at_a_click(ruth: Person) -> None:
    page = ruth.open(f"{TEMPLATES}add/")
    page.get_by_label("Name", exact=True).fill("Tug master")
    page.get_by_label("Survey").select_option("General, version 1")
    lines = page.get_by_label("Relationship")
    before = lines.count()
    page.get_by_role("button", name="Add a reference").click()
    expect(lines).to_have_count(before + 1)
    lines.last.select_option("Teacher or trainer")
    page.get_by_role("button", name="Create template").click()
    expect(row(page, "Tug master")).to_contain_text("Teacher or trainer")


def test_a_template_is_duplicated_and_the_copy_deleted_after_a_question(ruth: Person) -> None:
    page = ruth.open(TEMPLATES)
    choose(row(page, "General"), "button", "Duplicate")
    expect(page.get_by_role("status")).to_contain_text("There is a copy now")
    copy = row(page, "General, copy 1")

    choose(copy, "link", "Delete…")
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete General, copy 1?")
    ruth.look()
    page.get_by_role("link", name="Keep it").click()
    ruth.open(TEMPLATES)
    expect(copy).to_be_visible()

    choose(copy, "link", "Delete…")
    page.get_by_role("button", name="Delete General, copy 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Templates")
    expect(copy).to_have_count(0)


def choose(line: Locator, role: str, words: str) -> None:
    line.locator("summary").click()
    line.get_by_role(role, name=words).click()  # type: ignore[arg-type]  # a role that is spelt out above


# --- the connection -------------------------------------------------------------------------------------


def test_the_key_and_the_tokens_never_come_back_out(ruth: Person) -> None:
    page = ruth.open("/admin/integrations/connection/")
    page.get_by_role("link", name="Manage").click()
    expect(page.get_by_label("Lever API token")).to_have_attribute("placeholder", "Stored, ends in 5a9d")
    secrets = page.locator("input[type=password]")
    assert [secret.input_value() for secret in secrets.all()] == [""] * 6
    known = {DEMO_API_KEY, *(each["configuration"]["signatureToken"] for each in webhooks(ruth.demo))}
    assert not [secret for secret in known if secret in page.content()]
    ruth.look()
    ruth.check_accessibility()


def webhooks(demo: Demo) -> list[dict[str, dict[str, str]]]:
    return list(demo.lever_state()["webhooks"])


# --- on a phone -----------------------------------------------------------------------------------------


def test_the_menu_opens_on_a_phone(arrive: Callable[..., Person]) -> None:
    phone = arrive(PHONE)
    page = phone.sign_in(SUPER_ADMIN)
    page.get_by_text("Menu", exact=True).tap()
    page.get_by_role("link", name="Organization settings").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connections")
