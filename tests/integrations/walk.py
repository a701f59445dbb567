"""The managed way, walked by browsers without JavaScript: the customer's and the operator's."""

from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from accounts.roles import Role
from integrations.managed import ORDER, Step
from integrations.models import Connection, StepTaken
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.world import DEMO_API_KEY
from integrations.tasks import process_inbox
from notifications.models import Message
from tests.factories import make_operator, make_organization, make_user
from tests.integrations.signing import address, signed

PAGE = "admin:integrations_connection"
TOKEN = "5f2c" * 12
STEPS = [step.value for step in ORDER]


# One for all browsers: each new one would list all static files again, which takes longer than most pages.
HANDLER = Client().handler


def browser_of(user: User) -> Client:
    client = Client()
    client.handler = HANDLER
    client.force_login(user)
    return client


@dataclass
class Walk:
    """One organization, its super admin Ruth (who is a user of the practice Lever, too), and the operator."""

    organization: Organization = field(default_factory=lambda: make_organization(name="Northmoor Ferries"))
    ruth: User = field(init=False)
    operator: User = field(init=False)

    def __post_init__(self) -> None:
        self.ruth = make_user(self.organization, Role.SUPER_ADMIN, email="ruth@northmoor.example", name="Ruth Adeyemi")
        self.operator = make_operator(name="Olu Bright", email="olu@vouch.example")

    @property
    def connection(self) -> Connection:
        return Connection.objects.get(organization=self.organization)

    @property
    def standing(self) -> list[str]:
        rows = StepTaken.objects.standing().filter(connection__organization=self.organization)
        return list(rows.order_by("pk").values_list("step", flat=True))

    # --- going along ----------------------------------------------------------------------------------------

    def to(self, last: str, **how: Any) -> "Walk":
        """Take all steps up to this one."""
        for step in ORDER[: ORDER.index(Step(last)) + 1]:
            user, page, values = self._button(step, **how)
            assert browser_of(user).post(self.url(*page), values).status_code == 302
        return self

    def take(self, step: str, **how: Any) -> BeautifulSoup:
        user, page, values = self._button(step, **how)
        return self.post(user, *page, **values)

    def _button(self, step: str, stage: str = TRIGGER) -> tuple[User, tuple[str, ...], dict[str, str]]:
        """Who presses it, on which page, and what was typed there."""
        if step == Step.REQUEST:
            return self.ruth, ("request",), {}
        if step == Step.SETTINGS:
            return self.ruth, ("settings",), {"api_key": DEMO_API_KEY, "signature_token": TOKEN}
        return self.operator, ("step", step), {"stage": stage}

    def save(self, key: str, token: str, **more: str) -> BeautifulSoup:
        return self.post(self.ruth, "settings", api_key=key, signature_token=token, **more)

    def take_back(self, step: str, by: User | None = None) -> BeautifulSoup:
        return self.post(by or self.operator, "step_back", step)

    def post(self, user: User, page: str, *args: str, **values: str) -> BeautifulSoup:
        """Press a button: the page one is led to."""
        return soup(browser_of(user).post(self.url(page, *args), values, follow=True))

    def url(self, page: str, *args: str) -> str:
        own = [] if page in ("request", "manage", "changelist", "add") else [self.connection.pk]
        return reverse(f"{PAGE}_{page}", args=[*own, *args])

    def hear(self, body: dict[str, Any]) -> None:
        """Lever sends this, signed with the token that Ruth copied, and a worker looks into the inbox."""
        sent = signed(body, TOKEN)
        assert browser_of(self.ruth).post(address(self.connection), sent, "application/json").status_code == 200
        process_inbox()

    # --- looking --------------------------------------------------------------------------------------------

    def tile(self, user: User | None = None) -> Tag:
        """The Lever tile, as this person sees it."""
        return tile_of(soup(browser_of(user or self.ruth).get(self.url("changelist"))), "Lever")

    def steps(self, user: User | None = None) -> Tag:
        page = soup(browser_of(user or self.operator).get(self.url("change")))
        found = page.select_one("section[aria-labelledby=managed-steps]")
        assert found is not None
        return found

    def desk(self, user: User) -> list[str]:
        page = soup(browser_of(user).get("/admin/"))
        return [words(line) for line in page.select("section[aria-labelledby=needs] li")]

    def mails(self, kind: str) -> list[Message]:
        return list(Message.objects.filter(kind=f"connection-{kind}").order_by("pk"))


def before(step: str) -> str | None:
    """The step before this one."""
    position = STEPS.index(step)
    return STEPS[position - 1] if position else None


def soup(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200, answer
    return BeautifulSoup(answer.text, "html.parser")


def tile_of(page: BeautifulSoup, name: str) -> Tag:
    (found,) = [tile for tile in page.select(".tile") if words(tile.h2) == name]
    return found


def words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def buttons(tag: Tag) -> list[str]:
    """What they say to the eye, without what screen readers hear beside it."""
    return [
        "".join(str(text) for text in button.find_all(string=True, recursive=False)).strip()
        for button in tag.select(".button")
    ]


def notices(page: BeautifulSoup) -> list[str]:
    return [words(notice) for notice in page.select(".notice")]
