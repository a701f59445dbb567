"""Erasing: nothing about a person is left anywhere, and that there was a check is."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.db import connections, transaction
from django.db.models import CharField, JSONField, Model, TextField
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.roles import Role
from checks.events import IMPERSONAL
from checks.models import (
    Answer,
    Check,
    Event,
    IntegritySignal,
    JobInterest,
    Outcome,
    OutcomeQuestion,
    Reference,
    RightsRequest,
    SelfAssessment,
    Share,
    Visit,
)
from checks.references import Given
from checks.timeline import lines
from integrations.models import Action, Delivery
from notifications.models import Message
from notifications.tasks import send_due
from tests.checks.visits import enter, link_to
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_connection,
    make_named,
    make_organization,
    make_template,
    make_user,
)
from tests.portal.world import make_delivery

pytestmark = pytest.mark.django_db

# In every name, address and answer of the check that is erased.
CANARY = "zanzibar"


def make_canary() -> Check:
    """A check with the canary word in everything that a person told: finished, with a decline and a replacement."""
    organization = make_organization()
    connection = make_connection(organization)
    check = make_check(
        template=make_template(organization, ("any", "any", "any"), minimum=1),
        candidate_name=f"Ada {CANARY}",
        candidate_email=f"ada@{CANARY}.example",
        contact_id=f"contact-{CANARY}",
        url=f"https://hire.lever.example/{CANARY}",
    )
    now = timezone.now()
    check.name_references([named(number) for number in range(3)], f"I, Ada {CANARY}, agree.", now)
    first, second, third = check.references.in_order()
    second.decline(f"I have left {CANARY}.", now)
    second.replace(named(4), now)
    third.bounce(now)
    Message.objects.filter(topic=third.topic).update(state="failed", error=f"550 no {CANARY} here")
    words = Given(text=f"{CANARY} was calm.")
    first.keep(answers_for(first, strength=words), now)
    make_delivery(connection, opportunity_id=check.opportunity_id, body=f'{{"name": "{CANARY}"}}'.encode())
    Action.objects.filter(for_check=check).update(error=f"Lever: {CANARY} was not found")
    Outcome.of(check).say("hired", now, name=f"Ruth {CANARY}", email=f"ruth@{CANARY}.example")
    note_in_logs(check)
    return check


def named(number: int) -> Any:
    words = {"name": f"Bo {CANARY} {number}", "email": f"bo{number}@{CANARY}.example", "company": f"{CANARY} Lines"}
    return make_named(1, worked_from=timezone.localdate().replace(day=1), **words)


def note_in_logs(check: Check) -> None:
    """As the portal does when somebody clicks."""
    request = RequestFactory().get("/")
    request.user = make_user(check.organization, Role.ADMIN)
    for row in (check, Message.objects.filter(topic=check.topic).first()):
        admin.site._registry[type(row)].log_change(request, row, "Send again")


# What may stay of these rows when all about a check is erased: codes, the job, the template, and those who hire.
STAYS: dict[type[Model], set[str]] = {
    Check: {
        "consent_language", "frozen_template", "language", "match_reason", "opportunity_id", "owner_email",
        "owner_name", "position", "posting_id", "problem", "status", "token",
    },
    Reference: {"asked_relationship", "language", "note", "relationship", "status", "token"},
    Answer: {"question_key"},
    Event: {"kind"},
    IntegritySignal: {"kind"},
    JobInterest: set(),
    Outcome: {"in_ats", "said", "trouble"},
    OutcomeQuestion: {"answer", "role"},
    RightsRequest: {"kind"},
    SelfAssessment: set(),
    Share: {"token"},
    Visit: set(),
}  # fmt: skip


def fill_everything(word: str, reference: Reference | None = None) -> None:
    """Write the word into every column for words of all these rows, or of one reference's, but for those above."""
    for model, stays in STAYS.items():
        rows = _rows_of(model, reference)
        for column in model._meta.concrete_fields:
            if isinstance(column, CharField | TextField | JSONField) and not column.unique and column.name not in stays:
                rows.update(**{column.name: {"x": word} if isinstance(column, JSONField) else word})


def _rows_of(model: type[Model], reference: Reference | None) -> Any:
    rows = model._base_manager.exclude(kind__in=IMPERSONAL) if model is Event else model._base_manager.all()
    if reference is None:
        return rows
    if model is Reference:
        return rows.filter(pk=reference.pk)
    return rows.filter(reference=reference) if hasattr(model, "reference") else rows.none()


def make_rows_of_everything(check: Check, reference: Reference) -> None:
    now, of = timezone.now(), {"for_check": check, "reference": reference}
    SelfAssessment.objects.create(for_check=check, started_at=now)
    Share.objects.create(for_check=check, email="x", created_at=now)
    Visit.objects.create(**of, address_digest="x", device_digest="x", first_at=now)
    IntegritySignal.objects.create(**of, kind="fast", weight=1, found_at=now)
    question = {"email": "x", "asked_at": now, "expires_at": now}
    Outcome.of(check).questions.create(**question)
    JobInterest.objects.create(reference=reference, months=6, consent_text="x", given_at=now)
    RightsRequest.objects.create(**of, kind="correct", asked_at=now, due_at=now)


def everything() -> Iterator[str]:
    """Every value of every column of every table, decrypted, as text."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for column, value in row.items():
                text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
                yield f"{model._meta.label}.{column} = {text}"


def traces() -> list[str]:
    return [found for found in everything() if CANARY in found.lower()]


def test_no_column_of_any_table_holds_a_word_of_it() -> None:
    check = make_canary()
    places = {found.partition(" ")[0] for found in traces()}
    assert places >= {"checks.Answer.text", "checks.Reference.company", "notifications.Message.text"}
    assert places >= {"admin.LogEntry.object_repr", "checks.Event.detail", "integrations.Delivery.body"}

    check.erase(timezone.now())
    send_due()

    assert traces() == []


def test_nor_of_one_that_was_completed() -> None:
    check = make_canary()
    first = check.references.in_order()[0]
    first.submit(answers_for(first, strength=Given(text=CANARY)), timezone.now())
    assert any(found.startswith("checks.Check.report_data") for found in traces())

    Check.objects.get().erase(timezone.now())
    send_due()

    assert traces() == []


def test_nor_of_any_column_that_there_is_or_will_be() -> None:
    """A new column for words is erased, or it is said above that it may stay."""
    check = make_completed_check()
    make_rows_of_everything(check, check.references.in_order()[0])
    fill_everything(CANARY)
    filled = {found.partition(" ")[0].rpartition(".")[0] for found in traces()}
    assert filled >= {model._meta.label for model in STAYS}

    Check.objects.get().erase(timezone.now())
    send_due()

    assert traces() == []


def test_nor_of_one_reference_who_was_erased_alone() -> None:
    check = make_completed_check()
    send_due()
    reference, other = check.references.in_order()[:2]
    make_rows_of_everything(check, reference)
    fill_everything(CANARY, reference)
    Message.objects.filter(topic=reference.topic).update(subject=CANARY, to_address=CANARY)
    assert len(traces()) > 20

    Reference.objects.get(pk=reference.pk).leave(timezone.now())
    send_due()

    assert traces() == []
    assert other.answers.exists()


def test_the_check_itself_and_its_figures_stay() -> None:
    check = make_completed_check()
    kept = ("status", "created_at", "completed_at", "template_id", "position", "frozen_template", "opportunity_id")
    before = {name: getattr(check, name) for name in kept}

    check.erase(timezone.now())

    check = Check.objects.get()
    assert {name: getattr(check, name) for name in kept} == before
    assert check.counts() == (3, 3)


def test_a_live_check_is_canceled_first_and_those_asked_are_told() -> None:
    check = make_awaiting_check()
    send_due()
    mail.outbox.clear()

    check.erase(timezone.now())
    assert check.status == "canceled"
    send_due()

    assert [letter.subject for letter in mail.outbox] == ["Marcus Webb asked you for a reference"] * 3
    assert all("no longer\nneeded" in str(letter.body) for letter in mail.outbox)


def test_a_letter_that_waits_is_blanked_once_it_is_on_its_way() -> None:
    check = make_awaiting_check()
    send_due()
    check.erase(timezone.now())
    waiting = Message.objects.waiting()
    assert waiting.filter(is_fleeting=True).exclude(to_address="").count() == 3

    send_due()

    assert not Message.objects.filter(is_fleeting=True).exists()
    assert not Message.objects.exclude(to_address="").exists()


@pytest.mark.parametrize("state", ["done", "failed", "canceled"])
def test_letters_are_blanked_however_they_end(state: str) -> None:
    check = make_awaiting_check()
    Message.objects.filter(topic__startswith="reference").update(attempts=1)  # perhaps with the server already
    check.erase(timezone.now())
    letter = Message.objects.waiting().first()

    letter.settle(state, timezone.now(), error="Dear Marcus")

    letter.refresh_from_db()
    assert (letter.state, letter.subject, letter.text, letter.error, str(letter)) == (state, "", "", "", "Erased")


def test_a_letter_that_is_tried_again_keeps_its_words_until_then() -> None:
    check = make_awaiting_check()
    Message.objects.filter(topic__startswith="reference").update(attempts=1)
    check.erase(timezone.now())
    letter = Message.objects.waiting().first()

    letter.postpone("The mail server could not be reached.", timezone.now())

    letter.refresh_from_db()
    assert letter.to_address
    assert letter.is_fleeting


def test_other_checks_are_left_alone() -> None:
    check = make_completed_check()
    other = make_completed_check(check.organization)
    before = list(Check.objects.filter(pk=other.pk).values())
    letters = list(Message.objects.filter(topic=other.topic).values())

    check.erase(timezone.now())

    assert list(Check.objects.filter(pk=other.pk).values()) == before
    assert list(Message.objects.filter(topic=other.topic).values()) == letters
    assert other.references.first().answers.exists()


def test_it_is_safe_to_repeat() -> None:
    check = make_completed_check()
    assert check.erase(timezone.now())
    first = Check.objects.get().erased_at

    assert not Check.objects.get().erase(timezone.now())

    assert Check.objects.get().erased_at == first
    assert check.events.filter(kind="erased").count() == 1


def test_half_an_erasing_is_none() -> None:
    check = make_completed_check()

    with transaction.atomic():
        check.erase(timezone.now())
        transaction.set_rollback(True)

    assert Check.objects.get().candidate_name == "Marcus Webb"
    assert Reference.objects.exclude(name="").count() == 3


def test_it_is_told_who_did_it_and_nobody_else_is_named() -> None:
    check = make_canary()
    check.erase(timezone.now(), by=make_user(check.organization, name="Jonas Keller"))

    told = [line.words for line in lines(Check.objects.get())]

    assert told[-1] == "Jonas Keller erased the personal data"
    assert "The candidate agreed and named 3 people" in told
    assert "Somebody chose not to give a reference" in told
    assert "The candidate named somebody instead of somebody" in told


def test_a_check_in_error_needs_no_hand_any_more() -> None:
    check = make_check(candidate_email="")
    check.erase(timezone.now())

    assert not Check.objects.with_problem().exists()
    assert Check.objects.get().problem == "no email"


# --- the inbox and the outbox ---------------------------------------------------------------------------


def test_what_came_from_lever_is_emptied_and_of_the_deleted_nothing_more_is_written_there() -> None:
    connection = make_connection()
    check = make_awaiting_check(connection.organization)
    make_delivery(connection, opportunity_id=check.opportunity_id)
    other = make_delivery(connection, "other")
    failed = Action.objects.filter(for_check=check).latest("pk")
    Action.objects.filter(pk=failed.pk).update(state="failed")

    check.erase(timezone.now(), why="deleted")

    assert bytes(Delivery.objects.get(opportunity_id=check.opportunity_id).body) == b""
    assert Delivery.objects.get(pk=other.pk).body
    assert set(Action.objects.filter(for_check=check).values_list("state", flat=True)) == {"superseded"}
    assert not Action.objects.filter(value__endswith="Canceled").exists()


# --- pages ----------------------------------------------------------------------------------------------


@pytest.fixture
def reader(client: Client) -> Client:
    """A super admin at the screen, and one erased check of theirs."""
    check = make_canary()
    client.force_login(make_user(check.organization, Role.SUPER_ADMIN))
    check.erase(timezone.now())
    return client


@pytest.mark.parametrize(
    "page",
    ["", "checks/check/", "checks/check/{pk}/change/", "checks/check/{pk}/history/", "notifications/message/"],
)
def test_the_portal_shows_it_decently(reader: Client, page: str) -> None:
    answer = reader.get(f"/admin/{page}".format(pk=Check.objects.get().pk))

    assert answer.status_code == 200
    assert CANARY not in answer.text.lower()
    assert not page or "Erased" in answer.text


def test_its_page_says_so_and_offers_no_report(reader: Client) -> None:
    page = reader.get(f"/admin/checks/check/{Check.objects.get().pk}/change/").text

    assert "The personal data was erased on" in page
    assert "/do/erase/" not in page
    assert "Read what is in" not in page


@pytest.mark.parametrize("is_completed", [True, False])
def test_the_report_says_that_the_answers_are_gone(client: Client, is_completed: bool) -> None:
    check = make_completed_check() if is_completed else make_awaiting_check()
    client.force_login(make_user(check.organization, Role.SUPER_ADMIN))
    check.erase(timezone.now())

    page = client.get(f"/reports/{check.public_id}/")

    assert page.status_code == 200
    assert "what they answered is gone" in page.text
    assert "Marcus" not in page.text
    assert "In their words" not in page.text


def test_an_erased_report_is_not_ready_to_read() -> None:
    check = make_completed_check()
    user = make_user(check.organization)
    assert Check.objects.unread_by(user.pk).exists()

    check.erase(timezone.now())

    assert not Check.objects.unread_by(user.pk).exists()


def test_every_door_is_shut_also_for_those_inside(client: Client) -> None:
    check = make_awaiting_check()
    doors = [check, *check.references.all()]
    pages = {row: enter(client, row) for row in doors}

    check.erase(timezone.now())

    for row, page in pages.items():
        assert "This link has run out" in client.get(link_to(row)).text
        assert "This link has run out" in client.get(page).text


def test_an_erased_letter_is_shown_as_such_and_never_sent_again(reader: Client) -> None:
    letter = Message.objects.filter(state="failed").get()

    page = reader.get(f"/admin/notifications/message/{letter.pk}/change/").text

    assert "its text with it" in page
    assert "send-again" not in page


# --- at the same moment ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_sent_at_this_very_moment_is_blanked_all_the_same() -> None:
    """The sender settles it while the erasing has marked it and is not committed yet."""
    check = make_awaiting_check()
    Message.objects.update(state="done")
    check.cancel(timezone.now())
    letter = Message.objects.waiting().first()
    settled = threading.Thread(target=settle_elsewhere, args=(letter,))

    with transaction.atomic():
        check.erase(timezone.now())
        settled.start()
        settled.join(0.5)
        assert settled.is_alive(), "it waits for the row"
    settled.join()

    letter.refresh_from_db()
    assert (letter.to_address, letter.text, letter.is_fleeting) == ("", "", False)


def settle_elsewhere(letter: Message) -> None:
    try:
        Message.objects.get(pk=letter.pk).settle("done", timezone.now())
    finally:
        connections.close_all()
