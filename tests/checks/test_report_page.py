"""The report's page: who may read it, and what stands on it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from checks.models import Check
from checks.references import Given
from templates_app.matching import Match
from tests.checks.reports import address, headings, part, read, signed_in
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_candidacy,
    make_check,
    make_completed_check,
    make_operator,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db


# --- who may read it -------------------------------------------------------------------------------------


def test_it_asks_for_sign_in_and_comes_back(client: Client) -> None:
    check = make_check()
    response = client.get(address(check))
    assert response.headers["Location"] == f"/sign-in/?next=/reports/{check.public_id}/"


def test_another_organizations_report_looks_like_one_that_does_not_exist() -> None:
    client = signed_in(make_user())
    foreign = client.get(address(make_completed_check()))
    unknown = client.get(reverse("report", kwargs={"check": uuid4()}))
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert without_ids(foreign.content) == without_ids(unknown.content)


def without_ids(body: bytes) -> str:
    return re.sub(r"[0-9a-f-]{36}|[0-9a-f]{8}", "", re.sub(r'(name="csrf|nonce=)[^>]*', "", body.decode()))


def test_a_foreigner_leaves_no_trace_in_the_report() -> None:
    check = make_completed_check()
    signed_in(make_user()).get(address(check))
    assert not check.events.filter(kind="opened").exists()


@pytest.mark.parametrize(("owner", "status"), [("aoife@northmoor.example", 200), ("ruth@northmoor.example", 404)])
def test_a_limited_team_member_reads_what_is_theirs(owner: str, status: int) -> None:
    organization = make_organization()
    user = make_user(organization, Role.LIMITED, email="Aoife@northmoor.example")
    check = make_completed_check(organization, owner_email=owner)
    assert signed_in(user).get(address(check)).status_code == status


def test_the_operator_reads_every_report() -> None:
    assert "Marcus Webb" in read(make_completed_check(), make_operator()).h1.get_text()


def test_somebody_who_may_no_longer_sign_in_reads_nothing() -> None:
    check = make_completed_check()
    user = make_user(check.organization)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(address(check)).status_code == 302


def test_no_cache_keeps_it() -> None:
    check = make_completed_check()
    response = signed_in(make_user(check.organization)).get(address(check))
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_it_only_answers_to_reading() -> None:
    check = make_completed_check()
    assert signed_in(make_user(check.organization)).post(address(check)).status_code == 405


# --- what stands on it -----------------------------------------------------------------------------------


def test_a_completed_report_has_all_its_parts() -> None:
    assert headings(read(make_completed_check())) == [
        "1Talk about first",
        "2How far to trust this",
        "3Work with Marcus again?",
        "4Against others in the same job",
        "5What they saw",
        "6Against everyone here",
        "7What they chose",
        "8In their words",
        "9What is missing",
        "10How this came about",
        "11How the marks are computed",
    ]


def test_it_begins_with_a_sentence_of_counts() -> None:
    say = read(make_completed_check()).select_one(".say").get_text()
    assert say.startswith("Three people were asked and three answered, within one day. All three would")


def test_it_shows_the_report_that_was_made_on_completion() -> None:
    check = make_completed_check()
    check.references.update(name="Somebody Else")
    assert "Eileen Farrow" in part(read(check), "In their words")


def test_it_reads_the_answers_where_no_report_is_kept() -> None:
    check = make_completed_check()
    Check.objects.filter(pk=check.pk).update(report_data=None)
    assert "Calm when others are not." in part(read(check), "In their words")


def test_words_are_shown_as_they_were_written_and_are_no_markup() -> None:
    check = make_awaiting_check(template=make_template(make_organization(), requests=("any",)))
    reference = check.references.get()
    reference.submit(answers_for(reference, strength=Given(text="Slow.\n<script>alert(1)</script>")), timezone.now())
    page = read(check)
    assert "<script>alert(1)</script>" in part(page, "In their words")
    assert not page.select(".report script")


def test_it_notes_who_has_read_it_once() -> None:
    check = make_completed_check()
    user = make_user(check.organization, name="Jonas Keller")
    read(check, user)
    assert part(read(check, user), "How this came about").count("Jonas Keller opened the report") == 1


def test_a_live_check_says_that_it_is_not_the_whole() -> None:
    check = make_awaiting_check()
    reference = check.references.in_order()[0]
    reference.submit(answers_for(reference), timezone.now())
    page = read(check)
    assert "This is what is in so far." in page.select_one(".notice").get_text()
    assert page.select_one(".say").get_text().startswith("Three people were asked. One has answered so far.")
    assert part(page, "What is missing").count("has not answered yet") == 2


def test_reading_a_live_check_does_not_count_as_having_read_the_report() -> None:
    check = make_awaiting_check()
    read(check)
    assert not check.events.filter(kind="opened").exists()


def test_a_check_that_waits_for_its_candidate_says_so() -> None:
    page = read(make_check())
    assert page.select_one(".say").get_text() == "Marcus has not named anybody yet."
    assert headings(page) == ["1How this came about"]


def test_a_canceled_check_shows_what_is_there() -> None:
    check = make_awaiting_check()
    reference = check.references.in_order()[0]
    reference.submit(answers_for(reference), timezone.now())
    check.cancel(timezone.now())
    page = read(check)
    assert "This check was canceled." in page.select_one(".notice").get_text()
    assert "Calm when others are not." in part(page, "In their words")


def test_an_expired_check_says_so() -> None:
    check = make_check(now=timezone.now() - timedelta(days=40))
    check.expire(timezone.now())
    assert "has run out" in read(check).select_one(".notice").get_text()


def test_a_check_in_error_says_what_is_wrong() -> None:
    organization = make_organization()
    candidacy = make_candidacy(candidate_email="", candidate_name="")
    check = Check.start(organization, candidacy, Match(make_template(organization), ""), timezone.now())
    page = read(check)
    assert "This check could not go on: No e-mail." in page.select_one(".notice").get_text()
    assert page.h1.get_text() == "The candidate"


def test_every_drawing_has_its_sentence_and_its_table() -> None:
    page = read(make_completed_check())
    assert all(strip.get("aria-label") for strip in page.select(".strip"))
    assert [len(chart.find_next("table").select("tbody tr")) for chart in page.select(".chart")] == [1, 1]


def test_it_never_gives_a_percentage_or_a_sex() -> None:
    words = f" {read(make_completed_check()).select_one('.report').get_text(' ').lower()} "
    assert "%" not in words
    assert not re.search(r"\b(he|she|his|her|him|hers)\b", words)


def test_it_leads_nowhere_that_is_not_there() -> None:
    check = make_completed_check()
    client = signed_in(make_user(check.organization, Role.SUPER_ADMIN))
    page = BeautifulSoup(client.get(address(check)).content, "html.parser")
    links = [urljoin(address(check), str(link["href"])) for link in page.select("main a")]
    assert len(links) > 3
    assert all(client.get(link, follow=True).status_code == 200 for link in links)


@pytest.mark.parametrize("people", [3, 10])
@pytest.mark.parametrize("make", [make_completed_check, make_awaiting_check])
def test_it_takes_as_many_queries_for_ten_references_as_for_three(make: Any, people: int) -> None:
    check = make(template=make_template(make_organization(), requests=("any",) * people))
    client = signed_in(make_user(check.organization))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address(check))
    assert len(queries) <= 12
