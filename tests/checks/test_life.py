"""The life of a check and of its references."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from checks.models import Check, NotStarted, Reference
from checks.references import Given
from checks.signals import check_moved, reference_answered
from checks.tasks import tend_checks
from notifications.models import Message
from templates_app.matching import Match
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_candidacy,
    make_check,
    make_completed_check,
    make_named,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def mails(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).exclude(state="canceled").values_list("to_address", flat=True))


def submit(check: Check, position: int) -> None:
    reference = check.references.get(position=position)
    assert reference.submit(answers_for(reference), NOW)
    check.refresh_from_db()


# --- beginning --------------------------------------------------------------------------------------


def test_a_check_begins_submitted_and_mails_its_candidate_once() -> None:
    check = make_check()

    assert check.status == "submitted"
    assert mails("candidate-request") == [check.candidate_email]


def test_there_is_one_live_check_per_opportunity() -> None:
    check = make_check()

    with pytest.raises(NotStarted, match="on its way already"):
        make_check(template=check.template, opportunity_id=check.opportunity_id)


def test_the_database_itself_refuses_a_second_live_one() -> None:
    check = make_check()
    Check.objects.filter(pk=check.pk).update(status="canceled")
    other = make_check(template=check.template, opportunity_id=check.opportunity_id)

    with pytest.raises(IntegrityError), transaction.atomic():
        Check.objects.filter(pk=check.pk).update(status="submitted")
    assert other.is_live


def test_the_same_opportunity_id_in_another_organization_is_somebody_else() -> None:
    check = make_check()

    assert make_check(opportunity_id=check.opportunity_id).is_live


@pytest.mark.parametrize("ended", ["canceled", "expired", "error"])
def test_after_cancel_expiry_or_error_a_new_entry_starts_a_new_one(ended: str) -> None:
    check = make_check()
    Check.objects.filter(pk=check.pk).update(status=ended)

    assert make_check(template=check.template, opportunity_id=check.opportunity_id).is_live


def test_after_completion_a_new_entry_starts_none_unless_the_connection_says_so() -> None:
    check = make_completed_check()
    organization, template = check.organization, check.template
    candidacy = make_candidacy(opportunity_id=check.opportunity_id)

    with pytest.raises(NotStarted, match="was completed"):
        Check.start(organization, candidacy, Match(template, ""), NOW)
    assert Check.start(organization, candidacy, Match(template, ""), NOW, after_completion=True).is_live


def test_a_template_that_asks_for_nobody_is_an_error() -> None:
    template = make_template(make_organization(), requests=())

    assert make_check(template=template).problem == "no template"


def test_later_edits_of_the_template_do_not_change_a_running_check() -> None:
    check = make_check()
    template = check.template
    assert template is not None
    template.requests.all().delete()
    template.survey.questions.all().delete()

    check = Check.objects.get(pk=check.pk)

    assert len(check.frozen.requests) == 3
    assert len(check.frozen.questions) == 5


# --- naming -----------------------------------------------------------------------------------------


def test_naming_asks_everybody_once() -> None:
    check = make_awaiting_check()

    assert check.status == "awaiting"
    assert mails("reference-request") == sorted(check.references.values_list("email", flat=True))


def test_the_agreement_is_kept_with_its_words_and_time() -> None:
    check = make_check()
    check.name_references([make_named(number) for number in (1, 2, 3)], "I agree that …", NOW)

    check.refresh_from_db()
    assert (check.consent_text, check.consented_at) == ("I agree that …", NOW)


def test_naming_twice_counts_once() -> None:
    check = make_awaiting_check()
    stale = Check.objects.get(pk=check.pk)
    stale.status = "submitted"  # a second tab that was opened before

    assert not stale.name_references([make_named(number) for number in (1, 2, 3)], "I agree.", NOW)
    assert check.references.count() == 3


# --- answering --------------------------------------------------------------------------------------


def test_the_last_answer_completes_the_check_with_a_report() -> None:
    check = make_completed_check()

    assert check.status == "completed"
    assert check.report_data
    assert not check.is_review_needed()


def test_answering_twice_counts_once() -> None:
    check = make_awaiting_check()
    reference = check.references.get(position=0)
    assert reference.submit(answers_for(reference, strength=Given(text="First")), NOW)

    assert not reference.submit(answers_for(reference, strength=Given(text="Second")), NOW)
    assert reference.answers.get(question_key="strength").text == "First"


def test_a_draft_is_kept_and_counts_for_nothing() -> None:
    check = make_awaiting_check()
    reference = check.references.get(position=0)

    assert reference.keep({"overall": Given(score=4)}, NOW)

    reference.refresh_from_db()
    assert reference.status == "started"
    assert reference.given()["overall"].score == 4
    assert check.counts() == (0, 3)


def test_enough_answers_complete_it_and_the_others_are_told() -> None:
    check = make_awaiting_check(template=make_template(make_organization(), minimum=2))
    Message.objects.update(state="done")
    submit(check, 0)
    submit(check, 1)

    assert check.status == "completed"
    assert check.is_review_needed()
    assert check.references.get(position=2).status == "canceled"
    assert mails("reference-released") == [check.references.get(position=2).email]


def test_more_than_there_are_cannot_be_needed() -> None:
    check = make_awaiting_check(template=make_template(make_organization(), requests=("peer",), minimum=5))
    submit(check, 0)

    assert check.status == "completed"


def test_each_move_is_announced_inside_its_transaction() -> None:
    heard: list[tuple[str, bool]] = []

    def listen(check: Check, **kwargs: object) -> None:
        heard.append((check.status, transaction.get_connection().in_atomic_block))

    check_moved.connect(listen)
    try:
        make_completed_check()
    finally:
        check_moved.disconnect(listen)

    assert [status for status, _ in heard] == ["submitted", "awaiting", "awaiting", "awaiting", "completed"]
    assert all(inside for _, inside in heard)


def test_each_answer_is_announced() -> None:
    heard: list[str] = []

    def listen(reference: Reference, **kwargs: object) -> None:
        heard.append(reference.name)

    reference_answered.connect(listen)
    try:
        make_completed_check()
    finally:
        reference_answered.disconnect(listen)

    assert heard == ["Eileen Farrow", "Bao Nguyen", "Margit Larsen"]


# --- dropping out -----------------------------------------------------------------------------------


def test_who_declines_is_not_asked_again_and_the_candidate_may_name_another() -> None:
    check = make_awaiting_check()
    reference = check.references.get(position=0)
    reference.keep({"overall": Given(score=1)}, NOW)

    assert reference.decline("I hardly know them.", NOW)

    assert reference.status == "declined"
    assert not reference.answers.exists()
    assert mails("candidate-another") == [check.candidate_email]


def test_somebody_named_instead_takes_the_place() -> None:
    check = make_awaiting_check()
    gone = check.references.get(position=1)
    gone.decline("", NOW)

    new = gone.replace(make_named(4), NOW)

    assert new is not None
    assert (new.position, new.status) == (1, "asked")
    assert gone.status == "replaced"
    assert check.counts() == (0, 3)


def test_who_can_still_answer_is_not_replaced() -> None:
    check = make_awaiting_check()

    assert check.references.get(position=0).replace(make_named(4), NOW) is None


def test_a_refused_mail_makes_a_reference_bounced() -> None:
    check = make_awaiting_check()
    reference = check.references.get(position=0)
    Message.objects.filter(pk=reference.invitation_id).update(state="failed")

    tend_checks()

    reference.refresh_from_db()
    assert reference.status == "bounced"
    assert mails("candidate-another") == [check.candidate_email]


def test_a_refused_mail_to_the_candidate_is_an_error() -> None:
    check = make_check()
    Message.objects.update(state="failed")

    tend_checks()

    check.refresh_from_db()
    assert (check.status, check.problem) == ("error", "email refused")


# --- ending -----------------------------------------------------------------------------------------


def test_concluding_reports_what_is_in_and_says_who() -> None:
    check = make_awaiting_check()
    submit(check, 0)
    user = make_user(check.organization)

    assert check.complete(NOW, by=user)

    assert check.status == "completed"
    assert check.events.get(kind="concluded").user == user


def test_canceling_tells_those_who_were_asked() -> None:
    check = make_awaiting_check()
    Message.objects.update(state="done")

    assert check.cancel(NOW)

    assert set(check.references.values_list("status", flat=True)) == {"canceled"}
    assert len(mails("reference-released")) == 3


def test_canceling_takes_back_what_is_not_sent_yet() -> None:
    check = make_awaiting_check()

    check.cancel(NOW)

    assert not Message.objects.waiting().exists()
    assert mails("reference-released") == []


def test_an_ended_check_does_not_move_any_more() -> None:
    check = make_completed_check()

    assert not check.cancel(NOW)
    assert not check.complete(NOW)
    assert not check.expire(NOW)
    assert check.status == "completed"


def test_it_becomes_overdue_once() -> None:
    check = make_check(now=timezone.now() - timedelta(days=8))

    tend_checks()
    tend_checks()

    check.refresh_from_db()
    assert check.is_overdue
    assert check.events.filter(kind="overdue").count() == 1


def test_without_any_answer_it_expires() -> None:
    check = make_check(now=timezone.now() - timedelta(days=31))

    tend_checks()

    check.refresh_from_db()
    assert check.status == "expired"


def test_with_answers_it_is_concluded_instead() -> None:
    check = make_awaiting_check(now=timezone.now() - timedelta(days=31))
    submit(check, 0)

    tend_checks()

    check.refresh_from_db()
    assert check.status == "completed"


def test_a_reading_is_noted_once_for_each_person() -> None:
    check = make_completed_check()
    reader = make_user(check.organization)

    for _ in range(3):
        check.note_opening(reader, NOW)
    check.note_opening(make_user(check.organization), NOW)

    assert check.events.filter(kind="opened").count() == 2


def test_answers_to_a_mail_reach_whoever_signed_it() -> None:
    make_check(owner_name="Mirjam Bakker", owner_email="mirjam@northmoor.example")

    message = Message.objects.get()
    assert message.from_name.startswith("Mirjam Bakker")
    assert message.reply_to == "mirjam@northmoor.example"


def test_without_an_owner_they_reach_the_organization_s_contact() -> None:
    make_check(owner_name="", owner_email="")

    assert Message.objects.get().reply_to == "ruth@northmoor.example"


def test_who_may_have_the_invitation_already_is_told_that_it_is_over() -> None:
    """The mail is at the server, whose answer is not in yet."""
    check = make_awaiting_check()
    reference = check.references.in_order()[0]
    Message.objects.filter(topic=reference.topic).claim_next(timezone.now())

    check.cancel(timezone.now())

    assert Message.objects.filter(topic=reference.topic, kind="reference-released").exists()


def test_when_it_ends_the_candidate_is_not_asked_for_another_name() -> None:
    check = make_awaiting_check()
    check.references.get(position=0).decline("", NOW)

    check.cancel(NOW)

    assert mails("candidate-another") == []
