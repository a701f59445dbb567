"""The template editor and the list of templates, as staff use them, with and without JavaScript."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from integrations.sandbox.world import World as Practice
from templates_app.models import ReferenceTemplate
from tests.factories import make_check, make_completed_check, make_survey, make_template
from tests.portal.test_forms import fill
from tests.portal.test_queries import queries
from tests.portal.world import World, address

LABEL = "templates_app.referencetemplate"
LIST, NEW = address(LABEL, "changelist"), address(LABEL, "add")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def ruth(world: World) -> Client:
    return world.visitor(Role.ADMIN)


@pytest.fixture
def template(world: World) -> ReferenceTemplate:
    return world.ours.template


@pytest.fixture
def unused(world: World) -> ReferenceTemplate:
    return make_template(world.ours.organization, name="Unused", ats_tag="unused")


def at(template: ReferenceTemplate, page: str = "change") -> str:
    return address(LABEL, page, template.pk)


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def notices(browser: Client, answer: Any) -> str:
    """What the page after the form says."""
    page = soup(browser.get(answer.headers["Location"]) if answer.status_code == 302 else answer)
    return " ".join(" ".join(part.get_text(" ").split()) for part in page.select(".notice, .error"))


def create(browser: Client, world: World, **values: Any) -> str:
    usual = {"name": "Riggers", "survey": world.ours.template.survey.pk, "requests__0__relationship": "any"}
    return notices(browser, fill(browser, NEW, **{**usual, **values}))


def save(browser: Client, template: ReferenceTemplate, **values: Any) -> str:
    said = notices(browser, fill(browser, at(template), **values))
    template.refresh_from_db()
    return said


def asked(template: ReferenceTemplate) -> list[str]:
    return list(template.requests.order_by("position", "pk").values_list("relationship", flat=True))


# --- whom we ask ------------------------------------------------------------------------------------------


def test_a_template_is_created_with_the_references_it_asks_for(world: World, ruth: Client) -> None:
    row = {"how_many": 2, "relationship": "manager", "recent_years": 3, "is_needed": "on", "note": "At sea"}
    create(ruth, world, **{f"requests__1__{name}": value for name, value in row.items()})
    made = ReferenceTemplate.objects.get(name="Riggers")
    assert asked(made) == ["any", "manager"]
    assert made.requests.filter(how_many=2, recent_years=3, is_needed=True, note="At sea").exists()
    assert made.organization == world.ours.organization


def test_a_blank_row_adds_one_more_reference(ruth: Client, template: ReferenceTemplate) -> None:
    save(ruth, template, requests__3__relationship="any")
    assert asked(template) == ["manager", "peer", "any", "any"]


def test_saving_without_a_change_adds_no_reference(ruth: Client, template: ReferenceTemplate) -> None:
    save(ruth, template)
    assert asked(template) == ["manager", "peer", "any"]


def test_a_reference_is_removed_by_its_tick(ruth: Client, template: ReferenceTemplate) -> None:
    save(ruth, template, requests__0__DELETE="on")
    assert asked(template) == ["peer", "any"]


def test_numbers_put_references_in_order_and_a_blank_row_among_them_stays_blank(
    ruth: Client, template: ReferenceTemplate
) -> None:
    places = {"requests__0__position": 3, "requests__1__position": 4, "requests__2__position": 1}
    save(ruth, template, **places, requests__3__position=2)
    assert asked(template) == ["any", "manager", "peer"]


def test_a_new_row_that_is_ticked_for_removal_is_left_out(ruth: Client, template: ReferenceTemplate) -> None:
    save(ruth, template, requests__3__note="Half written", requests__3__DELETE="on")
    assert asked(template) == ["manager", "peer", "any"]


def test_a_template_without_references_is_refused_in_words(world: World, ruth: Client) -> None:
    assert "Ask for at least one reference" in create(ruth, world, requests__0__relationship="")
    assert not ReferenceTemplate.objects.filter(name="Riggers").exists()


def test_removing_the_last_reference_is_refused_too(ruth: Client, template: ReferenceTemplate) -> None:
    removed = {f"requests__{n}__DELETE": "on" for n in range(3)}
    assert "Ask for at least one reference" in save(ruth, template, **removed)
    assert len(asked(template)) == 3


def test_more_that_are_enough_than_are_asked_is_refused_in_words(ruth: Client, template: ReferenceTemplate) -> None:
    assert "Enough to conclude is 4, but only 3 references are asked for." in save(ruth, template, minimum=4)
    assert "is saved" in save(ruth, template, minimum=4, requests__0__how_many=2)


def test_what_may_surprise_is_said_after_saving(ruth: Client, template: ReferenceTemplate) -> None:
    needed = {f"requests__{n}__is_needed": "on" for n in range(2)}
    assert "but 2 must answer" in save(ruth, template, minimum=1, **needed)
    assert template.minimum == 1


# --- the survey -------------------------------------------------------------------------------------------


def test_only_published_surveys_are_offered(world: World, ruth: Client) -> None:
    make_survey(world.ours.organization, name="Drafted").versions.all().delete()
    world.ours.organization.surveys.filter(name="Drafted").update(version=0)
    offered = soup(ruth.get(NEW)).select_one("#id_survey").get_text()
    assert "Ours survey, version 1" in offered
    assert "Drafted" not in offered
    assert "Magpie" not in offered


def test_without_a_published_survey_the_page_says_where_to_make_one(world: World, ruth: Client) -> None:
    world.ours.organization.surveys.update(version=0)
    page = soup(ruth.get(NEW))
    assert "No survey is published yet" in page.select_one(".notice").get_text()
    assert [link["href"] for link in page.select(".notice a")] == [
        address("templates_app.referencetemplate", "import"),
        address("templates_app.survey", "add"),
    ]


def test_a_survey_with_nothing_for_a_relationship_is_refused(ruth: Client, template: ReferenceTemplate) -> None:
    template.survey.questions.update(relationships=["client"])
    template.survey.publish(timezone.now())
    assert "has no question to: manager or colleague." in save(ruth, template)


# --- the tag ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "tag"),
    [(" Night ", "night"), ("NIGHT  Shift", "night shift"), ("☸ Deck", "☸ deck"), ("x" * 100, "x" * 100)],
)
def test_a_tag_is_saved_in_lower_case_and_tidy(ruth: Client, template: ReferenceTemplate, typed: str, tag: str) -> None:
    assert f"Jobs tagged {tag} in Lever get it from now on." in save(ruth, template, ats_tag=typed)
    assert template.ats_tag == tag


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x" * 200, "at most 100 characters"),
        ("İ" * 60, "at most 100 characters"),
        ("deck\0", "Null characters are not allowed."),
    ],
)
def test_a_tag_that_cannot_be_kept_is_refused_in_words(
    ruth: Client, template: ReferenceTemplate, typed: str, words: str
) -> None:
    assert words in save(ruth, template, ats_tag=typed)
    assert template.ats_tag == "ours-tag"


def test_a_browser_does_not_cut_a_tag_that_is_too_long(ruth: Client) -> None:
    assert "maxlength" not in soup(ruth.get(NEW)).select_one("#id_ats_tag").attrs


def test_a_tag_that_another_template_has_is_said_after_saving(world: World, ruth: Client) -> None:
    said = create(ruth, world, ats_tag="OURS-TAG", priority=200)
    assert "“Ours template” has this tag, too, and jobs get that one" in said
    assert "get it from now on" not in said


def test_while_it_is_typed_it_says_who_has_it(ruth: Client, template: ReferenceTemplate) -> None:
    typed: dict[str, Any] = {"tag": "Ours-Tag", "priority": "10", "name": "Riggers", "template": ""}
    said = ruth.get(address(LABEL, "tag"), typed).text
    assert "Jobs get this one: its priority is 10, and the other’s 100." in said
    assert "has this tag" not in ruth.get(address(LABEL, "tag"), {**typed, "template": template.pk}).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"tag": " Deck  Hands "}, '<span class="tag">deck hands</span>'),
        ({"tag": "x" * 200}, "at most 100 characters"),
        ({"tag": "<b>"}, ""),
        ({"tag": "deck\0", "priority": "many", "template": "x" * 30, "name": "\0"}, ""),
        ({}, ""),
        ({"tag": "deck", "priority": "99999", "template": "9" * 30}, ""),
    ],
)
def test_while_it_is_typed_anything_gets_an_answer(ruth: Client, query: dict[str, str], words: str) -> None:
    answer = ruth.get(address(LABEL, "tag"), query)
    assert answer.status_code == 200
    assert words in answer.text
    assert "<b>" not in answer.text


def test_nobody_hears_of_anothers_templates(world: World, ruth: Client) -> None:
    query: dict[str, Any] = {"tag": "magpie-tag", "template": world.theirs.template.pk}
    assert "Magpie" not in ruth.get(address(LABEL, "tag"), query).text


# --- the default ------------------------------------------------------------------------------------------


def test_ticking_default_takes_over_from_the_other_and_says_so(
    ruth: Client, template: ReferenceTemplate, unused: ReferenceTemplate
) -> None:
    template.make_default()
    assert "It is the default now, instead of “Ours template”." in save(ruth, unused, becomes_default="on")
    assert list(ReferenceTemplate.objects.filter(is_default=True)) == [unused]


def test_a_default_stays_one_until_it_is_unticked(ruth: Client, template: ReferenceTemplate) -> None:
    template.make_default()
    assert "instead of" not in save(ruth, template, name="Other")
    assert template.is_default
    save(ruth, template, becomes_default=None)
    assert not template.is_default


def test_an_archived_template_does_not_become_the_default(ruth: Client, template: ReferenceTemplate) -> None:
    template.archive()
    assert "Restore it first." in save(ruth, template, becomes_default="on")
    assert not template.is_default


def test_a_name_twice_is_said_at_the_form(world: World, ruth: Client) -> None:
    assert "There is a template of this name already." in create(ruth, world, name="Ours template")


# --- how long we wait, and who is told --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("concludes", "days", "kept"), [("at-once", "", 0), ("never", "5", None), ("after", "5", 5), ("at-once", "5", 0)]
)
def test_a_check_concludes_at_once_after_days_or_never(
    ruth: Client, template: ReferenceTemplate, concludes: str, days: str, kept: int | None
) -> None:
    save(ruth, template, concludes=concludes, concludes_after_days=days)
    assert template.concludes_after_days == kept
    chosen = soup(ruth.get(at(template))).select_one("#id_concludes option[selected]")
    assert chosen["value"] == concludes


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"concludes": "after", "concludes_after_days": ""}, "Say after how many days."),
        ({"concludes": "after", "concludes_after_days": "40"}, "would never get there"),
        ({"days_until_overdue": "40"}, "It ends by itself after 30 days, so it cannot become overdue later."),
        ({"tells_hiring_manager": "on"}, "To tell the hiring manager, Vouch needs an address."),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(
    ruth: Client, template: ReferenceTemplate, values: dict[str, str], words: str
) -> None:
    before = template.concludes_after_days, template.days_until_overdue, template.tells_hiring_manager
    assert words in save(ruth, template, **values)
    assert (template.concludes_after_days, template.days_until_overdue, template.tells_hiring_manager) == before


def test_reminders_and_those_who_are_told_are_kept(ruth: Client, template: ReferenceTemplate) -> None:
    values = {"reminders_at_most": 1, "first_reminder_hours": 36, "next_reminder_hours": 72, "language": "de"}
    save(ruth, template, **values, sends_texts="on", tells_owner="on", only_office_hours=None)
    frozen = template.freeze()
    assert {name: getattr(frozen, name) for name in values} == values
    assert (frozen.sends_texts, frozen.tells_owner, frozen.only_office_hours) == (True, True, False)


def test_who_reads_the_answers_is_kept(ruth: Client, template: ReferenceTemplate) -> None:
    save(ruth, template, confidentiality="averages", candidate_reads="on-request", is_private="on")
    frozen = template.freeze()
    assert (frozen.is_averages_only, frozen.candidate_reads, frozen.is_private) == (True, "on-request", True)


def test_averages_of_too_few_are_warned_of_and_saved(ruth: Client, template: ReferenceTemplate) -> None:
    said = save(ruth, template, confidentiality="averages", requests__0__DELETE="on")
    assert "Averages are shown from 3 answers on, and fewer references are asked for" in said
    assert "a check may conclude with 2." in save(ruth, template, minimum=2, requests__0__how_many=2)
    assert template.freeze().is_averages_only


@pytest.mark.parametrize("confidentiality", ["named", "averages"])
def test_the_page_says_word_for_word_what_references_will_read(
    ruth: Client, template: ReferenceTemplate, confidentiality: str
) -> None:
    save(ruth, template, confidentiality=confidentiality)
    help_text = soup(ruth.get(at(template))).select_one("#id_confidentiality_helptext").get_text()
    promised = re.findall("“(.+?)”", help_text)[confidentiality == "averages"]
    page = ruth.get(reverse("preview-page", args=["reference", template.pk]))
    assert promised in " ".join(soup(page).get_text(" ").split())


def test_the_page_says_how_many_messages_are_in_own_words(ruth: Client, template: ReferenceTemplate) -> None:
    part = soup(ruth.get(at(template))).select_one("[aria-labelledby=messages]")
    assert "No message is in words of its own" in part.get_text()
    link = f"{address('templates_app.customnotification', 'changelist')}?template={template.pk}"
    assert part.a["href"] == link


# --- the list ---------------------------------------------------------------------------------------------


def line(browser: Client, name: str, **query: str) -> str:
    rows = soup(browser.get(LIST, query)).select("table.list tbody tr")
    return " ".join(next((row.get_text(" ") for row in rows if name in row.get_text()), "").split())


def test_the_list_says_what_is_asked_of_whom_and_whether_it_is_used(world: World, ruth: Client) -> None:
    template = make_template(world.ours.organization, ("manager", "manager", "any"), name="Deck", ats_tag="deck")
    template.requests.filter(relationship="any").update(how_many=2)
    shown = line(ruth, "Deck")
    assert "4: Manager (2) and Any (2)" in shown
    assert f"{template.survey.name}, version 1" in shown
    assert "0 not yet" in shown


def test_the_list_counts_live_checks_and_dates_the_newest(world: World, ruth: Client) -> None:
    template = make_template(world.ours.organization, name="Deck")
    make_completed_check(template=template, now=timezone.now() - timedelta(days=40))
    make_check(template=template, now=timezone.now() - timedelta(days=400))
    day = (timezone.localtime() - timedelta(days=40)).day
    assert f"1 {day} " in line(ruth, "Deck")


def test_archived_templates_are_hidden_until_they_are_asked_for(ruth: Client, template: ReferenceTemplate) -> None:
    template.archive()
    assert line(ruth, "Ours template") == ""
    assert "Archived" in line(ruth, "Ours template", kept="archived")


def test_ten_thousand_templates_need_no_more_queries(world: World, ruth: Client, template: ReferenceTemplate) -> None:
    few = queries(ruth, LIST)
    common = {"organization": world.ours.organization, "survey": template.survey}
    many = [ReferenceTemplate(name=f"Template {number}", **common) for number in range(10_000)]
    ReferenceTemplate.objects.bulk_create(many)
    assert queries(ruth, LIST) == few


def test_the_menu_edits_duplicates_and_deletes(ruth: Client, template: ReferenceTemplate) -> None:
    menu = soup(ruth.get(LIST)).select_one("table.list .menu ul")
    words = [each.get_text().strip() for each in menu.select("li > a, li > button")]
    assert {"Edit", "Duplicate", "Make default", "Delete…"} <= set(words)
    assert words[-1] == "Delete…"
    on_its_page = soup(ruth.get(at(template))).select_one(".page-head .menu ul")
    assert [each.get_text().strip() for each in on_its_page.select("li > a, li > button")] == words[1:]


def test_whoever_may_only_look_has_no_menu_to_change_things(world: World, template: ReferenceTemplate) -> None:
    browser = world.visitor(Role.TEAM_MEMBER)
    page = soup(browser.get(at(template)))
    assert not page.select("main form button[name]")
    assert not {"Duplicate", "Delete…"} & {each.get_text().strip() for each in page.select(".menu li")}
    assert "Note 1" in page.select_one("main").get_text()


# --- deleting and archiving -------------------------------------------------------------------------------


def test_an_unused_template_is_deleted(ruth: Client, unused: ReferenceTemplate) -> None:
    assert "What goes" in ruth.get(at(unused, "delete")).text
    ruth.post(at(unused, "delete"), {"post": "yes"})
    assert not ReferenceTemplate.objects.filter(pk=unused.pk).exists()


def test_a_used_template_is_archived_instead_and_says_so_before_and_after(
    world: World, ruth: Client, template: ReferenceTemplate
) -> None:
    assert "it is archived instead of deleted" in ruth.get(at(template)).text
    before = ruth.get(at(template, "delete")).text
    assert "Checks have used this template, so it is not deleted but archived" in before
    assert "What goes" not in before
    after = notices(ruth, ruth.post(at(template, "delete"), {"post": "yes"}))
    assert "“Ours template” is archived, because checks have used it." in after
    world.ours.check.refresh_from_db()
    assert world.ours.check.template == template


def test_looking_at_the_question_archives_nothing(ruth: Client, template: ReferenceTemplate) -> None:
    ruth.get(at(template, "delete"))
    template.refresh_from_db()
    assert not template.is_archived


def test_an_archived_template_is_said_to_be_and_comes_back(ruth: Client, template: ReferenceTemplate) -> None:
    template.archive()
    page = ruth.get(at(template)).text
    assert "It is archived, so no job gets it." in page
    assert at(template, "delete") not in page
    said = notices(ruth, ruth.post(address(LABEL, "verb", template.pk, "restore")))
    assert "“Ours template” is back. Jobs tagged ours-tag in Lever get it from now on." in said


def test_a_restored_template_that_loses_its_tag_to_another_says_so(
    world: World, ruth: Client, template: ReferenceTemplate
) -> None:
    template.archive()
    make_template(world.ours.organization, name="Heir", ats_tag="ours-tag", priority=1)
    assert "“Heir” has this tag, too" in notices(ruth, ruth.post(address(LABEL, "verb", template.pk, "restore")))


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.LIMITED])
def test_only_admins_archive(world: World, template: ReferenceTemplate, role: str) -> None:
    assert world.visitor(role).post(at(template, "delete"), {"post": "yes"}).status_code == 403
    template.refresh_from_db()
    assert not template.is_archived


# --- what Lever's open jobs carry -------------------------------------------------------------------------

TAGS = address("integrations.connection", "tags")


@pytest.fixture
def lever(settings: Any) -> Iterator[SandboxServer]:
    with SandboxServer(Practice.empty(), port=0) as server:
        settings.LEVER_API_URL = server.api_url
        yield server


@pytest.fixture
def connection(world: World, lever: SandboxServer) -> Connection:
    connection = world.ours.connection
    connection.api_key = DEMO_API_KEY
    connection.save()
    return connection


def offered(browser: Client, **query: Any) -> dict[str, str]:
    options = soup(browser.get(TAGS, query)).select("datalist option")
    return {str(option["value"]): str(option["data-jobs"]) for option in options}


def jobs_of(browser: Client, template: ReferenceTemplate) -> str:
    return " ".join(soup(browser.get(address("integrations.connection", "jobs_of", template.pk))).get_text(" ").split())


def test_the_page_does_not_wait_for_lever(ruth: Client, connection: Connection, lever: SandboxServer) -> None:
    page = soup(ruth.get(NEW))
    assert page.select_one("[data-fill]")["data-fill"] == TAGS
    assert page.select_one("#id_ats_tag")["list"] == "lever-tags"
    assert not lever.calls.last()


def test_tags_of_open_jobs_are_offered_own_ones_first(ruth: Client, connection: Connection) -> None:
    found = offered(ruth)
    assert found["deck-officer"] == "1 open job in Lever carries it now."
    own = {tag.lower() for tag in ("deck-officer", "engineering")}
    assert own <= set(list(found)[:10])
    assert len(found) > len(own)


def test_lever_is_asked_once_in_a_few_minutes(ruth: Client, connection: Connection, lever: SandboxServer) -> None:
    offered(ruth)
    calls = len(lever.calls.last())
    assert offered(ruth)
    assert len(lever.calls.last()) == calls


def test_without_a_connection_nothing_is_offered_and_nothing_is_said(world: World, ruth: Client) -> None:
    world.ours.connection.delete()
    answer = ruth.get(TAGS)
    assert (answer.status_code, offered(ruth)) == (200, {})
    assert "data-none" not in answer.text


def test_a_lever_that_is_down_is_not_asked_by_the_next_page(
    ruth: Client, connection: Connection, lever: SandboxServer, settings: Any
) -> None:
    settings.LEVER_API_URL = "http://127.0.0.1:9"
    assert offered(ruth) == {}
    settings.LEVER_API_URL = lever.api_url
    assert offered(ruth) == {}
    assert not lever.calls.last()


def test_the_operator_is_offered_the_tags_of_the_templates_organization(
    world: World, connection: Connection, template: ReferenceTemplate
) -> None:
    browser = world.visitor("operator")
    assert "deck-officer" in offered(browser, template=template.pk)
    assert offered(browser) == {}
    assert browser.get(TAGS, {"template": "9" * 30}).status_code == 403


def test_deleting_names_the_jobs_that_would_get_another_or_none(
    world: World, ruth: Client, connection: Connection
) -> None:
    deck = make_template(world.ours.organization, name="Deck", ats_tag="deck-officer")
    page = soup(ruth.get(at(deck, "delete")))
    assert page.select_one("[data-fill]")["data-fill"] == address("integrations.connection", "jobs_of", deck.pk)
    assert "Chief Officer : The job’s tags match no template, and there is no default." in jobs_of(ruth, deck)
    make_template(world.ours.organization, name="General", is_default=True)
    assert "Chief Officer : “General”, the default" in jobs_of(ruth, deck)


def test_a_template_that_no_job_gets_says_so(ruth: Client, connection: Connection, unused: ReferenceTemplate) -> None:
    assert "No open job in Lever gets it now." in jobs_of(ruth, unused)


def test_an_archived_template_is_not_shown_at_the_connection(
    world: World, connection: Connection, template: ReferenceTemplate
) -> None:
    template.archive()
    page = world.visitor(Role.SUPER_ADMIN).get(address("integrations.connection", "change", connection.pk))
    part = soup(page).select_one("[aria-labelledby=templates]").get_text()
    assert "There is no template yet." in part
