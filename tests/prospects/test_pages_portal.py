"""The list of prospects, the page of one, and what is done to many at once."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import admin_many
from accounts.roles import Role
from prospects.models import Prospect, ProspectSettings, Suppression
from tests.factories import make_connection, make_user
from tests.portal.connecting import notices, soup, text
from tests.prospects.choosing import WORDS, confirmed
from tests.prospects.people import make_prospect

LIST = "/admin/prospects/prospect/"


class House:
    """An organization with a connection that nobody asks anything, and its admin."""

    def __init__(self) -> None:
        since = timezone.now() - timedelta(days=1)
        on: dict[str, Any] = {"exports_new_prospects": True, "exports_new_since": since}
        self.connection = make_connection(**on)

    def add(self, **fields: Any) -> Prospect:
        return make_prospect(self.connection, **fields)

    def refused(self) -> Prospect:
        prospect = self.add(state="refused", problem="No.")
        prospect.errands.update(state="failed", error="No.")
        return prospect


@pytest.fixture
def house(db: None) -> House:
    return House()


@pytest.fixture
def ruth(house: House) -> Client:
    client = Client()
    client.force_login(make_user(house.connection.organization, Role.ADMIN))
    return client


def names(page: BeautifulSoup) -> list[str]:
    return [each.get_text() for each in page.select("tbody th a")]


def tick(client: Client, verb: str, *rows: Prospect, **more: Any) -> BeautifulSoup:
    """Tick them in the list and choose what to do: the page before it."""
    return soup(client.get(f"{LIST}many/{verb}/", {"row": [row.pk for row in rows], **more}))


# --- the list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sought", ["margit", "SOLENT", "margit@"])
def test_one_is_found_by_name_company_and_address(house: House, ruth: Client, sought: str) -> None:
    house.add(name="Ada Lind", company="Kestrel", email="ada@kestrel.example")
    house.add(name="Margit Larsen", company="Solent Ferries", email="margit@solent.example")
    assert names(soup(ruth.get(LIST, {"q": sought}))) == ["Margit Larsen"]


def test_it_is_filtered_by_state_and_by_where_they_came_from(house: House, ruth: Client) -> None:
    house.add(name="Here", state="refused", problem="No.")
    house.add(name="There", source="import")
    assert names(soup(ruth.get(LIST, {"state": "refused"}))) == ["Here"]
    assert names(soup(ruth.get(LIST, {"source": "import"}))) == ["There"]


def test_the_list_of_those_refused_says_why_of_each(house: House, ruth: Client) -> None:
    house.add(state="refused", problem="The stage is gone.")
    assert "The stage is gone." in text(soup(ruth.get(LIST, {"state": "refused"})), "tbody")


def test_until_when_is_not_said_of_one_who_took_it_back(house: House, ruth: Client) -> None:
    prospect = house.add(state="withdrawn")
    assert str(prospect.ends_at.year) not in text(soup(ruth.get(LIST)), "tbody")


def test_its_file_has_no_formula_and_the_words_of_consent(house: House, ruth: Client) -> None:
    house.add(name="=cmd()", company="+1", email="ada@kestrel.example", consent_text="@me")
    answer: Any = ruth.get(f"{LIST}csv/")
    text_of_it = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text_of_it))
    assert (row["Name"], row["Company"], row["What they agreed to"]) == ("'=cmd()", "'+1", "'@me")
    assert row["E-mail"] == "ada@kestrel.example"


# --- the page of one ------------------------------------------------------------------------------------


def the_page(client: Client, prospect: Prospect) -> BeautifulSoup:
    return soup(client.get(f"{LIST}{prospect.pk}/change/"))


def test_it_says_what_they_agreed_to_word_for_word_and_from_which_check(db: None) -> None:
    prospect = confirmed()
    client = Client()
    client.force_login(make_user(prospect.organization))
    page = the_page(client, prospect)
    assert text(page, "blockquote") == WORDS
    assert page.select_one(f"a[href='/admin/checks/check/{prospect.reference.for_check_id}/change/']")
    assert "Lever is not connected" in text(page, ".page-head")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "unconfirmed", "confirmed_at": None}, "a mail asked them to confirm it"),
        ({}, "They confirmed it, and are on their way to Lever."),
        ({"state": "known"}, "Lever knew them already. Nothing new was made there."),
        ({"state": "refused", "problem": "The stage is gone."}, "The stage is gone."),
        ({"state": "withdrawn", "withdrawn_at": timezone.now()}, "They took it back on"),
        ({"state": "ended", "confirmed_at": None}, "did not answer the mail"),
        ({"state": "withdrawn", "exported_at": timezone.now()}, "Somebody has to see to it there."),
    ],
)
def test_it_says_in_a_sentence_how_it_stands(house: House, ruth: Client, fields: Any, words: str) -> None:
    assert words in text(the_page(ruth, house.add(**fields)), ".page-head")


def test_it_says_why_somebody_waits(house: House, ruth: Client) -> None:
    prospect = house.add()
    ProspectSettings.of(house.connection.organization).stop("Lever refused.", timezone.now())
    assert "The export is paused" in text(the_page(ruth, prospect))
    house.connection.disable()
    assert "as soon as the connection is active" in text(the_page(ruth, prospect))


def test_what_is_held_is_a_file_for_them(house: House, ruth: Client) -> None:
    prospect = house.add(name="Ada Lind")
    answer = ruth.get(f"{LIST}{prospect.pk}/data/")
    assert answer.json()["Name"] == "Ada Lind"
    assert answer.json()["You agreed to"] == prospect.consent_text
    assert prospect.token not in answer.text


def test_who_saw_to_it_in_lever_is_said_and_once(house: House, ruth: Client) -> None:
    prospect = house.add(state="withdrawn", withdrawn_at=timezone.now(), exported_at=timezone.now())
    url = f"{LIST}{prospect.pk}/do/clear/"
    assert "Noted." in notices(soup(ruth.post(url, follow=True)))
    assert "saw to it in Lever" in text(the_page(ruth, prospect))
    assert "Nothing was changed" in notices(soup(ruth.post(url, follow=True)))


def test_the_address_in_lever_leads_to_the_page(house: House, ruth: Client) -> None:
    prospect = house.add()
    url = reverse("prospect-record", args=[prospect.public_id])
    assert ruth.get(url).headers["Location"] == f"{LIST}{prospect.pk}/change/"
    assert "sign-in" in Client().get(url, follow=True).request["PATH_INFO"]


# --- many at once ---------------------------------------------------------------------------------------


def test_the_page_before_names_them_and_changes_nothing(house: House, ruth: Client) -> None:
    ada, bo = house.add(name="Ada Lind"), house.add(name="Bo Ek")
    gone = house.add(name="Cia Ry", state="withdrawn")
    page = tick(ruth, "withdraw", ada, bo, gone)
    assert [each.get_text() for each in page.select(".names li")] == ["Bo Ek", "Ada Lind"]
    assert text(page, ".save button") == "Withdraw on their behalf (2)"
    assert "1 of those you chose is left out" in text(page)
    assert Prospect.objects.waiting().count() == 2


def test_no_more_than_twenty_are_named(house: House, ruth: Client) -> None:
    page = tick(ruth, "withdraw", *[house.add() for _number in range(22)])
    assert len(page.select(".names li")) == 20
    assert "And 2 more." in text(page)


def test_it_does_the_verb_to_each_and_keeps_why(house: House, ruth: Client) -> None:
    rows = [house.add(), house.add()]
    url = f"{LIST}many/withdraw/?row={rows[0].pk}&row={rows[1].pk}"
    assert "A few words are needed." in text(soup(ruth.post(url)))
    page = soup(ruth.post(url, {"why": "They told us."}, follow=True))
    assert "Withdraw on their behalf: done for 2." in notices(page)
    assert set(Prospect.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert "They told us." in ruth.get(f"{LIST}{rows[0].pk}/history/").text


def test_all_that_the_list_finds_can_be_meant(house: House, ruth: Client) -> None:
    house.add()
    house.refused()
    house.refused()
    page = soup(ruth.post(f"{LIST}many/try-again/?all=on&of=state%3Drefused", follow=True))
    assert "Try again: done for 2." in notices(page)
    assert page.select_one("option[value=refused][selected]")
    assert Prospect.objects.waiting().count() == 3


def test_who_came_into_the_list_after_the_page_is_not_meant(house: House, ruth: Client) -> None:
    house.add(name="Ada Lind")
    url = f"{LIST}many/withdraw/?all=on"
    newest = soup(ruth.get(url)).select_one("[name=newest]")["value"]
    house.add(name="Bo Ek")
    ruth.post(url, {"why": "They told us.", "newest": newest})
    assert [each.name for each in Prospect.objects.waiting()] == ["Bo Ek"]


def test_a_long_list_is_done_in_parts(house: House, ruth: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_many, "MOST", 1)
    house.refused()
    house.refused()
    assert "There are more." in notices(soup(ruth.post(f"{LIST}many/try-again/?all=on", follow=True)))
    assert Prospect.objects.waiting().count() == 1


def test_nothing_happens_to_another_organizations_nor_without_a_tick(house: House, ruth: Client) -> None:
    theirs = make_prospect(make_connection(), state="refused")
    ruth.post(f"{LIST}many/try-again/?row={theirs.pk}&row=x&row={10**30}")
    assert Prospect.objects.get(pk=theirs.pk).state == "refused"
    assert "Nothing was chosen" in notices(soup(ruth.get(f"{LIST}many/try-again/", follow=True)))


def test_a_team_member_sees_them_and_is_offered_nothing(house: House) -> None:
    prospect, client = house.add(), Client()
    client.force_login(make_user(house.connection.organization, Role.TEAM_MEMBER))
    assert not soup(client.get(LIST)).select("#many, td.choose")
    assert client.get(f"{LIST}many/withdraw/?row={prospect.pk}").status_code == 403
    assert not soup(client.get(f"{LIST}{prospect.pk}/change/")).select("#stop")


def test_a_withdrawal_at_the_desk_shuts_the_address_out(house: House, ruth: Client) -> None:
    prospect = house.add(email="ada@kestrel.example")
    ruth.post(f"{LIST}{prospect.pk}/do/withdraw/", {"why": "By telephone."})
    assert Suppression.holds(house.connection.organization, "ada@kestrel.example")
