"""The Lever page of one organization, a practice Lever behind it, and its super admin before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from accounts.roles import Role
from integrations.models import Connection
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from integrations.sandbox.world import World as LeverWorld
from tests.portal.test_forms import fill
from tests.portal.world import World, address, make_world

PAGE = "integrations.connection"


@dataclass
class Office:
    world: World
    lever: SandboxServer
    browser: Client

    @property
    def connection(self) -> Connection:
        """As it is stored now."""
        return Connection.objects.get(pk=self.world.ours.connection.pk)

    @property
    def url(self) -> str:
        return self.to("change")

    def to(self, page: str) -> str:
        return address(PAGE, page, self.world.ours.connection.pk)

    def open(self, **query: str) -> BeautifulSoup:
        return soup(self.browser.get(self.url, query))

    def save(self, **values: Any) -> BeautifulSoup:
        """Change what is named, press Save, and see the page that comes."""
        answer = fill(self.browser, self.url, **values)
        return soup(self.browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer)

    def test(self, **typed: str) -> BeautifulSoup:
        """Press *Test*, where a script sends what was typed."""
        return soup(self.browser.post(self.to("test_key"), typed, headers={"X-Fill": "yes"}))

    def user(self, name: str) -> str:
        return next(user.id for user in self.lever.world.users.values() if user.name == name)

    def add_key(self, key: str, *permissions: str, confidential: bool = True) -> str:
        """A key of the same account that may do these things only; all, when none are named."""
        self.lever.world.keys[key] = ApiKey(key, frozenset(permissions) or None, confidential)
        return key

    @property
    def asked(self) -> list[str]:
        """The paths that Lever was asked for."""
        return [call["path"].removeprefix("/v1/") for call in self.lever.calls.as_json()["latest"]]


@contextmanager
def office(settings: Any) -> Iterator[Office]:
    """Complete and active; Lever has not been read from yet."""
    world = make_world()
    with SandboxServer(LeverWorld.empty(), port=0) as lever:
        settings.LEVER_API_URL = lever.api_url
        opened = Office(world, lever, world.visitor(Role.SUPER_ADMIN))
        connection = world.ours.connection
        connection.api_key, connection.stage_name = DEMO_API_KEY, TRIGGER
        connection.stage_id, connection.perform_as_id = lever.world.stage_named(TRIGGER).id, opened.user("Ruth Adeyemi")
        connection.save()
        yield opened


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def options(page: BeautifulSoup, name: str) -> dict[str, str]:
    return {str(each["value"]): each.get_text() for each in page.select(f"[name={name}] option")}


def error(page: BeautifulSoup, field: str) -> str:
    """What stands at a field."""
    found = page.find(id=f"id_{field}_error")
    return found.get_text() if found else ""


def notices(page: BeautifulSoup) -> str:
    """What the page says at its top."""
    return " | ".join(each.get_text(" ", strip=True) for each in page.select("main .notice"))


def text(page: BeautifulSoup, selector: str = "main") -> str:
    return " ".join(each.get_text(" ", strip=True) for each in page.select(selector))
