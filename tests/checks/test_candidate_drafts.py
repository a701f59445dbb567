"""What a candidate types is kept: at every save, on every device, and when it comes too late or is too much."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check
from tests.checks.visits import enter, names_for, only, read, visit, words
from tests.factories import make_check, make_organization, make_template

pytestmark = pytest.mark.django_db

SAVE = {"save": "1"}
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def check() -> Check:
    return make_check(template=make_template(make_organization(), ("manager", "any")))


def value(page: Any, field: str) -> str:
    control = only(page, f'[name="{field}"]')
    return str(control.get("value", "")) or control.get_text().strip()


# --- saving ---------------------------------------------------------------------------------------------


def test_it_is_taken_up_again_on_another_device(client: Client, check: Check) -> None:
    half = {"reference-1-name": "Eileen", "reference-1-email": "eileen at", "reference-1-worked_from": "202"}
    assert "Nothing is sent yet." in words(
        read(client.post(enter(client, check), half | SAVE)).select_one("[role=status]")
    )
    page = visit(Client(), check)
    assert {field: value(page, field) for field in half} == half
    assert "Here is what you typed" in words(page.select_one(".notice"))
    assert not page.select("[role=alert], [aria-invalid]")


def test_saving_asks_nobody_and_never_keeps_the_agreement(client: Client, check: Check) -> None:
    page = read(client.post(enter(client, check), names_for(check) | SAVE))
    assert not only(page, "input[name=consent]").has_attr("checked")
    check.refresh_from_db()
    assert "consent" not in check.draft
    assert not check.references.exists()


def test_the_script_is_told_what_is_worth_a_second_look(client: Client, check: Check) -> None:
    typed = {"reference-1-email": "boss@gmail.com", "reference-2-email": "x@mailinator.com"}
    hints = client.post(enter(client, check), typed | SAVE, headers=SCRIPT).json()["hints"]
    assert hints["id_reference-1-email_hint"].startswith("This looks like a private address.")
    assert hints["id_reference-2-email_hint"].startswith("Addresses like this one")


def test_a_hint_is_never_a_wall(client: Client, check: Check) -> None:
    address = enter(client, check)
    page = read(client.post(address, {"reference-1-email": "boss@gmail.com"} | SAVE))
    assert "private address" in words(page.select_one("#id_reference-1-email_hint"))
    assert "id_reference-1-email_hint" in str(only(page, "#id_reference-1-email")["aria-describedby"])
    client.post(address, names_for(check, reference_1_email="boss@gmail.com"))
    assert "private address" in words(visit(client, check).select_one(".items .hint"))


def test_their_own_address_is_said_on_saving(client: Client, check: Check) -> None:
    typed = {"reference-1-email": check.candidate_email.upper()}
    page = read(client.post(enter(client, check), typed | SAVE))
    assert words(only(page, "#id_reference-1-email_hint")) == "This is your own address. Please give theirs."
    page = read(client.post(enter(client, check), typed))
    assert words(only(page, "#id_reference-1-email_hint")) == ""
    assert words(only(page, "#id_reference-1-email_error")) == "This is your own address. Please give theirs."


def test_of_two_windows_the_newer_save_counts(client: Client, check: Check) -> None:
    address = enter(client, check)
    for name in ("Eileen", "Eileen Farrow"):
        client.post(address, {"reference-1-name": name} | SAVE, headers=SCRIPT)
    assert value(visit(client, check), "reference-1-name") == "Eileen Farrow"


def test_what_could_not_be_sent_is_saved_all_the_same(client: Client, check: Check) -> None:
    client.post(enter(client, check), names_for(check, reference_1_email="eileen at solent"))
    assert value(visit(Client(), check), "reference-1-email") == "eileen at solent"


@pytest.mark.parametrize("end", ["sent", "cancel", "expire", "lose_the_candidate"])
def test_the_draft_is_gone_once_it_is_sent_or_over(client: Client, check: Check, end: str) -> None:
    address = enter(client, check)
    client.post(address, names_for(check) | SAVE)
    if end == "sent":
        client.post(address, names_for(check))
    else:
        getattr(check, end)(timezone.now())
    check.refresh_from_db()
    assert (check.draft, check.drafted_at) == ({}, None)


def test_a_form_of_another_kind_leaves_nothing_in_the_draft(client: Client, check: Check) -> None:
    client.post(enter(client, check), {"anything": "else", "reference-9-name": "Nobody"} | SAVE)
    check.refresh_from_db()
    assert check.draft == {}


# --- too late -------------------------------------------------------------------------------------------


def test_other_names_from_a_second_window_are_shown_and_not_lost(client: Client, check: Check) -> None:
    address = enter(client, check)
    client.post(address, names_for(check))
    late = client.post(address, names_for(check, reference_2_name="Joanna Bell", reference_2_email="jo@sea.example"))
    assert late.status_code == 409
    told = words(read(late).select_one("[role=alert]"))
    assert "jo@sea.example" in told
    assert "Person 1" not in told
    assert check.references.count() == 2


def test_a_second_click_is_no_news(client: Client, check: Check) -> None:
    address, empty = enter(client, check), {"reference-2-place": "empty", "fewer_because": "I was\r\nalone."}
    answers = [client.post(address, names_for(check) | empty) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_the_script_of_a_second_window_hears_that_all_is_sent(client: Client, check: Check) -> None:
    address = enter(client, check)
    client.post(address, names_for(check))
    assert client.post(address, names_for(check) | SAVE, headers=SCRIPT).status_code == 409


def test_what_is_typed_after_the_end_is_shown(client: Client, check: Check) -> None:
    address = enter(client, check)
    check.cancel(timezone.now())
    told = words(read(client.post(address, names_for(check))).select_one("[role=alert]"))
    assert "This is over" in told
    assert "person1@solent.example" in told


# --- too much, and from everywhere ----------------------------------------------------------------------


@pytest.mark.parametrize("field", ["name", "company", "personal_line"])
def test_fifty_thousand_characters_are_kept_and_said_to_be_too_many(client: Client, check: Check, field: str) -> None:
    long = "ab " * 16_666 + "ab"
    page = read(client.post(enter(client, check), names_for(check, **{f"reference_1_{field}": long})))
    assert "50000 characters" in words(page.select_one("[role=alert]"))
    assert value(page, f"reference-1-{field}") == long
    assert not page.select("[maxlength]")


def test_names_of_every_script_and_with_emoji_arrive_whole(client: Client, check: Check) -> None:
    names = ("ليلى الأحمد", "Åsa 🚢 Ngũgĩ")
    typed = {f"reference-{place}-name": name for place, name in enumerate(names, 1)}
    client.post(enter(client, check), names_for(check) | typed)
    page = visit(client, check)
    assert [words(name) for name in page.select(".items h3 bdi")] == list(names)


def test_a_null_byte_is_no_obstacle(client: Client, check: Check) -> None:
    client.post(enter(client, check), {"reference-1-name": "Ei\0leen"} | SAVE)
    check.refresh_from_db()
    assert check.draft["reference-1-name"] == "Eileen"
