"""What stands around every page: the menu by what one may see, who one is, the way in and the way out."""

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from accounts.roles import Role
from tests.portal.world import World, address

SETTINGS = ["Connections", "Deliveries", "Actions", "People", "Organization"]
TEMPLATES = ["Templates", "Surveys", "Messages in own words"]
MENU = {
    Role.SUPER_ADMIN: ["Desk", "Checks", "Templates", "Prospects", "Messages", "Organization settings"],
    Role.ADMIN: ["Desk", "Checks", "Templates", "Prospects", "Messages", "Organization settings"],
    Role.TEAM_MEMBER: ["Desk", "Checks", "Templates", "Prospects", "Messages"],
    Role.LIMITED: ["Desk", "Checks"],
    "operator": ["Desk", "Checks", "Templates", "Prospects", "Messages", "Organization settings", "Machinery"],
}


def page_of(browser: Client, url: str) -> BeautifulSoup:
    return BeautifulSoup(browser.get(url, follow=True).text, "html.parser")


def links(page: BeautifulSoup, where: str) -> list[str]:
    return [link.get_text() for link in page.select(f"{where} a")]


@pytest.mark.parametrize("visitor", MENU)
def test_the_menu_offers_what_one_may_see(world: World, visitor: str) -> None:
    assert links(page_of(world.visitor(visitor), "/admin/"), ".masthead .nav") == MENU[visitor]


@pytest.mark.parametrize("visitor", MENU)
def test_every_entry_of_the_menu_opens(world: World, visitor: str) -> None:
    browser = world.visitor(visitor)
    urls = [str(link["href"]) for link in page_of(browser, "/admin/").select(".nav a")]
    assert {browser.get(url, follow=True).status_code for url in urls} == {200}


@pytest.mark.parametrize(
    ("label", "section", "entries"),
    [
        ("checks.check", "Checks", []),
        ("templates_app.survey", "Templates", TEMPLATES),
        ("integrations.delivery", "Organization settings", SETTINGS),
        ("accounts.user", "Organization settings", SETTINGS),
    ],
)
def test_the_menu_says_where_one_is(world: World, label: str, section: str, entries: list[str]) -> None:
    page = page_of(world.visitor(Role.SUPER_ADMIN), address(label, "change", world.ours.rows()[label].pk))
    assert links(page, ".subnav") == entries
    here = page.select_one(".masthead .nav a[aria-current]")
    assert here is not None
    assert here.get_text() == section


def test_it_says_who_one_is_and_whose_this_is(world: World) -> None:
    page = page_of(world.visitor(Role.ADMIN), "/admin/")
    assert "Ours admin" in page.select(".masthead .menu summary")[0].get_text()
    assert page.select(".foot")[0].get_text() == f"Ours Ferries · Vouch {settings.VERSION} · Help"


def test_signing_out_is_a_button_and_not_a_link(world: World) -> None:
    browser = world.visitor(Role.ADMIN)
    form = page_of(browser, "/admin/").select_one(".masthead form[method=post]")
    assert form is not None
    browser.post(str(form["action"]))
    assert browser.get("/admin/").status_code == 302


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(db: None) -> None:
    wanted = "/admin/checks/check/?status=error"
    answer = Client().get(wanted, follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/"
    assert answer.context["request"].GET["next"] == wanted


def test_djangos_own_doors_lead_to_ours(world: World) -> None:
    browser = world.visitor(Role.ADMIN)
    assert Client().get("/admin/login/").headers["Location"] == "/sign-in/"
    assert browser.get("/admin/login/").headers["Location"] == "/admin/"
    assert browser.get("/admin/logout/").headers["Location"] == "/admin/"
    assert browser.get("/admin/checks/").headers["Location"] == "/admin/"


def test_a_page_about_nothing_is_not_found_and_leads_on(world: World) -> None:
    browser = world.visitor(Role.ADMIN)
    assert browser.get(address("checks.check", "change", 0), follow=True).redirect_chain
    assert browser.post(address("checks.check", "change", world.ours.check.pk)).status_code == 405


@pytest.mark.parametrize("url", ["/admin/", "/admin/checks/check/", "/admin/templates_app/survey/add/"])
def test_the_pages_come_with_the_strict_policy(world: World, url: str) -> None:
    policy = world.visitor(Role.ADMIN).get(url).headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "style-src 'self';" in f"{policy};"


@pytest.mark.parametrize("url", ["/admin/", "/admin/checks/check/", "/admin/accounts/user/"])
def test_every_control_has_a_name(world: World, url: str) -> None:
    page = page_of(world.visitor(Role.SUPER_ADMIN), url)
    controls = page.select("main input:not([type=hidden]), main select, main textarea")
    assert [c.get("name") for c in controls if not page.select_one(f'label[for="{c.get("id")}"]')] == []
    assert [b for b in page.select("button, summary, main a") if not b.get_text(strip=True)] == []


def test_every_control_of_every_form_has_a_name(world: World) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    for label in ("templates_app.referencetemplate", "templates_app.survey", "integrations.connection"):
        page = page_of(browser, address(label, "change", world.ours.rows()[label].pk))
        controls = page.select("main form input:not([type=hidden]), main form select, main form textarea")
        assert controls
        assert [c.get("id") for c in controls if not page.select_one(f'label[for="{c.get("id")}"]')] == [], label


def test_an_empty_list_says_what_would_fill_it(world: World) -> None:
    world.ours.connection.deliveries.all().delete()
    page = page_of(world.visitor(Role.ADMIN), address("integrations.delivery", "changelist"))
    assert page.select(".empty")[0].get_text() == "Nothing has come from Lever yet."
    found = page_of(world.visitor(Role.ADMIN), address("checks.check", "changelist") + "?q=nobody")
    assert found.select(".empty")[0].get_text() == "Nothing fits what you search for."
