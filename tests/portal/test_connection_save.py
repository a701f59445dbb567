"""Saving the Lever page: what is checked, what is said, and that nobody loses anything."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from integrations.models import Connection, Webhook
from integrations.sandbox.faults import Fault
from tests.portal import connecting
from tests.portal.connecting import Office, error, notices, options, soup, text
from tests.portal.test_forms import fill
from tests.portal.world import address


@pytest.fixture
def office(db: None, settings: Any) -> Iterator[Office]:
    with connecting.office(settings) as opened:
        yield opened


# --- what a save says ---------------------------------------------------------------------------------------


def test_every_save_says_what_it_changed(office: Office) -> None:
    page = office.save(stage_id="offer", hired__token="a-new-token", starts_after_completion="on")
    assert notices(page) == (
        "Saved: the stage is now “Offer”; whoever comes to the stage again after a completed check gets another one; "
        "a new signature token for Candidate hired."
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("tag_prefix", "Ferry", "tags now begin with “Ferry”"),
        ("exports_existing_prospects", "on", "the prospects whom you have are to be exported"),
        ("attaches_pdf", "on", "completed reports are to be attached in Lever as a PDF"),
        ("exports_new_prospects", "on", "new prospects are to be exported as they come"),
        ("perform_as_id", "Jonas Keller", "Vouch now writes as Jonas Keller"),
        ("new_api_key", "another-good-key", "a new API token, which ends in -key"),
    ],
)
def test_each_field_has_its_words(office: Office, field: str, value: str, words: str) -> None:
    office.add_key("another-good-key")
    sent = office.user(value) if field == "perform_as_id" else value
    assert f"Saved: {words}." in notices(office.save(**{field: sent}))


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("starts_after_completion", "gets no other one"),
        ("attaches_pdf", "completed reports are not to be attached in Lever"),
        ("exports_existing_prospects", "the prospects whom you have are not to be exported"),
        ("exports_new_prospects", "new prospects are not to be exported"),
    ],
)
def test_a_switch_is_switched_off_again(office: Office, field: str, words: str) -> None:
    Connection.objects.update(**{field: True})
    assert words in notices(office.save(**{field: None}))
    assert not getattr(office.connection, field)


def test_another_environment_has_its_words(office: Office, settings: Any) -> None:
    """Lever's own hosts are out of reach here."""
    settings.LEVER_API_URL = "https://api.lever.co/v1"
    Connection.objects.update(api_key="")
    assert notices(office.save(environment="eu")) == "Saved: the environment is now “Production in the EU”."


def test_a_save_without_a_change_says_so_and_leaves_no_trace(office: Office) -> None:
    assert notices(office.save()) == "Nothing was changed."
    assert office.connection.saved_at is None
    assert not LogEntry.objects.exists()
    assert office.asked == []


def test_the_stored_secrets_typed_once_more_are_no_change(office: Office) -> None:
    office.connection.set_token(Webhook.HIRED, "a-token", timezone.now())
    assert notices(office.save(new_api_key=office.connection.api_key, hired__token="a-token")) == "Nothing was changed."


def test_the_page_says_who_saved_last(office: Office) -> None:
    assert "Saved last by Ours super admin, today at" in text(office.save(tag_prefix="Ferry"), ".save")


def test_who_changed_what_names_fields_and_no_secrets(office: Office) -> None:
    office.save(new_api_key=office.add_key("another-good-key"))
    assert "Lever API token" in LogEntry.objects.get().get_change_message()
    assert "another-good-key" not in LogEntry.objects.get().change_message


# --- two people, one page -----------------------------------------------------------------------------------


def test_two_people_with_the_page_open_do_not_undo_each_others_work(office: Office) -> None:
    opened_before = soup(office.browser.get(office.url))
    office.save(stage_id="offer", tag_prefix="Ferry", exports_new_prospects="on")
    form = opened_before.select_one("#connection_form")
    sent = {each["name"]: each.get("value", "") for each in form.select("input[name]:not([type=checkbox])")}
    chosen = {each["name"]: each.select_one("option[selected]")["value"] for each in form.select("select")}
    office.browser.post(office.url, {**sent, **chosen, "starts_after_completion": "on"})
    now = office.connection
    assert (now.stage_id, now.stage_name, now.tag_prefix) == ("offer", "Offer", "Ferry")
    assert (now.exports_new_prospects, now.starts_after_completion) == (True, True)


def test_a_save_leaves_alone_what_happened_meanwhile(office: Office) -> None:
    """The worker's own columns: the connection was refused while somebody had the page open."""
    Connection.objects.update(status="failing", problem="Lever refuses.")
    office.save(tag_prefix="Ferry")
    assert (office.connection.status, office.connection.problem) == ("failing", "Lever refuses.")


# --- bad input ----------------------------------------------------------------------------------------------


def refused(office: Office, page: Any, field: str, words: str) -> None:
    """A sentence at the field, and nothing was saved."""
    assert words in error(page, field)
    assert "Not saved yet" in notices(page)
    assert office.connection.saved_at is None


def test_a_key_that_lever_does_not_know_is_refused_at_its_field(office: Office) -> None:
    refused(office, office.save(new_api_key="wrong"), "new_api_key", "Lever does not know this API key")


@pytest.mark.parametrize(
    ("may", "lacks"), [("users:read", "stages"), ("stages:read", "users"), ("notes:read", "stages and users")]
)
def test_a_key_without_a_permission_is_refused_and_the_permission_named(office: Office, may: str, lacks: str) -> None:
    page = office.save(new_api_key=office.add_key("poor", may))
    refused(office, page, "new_api_key", f"does not let it read {lacks}.")


def test_a_key_of_an_account_without_the_stage_asks_to_choose_anew(office: Office) -> None:
    office.lever.world.stages.pop(office.connection.stage_id)
    page = office.save(new_api_key=office.add_key("of-another-account"))
    refused(office, page, "stage_id", "The account of this key does not have “Reference check”")
    assert "Offer" in options(page, "stage_id").values()


def test_a_key_of_an_account_without_the_writer_asks_to_choose_anew(office: Office) -> None:
    office.lever.world.users.pop(office.connection.perform_as_id)
    page = office.save(new_api_key=office.add_key("of-another-account"))
    refused(office, page, "perform_as_id", "The account of this key does not have “Ruth Adeyemi”")


def test_a_key_of_another_account_and_a_stage_of_that_one_are_saved_together(office: Office) -> None:
    office.lever.world.stages.pop(office.connection.stage_id)
    page = office.save(new_api_key=office.add_key("of-another-account"), stage_id="offer")
    assert "Saved: a new API token" in notices(page)
    assert (office.connection.stage_name, office.connection.api_key) == ("Offer", "of-another-account")


@pytest.mark.parametrize("field", ["new_api_key", "hired__token"])
def test_a_secret_with_a_space_in_it_was_copied_wrongly(office: Office, field: str) -> None:
    page = office.save(**{field: "half a secret", "tag_prefix": "Ferry"})
    refused(office, page, field.replace("__", "-"), "There are spaces in it. Copy it from Lever again.")
    assert page.select_one("[name=tag_prefix]")["value"] == "Ferry"


def test_spaces_around_a_secret_do_no_harm(office: Office) -> None:
    office.save(new_api_key=f" {office.add_key('another-good-key')}\t", hired__token=" a-token ")
    assert office.connection.api_key == "another-good-key"
    assert office.connection.tokens_for(Webhook.HIRED)[0] == "a-token"


def test_secrets_never_come_back_and_the_page_says_so(office: Office) -> None:
    page = office.save(new_api_key="typed-in-vain", hired__token="also-in-vain", tag_prefix="")
    assert "in-vain" not in str(page)
    assert "Keys and tokens that you typed were not saved" in notices(page)


def test_a_stage_that_lever_does_not_have_is_refused_and_stays_chosen(office: Office) -> None:
    page = office.save(stage_id="made-up", tag_prefix="Ferry")
    refused(office, page, "stage_id", "Your Lever account does not have it")
    assert page.select_one("[name=stage_id] option[selected]")["value"] == "made-up"
    assert page.select_one("[name=tag_prefix]")["value"] == "Ferry"


def test_a_person_deleted_in_lever_since_the_page_was_filled_is_refused(office: Office) -> None:
    office.browser.get(office.to("offers"))
    jonas = office.user("Jonas Keller")
    office.lever.world.users[jonas].deactivated_at = 1
    page = office.save(perform_as_id=jonas)
    refused(office, page, "perform_as_id", "Your Lever account does not have it")
    assert "Jonas Keller (not in Lever any more)" in options(page, "perform_as_id").values()


def test_a_stage_deleted_since_does_not_keep_other_things_from_being_saved(office: Office) -> None:
    office.lever.world.stages.pop(office.connection.stage_id)
    office.save(perform_as_id=office.user("Jonas Keller"))
    assert office.connection.perform_as_name == "Jonas Keller"
    assert office.connection.stage_name == "Reference check"


def test_an_emptied_choice_keeps_what_is_stored(office: Office) -> None:
    office.save(stage_id="", tag_prefix="Ferry")
    assert (office.connection.stage_name, office.connection.tag_prefix) == ("Reference check", "Ferry")


@pytest.mark.parametrize("kind", ["status", "reset", "html"])
def test_while_lever_is_down_everything_is_saved_and_said_to_be_unchecked(office: Office, kind: str) -> None:
    office.lever.faults.add(Fault(kind, times=9, status=503))
    page = office.save(new_api_key="not-checked", hired__token="a-token", tag_prefix="Ferry")
    assert "What you chose could not be compared with your Lever account." in notices(page)
    now = office.connection
    assert (now.api_key, now.tag_prefix, now.tokens_for(Webhook.HIRED)[0]) == ("not-checked", "Ferry", "a-token")
    assert (now.offer, now.offered_at, now.sees_confidential) == ({}, None, None)


def test_while_lever_hangs_a_save_gives_up_after_the_first_question(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.forms.WHILE_SAVING", (0.5, 0.2))
    office.lever.faults.add(Fault("hang", times=9, seconds=20))
    assert "Vouch got no answer from Lever" in notices(office.save(new_api_key="not-checked"))
    assert office.lever.faults.as_json()[0]["times"] == 8


def test_while_lever_is_down_a_stage_that_it_had_can_be_chosen(office: Office) -> None:
    office.browser.get(office.to("offers"))
    office.lever.faults.add(Fault("status", times=9, status=503))
    office.save(stage_id="offer")
    assert office.connection.stage_name == "Offer"


def test_one_key_in_two_connections_is_allowed_and_said_without_a_name(office: Office) -> None:
    theirs = office.world.theirs.connection
    theirs.api_key = office.add_key("shared-good-key")
    theirs.save()
    page = office.save(new_api_key="shared-good-key")
    assert "Another connection on this installation has the same key." in notices(page)
    assert "Magpie" not in str(page)
    assert office.connection.key_digest == theirs.key_digest


def test_one_token_for_two_webhooks_is_saved_and_warned_of(office: Office) -> None:
    page = office.save(hired__token="one-for-all", archived__token="one-for-all")
    assert notices(page).count("“Candidate hired”, “Candidate archive change” have the same token.") == 1
    assert office.connection.tokens_for(Webhook.ARCHIVED)[0] == "one-for-all"


# --- what follows from a save -------------------------------------------------------------------------------


def test_a_new_key_brings_what_its_account_has(office: Office) -> None:
    office.save(new_api_key=office.add_key("another-good-key", confidential=False))
    assert ["offer", "Offer"] in office.connection.offer["stages"]
    assert office.connection.sees_confidential is False


def test_a_refused_connection_is_tried_again_with_a_new_key(office: Office) -> None:
    office.connection.fail("Lever does not know the key.")
    assert "Lever does not know the key." in text(office.open())
    assert "Vouch tries again" in notices(office.save(new_api_key=office.add_key("better")))
    assert office.connection.is_active


def test_what_is_switched_off_stays_off(office: Office) -> None:
    office.connection.disable()
    office.save(new_api_key=office.add_key("better"))
    assert office.connection.status == "disabled"


def test_what_lever_refuses_can_be_switched_off_and_stays_off(office: Office) -> None:
    """Else it would go on by itself as soon as Lever takes the key again."""
    office.connection.fail("Lever does not know this API key.")
    office.browser.post(address("integrations.connection", "verb", office.connection.pk, "switch-off"))
    assert not office.connection.recover()
    assert office.connection.status == "disabled"


def test_the_last_thing_that_was_missing_leads_to_activation(office: Office) -> None:
    office.connection.forget()
    office.save(stage__change__token="a-token")
    page = office.save(new_api_key=office.add_key("better"))
    assert "Nothing is missing any more. Activate the connection when you are ready." in notices(page)
    assert office.connection.status == "incomplete"


@pytest.mark.django_db(transaction=True)
def test_lever_is_asked_outside_any_transaction(office: Office, in_transactions: list[bool]) -> None:
    """Or workers would wait for the locks of whoever sits before the form."""
    fill(office.browser, office.url, stage_id="offer")
    office.browser.get(office.to("offers"))
    office.test(new_api_key="wrong")
    assert len(in_transactions) >= 5
    assert not any(in_transactions)


# --- how it ended -------------------------------------------------------------------------------------------


def reason(office: Office, text: str) -> str:
    return next(each.id for each in office.lever.world.reasons.values() if each.text == text)


def test_to_archive_takes_a_reason_for_either_end(office: Office) -> None:
    page = office.save(outcome_writes="archive")
    refused(office, page, "hired_reason_id", "To archive, Vouch needs a reason here.")
    assert "To archive, Vouch needs a reason here." in error(page, "not_hired_reason_id")
    assert page.select_one("[name=outcome_writes] option[selected]")["value"] == "archive"

    office.browser.get(office.to("offers"))
    hired, closed = reason(office, "Hired"), reason(office, "Position closed")
    page = office.save(outcome_writes="archive", hired_reason_id=hired, not_hired_reason_id=closed)
    assert notices(page) == (
        "Saved: when somebody says how it ended, the opportunity is to be archived; who is hired is to be archived as "
        "“Hired”; who is not hired is to be archived as “Position closed”."
    )
    now = office.connection
    assert (now.hired_reason_id, now.not_hired_reason_name) == (hired, "Position closed")


def test_each_reason_is_chosen_from_those_of_its_kind_that_are_in_use(office: Office) -> None:
    withdrew = reason(office, "Withdrew")
    office.lever.world.reasons[withdrew] = replace(office.lever.world.reasons[withdrew], status="inactive")
    template = soup(office.browser.get(office.to("offers"))).select_one("template[data-for=reasons]")
    part = BeautifulSoup(template.decode_contents(), "html.parser")
    assert list(options(part, "hired_reason_id").values()) == ["Choose", "Hired"]
    assert list(options(part, "not_hired_reason_id").values()) == ["Choose", "Position closed", "Underqualified"]
    assert options(office.open(), "hired_reason_id") == options(part, "hired_reason_id")


def test_a_reason_of_the_wrong_kind_is_refused(office: Office) -> None:
    page = office.save(hired_reason_id=reason(office, "Withdrew"))
    refused(office, page, "hired_reason_id", "Your Lever account does not have it.")


def test_back_to_tag_and_note_the_reasons_are_not_needed(office: Office) -> None:
    Connection.objects.update(outcome_writes="archive", hired_reason_id="gone", not_hired_reason_id="gone-too")
    page = office.save(outcome_writes="tag-and-note")
    assert "a tag and a note are to be written and nothing is archived" in notices(page)


def test_a_reason_that_is_gone_from_lever_is_said_and_keeps_nothing_else_from_being_saved(office: Office) -> None:
    names = {"hired_reason_name": "Signed", "not_hired_reason_name": "Position closed"}
    ids = {"hired_reason_id": "gone", "not_hired_reason_id": reason(office, "Position closed")}
    Connection.objects.update(outcome_writes="archive", **ids, **names)
    office.browser.get(office.to("offers"))
    page = office.save(tag_prefix="Ferry")
    assert "Saved: tags now begin with “Ferry”." in notices(page)
    assert "The archive reason “Signed” is not in use in Lever any more" in text(
        page, "section[aria-labelledby=progress]"
    )
    assert "Not hired: archived as “Position closed”" in text(page)
    assert page.select_one('.steps a[href="#id_hired_reason_id"]')


def test_a_key_that_may_not_read_reasons_says_so_and_is_a_good_one(office: Office) -> None:
    office.add_key(office.connection.api_key, "users:read", "stages:read")
    part = soup(office.browser.get(office.to("offers")))
    assert "This key may not read archive reasons" in str(part)


def test_the_page_says_when_the_owner_is_asked_and_leads_to_where_that_is_set(office: Office) -> None:
    part = office.open().select_one("section[aria-labelledby=outcome]")
    assert "the owner is asked by e-mail 14 days after" in " ".join(part.get_text().split())
    where = str(part.select_one('a[href*="asks_outcome_after"]')["href"]).partition("#")[0]
    assert office.browser.get(where).status_code == 200
    type(office.connection.organization).objects.update(asks_outcome_after=None)
    assert "nobody is asked" in text(office.open(), "section[aria-labelledby=outcome]")
