"""The Lever page: what it says, what it asks Lever and when, and for whom."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.models import Connection, Delivery, Refusal, Webhook
from integrations.offers import BESIDE_THE_PAGE, WHILE_SAVING, WITHOUT_SCRIPT
from integrations.sandbox.faults import Fault
from templates_app.models import ReferenceTemplate
from tests.portal import connecting
from tests.portal.connecting import Office, notices, options, soup, text
from tests.portal.test_forms import fill
from tests.portal.world import World, address, make_delivery


@pytest.fixture
def office(db: None, settings: Any) -> Iterator[Office]:
    with connecting.office(settings) as opened:
        yield opened


# --- what Lever is asked, and when --------------------------------------------------------------------------


def test_the_page_opens_without_asking_lever(office: Office) -> None:
    assert "Lever API token" in text(office.open())
    assert office.asked == []


def test_what_lever_must_be_asked_for_is_filled_in_later(office: Office) -> None:
    assert office.open().select_one(f'#offer[data-fill="{office.to("offers")}"] [name=stage_id]')


def test_without_a_key_there_is_nothing_to_fill_in(office: Office) -> None:
    office.connection.forget()
    assert office.open().select_one("[data-fill]") is None


def test_the_drop_downs_are_filled_from_the_account_and_what_came_is_kept(office: Office) -> None:
    part = soup(office.browser.get(office.to("offers")))
    assert options(part, "stage_id")["lead-new"] == "New lead"
    assert options(part, "perform_as_id")[office.user("Jonas Keller")] == "Jonas Keller"
    office.lever.stop()
    page = office.open()
    office.lever.start()
    assert options(page, "stage_id") == options(part, "stage_id")
    assert "Read from your account today at" in text(page, "#offer")


def test_what_was_read_a_moment_ago_is_not_read_again(office: Office) -> None:
    office.browser.get(office.to("offers"))
    assert office.open().select_one("#offer[data-fill]") is None
    Connection.objects.update(offered_at=timezone.now() - timedelta(minutes=2))
    assert office.open().select_one("#offer[data-fill]")


@pytest.mark.parametrize("confidential", [True, False])
def test_reading_finds_out_about_confidential_jobs(office: Office, confidential: bool) -> None:
    office.add_key(office.connection.api_key, confidential=confidential)
    office.browser.get(office.to("offers"))
    assert office.connection.sees_confidential is confidential


def test_a_lever_that_is_down_leaves_what_was_chosen(office: Office) -> None:
    office.lever.faults.add(Fault("status", times=9, status=503))
    part = soup(office.browser.get(office.to("offers")))
    assert "Lever is not available at the moment" in text(part, "p")
    assert options(part, "stage_id") == {office.connection.stage_id: "Reference check"}


def test_a_lever_that_hangs_is_waited_for_once_and_not_for_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.admin.choices.BESIDE_THE_PAGE", (0.5, 0.2))
    office.lever.faults.add(Fault("hang", times=9, seconds=20))
    part = soup(office.browser.get(office.to("offers")))
    assert "Vouch got no answer from Lever" in text(part, "p")
    assert len(office.lever.faults.as_json()) == 1
    assert office.lever.faults.as_json()[0]["times"] == 8


def test_no_call_is_given_more_than_ten_seconds() -> None:
    assert sum(BESIDE_THE_PAGE) <= 10
    assert sum(WHILE_SAVING) <= 10
    assert 4 * sum(WITHOUT_SCRIPT) <= 10


def test_without_a_script_a_link_has_lever_asked_before_the_page_comes(office: Office) -> None:
    assert office.open().select_one('#offer a[href="?ask=1"]')
    assert options(office.open(ask="1"), "stage_id")["offer"] == "Offer"
    office.lever.faults.add(Fault("status", status=503))
    assert "Lever is not available at the moment" in notices(office.open(ask="1"))


def test_a_key_that_may_not_read_everything_shows_what_it_may(office: Office) -> None:
    office.add_key(office.connection.api_key, "users:read")
    part = soup(office.browser.get(office.to("offers")))
    assert "does not let it read stages" in text(part, "p")
    assert "Jonas Keller" in options(part, "perform_as_id").values()


# --- Test ---------------------------------------------------------------------------------------------------


def test_a_good_key_is_said_to_be_good_and_nothing_is_saved(office: Office) -> None:
    before = Connection.objects.filter(pk=office.connection.pk).values().get()
    verdict = office.test(new_api_key=office.add_key("another-good-key", confidential=False))
    words = "Lever accepts this key. It shows 10 stages and 5 users. It does not see confidential jobs"
    assert words in text(verdict, ".state.done")
    assert "another-good-key" not in str(verdict)
    assert Connection.objects.filter(pk=office.connection.pk).values().get() == before


def test_what_the_tested_account_has_comes_along(office: Office) -> None:
    verdict = office.test(new_api_key=office.add_key("another-good-key"))
    assert ">Offer</option>" in str(verdict.select_one("template"))


def test_an_empty_field_tests_the_stored_key(office: Office) -> None:
    assert "Lever accepts this key" in text(office.test(new_api_key=""), ".state")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("wrong", "Lever does not know this API key"),
        ("half a key", "There are spaces in it"),
        ("x" * 501, "at most 500 characters"),
    ],
)
def test_a_bad_key_is_said_to_be_bad(office: Office, typed: str, words: str) -> None:
    assert words in text(office.test(new_api_key=typed), ".state.bad")


def test_a_key_without_a_permission_is_said_to_lack_it(office: Office) -> None:
    verdict = office.test(new_api_key=office.add_key("poor", "stages:read"))
    assert "does not let it read users" in text(verdict, ".state.bad")


def test_with_no_key_at_all_there_is_nothing_to_test(office: Office) -> None:
    office.connection.forget()
    assert "There is no key to test yet" in text(office.test(), ".state.bad")


def test_without_a_script_the_stored_key_is_tested_by_a_form_of_its_own(office: Office) -> None:
    page = office.open()
    assert page.select_one('button[form="test-stored"]')
    form = page.select_one("form#test-stored")
    assert [field["name"] for field in form.select("input")] == ["csrfmiddlewaretoken"]
    assert "Lever accepts this key" in notices(soup(office.browser.post(str(form["action"]), follow=True)))


def test_testing_is_a_post_from_our_own_page(office: Office) -> None:
    assert office.browser.get(office.to("test_key")).status_code == 405
    office.browser.handler.enforce_csrf_checks = True
    assert office.browser.post(office.to("test_key")).status_code == 403
    assert office.asked == []


# --- what the page says -------------------------------------------------------------------------------------


def test_the_list_names_what_is_missing_first_and_leads_to_each_field(office: Office) -> None:
    office.connection.forget()
    page = office.open()
    links = [str(link["href"]) for link in page.select(".steps a[href^='#id_']")]
    assert links[:2] == ["#id_new_api_key", "#id_stage-change-token"]
    assert all(page.find(id=link[1:]) for link in links)
    assert "2 of 5 done. Checks start when all are." in text(page, "[aria-labelledby=progress]")


def test_when_nothing_else_is_missing_it_is_activated_right_there(office: Office) -> None:
    office.connection.disable()
    button = office.open().select_one(".steps button[form]")
    form = office.open().find(id=button["form"])
    office.browser.post(str(form["action"]))
    assert office.connection.is_active


def test_what_is_advised_holds_up_nothing(office: Office) -> None:
    office.connection.webhook_tokens.exclude(webhook=Webhook.STAGE_CHANGE).delete()
    ReferenceTemplate.objects.all().delete()
    said = text(office.open(), "[aria-labelledby=progress]")
    for words in ("Candidate hired", "archive change", "deleted", "asks somebody", "default template", "confidential"):
        assert words in said
    assert "All 5 things that it needs are done." in said


def test_when_all_is_done_the_list_says_so(office: Office) -> None:
    world = office.world
    world.ours.template.make_default()
    make_delivery(office.connection, event="candidateStageChange")
    office.browser.get(office.to("offers"))
    page = office.open()
    assert "Nothing is missing" in text(page, "#progress")
    assert "12 are done" in text(page, "[aria-labelledby=progress] summary")


def test_a_stage_that_lever_lost_is_missing_again(office: Office) -> None:
    del office.lever.world.stages[office.connection.stage_id]
    part = soup(office.browser.get(office.to("offers")))
    assert "Reference check (not in Lever any more)" in options(part, "stage_id").values()
    assert "The stage “Reference check” is not in Lever any more" in text(office.open(), ".steps")


def test_a_person_who_left_lever_is_missing_again(office: Office) -> None:
    office.lever.world.users[office.connection.perform_as_id].deactivated_at = 1
    office.browser.get(office.to("offers"))
    assert "Ruth Adeyemi is not in Lever any more" in text(office.open(), ".steps")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Heard from today at"),
        ({"decision": "test"}, "A test arrived today at"),
        ({"decision": "wrong-address"}, "Another event came today at"),
        ({"source": Delivery.Source.RECONCILIATION}, "Not heard from yet"),
        ({"source": Delivery.Source.TEST}, "Not heard from yet"),
        ({"event": ""}, "Not heard from yet"),  # nobody has read it: it may be a test of our own
        ({"created_at": timezone.now() - timedelta(days=40)}, "Heard from on "),
    ],
)
def test_a_webhook_says_when_it_was_heard_from_last(office: Office, fields: dict[str, Any], words: str) -> None:
    make_delivery(office.connection, webhook=Webhook.HIRED, **{"event": "candidateHired", **fields})
    assert words in text(office.open(), "fieldset.hook:has(#url-hired) legend")


def test_a_webhook_says_that_it_was_refused_since(office: Office) -> None:
    two_days_ago = timezone.now() - timedelta(days=2)
    make_delivery(office.connection, webhook=Webhook.HIRED, event="candidateHired", created_at=two_days_ago)
    Refusal.note(office.connection.pk, Webhook.HIRED, timezone.now())
    assert "Signature refused today at" in text(office.open(), "fieldset.hook:has(#url-hired) legend")


def test_the_same_token_at_two_addresses_is_said_at_both(office: Office) -> None:
    for webhook in (Webhook.HIRED, Webhook.ARCHIVED):
        office.connection.set_token(webhook, "one-for-all", timezone.now())
    page = office.open()
    assert "The same token stands at “Candidate archive change”" in text(page, "#id_hired-token_note")
    assert "The same token stands at “Candidate hired”" in text(page, "#id_archived-token_note")
    assert page.select_one("#id_deleted-token_note") is None


def test_the_fifth_webhook_is_folded_away_until_it_is_used(office: Office) -> None:
    office.connection.webhook_tokens.filter(webhook=Webhook.APPLIED).delete()
    assert office.open().select_one("details:not([open]) #url-applied")
    office.connection.set_token(Webhook.APPLIED, "used-now", timezone.now())
    assert office.open().select_one("details[open] #url-applied")


def test_the_addresses_for_lever_can_be_copied(office: Office) -> None:
    page = office.open()
    for webhook in Webhook:
        field = page.select_one(f"#url-{webhook}[readonly]")
        assert field["value"] == office.connection.webhook_url(webhook)
        assert page.select_one(f'button[data-copy="{field["id"]}"][hidden]')


def test_each_template_stands_with_its_tag(office: Office) -> None:
    part = text(office.open(), "[aria-labelledby=templates]")
    assert "ours-tag Ours template" in part
    assert "Edit/create templates" in part


def test_only_so_many_templates_are_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.admin.connections.TEMPLATES", 1)
    for _each in range(3):
        office.world.ours.template.duplicate()
    part = office.open().select_one("[aria-labelledby=templates]")
    assert len(part.select("dt")) == 1
    assert "And 3 more." in part.get_text()


def test_the_environment_is_asked_for_only_where_lever_itself_is(office: Office, settings: Any) -> None:
    assert office.open().select_one("[name=environment]") is None
    assert "instead of Lever" in text(office.open())
    settings.LEVER_API_URL = "https://api.lever.co/v1"
    assert options(office.open(), "environment").keys() == {"production", "eu", "sandbox"}


# --- for whom -----------------------------------------------------------------------------------------------


def test_who_may_only_look_has_no_field_and_no_button(office: Office) -> None:
    page = soup(office.world.visitor("admin").get(office.url))
    controls = page.select("main :is(button, select, textarea, input:not([readonly]))")
    assert {each.get("name") for each in controls} <= {"csrfmiddlewaretoken"}
    assert "Reference check" in text(page, "[aria-labelledby=key]")
    assert office.connection.stage_id not in str(page)


@pytest.mark.parametrize("page", ["offers", "test_key"])
@pytest.mark.parametrize("visitor", ["admin", "team member", "limited team member", "stranger"])
def test_only_who_may_change_the_connection_has_lever_asked(office: Office, page: str, visitor: str) -> None:
    browser = office.world.visitor(visitor)
    assert {browser.get(office.to(page)).status_code, browser.post(office.to(page)).status_code} == {403}
    assert browser.get(office.url, {"ask": "1"}).status_code == 403
    assert office.asked == []


def test_nobody_in_particular_is_sent_to_sign_in(office: Office) -> None:
    assert Client().get(office.to("offers")).headers["Location"].startswith("/admin/login/")


def test_the_operator_fills_it_in_too(office: Office) -> None:
    office.browser = office.world.visitor("operator")
    assert "Saved: tags now begin with “Ferry”." in notices(office.save(tag_prefix="Ferry"))
    assert "Ours Ferries" in text(office.open(), "h1")


def test_adding_one_is_the_operators_and_asks_only_whose_it_is(world: World) -> None:
    Connection.objects.filter(pk=world.ours.connection.pk).delete()
    operator, url = world.visitor("operator"), address("integrations.connection", "add")
    assert options(soup(operator.get(url)), "organization")
    answer = fill(operator, url, organization=world.ours.organization.pk)
    made = Connection.objects.get(organization=world.ours.organization)
    assert answer.headers["Location"] == address("integrations.connection", "change", made.pk)
    assert operator.get(answer.headers["Location"]).status_code == 200


def test_staff_do_not_add_one_by_that_page(world: World) -> None:
    Connection.objects.filter(pk=world.ours.connection.pk).delete()
    assert world.visitor("super admin").get(address("integrations.connection", "add")).status_code == 403
