"""The lists and pages of deliveries and actions: searched, filtered, opened, by everybody who may."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.admin_lists import CountedUpTo
from accounts.roles import Role
from accounts.scoped_admin import ScopedAdmin
from checks.models import Check
from integrations.models import Action, Decision, Delivery, LeverCall
from tests.factories import make_awaiting_check, make_template
from tests.portal.world import World, address, make_delivery

DELIVERY, ACTION = "integrations.delivery", "integrations.action"
READERS = (Role.SUPER_ADMIN, Role.ADMIN, "operator")
BODY = {"event": "candidateHired", "data": {"opportunityId": "o-1", "name": "Marcus Webb"}, "signature": "S1GN"}


def listed(browser: Client, label: str, **query: Any) -> list[str]:
    """The keys of the rows that a list shows, in its order."""
    page = BeautifulSoup(browser.get(address(label, "changelist"), query).text, "html.parser")
    links = [str(link["href"]) for link in page.select(".list tbody th a")]
    return [re.findall(r"/(\d+)/change/", link)[0] for link in links]


def keys(*rows: Any) -> list[str]:
    return [str(row.pk) for row in sorted(rows, key=lambda row: -row.pk)]


def text_of(browser: Client, label: str, row: Any) -> str:
    page = BeautifulSoup(browser.get(address(label, "change", row.pk)).text, "html.parser")
    return " ".join(page.select("main")[0].get_text(" ").split())


def call(cause: Model, **fields: Any) -> LeverCall:
    values = {
        "attempt": 1,
        "method": "GET",
        "path": "/v1/opportunities/o-1",
        "status": 200,
        "milliseconds": 35,
        **fields,
    }
    return LeverCall.objects.create(at=timezone.now(), **{cause._meta.model_name: cause}, **values)


@pytest.fixture
def another_stage(world: World) -> Delivery:
    """About the candidate of our check, and without a check of its own, as most deliveries are."""
    return make_delivery(
        world.ours.connection,
        "other",
        opportunity_id=world.ours.check.opportunity_id,
        state="ignored",
        decision=Decision.OTHER_STAGE,
        verdict="The candidate moved to another stage.",
    )


@pytest.fixture
def browser(world: World) -> Client:
    return world.visitor(Role.SUPER_ADMIN)


# --- deliveries: finding ----------------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", READERS)
def test_the_candidate_is_named_where_any_check_knows_the_name(
    world: World, another_stage: Delivery, visitor: str
) -> None:
    page = world.visitor(visitor).get(address(DELIVERY, "changelist")).text
    row = BeautifulSoup(page, "html.parser").select(".list tbody tr")[0].get_text(" ")
    assert "Ours Webb" in row
    assert "The candidate moved to another stage." in row
    assert "Candidate stage change" in row


def test_where_no_check_knows_a_name_the_opportunity_stands(world: World, browser: Client) -> None:
    assert "Ours-opportunity" in browser.get(address(DELIVERY, "changelist")).text


def test_another_organizations_name_for_the_same_opportunity_is_not_shown(world: World, browser: Client) -> None:
    Check.objects.filter(pk=world.theirs.check.pk).update(opportunity_id="Ours-opportunity")
    assert "Magpie" not in browser.get(address(DELIVERY, "changelist")).text


@pytest.mark.parametrize("visitor", READERS)
@pytest.mark.parametrize("text", ["Ours Webb", "ours web", "{id}", " {id} ", "https://hire.lever.co/candidates/{id}"])
def test_a_delivery_is_found_by_candidate_id_and_address(
    world: World, another_stage: Delivery, visitor: str, text: str
) -> None:
    text = text.format(id=world.ours.check.opportunity_id)
    assert listed(world.visitor(visitor), DELIVERY, q=text) == keys(another_stage)


@pytest.mark.parametrize("text", ["Magpie", "Magpie Webb", "Magpie-opportunity", "nobody", "%", "\\", "' OR 1=1 --"])
def test_nothing_of_others_is_found(world: World, another_stage: Delivery, browser: Client, text: str) -> None:
    assert listed(browser, DELIVERY, q=text) == []
    assert listed(browser, ACTION, q=text) == []


def test_a_part_of_an_id_finds_nothing(world: World, another_stage: Delivery, browser: Client) -> None:
    assert listed(browser, DELIVERY, q=world.ours.check.opportunity_id[:-1]) == []


@pytest.mark.parametrize(
    "fields",
    [{"webhook": "hired"}, {"decision": "other-stage"}, {"state": "failed"}, {"source": "desk"}],
)
def test_a_filter_shows_what_it_says(world: World, browser: Client, fields: dict[str, str]) -> None:
    other = {"webhook": "stage-change", "decision": "started", "state": "done", "source": "webhook"}
    rows = [make_delivery(world.ours.connection, f"x{number}", **{**other, **fields}) for number in range(2)]
    make_delivery(world.ours.connection, "y", **other)
    make_delivery(world.theirs.connection, "y", **{**other, **fields})
    assert listed(browser, DELIVERY, **fields) == keys(*rows)
    assert listed(browser, DELIVERY, **fields, q="x1-opportunity") == keys(rows[1])


def test_each_filter_names_all_that_there_can_be(world: World, browser: Client) -> None:
    page = BeautifulSoup(browser.get(address(DELIVERY, "changelist")).text, "html.parser")
    found = {str(select["name"]): len(select.select("option")) - 1 for select in page.select(".search select")}
    expected = {"webhook": 5, "decision": len(Decision), "state": 4, "source": 5}
    assert found == expected


def test_the_filters_look_at_the_newest_and_it_says_so(world: World, browser: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(CountedUpTo, "MOST", 2)
    rows = [make_delivery(world.ours.connection, f"x{number}", state="failed") for number in range(3)]
    sentence = "The filters look at the newest 2 deliveries. Search to find older ones."
    assert listed(browser, DELIVERY, state="failed") == keys(*rows[1:])
    assert sentence in browser.get(address(DELIVERY, "changelist"), {"state": "failed"}).text
    assert sentence in browser.get(address(DELIVERY, "changelist"), {"state": "done"}).text
    assert sentence not in browser.get(address(DELIVERY, "changelist"), {"state": ""}).text
    assert listed(browser, DELIVERY, state="failed", q="x0-opportunity") == keys(rows[0])


def test_a_list_that_is_short_is_looked_at_whole(world: World, browser: Client) -> None:
    assert "The filters look at" not in browser.get(address(DELIVERY, "changelist"), {"state": "failed"}).text


def test_what_a_search_left_out_is_said(world: World, browser: Client, monkeypatch: Any) -> None:
    make_awaiting_check(template=world.ours.template, candidate_name="Ours Other")
    monkeypatch.setattr("integrations.finding.NAMED", 1)
    page = browser.get(address(DELIVERY, "changelist"), {"q": "Ours"}).text
    assert "More than 1 checks bear that name; these are of the newest. Add another word." in page


# --- deliveries: reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", READERS)
def test_a_delivery_says_what_was_decided_and_why(world: World, another_stage: Delivery, visitor: str) -> None:
    text = text_of(world.visitor(visitor), DELIVERY, another_stage)
    assert "What Vouch decided Another stage The candidate moved to another stage." in text
    assert "It belongs to no check." in text
    assert "Received" in text
    assert "Lever was not asked." in text


def test_one_that_waits_says_that_nothing_is_decided(world: World, browser: Client) -> None:
    make_delivery(world.ours.connection, "new", verdict="")
    new = Delivery.objects.latest("pk")
    assert "Nothing yet. A worker takes it up in a moment." in text_of(browser, DELIVERY, new)
    Delivery.objects.filter(pk=new.pk).update(attempts=2)
    assert "Nothing yet. Vouch tries again: " in text_of(browser, DELIVERY, new)
    assert "None yet." in text_of(browser, DELIVERY, new)


def test_one_that_was_given_up_says_what_went_wrong(world: World, browser: Client) -> None:
    row = make_delivery(world.ours.connection, "bad", verdict="", state="failed", error="It went wrong.")
    assert "What Vouch decided It went wrong." in text_of(browser, DELIVERY, row)


def test_it_shows_the_calls_that_it_caused_and_no_others(world: World, browser: Client) -> None:
    call(world.ours.delivery)
    call(world.ours.delivery, method="POST", status=None, attempt=2, milliseconds=10_000)
    call(world.ours.delivery, status=403, attempt=3)
    call(world.theirs.delivery, path="/v1/magpie")
    call(world.ours.action, path="/v1/of-an-action")
    text = text_of(browser, DELIVERY, world.ours.delivery)
    assert "GET /v1/opportunities/o-1 200 35 ms 1" in text
    assert "POST /v1/opportunities/o-1 No answer 10000 ms 2" in text
    assert "403 35 ms 3" in text
    assert "/v1/magpie" not in text
    assert "/v1/of-an-action" not in text


@pytest.mark.parametrize("label", [DELIVERY, ACTION])
def test_of_very_many_calls_the_last_are_shown(world: World, browser: Client, label: str) -> None:
    row = world.ours.rows()[label]
    for number in range(60):
        call(row, path=f"/v1/call-{number}")
    text = text_of(browser, label, row)
    assert text.count("/v1/call-") == 50
    assert "/v1/call-9 " not in text
    assert "/v1/call-59 " in text


def test_it_shows_the_check_and_what_was_written_for_it_since(world: World, browser: Client) -> None:
    delivery, check = world.ours.delivery, world.ours.check
    before, later = Action.objects.filter(for_check=check).order_by("pk")[:2]
    Action.objects.filter(pk=before.pk).update(created_at=delivery.created_at - timedelta(hours=1))
    Action.objects.filter(pk=later.pk).update(created_at=timezone.now(), value="Ours - Since", state="failed")
    page = browser.get(address(DELIVERY, "change", delivery.pk)).text
    assert address("checks.check", "change", check.pk) in page
    assert address(ACTION, "change", later.pk) in page
    assert address(ACTION, "change", before.pk) not in page
    assert "Tag: Ours - Since Given up" in text_of(browser, DELIVERY, delivery)


def test_repeats_are_told(world: World, browser: Client) -> None:
    Delivery.objects.filter(pk=world.ours.delivery.pk).update(repeats=3, altered_repeats=1)
    assert "Repeats 3 Repeats with other words 1" in text_of(browser, DELIVERY, world.ours.delivery)


@pytest.mark.parametrize(("visitor", "is_seen"), [(Role.SUPER_ADMIN, True), (Role.ADMIN, True), ("operator", False)])
def test_of_a_body_everybody_sees_what_is_theirs(world: World, visitor: str, is_seen: bool) -> None:
    row = make_delivery(world.ours.connection, "body", body=json.dumps(BODY).encode())
    page = world.visitor(visitor).get(address(DELIVERY, "change", row.pk)).text
    assert ("Marcus Webb" in page) == is_seen
    assert ("The rest is for the organization’s own people, and left out here." in page) != is_seen
    assert "candidateHired" in page
    assert "o-1" in page
    assert "S1GN" not in page


@pytest.mark.parametrize("visitor", [Role.TEAM_MEMBER, Role.LIMITED, "stranger", "anonymous"])
def test_nobody_else_sees_a_delivery_or_an_action(world: World, visitor: str) -> None:
    for label in (DELIVERY, ACTION):
        answer = world.visitor(visitor).get(address(label, "change", world.ours.rows()[label].pk))
        assert answer.status_code in (302, 403)
        assert "Ours" not in answer.text


# --- actions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", READERS)
@pytest.mark.parametrize("text", ["Ours Webb", "webb OURS", "{id}", "https://hire.lever.co/candidates/{id}?x=1"])
def test_an_action_is_found_by_candidate_id_and_address(world: World, visitor: str, text: str) -> None:
    rows = Action.objects.filter(for_check=world.ours.check)
    text = text.format(id=world.ours.check.opportunity_id)
    assert listed(world.visitor(visitor), ACTION, q=text) == keys(*rows)


@pytest.mark.parametrize("fields", [{"kind": "note"}, {"state": "failed"}])
def test_actions_are_filtered(world: World, browser: Client, fields: dict[str, str]) -> None:
    Action.objects.filter(pk__in=[world.ours.action.pk, world.theirs.action.pk]).update(**fields)
    assert listed(browser, ACTION, **fields) == keys(world.ours.action)


@pytest.mark.parametrize("visitor", READERS)
def test_an_action_shows_value_attempts_calls_and_error(world: World, visitor: str) -> None:
    when = timezone.now() + timedelta(minutes=5)
    Action.objects.filter(pk=world.ours.action.pk).update(attempts=3, error="Lever was busy.", next_at=when)
    call(world.ours.action, method="POST", status=429, attempt=3)
    text = text_of(world.visitor(visitor), ACTION, world.ours.action)
    assert world.ours.action.value in text
    assert "Attempts 3 Next attempt" in text
    assert "What went wrong Lever was busy." in text
    assert "POST /v1/opportunities/o-1 429 35 ms 3" in text


# --- speed ------------------------------------------------------------------------------------------------


def fill(world: World, count: int) -> None:
    for number in range(count):
        check = make_awaiting_check(template=make_template(world.ours.organization, ("any",)))
        delivery = make_delivery(world.ours.connection, f"f{number}", for_check=check)
        Delivery.objects.filter(pk=delivery.pk).update(opportunity_id=check.opportunity_id, state="failed")
        call(delivery)
        call(Action.objects.filter(for_check=check).latest("pk"))


def queries(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("visitor", [Role.SUPER_ADMIN, "operator"])
def test_sixty_rows_take_as_many_queries_as_ten(world: World, monkeypatch: Any, visitor: str) -> None:
    monkeypatch.setattr(ScopedAdmin, "list_per_page", 100)
    browser = world.visitor(visitor)
    urls = [address(label, "changelist") + query for label in (DELIVERY, ACTION) for query in ("", "?q=Marcus")]
    urls += [address(DELIVERY, "changelist") + "?state=failed", address(ACTION, "changelist") + "?kind=tag"]
    fill(world, 10)
    few = {url: queries(browser, url) for url in urls}
    fill(world, 50)
    assert {url: queries(browser, url) for url in urls} == few
    assert max(few.values()) <= 12


def test_a_page_takes_as_many_queries_for_many_calls_and_actions(world: World, browser: Client) -> None:
    rows = [world.ours.delivery, world.ours.action]
    urls = [address(row._meta.label_lower, "change", row.pk) for row in rows]
    for row in rows:
        call(row)
    few = [queries(browser, url) for url in urls]
    for row in rows * 30:
        call(row)
    action = world.ours.action
    for number in range(30):
        Action.objects.create(
            connection=action.connection,
            for_check=action.for_check,
            mark=f"m{number}",
            kind="tag",
            created_at=timezone.now(),
            next_at=timezone.now(),
        )
    assert [queries(browser, url) for url in urls] == few
    assert max(few) <= 14
