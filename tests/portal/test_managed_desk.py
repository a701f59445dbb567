"""The desk where the operator connects: what waits for whom."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from integrations.managed import Step
from integrations.models import Connection
from tests.factories import make_operator, make_user
from tests.integrations.walk import STEPS, Walk, browser_of, soup, words
from tests.portal.world import World

OPERATORS = {
    "request": "Northmoor Ferries asks to be connected",
    "stage": "Enable the connection",
    "settings": "Hand out the webhook address.",
}
CUSTOMERS = {
    "": "Request connection",
    "enable": "Two values from Lever are needed now.",
    "address": "paste the webhook address there.",
}


@pytest.mark.parametrize("step", ["", *STEPS])
def test_the_desk_shows_each_what_waits_for_them_and_nothing_else(managed: Walk, step: str) -> None:
    if step:
        managed.to(step)
    for person, turns in ((managed.operator, OPERATORS), (managed.ruth, CUSTOMERS)):
        lines = managed.desk(person)
        assert [turns[step] in line for line in lines] == ([True] if step in turns else [])


def test_the_desks_remedy_leads_to_where_it_is_done(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    page = soup(browser_of(managed.ruth).get("/admin/"))
    assert [link["href"] for link in page.select(".items .button")] == [managed.url("settings")]


def test_a_choice_that_is_missing_waits_for_the_operator(managed: Walk) -> None:
    managed.to(Step.ADDRESS, stage="Referees")
    assert "a choice is missing" in managed.desk(managed.operator)[0]


def test_admins_are_not_asked_to_do_what_they_may_not(managed: Walk) -> None:
    managed.to(Step.ENABLE)
    assert managed.desk(make_user(managed.organization, Role.ADMIN)) == []


def test_another_operator_sees_the_request_and_another_organization_does_not(managed: Walk) -> None:
    managed.take(Step.REQUEST)
    assert len(managed.desk(make_operator())) == 1
    assert "Northmoor" not in " ".join(managed.desk(make_user(role=Role.SUPER_ADMIN)))


def test_in_self_service_the_desk_connects_at_a_click(world: World) -> None:
    Connection.objects.all().delete()
    page = soup(world.visitor(Role.SUPER_ADMIN).get("/admin/"))
    (form,) = page.select(".items form")
    assert form["action"] == reverse("admin:integrations_connection_manage")
    assert "Connect Lever" in words(form)
