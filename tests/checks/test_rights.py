"""What people ask for about their data, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.http import QueryDict
from django.utils import timezone

from accounts.roles import Role
from checks.keeping import erases_at, months_from
from checks.models import Check, Reference, RightsRequest
from checks.rights import open_requests
from checks.rights_form import SettleForm
from checks.tasks import tend_checks
from checks.timeline import lines
from notifications.models import Message
from notifications.tasks import send_due
from tests.checks.test_reminding_many import is_found_by, multiply
from tests.factories import (
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_named,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 31, 10, 0, tzinfo=UTC)
DELETE, CORRECT, OBJECT = RightsRequest.Kind.DELETE, RightsRequest.Kind.CORRECT, RightsRequest.Kind.OBJECT


def a_reference(check: Check) -> Reference:
    return check.references.in_order()[0]


def said(check: Check) -> list[str]:
    return [line.words for line in lines(Check.objects.get(pk=check.pk))]


def grant(asked: RightsRequest, answer: str = "", **right: Any) -> bool:
    by = make_user(asked.for_check.organization, Role.ADMIN, name="Jonas Keller")
    return asked.settle(NOW, by, is_granted=True, answer=answer, **right)


# --- asking -----------------------------------------------------------------------------------------------


def test_a_request_is_due_in_a_month_and_the_contact_hears_of_it() -> None:
    check = make_completed_check(make_organization(privacy_email="privacy@northmoor.example"), now=NOW)

    asked = RightsRequest.ask(check, DELETE, "Please.", NOW)

    assert asked
    assert asked.due_at == datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
    letter = Message.objects.get(kind="rights-asked")
    assert (letter.to_address, letter.subject) == ("privacy@northmoor.example", "Marcus Webb asks to be deleted")
    assert f"/requests/{asked.pk}/" in letter.text
    assert "until 28 February" in " ".join(letter.text.split())
    assert said(check)[-1] == "Marcus Webb asked to be deleted"


def test_asked_twice_it_is_one_request_and_one_mail() -> None:
    reference = a_reference(make_completed_check(now=NOW))
    assert RightsRequest.ask(reference, CORRECT, "One", NOW)

    assert RightsRequest.ask(reference, CORRECT, "Two", NOW) is None

    assert RightsRequest.objects.get().words == "One"
    assert Message.objects.filter(kind="rights-asked").count() == 1


def test_candidate_and_reference_and_other_kinds_do_not_stand_in_each_others_way() -> None:
    check = make_completed_check(now=NOW)
    for row, kind in ((check, DELETE), (check, OBJECT), (a_reference(check), DELETE)):
        assert RightsRequest.ask(row, kind, "", NOW)

    assert len(open_requests(check)) == 3


def test_the_page_is_there_until_the_answer_can_be_read() -> None:
    check = make_completed_check(now=NOW)
    Check.objects.update(token_expires_at=NOW + timedelta(days=1))
    check.refresh_from_db()

    RightsRequest.ask(check, OBJECT, "", NOW)

    assert Check.behind(check.token, NOW + timedelta(days=50))


# --- answering --------------------------------------------------------------------------------------------


def test_an_answer_is_announced_by_mail_and_given_once() -> None:
    check = make_completed_check(now=NOW)
    asked = RightsRequest.ask(check, OBJECT, "", NOW)
    assert asked
    by = make_user(check.organization, name="Jonas Keller")

    assert asked.settle(NOW, by, is_granted=False, answer="We must keep it.")
    assert not asked.settle(NOW, by, is_granted=True, answer="")

    letter = Message.objects.get(kind="candidate-rights")
    assert f"/c/{check.token}/rights/" in letter.text
    assert "must keep" not in letter.text
    assert said(check)[-1] == "Jonas Keller did not do what Marcus Webb had asked for, and said why"
    assert Check.objects.get().candidate_name == "Marcus Webb"


def test_a_granted_correction_is_made_in_the_report_too() -> None:
    check = make_completed_check(now=NOW)
    asked = RightsRequest.ask(a_reference(check), CORRECT, "I am Aileen.", NOW)
    assert asked

    assert grant(asked, name="Aileen Farrow", email="aileen@solent.example")

    check.refresh_from_db()
    assert a_reference(check).name == "Aileen Farrow"
    assert "Aileen Farrow" in str(check.report_data)
    assert "Eileen" not in str(check.report_data)


def test_a_reference_who_is_deleted_is_taken_out_of_the_report() -> None:
    check = make_completed_check(now=NOW)
    send_due()
    mail.outbox.clear()
    asked = RightsRequest.ask(a_reference(check), DELETE, "Zanzibar", NOW)
    assert asked

    assert grant(asked, "It is done.")
    send_due()

    check = Check.objects.get()
    reference = a_reference(check)
    assert (reference.name, reference.email, reference.status) == ("", "", "declined")
    assert not reference.answers.exists()
    assert check.report_data["answered"] == 2
    assert "Eileen" not in str(check.report_data)
    assert said(check)[-2] == "Jonas Keller did what somebody had asked for"
    assert said(check)[-1] == "Jonas Keller deleted what was held about a reference"
    assert "What was held about you is deleted" in [letter.subject for letter in mail.outbox]
    assert (RightsRequest.objects.get().words, RightsRequest.objects.get().answer) == ("", "")
    assert not Message.objects.filter(topic=reference.topic).exclude(to_address="").exists()


def test_a_candidate_who_is_deleted_takes_the_whole_check_along() -> None:
    check = make_completed_check(now=NOW)
    asked = RightsRequest.ask(check, OBJECT, "", NOW)
    assert asked

    assert grant(asked)
    send_due()

    check.refresh_from_db()
    assert check.erased_at == NOW
    assert not Reference.objects.exclude(name="").exists()
    assert (mail.outbox[-1].subject, len(mail.outbox)) == ("What was held about you is deleted", 8)


def test_what_is_open_is_settled_by_erasing_the_check() -> None:
    check = make_completed_check(now=NOW)
    RightsRequest.ask(check, DELETE, "Zanzibar", NOW)
    RightsRequest.ask(a_reference(check), CORRECT, "Zanzibar", NOW)

    check.erase(NOW)

    assert open_requests(check) == []
    assert list(RightsRequest.objects.order_by("pk").values_list("was_granted", "words")) == [(True, ""), (None, "")]


# --- leaving while it goes on -----------------------------------------------------------------------------


def test_a_candidate_who_withdraws_stops_the_check() -> None:
    check = make_awaiting_check(now=NOW)
    send_due()

    assert check.withdraw(NOW)
    assert not Check.objects.get().withdraw(NOW)

    assert Check.objects.get().status == "canceled"
    assert said(check)[-1] == "Marcus Webb took the agreement back"
    assert set(check.references.values_list("status", flat=True)) == {"canceled"}
    assert Message.objects.filter(kind="reference-released").count() == 3


def test_a_candidate_who_leaves_is_told_and_nothing_of_them_stays() -> None:
    check = make_check(now=NOW)
    send_due()
    mail.outbox.clear()

    assert check.leave(NOW)
    send_due()

    assert [letter.subject for letter in mail.outbox] == ["What was held about you is deleted"]
    assert said(check)[-2:] == ["The candidate took the agreement back", "The candidate had everything deleted"]
    assert not Message.objects.exclude(to_address="").exists()
    assert not Check.objects.get().leave(NOW)


@pytest.mark.parametrize("status", ["asked", "submitted", "declined", "bounced"])
def test_a_reference_who_leaves_is_gone_whatever_they_did(status: str) -> None:
    check = make_awaiting_check(now=NOW)
    reference = a_reference(check)
    Reference.objects.filter(pk=reference.pk).update(status=status)
    reference.refresh_from_db()

    assert reference.leave(NOW)
    assert not Reference.objects.get(pk=reference.pk).leave(NOW)

    reference = Reference.objects.get(pk=reference.pk)
    assert (reference.name, reference.status, reference.called) == ("", "declined", "Somebody whose data is deleted")
    assert Reference.behind(reference.token, NOW) is None
    is_missed = status in ("asked", "submitted")
    assert Message.objects.filter(kind="candidate-another").exists() == is_missed


def test_somebody_named_in_anothers_place_is_not_told_of_in_the_timeline_any_more() -> None:
    check = make_awaiting_check(now=NOW)
    first = a_reference(check)
    first.decline("", NOW)
    second = first.replace(make_named(2, name="Bo Zanzibar"), NOW)
    assert second

    second.leave(NOW)

    assert not any("Zanzibar" in words for words in said(check))
    assert "Marcus Webb named somebody instead of Eileen Farrow" in said(check)


# --- kept as long as the organization says ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "then"), [(1, (2026, 2, 28)), (-2, (2025, 11, 30)), (12, (2027, 1, 31)), (-1, (2025, 12, 31))]
)
def test_months_are_those_of_the_calendar(months: int, then: tuple[int, int, int]) -> None:
    assert months_from(NOW, months).date().timetuple()[:3] == then


def test_what_ended_longer_ago_is_erased_by_the_sweep_and_the_rest_stays() -> None:
    now = timezone.now()
    template = make_template(make_organization(keeps_months=6))
    over, newer = (make_completed_check(template=template) for _each in range(2))
    elsewhere, _live = make_completed_check(), make_check(template=template)
    for check, ended in ((over, now), (newer, now + timedelta(hours=1)), (elsewhere, months_from(now, -60))):
        Check.objects.filter(pk=check.pk).update(ended_at=months_from(ended, -6))

    tend_checks()
    tend_checks()

    assert list(Check.objects.exclude(erased_at=None)) == [over]
    assert [line.note for line in lines(Check.objects.get(pk=over.pk))][-1:] == [
        "It was kept as long as the organization says."
    ]
    assert over.events.filter(kind="erased").count() == 1


def test_the_day_is_known_once_the_check_has_ended() -> None:
    check = make_completed_check(make_organization(keeps_months=1), now=NOW)

    assert erases_at(check) == datetime(2026, 2, 28, 10, 0, tzinfo=UTC)
    assert erases_at(make_check(check.organization)) is None


def test_the_sweep_finds_them_through_an_index() -> None:
    check = make_completed_check(make_organization(keeps_months=1), now=NOW)
    multiply(check, 20_000)
    over = Check.objects.ended_before(NOW - timedelta(days=1)).filter(organization=check.organization)

    assert not over.exists()
    assert is_found_by("ended_at", over)


def test_an_earlier_spelling_of_a_name_does_not_stay_when_they_are_erased() -> None:
    check = make_awaiting_check()
    person = make_named(name="Jon Smithh", email="jon@x.example")
    reference = a_reference(check).replace(person, NOW, make_user(check.organization))
    assert reference
    reference.put_right("John Smith", "jon@x.example")
    assert any("John Smith" in words for words in said(check))
    reference.leave(NOW)
    assert not check.events.filter(detail__contains="Smith").exists()


def test_nobody_is_left_without_a_name() -> None:
    asked = RightsRequest.ask(a_reference(make_completed_check()), CORRECT, "My name.", NOW)
    assert asked
    form = SettleForm(asked, QueryDict("is_granted=yes&name=+&email="))
    assert list(form.errors) == ["name"]
    assert SettleForm(asked, QueryDict("is_granted=no&answer=No.&name=&email=")).is_valid()
