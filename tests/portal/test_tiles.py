"""The page Connections: a tile for each system, what it says, and what each role can press on it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from integrations import hand_over
from integrations.admin.tiles import practice
from integrations.managed import Step
from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World as LeversWorld
from tests.factories import make_connection, make_user
from tests.integrations.walk import Walk, browser_of, buttons, notices, soup, tile_of, words
from tests.portal.world import World, address

CONNECTIONS = "/admin/integrations/connection/"


def tiles(world: World, visitor: str) -> BeautifulSoup:
    return soup(world.visitor(visitor).get(CONNECTIONS))


def lever_tile(world: World, visitor: str = Role.SUPER_ADMIN) -> tuple[str, list[str]]:
    """The tile's state and its buttons."""
    tile = tile_of(tiles(world, visitor), "Lever")
    return words(tile.select_one(".state")), buttons(tile)


# --- self-service -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [("active", "Active"), ("failing", "Lever refuses"), ("disabled", "Switched off"), ("incomplete", "Ready, not")],
)
def test_the_tile_says_how_lever_stands(world: World, status: str, state: str) -> None:
    Connection.objects.filter(pk=world.ours.connection.pk).update(status=status)
    assert lever_tile(world)[0].startswith(state)


def test_the_tile_counts_what_is_missing(world: World) -> None:
    world.ours.connection.forget()
    assert lever_tile(world)[0] == "2 things missing"
    Connection.objects.filter(pk=world.ours.connection.pk).update(api_key="key")
    assert lever_tile(world)[0] == "1 thing missing"


def test_the_tile_says_why_lever_refuses(world: World) -> None:
    world.ours.connection.fail("Lever does not know this API key.")
    assert "Lever does not know this API key." in words(tiles(world, Role.SUPER_ADMIN))


def test_manage_leads_to_the_connections_page(world: World) -> None:
    page = tiles(world, Role.SUPER_ADMIN)
    link = tile_of(page, "Lever").select_one("a.button")
    assert link is not None
    assert link["href"] == address("integrations.connection", "change", world.ours.connection.pk)


def test_manage_makes_the_connection_the_first_time_and_never_a_second_one(world: World) -> None:
    Connection.objects.all().delete()
    assert lever_tile(world) == ("Not connected", ["Manage"])
    form = tile_of(tiles(world, Role.SUPER_ADMIN), "Lever").select_one("form[method=post]")
    assert form is not None
    browser = world.visitor(Role.SUPER_ADMIN)
    answers = [browser.post(str(form["action"])).headers["Location"] for _press in range(2)]
    made = Connection.objects.get()
    assert answers == [address("integrations.connection", "change", made.pk)] * 2
    assert (made.organization, made.status) == (world.ours.organization, "incomplete")


def test_a_look_at_the_tiles_makes_nothing(world: World) -> None:
    Connection.objects.all().delete()
    tiles(world, Role.SUPER_ADMIN)
    assert world.visitor(Role.SUPER_ADMIN).get(reverse("admin:integrations_connection_manage")).status_code == 405
    assert not Connection.objects.exists()


@pytest.mark.parametrize("visitor", [Role.ADMIN, Role.TEAM_MEMBER, Role.LIMITED, "operator"])
def test_only_a_super_admin_makes_a_connection(world: World, visitor: str) -> None:
    Connection.objects.all().delete()
    assert world.visitor(visitor).post(reverse("admin:integrations_connection_manage")).status_code == 403
    assert not Connection.objects.exists()


def test_admins_look_and_press_nothing(world: World) -> None:
    assert lever_tile(world, Role.ADMIN) == ("Active", ["Look"])
    Connection.objects.all().delete()
    assert lever_tile(world, Role.ADMIN) == ("Not connected", [])


@pytest.mark.parametrize("visitor", [Role.TEAM_MEMBER, Role.LIMITED])
def test_others_do_not_come_here(world: World, visitor: str) -> None:
    assert world.visitor(visitor).get(CONNECTIONS).status_code == 403


def test_the_practice_lever_has_a_tile_when_it_is_on_this_machine(world: World, settings: Any) -> None:
    with SandboxServer(LeversWorld.empty(), port=0) as lever:
        settings.LEVER_API_URL = lever.api_url
        tile = tile_of(tiles(world, Role.ADMIN), "Practice Lever")
        link = tile.select_one("a.button")
        assert link is not None
        assert str(link["href"]) == lever.api_url.removesuffix("v1")


@pytest.mark.parametrize(
    ("url", "is_here"),
    [
        ("http://127.0.0.1:8001/v1", True),
        ("http://[::1]:8001/v1", True),
        ("http://localhost:8001/v1", True),
        ("https://api.lever.co/v1", False),
        ("http://10.0.0.7:8001/v1", False),
    ],
)
def test_a_lever_elsewhere_is_not_for_practice(settings: Any, url: str, is_here: bool) -> None:
    settings.LEVER_API_URL = url
    assert (practice() is not None) == is_here


# --- the operator's list ------------------------------------------------------------------------------------


def test_the_operator_has_a_list_and_finds_an_organization_in_it(world: World) -> None:
    browser = world.visitor("operator")
    page = browser.get(CONNECTIONS).text
    assert "Lever, Ours Ferries" in page
    assert "Lever, Magpie Ferries" in page
    found = browser.get(CONNECTIONS, {"q": "magpie"}).text
    assert "Lever, Ours Ferries" not in found
    assert "Lever, Magpie Ferries" in found


def test_the_operators_list_says_how_far_each_has_come(managed: Walk) -> None:
    managed.to(Step.STAGE)
    make_connection()
    page = soup(browser_of(managed.operator).get(CONNECTIONS))
    assert {words(cell) for cell in page.select(".field-last_step")} == {"The stage is stored", "Not requested"}


def test_the_operators_list_and_desk_ask_as_much_for_many_as_for_few(managed: Walk) -> None:
    browser, counts = browser_of(managed.operator), []
    for _round in range(2):
        for _number in range(4):
            hand_over.request(make_user(role=Role.SUPER_ADMIN), timezone.now())
        for url in (CONNECTIONS, "/admin/"):
            with CaptureQueriesContext(database) as captured:
                assert browser.get(url).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


# --- managed ------------------------------------------------------------------------------------------------


MOMENTS = [
    ("", "Not connected", "Ask the people who run Vouch for you.", ["Request connection"]),
    ("request", "Requested", "Nothing to do until the operator writes.", ["Take the request back"]),
    ("stage", "Requested", "The operator has noted the stage “Reference check”.", []),
    ("enable", "2 things missing", "Enabled. Two values from Lever are still needed.", ["Settings"]),
    ("settings", "Saved", "The operator sends you the address for Lever.", ["Settings", "Take them back…"]),
    ("address", "One step left", "One step is left, in Lever.", ["Copy", "Settings"]),
    ("activate", "Active", "A candidate who comes to the stage “Reference check”", ["Settings", "Look"]),
]


@pytest.mark.parametrize(("step", "state", "sentence", "pressable"), MOMENTS)
def test_each_moment_has_its_words_and_its_buttons(
    managed: Walk, step: str, state: str, sentence: str, pressable: list[str]
) -> None:
    if step:
        managed.to(step)
    tile = managed.tile()
    assert words(tile.select_one(".state")) == state
    assert sentence in words(tile)
    assert buttons(tile) == pressable


@pytest.mark.parametrize("step", [moment[0] for moment in MOMENTS])
def test_an_admin_sees_the_same_moments_and_presses_nothing(managed: Walk, step: str) -> None:
    if step:
        managed.to(step)
    admin = make_user(managed.organization, Role.ADMIN)
    tile, theirs = managed.tile(admin), managed.tile()
    assert words(tile.select_one(".state")) == words(theirs.select_one(".state"))
    assert buttons(tile) == (["Look"] if step else [])
    assert soup(browser_of(admin).get(CONNECTIONS)).select("form[action*=settings], .tile form") == []


def test_a_request_says_who_asked_and_when(managed: Walk) -> None:
    managed.take(Step.REQUEST)
    asked = managed.connection.steps_taken.get()
    assert f"Requested by Ruth Adeyemi on {asked.at:%-d %B, %H:%M}." in words(managed.tile())


def test_settings_opens_a_dialog_that_needs_no_script(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    page = soup(browser_of(managed.ruth).get(CONNECTIONS))
    (opener,) = page.select("button[popovertarget]:not([popovertargetaction])")
    dialog = page.find(id=str(opener["popovertarget"]))
    assert dialog is not None
    assert dialog.has_attr("popover")
    assert [words(label) for label in dialog.select("label")] == ["API key", "Webhook signature token"]


def test_the_same_two_fields_are_a_page_of_their_own(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    page = soup(browser_of(managed.ruth).get(managed.url("settings")))
    assert words(page.h1) == "Lever settings"
    assert [words(label) for label in page.select("main label")] == ["API key", "Webhook signature token"]
    assert page.select(".tile, [popover]") == []


def test_the_address_can_be_copied_from_the_tile(managed: Walk) -> None:
    managed.to(Step.ADDRESS)
    tile = managed.tile()
    field = tile.select_one("input[readonly]")
    assert field is not None
    assert field["value"] == managed.connection.webhook_url("stage-change")
    assert tile.select_one(f'button[data-copy="{field["id"]}"][hidden]') is not None


@pytest.mark.parametrize("step", ["", "stage", "settings"])
def test_before_it_is_handed_out_the_address_is_on_no_tile(managed: Walk, step: str) -> None:
    if step:
        managed.to(step)
    assert "/webhooks/lever/" not in str(managed.tile())


def test_a_connection_that_came_without_steps_is_shown_as_it_stands(managed: Walk) -> None:
    make_connection(managed.organization)
    assert buttons(managed.tile()) == ["Look"]
    managed.connection.fail("Lever does not know this API key.")
    assert buttons(managed.tile()) == ["Request connection", "Look"]


def test_manage_refuses_with_a_sentence_where_the_operator_connects(managed: Walk) -> None:
    page = managed.post(managed.ruth, "manage")
    assert notices(page) == ["Here the people who run Vouch connect for you. Press Request connection."]
    assert not Connection.objects.exists()
