"""The desk: what needs a hand, search, one check's page, numbers, and who sees what (R41)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from checks.models import Check
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from tests.factories import answers_for, make_awaiting_check, make_user
from tests.integrations.delivering import moved
from tests.portal.world import World, make_world

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def page(user: User, address: str) -> BeautifulSoup:
    browser = Client()
    browser.force_login(user)
    return BeautifulSoup(browser.get(address).text, "html.parser")


def test_desk_each_thing_that_needs_a_hand_has_one_button() -> None:
    ruth = make_user(role=Role.TEAM_MEMBER)
    check = make_awaiting_check(ruth.organization, now=NOW)
    declined, bounced, call = check.references.in_order()
    declined.decline("", NOW)
    bounced.bounce(NOW)
    call.ask_for_call("+442079460155", "", NOW)
    lines = page(ruth, "/admin/").select("section[aria-labelledby=needs] li")
    assert sorted(line.select(".state")[0].text for line in lines) == ["Bounced", "Declined", "Wants a call"]
    assert all(len(line.select(".button")) == 1 for line in lines)


def test_desk_one_checks_page_has_what_happened_messages_levers_state_and_every_verb() -> None:
    world: World = make_world()
    check, ruth = world.ours.check, world.ours.people[Role.TEAM_MEMBER]
    first = check.references.in_order()[0]
    first.submit(answers_for(first), NOW)
    shown = page(ruth, f"/admin/checks/check/{check.pk}/change/")
    assert [part.text for part in shown.select("h2")] == ["References", "What happened", "In Lever", "Stop early"]
    assert shown.select(".timeline a")  # the messages stand in it
    words = {" ".join(each.get_text(" ").split()).rstrip("…") for each in shown.select("main a, main button")}
    assert {"Replace", "Conclude with what is in", "Cancel this check"} <= words


def test_desk_numbers_search_comparison_and_a_check_by_hand_are_a_click_away() -> None:
    ruth = make_user(role=Role.TEAM_MEMBER)
    check = make_awaiting_check(ruth.organization, now=NOW - timedelta(days=3))
    for reference in check.references.all():
        reference.submit(answers_for(reference), NOW)
    shown = page(ruth, "/admin/")
    links = {str(link["href"]) for link in shown.select("main a")}
    assert {reverse("admin:numbers"), reverse("admin:start-check")} <= links
    assert shown.select("form[role=search] input[name=q]")
    row = page(ruth, f"/admin/checks/check/{check.pk}/change/")
    assert row.select(f'a[href="{reverse("admin:compare")}?a={check.public_id}"]')


def test_r41_a_limited_team_member_sees_whom_they_own_or_follow_in_lever(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    kit = make_user(connection.organization, Role.LIMITED, email="kit@northmoor.example")
    person = lever.world.users[next(key for key in lever.world.users if key != marcus.owner)]
    User.objects.filter(pk=kit.pk).update(email=person.email)
    kit.refresh_from_db()
    moved(connection, marcus)
    assert not Check.objects.visible_to(kit).exists()
    marcus.followers.append(person.id)
    moved(connection, marcus)  # Lever is asked anew
    assert Check.objects.visible_to(kit).count() == 1
    marcus.followers.clear()
    moved(connection, marcus)
    assert not Check.objects.visible_to(kit).exists()
