"""How it ended, in the portal: on the desk, in the list and its file, on the check's page and on the report."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import Role
from checks.models import Check, Outcome
from checks.outcome_people import Asked
from checks.report_parts import report_for
from notifications.models import Message
from tests.checks.visits import words
from tests.factories import make_completed_check, make_template, make_user

NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def ruth(db: None) -> User:
    return make_user(role=Role.TEAM_MEMBER)


def outcome_for(user: User, **candidacy: Any) -> Outcome:
    assert user.organization
    template = make_template(user.organization, ("manager",))
    return Outcome.of(make_completed_check(template=template, now=NOW - 15 * DAY, **candidacy))


def page(user: User, url: str) -> BeautifulSoup:
    browser = Client()
    browser.force_login(user)
    return BeautifulSoup(browser.get(url).content, "html.parser")


def on_the_desk(user: User) -> str:
    return words(page(user, "/admin/").select_one("section[aria-labelledby=needs]"))


def ending(user: User, outcome: Outcome) -> str:
    url = reverse("admin:checks_check_change", args=[outcome.for_check_id])
    return words(page(user, url).select_one("section[aria-labelledby=ended]"))


def differing(user: User, **candidacy: Any) -> Outcome:
    outcome = outcome_for(user, **candidacy)
    outcome.say("not-hired", NOW, name="Jonas Lind")
    outcome.hear("hired", "Hired", NOW, NOW)
    return outcome


# --- the desk ---------------------------------------------------------------------------------------


def test_two_answers_that_differ_stand_on_the_desk_until_one_is_corrected(ruth: User) -> None:
    outcome = differing(ruth)
    assert "Lever says “Hired”, and Jonas Lind said “Not hired”. Both are kept." in on_the_desk(ruth)
    outcome.say("hired", NOW, name=str(ruth), user=ruth)
    assert "Both are kept" not in on_the_desk(ruth)


def test_of_an_erased_check_nothing_needs_a_hand(ruth: User) -> None:
    outcome = differing(ruth)
    unanswered = outcome_for(ruth)
    unanswered.ask(Asked("Jonas Lind", "jonas@gone.example", "owner"), NOW)
    Message.objects.filter(kind="outcome-asked").update(state="failed", error="No such address.", done_at=NOW)
    for each in (outcome, unanswered):
        each.for_check.erase(NOW)
    assert "Both are kept" not in on_the_desk(ruth)
    assert "came back" not in on_the_desk(ruth)


def test_nobody_to_ask_stands_on_the_desk(ruth: User) -> None:
    Organization.objects.update(contact_email="")
    outcome = outcome_for(ruth, owner_email="")
    outcome.ask_without_ats(NOW)
    assert "We do not know whether Marcus was hired, and there is nobody to ask." in on_the_desk(ruth)
    assert "There was nobody to ask" in ending(ruth, outcome)
    outcome.say("hired", NOW, name=str(ruth), user=ruth)
    assert "nobody to ask" not in on_the_desk(ruth)


def test_a_question_that_came_back_stands_on_the_desk(ruth: User) -> None:
    outcome = outcome_for(ruth)
    outcome.ask(Asked("Jonas Lind", "jonas@gone.example", "owner"), NOW)
    assert "came back" not in on_the_desk(ruth)
    Message.objects.filter(kind="outcome-asked").update(state="failed", error="No such address.", done_at=NOW)
    assert "The mail that asked Jonas Lind whether Marcus was hired came back." in on_the_desk(ruth)
    outcome.ask(Asked("Amal Haddad", "amal@northmoor.example", "posting-owner"), NOW + 7 * DAY)
    assert "came back" not in on_the_desk(ruth)


def test_a_limited_member_sees_those_of_their_own_candidates_only(ruth: User) -> None:
    limited = make_user(ruth.organization, Role.LIMITED)
    mine, other = differing(ruth, owner_email=limited.email), differing(ruth, candidate_name="Amina Okafor")
    said = on_the_desk(limited)
    assert "Marcus Webb" in said
    assert "Amina Okafor" not in said
    assert "Jonas Lind" in ending(limited, mine)
    assert not ending(limited, other)


# --- the check's page -------------------------------------------------------------------------------


def test_the_page_says_who_was_asked_what_they_said_and_who_is_next(ruth: User) -> None:
    outcome = outcome_for(ruth)
    question = outcome.ask(Asked("Jonas Lind", "jonas@northmoor.example", "owner"), NOW)
    assert "Jonas Lind has not answered" in ending(ruth, outcome)
    assert question
    question.put_off(2, NOW)
    said = ending(ruth, outcome)
    assert "Not decided yet" in said
    assert f"Asked next{(NOW + 14 * DAY):%-d %B %Y}" in said


def test_what_somebody_says_at_the_desk_is_theirs(ruth: User) -> None:
    outcome, browser = outcome_for(ruth), Client()
    browser.force_login(ruth)
    browser.post(reverse("admin:checks_check_verb", args=[outcome.for_check_id, "not-hired"]))
    outcome.refresh_from_db()
    assert (outcome.said, outcome.said_by) == ("not-hired", ruth)
    assert "Not hired, said by Ruth Adeyemi on" in ending(ruth, outcome)


def test_asked_now_twice_says_why_nothing_came_of_it(ruth: User) -> None:
    outcome, browser = outcome_for(ruth), Client()
    browser.force_login(ruth)
    outcome.ask(Asked("Jonas Lind", "jonas@northmoor.example", "owner"), NOW)
    url = reverse("admin:checks_check_verb", args=[outcome.for_check_id, "ask-now"])
    assert "somebody was asked within the last day" in browser.post(url, follow=True).text


def test_a_check_on_its_way_has_no_such_part(ruth: User) -> None:
    check = outcome_for(ruth).for_check
    Check.objects.filter(pk=check.pk).update(status="awaiting", completed_at=None)
    Outcome.objects.update(ask_at=None)
    assert not ending(ruth, Outcome.of(check))


# --- the list, the report, the files ----------------------------------------------------------------


def test_the_list_is_filtered_by_how_it_ended_and_so_is_its_file(ruth: User) -> None:
    hired, unknown = outcome_for(ruth, candidate_name="Amina Okafor"), outcome_for(ruth, candidate_name="Bo Lee")
    hired.hear("hired", "Hired", NOW, NOW)
    differing(ruth)
    Outcome.objects.filter(pk=unknown.pk).delete()  # of a time before it was asked for
    url, browser = reverse("admin:checks_check_changelist"), Client()
    browser.force_login(ruth)
    names = ("Amina Okafor", "Bo Lee", "Marcus Webb")
    shown = {
        value: [name for name in names if name in browser.get(f"{url}csv/?ended={value}").getvalue().decode()]
        for value in ("hired", "not-hired", "unknown", "differs")
    }
    assert shown == {"hired": ["Amina Okafor"], "unknown": ["Bo Lee"], "differs": ["Marcus Webb"], "not-hired": []}
    assert "Two answers that differ" in words(page(ruth, url).main)


def test_the_report_and_its_files_say_it_and_a_shared_one_does_not(ruth: User) -> None:
    outcome = outcome_for(ruth)
    outcome.hear("hired", "Hired", NOW, NOW)
    outcome.say("hired", NOW, name="Jonas Lind")
    check, browser = outcome.for_check, Client()
    browser.force_login(ruth)
    assert "How it endedHired" in words(page(ruth, reverse("report", args=[check.public_id])).main)
    outside = report_for(check, NOW, is_outside=True)
    assert "How it ended" not in dict(outside["head"])
    (history,) = [part for part in outside["parts"] if part.name == "history"]
    assert "was hired" not in str(history.about)
    found = browser.get(reverse("report-json", args=[check.public_id])).json()["check"]["outcome"]
    assert found == {"in_ats": "hired", "said": "hired", "is_conflict": False}
    assert (
        "outcome,,,in the ATS,,,hired" in browser.get(reverse("report-csv", args=[check.public_id])).getvalue().decode()
    )
