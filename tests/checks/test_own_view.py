"""The candidate's answers to the same questions, about their own work."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from checks.models import Check, SelfAssessment
from checks.references import Given
from tests.checks.every_kind import first, make_full_check, sent
from tests.checks.visits import dangling, enter, only, read, unlabelled, visit, words

pytestmark = pytest.mark.django_db

OWN = {"q-overall": "5", "q-setbacks": "unseen", "q-better": "Decides fast", "q-strength": "I stay calm."}


@pytest.fixture
def check() -> Check:
    return make_full_check(asks_candidate=True)


def page_of(client: Client, check: Check) -> str:
    return f"{enter(client, check)}self/"


def own(check: Check) -> SelfAssessment:
    return SelfAssessment.objects.get(for_check=check)


def open_page(client: Client, check: Check) -> BeautifulSoup:
    return read(client.get(page_of(client, check)))


def test_it_is_offered_where_the_template_asks_for_it(client: Client, check: Check) -> None:
    assert visit(client, check).select(f'a[href="/candidate/{check.public_id}/self/"]')
    assert not visit(client, make_full_check()).select('a[href$="/self/"]')


def test_it_asks_what_can_be_said_of_ones_own_work(client: Client, check: Check) -> None:
    page = open_page(client, check)
    asked = {str(field["name"]) for field in page.select("[name^=q-]")}
    assert asked == {f"q-{key}" for key in ("overall", "setbacks", "setbacks.reason", "on-time", "better", "strength")}
    assert "Answer as you see your own work." in words(page)
    assert "Not part of my work" in words(page)
    assert not unlabelled(page)
    assert not dangling(page)


def test_a_gap_is_no_fault(client: Client, check: Check) -> None:
    response = client.post(page_of(client, check), OWN)
    assert response.headers["Location"] == f"/candidate/{check.public_id}/"
    assert own(check).submitted_at
    assert own(check).given() == {
        "overall": Given(score=5),
        "setbacks": Given(is_unobserved=True),
        "better": Given(choice="Decides fast"),
        "strength": Given(text="I stay calm."),
    }


def test_it_can_be_saved_and_finished_later(client: Client, check: Check) -> None:
    saved = read(client.post(page_of(client, check), {"q-overall": "5", "save": "1"}))
    assert "come back with the same link" in words(saved)
    assert own(check).submitted_at is None
    assert "Go on answering" in words(visit(client, check))
    assert only(open_page(client, check), '[name="q-overall"][checked]')["value"] == "5"


def test_what_is_handed_in_stays(client: Client, check: Check) -> None:
    client.post(page_of(client, check), OWN)
    assert client.post(page_of(client, check), {"q-overall": "1"}).status_code == 302
    assert own(check).given()["overall"] == Given(score=5)
    assert "You answered the same questions" in words(visit(client, check))


def test_an_answer_that_was_not_offered_is_refused(client: Client, check: Check) -> None:
    assert read(client.post(page_of(client, check), {"q-overall": "9"})).select("[role=alert]")
    assert own(check).submitted_at is None


@pytest.mark.parametrize("end", ["complete", "cancel"])
def test_it_closes_when_the_check_ends(client: Client, check: Check, end: str) -> None:
    address = page_of(client, check)
    getattr(check, end)(timezone.now())
    assert client.get(address).status_code == client.post(address, OWN).status_code == 302
    assert not SelfAssessment.objects.exists()


def test_it_begins_once_references_are_named(client: Client) -> None:
    check = make_full_check(asks_candidate=True)
    Check.objects.update(status=Check.Status.SUBMITTED)
    assert client.get(page_of(client, check)).status_code == 302


def test_it_needs_the_candidates_key(check: Check) -> None:
    assert Client().get(f"/candidate/{check.public_id}/self/").status_code == 404


@pytest.mark.parametrize("asks", [True, False])
def test_looking_at_it_writes_nothing(client: Client, asks: Any) -> None:
    check = make_full_check(asks_candidate=asks)
    client.get(page_of(client, check))
    assert not SelfAssessment.objects.exists()


def test_the_references_answers_are_not_touched(client: Client, check: Check) -> None:
    client.post(page_of(client, check), OWN)
    reference = first(check)
    client.post(enter(client, reference), sent())
    assert reference.given()["overall"] == Given(score=4)
