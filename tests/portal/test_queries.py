"""As many queries for thirty rows as for three: on the desk, in every list, on a check's page."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.admin_lists import CountedUpTo
from accounts.roles import Role
from accounts.scoped_admin import OperatorsAdmin, ScopedAdmin
from checks.models import Check, Outcome
from integrations.models import Action
from notifications.models import Message
from tests.factories import answers_for, make_awaiting_check, make_check, make_completed_check, make_template, make_user
from tests.portal.world import House, World, address, make_delivery
from tests.prospects.people import make_prospect

LISTS = [m._meta.label_lower for m, page in admin.site._registry.items() if not isinstance(page, OperatorsAdmin)]


def fill(house: House, count: int) -> None:
    """As many more of everything, and of each trouble on the desk."""
    now = timezone.now()
    for number in range(count):
        make_user(house.organization, Role.ADMIN)
        template = make_template(house.organization)
        make_check(template=template, candidate_email="", now=now - timedelta(days=1))
        make_completed_check(template=template, now=now - timedelta(days=number))
        differing = Outcome.of(make_completed_check(template=template, now=now - timedelta(days=30)))
        differing.say("hired", now, name="Jonas Lind")
        differing.hear("not-hired", "Withdrew", now, now)
        Outcome.of(make_completed_check(template=template, now=now - timedelta(days=30))).nobody_to_ask(now)
        dropped = make_awaiting_check(template=template)
        dropped.references.in_order()[0].decline("", now)
        late = make_awaiting_check(template=template)
        first = late.references.in_order()[0]
        first.submit(answers_for(first), now)
        late.become_overdue(late.due_at)
        make_prospect(house.connection, state="refused", problem="No.")
        make_delivery(house.connection, f"x{number}", state="failed", done_at=now, for_check=late)
    Action.objects.filter(for_check__status="completed", kind="note").update(state="failed", error="No.", done_at=now)


def queries(browser: Client, url: str) -> int:
    browser.get(url)  # content types are read once and remembered
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_the_desk_and_every_list(world: World) -> None:
    """One test for all, because thirty of everything take a while to make."""
    visits = [(visitor, "/admin/") for visitor in (Role.SUPER_ADMIN, Role.LIMITED, "operator")]
    visits += [("operator", address(label, "changelist")) for label in LISTS]
    fill(world.ours, 3)
    few = {(visitor, url): queries(world.visitor(visitor), url) for visitor, url in visits}
    fill(world.ours, 27)
    assert {(visitor, url): queries(world.visitor(visitor), url) for visitor, url in visits} == few
    assert max(count for (_visitor, url), count in few.items() if url == "/admin/") <= 30
    assert max(count for (_visitor, url), count in few.items() if url != "/admin/") <= 10


def test_a_checks_page(world: World) -> None:
    """With three people and their mails, and with thirty."""
    browser, small = world.visitor(Role.SUPER_ADMIN), world.ours.check
    large = make_awaiting_check(template=make_template(world.ours.organization, ("any",) * 30))
    for reference in large.references.in_order()[:20]:
        reference.submit(answers_for(reference), timezone.now())
    few, many = (queries(browser, address("checks.check", "change", check.pk)) for check in (small, large))
    assert many == few


@pytest.mark.parametrize("label", ["templates_app.referencetemplate", "integrations.connection"])
def test_a_form(world: World, label: str) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    url = address(label, "change", world.ours.rows()[label].pk)
    few = queries(browser, url)
    fill(world.ours, 5)
    assert queries(browser, url) == few


def test_nobody_counts_to_a_million(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CountedUpTo, "MOST", 2)
    page = world.visitor(Role.SUPER_ADMIN).get(address("notifications.message", "changelist"))
    assert "The newest 2; search to find older ones." in page.text
    assert Message.objects.filter(organization=world.ours.organization).count() > 2


def test_lists_are_paged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedAdmin, "list_per_page", 2)
    browser, url = world.visitor(Role.SUPER_ADMIN), address("notifications.message", "changelist")
    first = browser.get(url).text
    assert "page 1 of 3" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in browser.get(url, {"p": 3}).text


def test_a_list_does_not_read_what_it_does_not_show(world: World) -> None:
    """Reports, bodies and letters are long, and some are encrypted."""
    browser = world.visitor("operator")
    heavy = {"checks.check": "report_data", "notifications.message": '"html"', "integrations.delivery": '"body"'}
    for label, column in heavy.items():
        with CaptureQueriesContext(connection) as captured:
            browser.get(address(label, "changelist"))
        assert not [query for query in captured.captured_queries if column in query["sql"]], label
    assert Check.objects.exists()
