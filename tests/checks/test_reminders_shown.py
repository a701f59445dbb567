"""What staff see of reminders: on the check's page, on the desk, in the log of what happened."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from checks.models import Check, Reference
from checks.tasks import remind_due
from checks.timeline import SENTENCES, lines
from notifications.models import Quiet
from tests.factories import make_awaiting_check, make_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TURN = datetime(2099, 11, 9, 9, 20, tzinfo=UTC)


@pytest.fixture
def check() -> Check:
    made = make_template(make_organization(time_zone="UTC"), ("manager",), only_office_hours=False)
    return make_awaiting_check(template=made, now=timezone.now() - 4 * DAY)


def page(check: Check, url: str = "") -> str:
    browser = Client()
    browser.force_login(make_user(check.organization, Role.ADMIN))
    return " ".join(browser.get(url or f"/admin/checks/check/{check.pk}/change/").text.split())


def test_the_check_s_page_says_when_each_is_reminded_next(check: Check) -> None:
    Reference.objects.update(remind_at=TURN)
    assert "Next reminder 9 Nov, 09:20" in page(check)


def test_it_says_who_wants_no_more(check: Check) -> None:
    reference = check.references.get()
    Quiet.ask(check.organization, reference.email, timezone.now())
    assert "Wants no more reminders" in page(check)


def test_it_says_when_a_candidate_is_reminded_next(check: Check) -> None:
    other = make_check(check.organization)
    Check.objects.filter(pk=other.pk).update(remind_at=TURN)
    assert "has not named anybody yet. Next reminder 9 Nov, 09:20." in page(other)


def test_a_silent_reference_is_on_the_desk(check: Check) -> None:
    Reference.objects.update(reminders=3, remind_at=timezone.now() - DAY)
    remind_due(timezone.now())
    assert "Eileen Farrow has not answered. Marcus was asked to name somebody else." in page(check, "/admin/")
    assert "No answer after the last reminder" in page(check)


def test_every_kind_of_event_has_its_sentence_for_references_and_candidates(check: Check) -> None:
    reference, candidate = check.references.get(), make_check(check.organization)
    for row in (reference, candidate):
        row.stop(timezone.now())
        row.resume(timezone.now())
        for kind in ("reminded", "spared"):
            row.happened(kind, timezone.now(), detail="6")
    about = [line.words for each in (check, candidate) for line in lines(each)]
    assert sum("asked for no more reminders" in words for words in about) == 2
    assert "somebody" not in " ".join(about)
    assert {"dates-only", "in-full", "silent", "later", "later candidate"} <= set(SENTENCES)


def test_what_is_kept_after_erasing_tells_nobody_s_name(check: Check) -> None:
    reference = check.references.get()
    reference.later((timezone.now() + 5 * DAY).date(), timezone.now())
    check.erase(timezone.now())
    assert not [line.words for line in lines(Check.objects.get(pk=check.pk)) if "Eileen" in line.words]
