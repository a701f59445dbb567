"""The pages of open jobs and of dry runs: who may, what they show, and that a look changes nothing."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from integrations.models import CallBudget, Connection
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from integrations.sandbox.world import World as Practice
from tests.factories import make_template
from tests.integrations.test_rehearsal import everything
from tests.portal.world import VISITORS, World

PAGES = ("jobs", "jobs_list", "dry_run")
BY_ADMINS = (200, 200, 403, 403, 200, 403, 302)


@pytest.fixture
def lever(settings: Any) -> Any:
    with SandboxServer(Practice.empty(), port=0) as server:
        settings.LEVER_API_URL = server.api_url
        yield server


@pytest.fixture
def connection(world: World, lever: SandboxServer) -> Connection:
    connection = world.ours.connection
    connection.api_key = DEMO_API_KEY
    connection.stage_id = lever.world.stage_named("Reference check").id
    connection.save()
    make_template(connection.organization, name="Deck officers", ats_tag="deck-officer")
    return connection


@pytest.fixture
def marcus(lever: SandboxServer, connection: Connection) -> Opportunity:
    return lever.world.add_person(
        "Marcus Webb",
        emails=["marcus.webb@post.example"],
        posting=lever.world.posting_named("Chief Officer").id,
        stage=connection.stage_id,
    )


@pytest.fixture
def admin(world: World) -> Client:
    return world.visitor(Role.ADMIN)


def url(connection: Connection, page: str, **query: str) -> str:
    return reverse(f"admin:integrations_connection_{page}", args=[connection.pk], query=query)


def see(browser: Client, address: str, **headers: str) -> BeautifulSoup:
    answer = browser.get(address, headers=headers)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def words(part: Tag | None) -> str:
    return " ".join(part.get_text(" ").split())


def row(page: BeautifulSoup, job: str) -> str:
    return next(words(row) for row in page.select("table.jobs tbody tr") if job in words(row.th))


# --- who may ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", VISITORS)
def test_who_may_open_them(world: World, connection: Connection, visitor: str) -> None:
    browser, expected = world.visitor(visitor), BY_ADMINS[VISITORS.index(visitor)]
    assert {browser.get(url(connection, page)).status_code for page in PAGES} == {expected}


@pytest.mark.parametrize("visitor", VISITORS)
def test_who_may_play_one_for_a_candidate(world: World, marcus: Opportunity, visitor: str) -> None:
    address = url(world.ours.connection, "dry_run", opportunity=marcus.id, ask="1")
    answer = world.visitor(visitor).get(address)
    may = visitor in (Role.SUPER_ADMIN, Role.ADMIN)
    assert answer.status_code == (200 if may else 302 if visitor == "anonymous" else 403)
    assert ("marcus.webb@post.example" in answer.text) == may


def test_the_operator_reads_why_not_and_lever_is_not_asked(
    world: World, marcus: Opportunity, lever: SandboxServer
) -> None:
    answer = world.visitor("operator").get(url(world.ours.connection, "dry_run", opportunity=marcus.id, ask="1"))
    assert "personal data, which is for the organization’s admins" in answer.text
    assert not lever.calls.last()


def test_the_operator_cannot_get_a_candidate_in_by_an_address_for_a_job(world: World, marcus: Opportunity) -> None:
    sly = f"https://hire.lever.co/candidates/{marcus.id}"
    answer = world.visitor("operator").get(url(world.ours.connection, "dry_run", posting=sly, ask="1"))
    assert answer.status_code == 403
    assert "Marcus" not in answer.text


def test_the_operator_plays_one_for_a_job(world: World, connection: Connection, lever: SandboxServer) -> None:
    posting = lever.world.posting_named("Chief Officer")
    page = see(world.visitor("operator"), url(connection, "dry_run", posting=posting.id, ask="1"))
    assert words(page.h1) == "What happens with a candidate for Chief Officer"


def test_there_is_nothing_to_post_to(admin: Client, connection: Connection) -> None:
    assert {admin.post(url(connection, page)).status_code for page in PAGES} == {405}


def test_a_connection_that_is_not_there_is_nobodys(admin: Client, connection: Connection) -> None:
    assert admin.get(f"/admin/integrations/connection/{connection.pk + 99}/jobs/").status_code == 403


# --- the open jobs ----------------------------------------------------------------------------------------------


def test_the_page_is_there_at_once_and_asks_lever_by_a_part_of_it(
    admin: Client, connection: Connection, lever: SandboxServer
) -> None:
    page = see(admin, url(connection, "jobs"))
    assert page.select_one("[data-fill]")["data-fill"] == url(connection, "jobs_list")
    assert page.select_one("noscript a")["href"] == "?ask=1"
    assert not lever.calls.last()


def test_the_part_is_the_list_and_its_title_the_news(admin: Client, connection: Connection) -> None:
    part = see(admin, url(connection, "jobs_list"))
    assert part.html is None
    assert words(part.h1) == "Four of five open jobs would get no check"
    assert len(part.select("table.jobs tbody tr")) == 5


def test_it_leads_to_a_dry_run_for_a_candidate(admin: Client, connection: Connection) -> None:
    link = see(admin, url(connection, "jobs")).select_one(".page-head .button")
    assert link["href"] == url(connection, "dry_run")


def test_without_javascript_the_page_asks_itself(admin: Client, connection: Connection) -> None:
    page = see(admin, url(connection, "jobs", ask="1"))
    assert words(page.title) == "Four of five open jobs would get no check · Vouch"
    assert len(page.select("h1")) == 1


def test_each_job_says_what_it_would_get(admin: Client, connection: Connection) -> None:
    make_template(connection.organization, name="Managers", ats_tag="people-manager", priority=5)
    make_template(connection.organization, name="Engineers", ats_tag="engineering")
    page = see(admin, url(connection, "jobs_list"))
    assert "No check would begin" in row(page, "Deckhand")
    assert "deck-officer (a template has it) Deck officers" in row(page, "Chief Officer")
    assert "Managers Several match “Managers”, because" in row(page, "Engineering Manager")


def test_a_job_that_gets_the_default_says_so(admin: Client, connection: Connection) -> None:
    make_template(connection.organization, name="General", is_default=True)
    assert "General The default: no template has a tag" in row(see(admin, url(connection, "jobs_list")), "Deckhand")


def test_each_job_leads_to_its_dry_run(admin: Client, connection: Connection) -> None:
    page = see(admin, url(connection, "jobs_list"))
    links = [link["href"] for link in page.select("table.jobs td:last-child a")]
    assert len(links) == 5
    assert {words(see(admin, f"{link}&ask=1").h1).split(" ")[0] for link in links} == {"A", "What"}


def test_templates_without_an_open_job_are_named(admin: Client, connection: Connection) -> None:
    part = see(admin, url(connection, "jobs_list")).select_one("[aria-labelledby=idle]")
    assert "Ours template ours-tag" in words(part)
    assert "Deck officers" not in words(part)


def test_an_account_without_open_jobs_says_so(admin: Client, connection: Connection, lever: SandboxServer) -> None:
    lever.world.postings.clear()
    page = see(admin, url(connection, "jobs_list"))
    assert words(page.h1) == "No job is open in Lever"
    assert "Publish one in Lever" in words(page.select_one(".empty"))


def test_a_lever_that_is_down_leaves_a_sentence_and_a_way_to_ask_again(
    admin: Client, connection: Connection, lever: SandboxServer
) -> None:
    lever.faults.add(Fault("status", status=503, path="/postings"))
    notice = see(admin, url(connection, "jobs_list")).select_one(".notice.bad")
    assert words(notice) == "Lever does not answer at the moment. Ask again in a minute. Ask Lever again"
    assert str(notice.a["href"]).endswith("?ask=1")


def test_what_lever_sends_is_text_and_never_html(admin: Client, connection: Connection, lever: SandboxServer) -> None:
    posting = lever.world.posting_named("Chief Officer")
    posting.text, posting.tags = "<b>Chief</b>", ["<i>tag</i>", "deck-officer"]
    assert "<b>Chief" not in admin.get(url(connection, "jobs_list")).text
    assert "<i>tag" not in admin.get(url(connection, "dry_run", posting=posting.id, ask="1")).text


# --- tags to try ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Deck-Officer, night", "These tags get “Deck officers”"),
        ("night", "These tags get no template"),
        ("", "These tags get no template"),
    ],
)
def test_tags_are_tried_without_lever(
    admin: Client, connection: Connection, lever: SandboxServer, typed: str, title: str
) -> None:
    page = see(admin, url(connection, "jobs", tags=typed))
    assert words(page.h1) == title
    assert page.select_one("#id_tags")["value"] == typed
    assert not lever.calls.last()


def test_tags_of_several_templates_show_their_order(admin: Client, connection: Connection) -> None:
    make_template(connection.organization, name="Night", ats_tag="night", priority=1)
    page = see(admin, url(connection, "jobs", tags="deck-officer,night"))
    assert [words(line) for line in page.select("main ol > li")] == [
        "Night , night , priority 1",
        "Deck officers , deck-officer , priority 100",
    ]


def test_a_template_that_asks_nobody_is_said_when_tags_are_tried(admin: Client, connection: Connection) -> None:
    make_template(connection.organization, ats_tag="empty", requests=())
    assert "no check would begin" in words(see(admin, url(connection, "jobs", tags="empty")).main)


# --- dry runs ---------------------------------------------------------------------------------------------------


def test_without_a_subject_there_is_the_form(admin: Client, connection: Connection) -> None:
    page = see(admin, url(connection, "dry_run"))
    assert words(page.select_one("label[for=id_about]")) == "Candidate in Lever"
    assert not page.select("[data-fill]")


def test_the_form_takes_a_pasted_address(admin: Client, connection: Connection, marcus: Opportunity) -> None:
    page = see(admin, url(connection, "dry_run", opportunity=f"https://hire.lever.co/candidates/{marcus.id}"))
    assert page.select_one("[data-fill]")["data-fill"] == f"?opportunity={marcus.id}&ask=1"


def test_what_is_no_address_is_said_at_the_field_and_kept(
    admin: Client, connection: Connection, lever: SandboxServer
) -> None:
    page = see(admin, url(connection, "dry_run", opportunity="Marcus Webb", ask="1"))
    field = page.select_one("#id_about")
    assert (field["value"], field["aria-invalid"]) == ("Marcus Webb", "true")
    assert "about-error" in field["aria-describedby"]
    assert not lever.calls.last()


def test_the_page_is_there_before_it_is_played(
    admin: Client, connection: Connection, marcus: Opportunity, lever: SandboxServer
) -> None:
    page = see(admin, url(connection, "dry_run", opportunity=marcus.id))
    assert words(page.h1) == "Dry run"
    assert not lever.calls.last()


def test_the_part_that_comes_is_no_whole_page(admin: Client, connection: Connection, marcus: Opportunity) -> None:
    part = see(admin, url(connection, "dry_run", opportunity=marcus.id, ask="1"), **{"X-Fill": "yes"})
    assert part.html is None
    assert words(part.h1) == "A check would begin for Marcus Webb now"


def test_it_shows_each_mail_tag_link_and_note_in_order(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    page = see(admin, url(connection, "dry_run", opportunity=marcus.id, ask="1"))
    scenes = page.select(".scenes > li")
    assert [words(scene.h3) for scene in scenes] == [
        "When Marcus comes to the stage",
        "When three references are named",
        "When the first has answered",
        "When two of three have answered",
        "When all three have answered",
    ]
    assert [words(label) for label in scenes[1].select("dt")] == ["E-mail"] * 3 + ["Tag"]
    assert [words(label) for label in scenes[4].select("dt")] == ["E-mail", "Tag", "Link", "Note"]
    assert "to Marcus Webb, marcus.webb@post.example" in words(scenes[0])


def test_links_in_it_are_dead(admin: Client, connection: Connection, marcus: Opportunity) -> None:
    page = see(admin, url(connection, "dry_run", opportunity=marcus.id, ask="1"))
    assert "http://testserver/c/…/" in page.select_one(".scenes pre").text
    assert not page.select(".scenes a, .folds a")


def test_other_turns_are_folded_in(admin: Client, connection: Connection, marcus: Opportunity) -> None:
    page = see(admin, url(connection, "dry_run", opportunity=marcus.id, ask="1"))
    folds = {words(fold.summary): words(fold) for fold in page.select("details.fold")}
    assert "Ours - Canceled" in folds["If it is canceled, or Marcus is archived in Lever"]
    assert "Ours - Overdue" in folds["If nobody answers within 30 days"]


def test_what_stands_in_the_way_comes_first_with_the_tag(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    marcus.contact.emails = []
    page = see(admin, url(connection, "dry_run", opportunity=marcus.id, ask="1"))
    assert words(page.h1) == "No check would begin for Marcus Webb now"
    assert "Ours - ERROR (no email)" in words(page.select_one(".notice.bad"))
    assert words(page.select_one("#way")) == "If it could begin"


def test_a_job_without_a_template_shows_the_error_and_no_turns(
    admin: Client, connection: Connection, lever: SandboxServer
) -> None:
    posting = lever.world.posting_named("Deckhand")
    page = see(admin, url(connection, "dry_run", posting=posting.id, ask="1"))
    assert "ERROR (no template)" in words(page.select_one(".scenes"))
    assert not page.select(".fold")


def test_an_unknown_opportunity_is_said_and_the_field_keeps_it(admin: Client, connection: Connection) -> None:
    page = see(admin, url(connection, "dry_run", opportunity="nobody", ask="1"))
    assert "Lever has no such record" in words(page.select_one(".notice.bad"))
    assert page.select_one("#id_about")["value"] == "nobody"


def test_without_a_key_it_says_what_to_enter(admin: Client, connection: Connection) -> None:
    connection.forget()
    page = see(admin, url(connection, "dry_run", opportunity="nobody", ask="1"))
    assert "no API token" in words(page.select_one(".notice.bad"))


@pytest.mark.parametrize("page", PAGES)
def test_a_look_changes_nothing(
    admin: Client, connection: Connection, lever: SandboxServer, marcus: Opportunity, page: str
) -> None:
    before = everything(CallBudget)
    see(admin, url(connection, page, opportunity=marcus.id, ask="1"))
    assert everything(CallBudget) == before
    assert {call.method for call in lever.calls.last()} == {"GET"}


def test_a_jobs_id_is_not_left_in_the_candidates_field(
    admin: Client, connection: Connection, lever: SandboxServer
) -> None:
    page = see(admin, url(connection, "dry_run", posting=lever.world.posting_named("Deckhand").id))
    assert page.select_one("#id_about")["value"] == ""
