"""The export's page: the preview, how far it is, pause, and how prospects go."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from prospects.models import Prospect, ProspectSettings, Suppression
from prospects.preview import Preview, preview
from prospects.progress import Progress
from prospects.said import about, going, news
from tests.factories import make_check, make_connection, make_operator, make_user
from tests.portal.connecting import notices, options, soup, text
from tests.prospects.people import Export, make_prospect

PAGE = "/admin/prospects/prospect/export/"
SETTINGS = {"source": "References", "tags": "", "posting_id": "", "stage_id": ""}


@pytest.fixture
def ruth(export: Export) -> Client:
    client = Client()
    client.force_login(make_user(export.connection.organization, Role.ADMIN))
    return client


# --- the preview ----------------------------------------------------------------------------------------


def test_the_preview_counts_each_once_by_what_is_known_here(db: None) -> None:
    connection = make_connection()
    organization = connection.organization
    make_check(organization, candidate_email="Marcus@post.example")
    for email in ("new@post.example", "marcus@post.example", "no@post.example", "nobody"):
        make_prospect(connection, email=email)
    make_prospect(connection, state="exported")
    Suppression.add(organization, "no@post.example", timezone.now())
    make_prospect(make_connection())
    found = preview(organization)
    assert found == Preview(new=1, known=1, suppressed=1, invalid=1, in_lever=1, is_cut=False)


def test_lever_is_asked_for_the_first_ones_by_a_button(export: Export, ruth: Client) -> None:
    there = export.add()
    export.add()
    export.lever.world.add_person(there.name, emails=[there.email])
    page = soup(ruth.post(f"{PAGE}look/", follow=True))
    assert "Of 2 looked for in Lever now, 1 is there." in notices(page)
    assert Prospect.objects.waiting().count() == 2


def test_a_lever_that_is_away_is_said_in_a_sentence(export: Export, ruth: Client) -> None:
    export.add()
    export.fault("status", status=503)
    assert "Lever does not answer at the moment." in notices(soup(ruth.post(f"{PAGE}look/", follow=True)))


# --- how far it is --------------------------------------------------------------------------------------


def test_it_says_how_far_it_is_with_a_bar(export: Export, ruth: Client) -> None:
    export.add()
    export.go()
    export.add()
    page = soup(ruth.get(f"{PAGE}progress/"))
    bar = page.select_one("progress")
    assert (bar["value"], bar["max"]) == ("1", "2")
    assert page.select_one("[data-runs]")
    assert page.select_one("[data-title]")["data-title"] == "1 of 2 are through"


def test_it_is_paused_and_resumed_by_buttons(export: Export, ruth: Client) -> None:
    prospect = export.add()
    page = soup(ruth.post(f"{PAGE}pause/", follow=True))
    export.go()
    assert not export.there(prospect)
    assert page.h1.get_text() == "The export is paused at 0 of 1"
    ruth.post(f"{PAGE}resume/")
    export.go()
    assert export.there(prospect)


def test_what_lever_refused_is_told_with_its_number(export: Export, ruth: Client) -> None:
    for _number in range(2):
        export.add(state="refused", problem="The stage is gone.")
    assert text(soup(ruth.get(PAGE)), "[aria-labelledby=refused] li") == "2 prospects The stage is gone."


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress(exported=3, waiting=7, rate=240, left=timedelta(seconds=70)), "240 a minute. About 2 minutes left."),
        (Progress(waiting=1, left=timedelta(seconds=1)), "Less than a minute left."),
        (Progress(waiting=1, rate=2, left=timedelta(hours=3), is_paused=True), ""),
        (Progress(), ""),
    ],
)
def test_rate_and_time_left_are_said_as_people_say_them(progress: Progress, said: str) -> None:
    assert going(progress) == said
    assert about(timedelta(hours=3)) == "About 3 hours"


@pytest.mark.parametrize(
    ("connection", "waiting", "said"),
    [
        (None, 0, "Lever is not connected"),
        ({"exports_new_prospects": True}, 0, "Nobody is on the way to Lever"),
        ({}, 0, "The export is off"),
        ({"status": "failing"}, 1, "The export waits for the connection"),
    ],
)
def test_the_title_is_the_news(connection: Any, waiting: int, said: str) -> None:
    row = None if connection is None else Connection(**{"api_key": "a", "status": "active", **connection})
    assert news(Progress(waiting=waiting), row) == said


# --- how they go ----------------------------------------------------------------------------------------


def test_what_is_through_is_still_the_news_when_nobody_waits_any_more() -> None:
    row = Connection(api_key="a", status="active", exports_new_prospects=True)
    assert news(Progress(exported=61), row) == "61 of 61 are through"
    assert going(Progress(exported=61, rate=71)) == ""


def test_the_drop_downs_are_filled_from_lever_and_remembered(export: Export, ruth: Client) -> None:
    page = soup(ruth.get(f"{PAGE}choices/"))
    assert "Chief Officer" in options(page, "posting_id").values()
    assert "Offer" in options(page, "stage_id").values()
    export.fault("status", status=503)
    later = soup(ruth.get(f"{PAGE}choices/"))
    assert "Chief Officer" in options(later, "posting_id").values()
    assert "Lever is not available at the moment." in text(later, ".warn")


def test_what_is_saved_is_what_lever_gets(export: Export, ruth: Client, lever: SandboxServer) -> None:
    posting, stage = lever.world.posting_named("Chief Officer"), lever.world.stage_named("Offer")
    chosen = {**SETTINGS, "tags": " deck,, deck , silver", "posting_id": posting.id, "stage_id": stage.id}
    assert "Saved." in notices(soup(ruth.post(f"{PAGE}settings/", chosen, follow=True)))
    assert (export.settings.tags, export.settings.posting_name) == ("deck, silver", "Chief Officer")
    prospect = export.add()
    export.go()
    assert export.there(prospect)[0].stage.id == stage.id


def test_what_lever_does_not_have_is_not_taken(export: Export, ruth: Client) -> None:
    page = soup(ruth.post(f"{PAGE}settings/", {**SETTINGS, "stage_id": "no-such-stage"}))
    assert "Your Lever account does not have it." in text(page, ".error")
    assert not export.settings.stage_id


def test_a_choice_that_is_gone_in_lever_is_named_and_kept(export: Export, ruth: Client) -> None:
    export.choose(posting_id="gone", posting_name="Night Cook")
    page = soup(ruth.get(f"{PAGE}choices/"))
    assert "“Night Cook” is not in Lever any more." in text(page, ".warn")
    assert options(page, "posting_id")["gone"] == "Night Cook (not in Lever any more)"
    ruth.post(f"{PAGE}settings/", {**SETTINGS, "posting_id": "gone"})
    assert ProspectSettings.objects.get().posting_name == "Night Cook"


def test_a_page_without_a_connection_leads_to_it(db: None) -> None:
    client = Client()
    client.force_login(user := make_user(role=Role.SUPER_ADMIN))
    page = soup(client.get(PAGE))
    assert page.h1.get_text() == "Lever is not connected"
    assert "Lever is not connected yet" in notices(soup(client.post(f"{PAGE}look/", follow=True)))
    assert user.organization


def test_the_operator_names_whose_page_it_is(export: Export) -> None:
    client = Client()
    client.force_login(make_operator())
    export.add()
    address = f"{PAGE}?organization={export.connection.organization_id}"
    assert "0 of 1 are through" in client.get(address).text
    assert client.get(f"{PAGE}?organization={10**30}").status_code == 404
