"""Creating the webhooks and disconnecting, as clicked in the portal."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from integrations.models import Connection, StepTaken, Webhook
from integrations.sandbox.faults import Fault
from integrations.sandbox.records import Webhook as Made
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World as LeversWorld
from tests.portal.world import World, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def lever(settings: Any) -> Iterator[SandboxServer]:
    with SandboxServer(LeversWorld.empty()) as server:
        server.world.add_key("Ours-secret-key")
        settings.LEVER_API_URL = server.api_url
        yield server


@pytest.fixture
def connection(world: World, lever: SandboxServer) -> Connection:
    """Connected by key; no webhook yet."""
    world.ours.connection.webhook_tokens.all().delete()
    return world.ours.connection


@pytest.fixture
def ruth(world: World) -> Client:
    return world.visitor(Role.SUPER_ADMIN)


def press(browser: Client, connection: Connection, verb: str) -> tuple[list[str], list[str]]:
    """What is read afterwards: the good news, and what is amiss."""
    url = address("integrations.connection", "verb", connection.pk, verb)
    page = BeautifulSoup(browser.post(url, follow=True).text, "html.parser")
    return texts(page.select(".notice.good")), texts(page.select(".notice.warn"))


def texts(parts: Sequence[Tag]) -> list[str]:
    return [each.get_text(" ", strip=True) for each in parts]


def part(browser: Client, connection: Connection) -> str:
    url = address("integrations.connection", "hooks", connection.pk)
    return BeautifulSoup(browser.get(url, headers={"X-Fill": "yes"}).text, "html.parser").get_text(" ", strip=True)


def the_page(browser: Client, connection: Connection) -> BeautifulSoup:
    return BeautifulSoup(browser.get(address("integrations.connection", "change", connection.pk)).text, "html.parser")


# --- create the webhooks for me ---------------------------------------------------------------------------


def test_one_click_makes_them_and_says_what_is_left_to_do_in_lever(ruth: Client, connection: Connection) -> None:
    (good,), warn = press(ruth, connection, "make-webhooks")

    assert good.startswith("Made in Lever. Lever sends an event once a super admin has switched it on")
    assert warn == []


def test_with_the_last_thing_that_was_missing_it_says_so(ruth: Client, connection: Connection) -> None:
    connection.activate()
    assert connection.status == Connection.Status.INCOMPLETE

    page = ruth.post(address("integrations.connection", "verb", connection.pk, "make-webhooks"), follow=True).text

    assert "Nothing is missing any more. Activate the connection when you are ready." in page


def test_what_differs_is_said_webhook_by_webhook(ruth: Client, connection: Connection, lever: SandboxServer) -> None:
    lever.world.add_webhook("candidateHired", connection.webhook_url(Webhook.HIRED))

    (good,), (warn,) = press(ruth, connection, "make-webhooks")

    assert "Candidate stage change, Candidate archive change, Candidate deleted, Application created: Made in" in good
    assert warn == "Candidate hired: Made by hand in Lever, with a signature token to be copied from there."


def test_a_dead_lever_is_said_once_and_nothing_is_changed(
    ruth: Client, connection: Connection, lever: SandboxServer
) -> None:
    lever.faults.add(Fault("reset"))

    good, warn = press(ruth, connection, "make-webhooks")

    assert good == []
    assert warn == ["Vouch got no answer from Lever. Try again in a minute: what is there already is not made twice."]
    assert "Create the webhooks" not in ruth.get(address("integrations.connection", "history", connection.pk)).text


def test_while_somebody_is_at_it_a_click_does_nothing(ruth: Client, connection: Connection) -> None:
    with connection.held(timezone.now()):
        assert press(ruth, connection, "make-webhooks") == (
            [],
            ["Somebody is at this connection’s webhooks in Lever already. Try again in two minutes."],
        )
    assert not connection.webhook_tokens.exists()


@pytest.mark.django_db(transaction=True)
def test_while_lever_is_asked_nobody_waits_for_a_lock(
    ruth: Client, connection: Connection, lever: SandboxServer
) -> None:
    add, seen = lever.world.add_webhook, []

    def while_somebody_saves(*args: Any, **kwargs: Any) -> Made:
        seen.append(Connection.objects.filter(pk=connection.pk).update(tag_prefix="Meanwhile"))
        connections.close_all()
        return add(*args, **kwargs)

    lever.world.add_webhook = while_somebody_saves  # type: ignore[method-assign]  # the practice Lever, not the client
    good, _warn = press(ruth, connection, "make-webhooks")

    assert len(good) == 1
    assert seen == [1] * 5


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_names_the_switches_and_what_vouch_made(ruth: Client, connection: Connection) -> None:
    press(ruth, connection, "make-webhooks")
    connection.set_token(Webhook.HIRED, "entered-by-hand", timezone.now())

    words = the_page(ruth, connection).select_one("main").get_text(" ", strip=True)

    assert "Made by Vouch: Candidate stage change, Candidate archive change, Candidate deleted, Appl" in words
    assert "Candidate Archive State Change" in words
    assert "Lever does not tell Vouch whether they are on" in words


def test_its_button_belongs_to_a_form_of_its_own(ruth: Client, connection: Connection) -> None:
    page = the_page(ruth, connection)

    (button,) = page.find_all("button", string="Create the webhooks for me")

    (form,) = page.select(f"form#{button['form']}")
    assert form["action"] == address("integrations.connection", "verb", connection.pk, "make-webhooks")
    assert not form.find_parent("form")


def test_the_page_asks_lever_only_afterwards(ruth: Client, connection: Connection, lever: SandboxServer) -> None:
    page = the_page(ruth, connection)

    assert lever.calls.last() == []
    assert page.select_one("[data-fill$='/hooks/'] a[href$='/hooks/']")


def test_the_part_that_comes_afterwards_tells_what_lever_has(
    ruth: Client, connection: Connection, lever: SandboxServer
) -> None:
    assert part(ruth, connection) == "What Lever has now: Worth a look: Not in Lever."
    press(ruth, connection, "make-webhooks")
    assert part(ruth, connection) == "What Lever has now: Well: Made by Vouch."
    connection.set_token(Webhook.HIRED, "entered-by-hand", timezone.now())
    connection.webhook_tokens.filter(webhook=Webhook.HIRED).exclude(lever_id="").delete()
    assert "Made by hand in Lever, with the token that is entered here. Candidate hired" in part(ruth, connection)
    lever.faults.add(Fault("reset"))
    assert "Vouch got no answer from Lever." in part(ruth, connection)


def test_without_a_script_it_is_a_page(ruth: Client, connection: Connection) -> None:
    page = BeautifulSoup(ruth.get(address("integrations.connection", "hooks", connection.pk)).text, "html.parser")

    assert page.select_one("h1").get_text() == "Webhooks in Lever"
    assert "Not in Lever." in page.get_text()


def test_before_there_is_a_key_nothing_is_offered(ruth: Client, connection: Connection) -> None:
    connection.forget()

    assert "Create the webhooks for me" not in the_page(ruth, connection).get_text()


# --- disconnect -------------------------------------------------------------------------------------------


def as_stored(connection: Connection) -> Connection:
    return Connection.objects.get(pk=connection.pk)


def test_disconnecting_removes_ours_in_lever_and_says_what_stays(
    ruth: Client, connection: Connection, lever: SandboxServer
) -> None:
    by_hand = lever.world.add_webhook("candidateHired", connection.webhook_url(Webhook.HIRED))
    press(ruth, connection, "make-webhooks")

    (good,), (warn,) = press(ruth, connection, "disconnect")

    assert list(lever.world.webhooks) == [by_hand.id]
    assert not as_stored(connection).api_key
    assert not connection.webhook_tokens.exists()
    assert "Removed from Lever." in good
    assert "The API key still exists in Lever" in good
    assert warn == "Candidate hired: Not made by Vouch, and to be deleted in Lever."


@pytest.mark.parametrize(
    "fault", [Fault("reset"), Fault("status", status=503), Fault("status", status=429), Fault("status", status=401)]
)
def test_whatever_lever_says_the_secrets_are_erased(
    ruth: Client, connection: Connection, lever: SandboxServer, fault: Fault
) -> None:
    press(ruth, connection, "make-webhooks")
    lever.faults.add(replace(fault))

    (good,), warn = press(ruth, connection, "disconnect")

    assert "key and tokens are erased" in good
    assert warn[-1].startswith("These webhooks stay in Lever, and Vouch refuses what they send.")
    stored = as_stored(connection)
    assert (stored.api_key, stored.status, stored.problem) == ("", Connection.Status.INCOMPLETE, "")
    assert not connection.webhook_tokens.exists()


def test_what_stayed_is_taken_over_and_removed_the_next_time(
    ruth: Client, connection: Connection, lever: SandboxServer
) -> None:
    press(ruth, connection, "make-webhooks")
    lever.faults.add(Fault("reset"))
    press(ruth, connection, "disconnect")
    assert len(lever.world.webhooks) == 5

    again = as_stored(connection)
    again.api_key = "Ours-secret-key"
    again.save()
    press(ruth, connection, "make-webhooks")
    assert len(lever.world.webhooks) == 5
    press(ruth, connection, "disconnect")

    assert not lever.world.webhooks


def test_while_somebody_makes_the_webhooks_nothing_is_erased(ruth: Client, connection: Connection) -> None:
    with connection.held(timezone.now()):
        good, _warn = press(ruth, connection, "disconnect")

    assert good == []
    assert as_stored(connection).api_key == "Ours-secret-key"


def test_in_the_managed_way_all_steps_are_taken_back(world: World, connection: Connection) -> None:
    for step in ("request", "stage", "enable"):
        StepTaken.take(connection.pk, step, world.operator, timezone.now())

    press(world.visitor("operator"), connection, "disconnect")

    assert not connection.steps_taken.standing().exists()
    assert set(connection.steps_taken.values_list("undone_by", flat=True)) == {world.operator.pk}


def test_a_second_click_says_that_it_is_done(ruth: Client, connection: Connection) -> None:
    press(ruth, connection, "disconnect")

    assert press(ruth, connection, "disconnect") == (
        [],
        ["Nothing was changed: things have moved on since the page was shown."],
    )
