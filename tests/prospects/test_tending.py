"""What time does to prospects, and what is made up for."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from checks.keeping import months_from
from checks.models import JobInterest, Reference
from notifications.models import Message
from prospects.models import Prospect, Suppression
from prospects.tending import tend
from tests.factories import make_connection, make_user
from tests.prospects.choosing import WORDS, answered, chosen, confirmed, fresh

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


def chosen_before(reference: Reference, given_at: Any = NOW) -> JobInterest:
    """As it was kept before there were prospects."""
    said = {"months": 12, "topics": "", "consent_text": WORDS, "given_at": given_at}
    return JobInterest.objects.create(reference=reference, **said)


def test_when_the_time_is_over_all_is_erased_and_nothing_is_suppressed() -> None:
    prospect = confirmed(NOW)
    tend(months_from(NOW, 12) - DAY)
    assert fresh(prospect).state == "waiting"
    tend(months_from(NOW, 12))
    found = fresh(prospect)
    assert (found.state, found.email, found.consent_text, found.withdrawn_at) == ("ended", "", "", None)
    assert found.erased_at
    assert not Suppression.objects.exists()
    assert JobInterest.objects.get().withdrawn_at


def test_whose_time_is_over_in_lever_is_said_goodbye_to_there() -> None:
    prospect = confirmed(NOW)
    make_connection(prospect.organization)
    Prospect.objects.update(state="exported", opportunity_id="opportunity-1", exported_at=NOW)
    tend(months_from(NOW, 12))
    assert prospect.errands.get(kind="farewell").state == "waiting"
    assert Prospect.objects.to_clear().exists()


def test_after_thirty_days_without_an_answer_it_is_erased() -> None:
    prospect = chosen(NOW)
    tend(NOW + 29 * DAY)
    assert fresh(prospect).email
    tend(NOW + 30 * DAY)
    found = fresh(prospect)
    assert (found.state, found.email, found.name, found.ends_at) == ("ended", "", "", None)
    tend(NOW + 31 * DAY)
    assert Prospect.objects.count() == 1


def test_a_mail_that_came_back_is_said_in_words() -> None:
    prospect = chosen()
    Message.objects.about(prospect.topic).update(state="failed", error="550 no such mailbox")
    tend(NOW)
    found = fresh(prospect)
    assert found.state == "unconfirmed"
    assert found.problem == "The mail that asks whether it was them came back: 550 no such mailbox"


def test_choices_from_before_are_taken_up_once() -> None:
    chosen_before(answered())
    for _twice in range(2):
        tend(NOW)
    prospect = Prospect.objects.get()
    assert (prospect.state, prospect.agreed_at, prospect.consent_text) == ("unconfirmed", NOW, WORDS)
    assert Message.objects.filter(kind="prospect-confirm").count() == 1


def test_a_choice_from_before_whose_time_has_run_out_is_over() -> None:
    interest = chosen_before(answered(), months_from(NOW, -13))
    tend(NOW)
    interest.refresh_from_db()
    assert (interest.withdrawn_at, Prospect.objects.count()) == (NOW, 0)


def test_nobody_is_asked_again_who_said_no() -> None:
    chosen(NOW).withdraw(NOW)
    tend(NOW + DAY)
    assert (Prospect.objects.count(), Message.objects.filter(kind="prospect-confirm").count()) == (1, 1)


def test_exports_that_nobody_wanted_yet_are_wanted_when_lever_is_connected() -> None:
    prospect = confirmed(NOW)
    tend(NOW)
    assert not prospect.errands.exists()
    connection = make_connection(prospect.organization)
    for _twice in range(2):
        tend(NOW + DAY)
    errand = prospect.errands.get()
    assert (errand.kind, errand.connection, errand.next_at) == ("export", connection, NOW + DAY)


def test_an_address_is_not_kept_for_ever_to_be_looked_for() -> None:
    prospect = confirmed(NOW)
    make_connection(prospect.organization)
    prospect.want("export", NOW)
    prospect.errands.update(attempts=1)
    prospect.withdraw(NOW)
    tend(NOW + 29 * DAY)
    assert fresh(prospect).email
    tend(NOW + 30 * DAY)
    assert (fresh(prospect).email, prospect.errands.get(kind="farewell").state) == ("", "superseded")


def test_a_crash_between_the_look_and_the_erasing_is_made_up_for() -> None:
    prospect = confirmed(NOW)
    Prospect.objects.update(state="withdrawn", withdrawn_at=NOW)
    tend(NOW)
    assert (fresh(prospect).email, fresh(prospect).erased_at) == ("", NOW)


def test_where_they_stand_in_lever_is_forgotten_when_that_is_seen_to() -> None:
    prospect = confirmed(NOW)
    make_connection(prospect.organization)
    place = {"opportunity_id": "opportunity-1", "contact_id": "contact-1", "profile_url": "https://lever.example/1"}
    Prospect.objects.update(state="exported", exported_at=NOW, **place)
    fresh(prospect).withdraw(NOW)
    assert fresh(prospect).clear(make_user(prospect.organization), NOW)
    tend(NOW)
    assert fresh(prospect).opportunity_id == "opportunity-1"
    prospect.errands.update(state="done")
    tend(NOW)
    found = fresh(prospect)
    assert (found.opportunity_id, found.contact_id, found.profile_url) == ("", "", "")


def test_a_quiet_minute_asks_the_same_few_questions_however_many_there_are(django_assert_max_num_queries: Any) -> None:
    for _three in range(3):
        confirmed(NOW)
    with django_assert_max_num_queries(8):
        tend(NOW)
