"""Who may take which step of the managed way, and take it back."""

from typing import Any

import pytest

from accounts.roles import Role
from integrations.managed import CUSTOMERS, Step
from integrations.models import Connection
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.world import DEMO_API_KEY
from tests.factories import make_user
from tests.integrations.signing import address
from tests.integrations.walk import STEPS, TOKEN, Walk, before, browser_of, notices, soup

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", [*Role.values, "stranger", "operator"])
def test_each_step_is_taken_by_those_whose_step_it_is(walk: Walk, step: str, who: str) -> None:
    Connection.objects.create(organization=walk.organization)
    if earlier := before(step):
        walk.to(earlier)
    person = {"operator": walk.operator, "stranger": make_user(role=Role.SUPER_ADMIN)}.get(who)
    person = person or make_user(walk.organization, who)
    page = {Step.REQUEST: ["request"], Step.SETTINGS: ["settings"]}.get(Step(step), ["step", step])
    values = {"stage": TRIGGER, "api_key": DEMO_API_KEY, "signature_token": TOKEN}
    browser_of(person).post(walk.url(*page), values)
    theirs = Role.SUPER_ADMIN if step in CUSTOMERS else "operator"
    assert (step in walk.standing) == (who == theirs)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", [*Role.values, "stranger", "operator"])
def test_each_step_is_taken_back_by_the_operator_and_theirs_by_super_admins(walk: Walk, step: str, who: str) -> None:
    walk.to(step)
    person = {"operator": walk.operator, "stranger": make_user(role=Role.SUPER_ADMIN)}.get(who)
    person = person or make_user(walk.organization, who)
    answer = browser_of(person).post(walk.url("step_back", step))
    may = who == "operator" or (who == Role.SUPER_ADMIN and step in CUSTOMERS)
    assert answer.status_code == (302 if may else 403)
    assert (step not in walk.standing) == may


@pytest.mark.parametrize("step", CUSTOMERS)
def test_the_operator_does_not_take_the_customers_steps(walk: Walk, step: str) -> None:
    walk.to(before(step) or Step.REQUEST)
    assert browser_of(walk.operator).post(walk.url("step", step)).status_code == 403


def test_an_unknown_step_is_not_found(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    assert browser_of(walk.operator).post(walk.url("step", "dance")).status_code == 404
    assert browser_of(walk.operator).post(walk.url("step_back", "dance")).status_code == 404


@pytest.mark.parametrize(("page", "args"), [("request", ()), ("manage", ()), ("step", ("stage",))])
def test_a_look_takes_no_step(walk: Walk, page: str, args: tuple[str, ...]) -> None:
    Connection.objects.create(organization=walk.organization)
    assert browser_of(walk.operator).get(walk.url(page, *args)).status_code == 405
    assert walk.standing == []


def test_super_admins_change_nothing_on_the_connections_page(walk: Walk) -> None:
    walk.to(Step.ACTIVATE)
    browser, connection = browser_of(walk.ruth), walk.connection
    page = soup(browser.get(walk.url("change")))
    assert page.select("input[type=password], select") == []
    assert browser.post(walk.url("change"), {"tag_prefix": "Forged"}).status_code == 403
    assert browser.post(walk.url("verb", "switch-off")).status_code == 403
    assert browser.post(walk.url("verb", "disconnect")).status_code == 403
    assert browser.get(walk.url("add")).status_code == 403
    assert walk.connection.tag_prefix == connection.tag_prefix
    assert walk.connection.is_active


@pytest.mark.parametrize(("last", "is_shown"), [(Step.SETTINGS, False), (Step.ADDRESS, True)])
def test_the_address_stands_on_the_page_once_it_was_handed_out(walk: Walk, last: str, is_shown: bool) -> None:
    walk.to(last)
    page = browser_of(walk.ruth).get(walk.url("change")).text
    assert (address(walk.connection) in page) == is_shown


def test_while_steps_are_on_their_way_the_last_of_them_activates(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    assert browser_of(walk.operator).post(walk.url("verb", "activate")).status_code == 403
    walk.take(Step.ADDRESS)
    walk.take(Step.ACTIVATE)
    walk.connection.disable()
    browser_of(walk.operator).post(walk.url("verb", "activate"))
    assert walk.connection.is_active


@pytest.mark.parametrize(
    ("page", "args", "who"),
    [
        ("request", (), "ruth"),
        ("settings", (), "ruth"),
        ("step_back", ("request",), "ruth"),
        ("step", ("stage",), "operator"),
        ("step_back", ("stage",), "operator"),
    ],
)
def test_in_self_service_each_managed_address_refuses_with_a_sentence(
    walk: Walk, settings: Any, page: str, args: tuple[str, ...], who: str
) -> None:
    walk.to(Step.STAGE)
    settings.CONNECTION_MODE = "self-service"
    answer = walk.post(getattr(walk, who), page, *args)
    assert notices(answer)[0] == "On this installation the super admins connect by themselves. Press Manage."
    assert walk.standing == [Step.REQUEST, Step.STAGE]


def test_a_working_connection_is_not_requested(walk: Walk) -> None:
    Connection.objects.create(organization=walk.organization, status=Connection.Status.ACTIVE)
    assert notices(walk.take(Step.REQUEST))[0] == "The connection is active: there is nothing to request."
    assert walk.standing == []
