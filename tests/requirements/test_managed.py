"""R3, R4, R41, R46 to R53, D1: the page with the tiles, and the way on which the operator connects."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from accounts.roles import Role
from integrations.managed import Step
from integrations.models import Connection, Webhook
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.factories import make_check, make_user
from tests.integrations.walk import TOKEN, Walk, browser_of, buttons, soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(lever: SandboxServer, db: None) -> Walk:
    return Walk()


@pytest.fixture
def managed(walk: Walk, settings: Any) -> Walk:
    settings.CONNECTION_MODE = "managed"
    return walk


def dialog_of(walk: Walk) -> BeautifulSoup:
    """What stands behind the tile's button Settings; empty when there is none."""
    page = soup(browser_of(walk.ruth).get(walk.url("changelist")))
    return BeautifulSoup("".join(map(str, page.select(".dialog[popover]"))), "html.parser")


def sent(walk: Walk, kind: str, to: str) -> str:
    """The text of the one mail of this kind, which must be theirs."""
    (mail,) = walk.mails(kind)
    assert mail.to_address == to
    return mail.text


def test_r3_the_menu_leads_by_organization_settings_to_connections(walk: Walk) -> None:
    browser = browser_of(walk.ruth)
    entries = {words(link): str(link["href"]) for link in soup(browser.get("/admin/")).select(".masthead .nav a")}
    section = soup(browser.get(entries["Organization settings"]))
    (link,) = [link for link in section.select(".subnav a") if words(link) == "Connections"]
    assert words(soup(browser.get(str(link["href"]))).h1) == "Connections"


def test_r4_the_page_lists_connectors_and_levers_has_the_button_manage(walk: Walk) -> None:
    assert buttons(walk.tile()) == ["Manage"]
    form = walk.tile().select_one("form")
    assert form is not None
    page = soup(browser_of(walk.ruth).post(str(form["action"]), follow=True))
    assert words(page.h1).startswith("Lever")
    assert Connection.objects.get().organization == walk.organization


@pytest.mark.parametrize(
    ("role", "code"), [(Role.SUPER_ADMIN, 200), (Role.ADMIN, 200), (Role.TEAM_MEMBER, 403), (Role.LIMITED, 403)]
)
def test_r41_only_super_admins_configure(managed: Walk, role: str, code: int) -> None:
    browser = browser_of(make_user(managed.organization, role))
    page = browser.get(managed.url("changelist"))
    assert page.status_code == code
    assert ("Request connection" in page.text) == (role == Role.SUPER_ADMIN)
    browser.post(managed.url("request"))
    assert managed.standing == ([Step.REQUEST] if role == Role.SUPER_ADMIN else [])


def test_r41_every_role_may_use_what_is_connected(managed: Walk) -> None:
    managed.to(Step.ACTIVATE)
    for role in Role.values:
        user = make_user(managed.organization, role)
        check = make_check(managed.organization, owner_email=user.email, candidate_name=f"Asked for {role}")
        assert check.candidate_name in browser_of(user).get("/admin/checks/check/").text


def test_r46_the_lever_tile_has_the_button_request_connection(managed: Walk) -> None:
    assert buttons(managed.tile()) == ["Request connection"]
    managed.take(Step.REQUEST)
    assert "Requested by Ruth Adeyemi" in words(managed.tile())
    assert buttons(managed.tile()) == ["Take the request back"]


def test_r47_the_request_is_told_to_the_operator_by_mail_and_on_the_desk(managed: Walk) -> None:
    managed.take(Step.REQUEST)
    text = sent(managed, "request", managed.operator.email)
    assert "Ruth Adeyemi of Northmoor Ferries asks you to connect their Lever" in text
    assert f"http://testserver{managed.url('change')}" in text.splitlines()
    (line,) = managed.desk(managed.operator)
    assert "Northmoor Ferries asks to be connected" in line


def test_r48_the_operator_stores_the_stage_that_the_customer_names(managed: Walk) -> None:
    managed.to(Step.STAGE, stage="reference check")
    assert (managed.connection.stage_name, managed.connection.stage_id) == ("reference check", "")
    assert "“reference check”, as the organization names it" in words(managed.steps())


def test_r49_the_operator_enables_the_connection_and_the_super_admins_are_told(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    assert "Done by Olu Bright on " in words(managed.steps().select(".steps > li")[2])
    text = " ".join(sent(managed, "enable", managed.ruth.email).split())
    assert "Under Connections the Lever tile has a button now: Settings." in text


def test_r50_only_then_settings_appears_on_the_tile(managed: Walk) -> None:
    managed.to(Step.STAGE)
    assert "Settings" not in buttons(managed.tile())
    assert dialog_of(managed).select("form") == []
    managed.take(Step.ENABLE)
    assert buttons(managed.tile()) == ["Settings"]


def test_r51_it_opens_a_dialog_with_two_fields_and_save(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    dialog = dialog_of(managed)
    assert [words(label) for label in dialog.select("label")] == ["API key", "Webhook signature token"]
    assert [field["type"] for field in dialog.select("input:not([type=hidden])")] == ["password", "password"]
    assert buttons(dialog)[0] == "Save"
    form = dialog.select_one("form")
    assert form is not None
    values = {"api_key": DEMO_API_KEY, "signature_token": TOKEN}
    browser_of(managed.ruth).post(str(form["action"]), values)
    connection = managed.connection
    assert (connection.api_key, connection.tokens_for(Webhook.STAGE_CHANGE)) == (DEMO_API_KEY, [TOKEN])
    assert (connection.stage_name, connection.perform_as_name) == (TRIGGER, "Ruth Adeyemi")


def test_r52_save_is_told_to_the_operator(managed: Walk) -> None:
    managed.to(Step.SETTINGS)
    text = sent(managed, "settings", managed.operator.email)
    assert "Ruth Adeyemi of Northmoor Ferries has entered the values from Lever." in " ".join(text.split())
    assert DEMO_API_KEY not in text
    assert TOKEN not in text
    assert "Hand out the webhook address." in managed.desk(managed.operator)[0]


def test_r53_the_operator_hands_out_the_webhook_url(managed: Walk) -> None:
    managed.to(Step.SETTINGS)
    url = managed.connection.webhook_url(Webhook.STAGE_CHANGE)
    assert url not in str(managed.tile())
    managed.take(Step.ADDRESS)
    assert url in sent(managed, "address", managed.ruth.email).splitlines()
    assert url in str(managed.tile())


def test_d1_one_page_serves_both_ways(walk: Walk, settings: Any) -> None:
    assert buttons(walk.tile()) == ["Manage"]
    settings.CONNECTION_MODE = "managed"
    assert buttons(walk.tile()) == ["Request connection"]


def test_d1_the_page_always_says_what_is_still_missing(walk: Walk) -> None:
    walk.post(walk.ruth, "manage")
    assert words(walk.tile().select_one(".state")) == "4 things missing"
    connection = walk.connection
    connection.set_token(Webhook.STAGE_CHANGE, TOKEN, connection.created_at)
    assert words(walk.tile().select_one(".state")) == "3 things missing"
