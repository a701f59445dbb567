"""A completed check, opened again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from checks.doors import Door
from checks.models import Check
from checks.reopening import NotReopened
from checks.timeline import lines
from integrations.models import Action
from notifications.models import Message
from templates_app.matching import Match
from templates_app.moments import Moment
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_candidacy,
    make_connection,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
LATER = NOW + timedelta(days=3)


@pytest.fixture
def check() -> Check:
    """Of three people the first has answered; it was concluded with that, and the others were told."""
    organization = make_organization()
    make_connection(organization)
    template = make_template(organization, minimum=1, concludes_after_days=None, tells_owner=True)
    check = make_awaiting_check(template=template, now=NOW)
    Message.objects.update(state="done")
    answer(check, 0)
    check.complete(NOW)
    return check


@pytest.fixture
def ruth(check: Check) -> User:
    return make_user(check.organization)


def answer(check: Check, place: int) -> None:
    reference = check.references.in_order()[place]
    reference.submit(answers_for(reference), LATER)


def statuses(check: Check) -> list[str]:
    return [reference.status for reference in check.references.in_order()]


def test_those_who_had_not_answered_are_asked_again_with_a_mail_of_its_own(check: Check, ruth: User) -> None:
    assert statuses(check) == ["submitted", "canceled", "canceled"]
    assert check.reopen(LATER, by=ruth)
    assert statuses(check) == ["submitted", "asked", "asked"]
    assert Message.objects.filter(kind="reference-request", created_at=LATER).count() == 2


def test_what_somebody_had_begun_is_still_there(check: Check, ruth: User) -> None:
    second = check.references.in_order()[1]
    second.stored.update(started_at=NOW)
    check.reopen(LATER, by=ruth)
    assert statuses(check) == ["submitted", "started", "asked"]


def test_it_waits_as_long_as_a_new_one_and_the_links_open_again(check: Check, ruth: User) -> None:
    check.reopen(LATER, by=ruth)
    check.refresh_from_db()
    assert (check.status, check.completed_at, check.ended_at, check.is_overdue) == ("awaiting", None, None, False)
    assert check.expires_at == LATER + timedelta(days=check.frozen.days_until_expired)
    second = check.references.in_order()[1]
    assert isinstance(second, Door)
    assert type(second).behind(second.token, check.expires_at) == second


def test_it_is_not_concluded_before_everybody_has_answered(check: Check, ruth: User) -> None:
    """One would be enough by the template, but somebody wants the others, too."""
    check.reopen(LATER, by=ruth)
    answer(check, 1)
    assert Check.objects.get().status == "awaiting"
    answer(check, 2)
    assert Check.objects.get().status == "completed"


def test_the_next_report_is_made_from_everything(check: Check, ruth: User) -> None:
    assert check.report_data["answered"] == 1
    check.reopen(LATER, by=ruth)
    answer(check, 1)
    Check.objects.get().complete(LATER, by=ruth)
    assert Check.objects.get().report_data["answered"] == 2


def test_everybody_hears_of_the_second_end_as_of_the_first(check: Check, ruth: User) -> None:
    check.reopen(LATER, by=ruth)
    Message.objects.update(state="done")
    Check.objects.get().complete(LATER + timedelta(hours=1), by=ruth)
    released = Message.objects.filter(kind="reference-released")
    assert released.count() == 4
    assert Message.objects.filter(kind=Moment.OWNER_TOLD).count() == 2


def test_the_tag_follows_and_the_second_note_stands_beside_the_first(check: Check, ruth: User) -> None:
    check.reopen(LATER, by=ruth)
    tags = Action.objects.filter(for_check=check, kind="tag")
    assert "1 of 3" in tags.latest("pk").value
    Check.objects.get().complete(LATER + timedelta(hours=1), by=ruth)
    assert Action.objects.filter(for_check=check, kind="note").count() == 2
    assert Action.objects.filter(for_check=check, kind="link").count() == 1


def test_it_is_told_in_the_timeline(check: Check, ruth: User) -> None:
    check.reopen(LATER, by=ruth)
    assert f"{ruth} opened the check again" in lines(check)[-1].words
    assert lines(check)[-1].is_person


def test_a_second_click_does_nothing(check: Check, ruth: User) -> None:
    assert check.reopen(LATER, by=ruth)
    assert not check.reopen(LATER, by=ruth)
    assert check.events.filter(kind="reopened").count() == 1


def test_what_was_erased_or_canceled_is_not_opened_again(check: Check, ruth: User) -> None:
    check.erase(NOW)
    assert not check.reopen(LATER, by=ruth)
    canceled = make_awaiting_check(now=NOW)
    canceled.cancel(NOW)
    assert not canceled.reopen(LATER, by=ruth)


def test_there_is_never_a_second_live_check_of_one_opportunity(check: Check, ruth: User) -> None:
    match = Match(check.template, "again")
    Check.start(check.organization, make_candidacy(opportunity_id=check.opportunity_id), match, LATER, again=True)
    with pytest.raises(NotReopened, match="Another check of this candidate"):
        check.reopen(LATER, by=ruth)
    assert Check.objects.get(pk=check.pk).status == "completed"


def test_somebody_who_was_erased_is_not_asked_again(check: Check, ruth: User) -> None:
    check.references.in_order()[1].leave(NOW)
    check.reopen(LATER, by=ruth)
    assert statuses(check) == ["submitted", "declined", "asked"]


def test_who_takes_answers_back_or_is_erased_is_in_no_report_that_is_still_stored(check: Check, ruth: User) -> None:
    for days, name in enumerate(("withdraw", "leave")):
        check.reopen(LATER + timedelta(days=days), ruth)
        reference = Check.objects.get(pk=check.pk).references.submitted()[0]
        answered, words = reference.name, reference.given()["strength"].text
        getattr(reference, name)(LATER)
        stored = str(Check.objects.get(pk=check.pk).report_data)
        assert words not in stored
        assert (answered in stored) is (name == "withdraw")
        answer(check, 1)
        check.refresh_from_db()
        check.complete(LATER)
