"""The help: whoever is signed in may read it, its links lead on, and it speaks of what is there."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from checks.models import Check
from config.help import PARTS, SIX, TAGS, Part, tags
from config.ways import WAYS
from integrations.lever import statuses
from integrations.models import Connection, Step, StepTaken
from prospects.models import ProspectSettings
from templates_app.models import ReferenceTemplate
from tests.factories import answers_for, make_completed_check, make_template
from tests.portal.world import VISITORS, House, World
from tests.templates_app.test_history import days, settle

READERS = [visitor for visitor in VISITORS if visitor != "anonymous"]
SLUGS = [part.slug for part in PARTS]
MESSAGES = "admin:templates_app_customnotification"
HEAVIEST = 75_000  # bytes of a picture
WITHOUT_PICTURES = {"outcome", "works"}  # what it tells of happens in Lever, and in figures that nobody has at first
SOURCES = [*settings.BASE_DIR.glob("*/templates/**/*.html"), *settings.BASE_DIR.glob("[a-z]*/**/*.py")]


def url(slug: str) -> str:
    return f"/admin/help/{slug}/" if slug else "/admin/help/"


def page_of(browser: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(browser.get(address, follow=True).text, "html.parser")


def said(part: Tag) -> str:
    """Its words, as they are read."""
    return " ".join(part.get_text(" ").split())


def helped(world: World, slug: str, visitor: str = Role.SUPER_ADMIN) -> BeautifulSoup:
    return page_of(world.visitor(visitor), url(slug))


# --- who reads it, and how one gets about ---------------------------------------------------------------


@pytest.mark.parametrize("visitor", READERS)
def test_whoever_is_signed_in_may_read_all_of_it(world: World, visitor: str) -> None:
    browser = world.visitor(visitor)
    assert {slug: browser.get(url(slug)).status_code for slug in ("", *SLUGS)} == dict.fromkeys(("", *SLUGS), 200)


def test_whoever_is_not_is_asked_to_sign_in(db: None) -> None:
    assert Client().get(url("connect"), follow=True).request["PATH_INFO"] == "/sign-in/"


def test_there_is_no_seventh_part(world: World) -> None:
    assert len(SIX) == 6
    assert world.visitor("admin").get(url("everything")).status_code == 404


def test_the_account_menu_and_the_footer_lead_to_it(world: World) -> None:
    page = page_of(world.visitor(Role.LIMITED), "/admin/")
    for where in (".masthead .menu", ".foot"):
        assert [link.get_text() for link in page.select(f'{where} a[href="{url("")}"]')] == ["Help"]


def test_one_part_leads_to_the_next_and_back(world: World) -> None:
    for before, after in pairwise(SLUGS):
        assert helped(world, before).select_one('a[rel="next"]')["href"] == url(after)
        assert helped(world, after).select_one('a[rel="prev"]')["href"] == url(before)


@pytest.mark.parametrize("part", PARTS, ids=SLUGS)
def test_a_part_has_every_section_that_its_table_names_in_that_order(world: World, part: Part) -> None:
    page = helped(world, part.slug)
    headings = {str(each["id"]): each.get_text() for each in page.select("article h2")}
    assert list(headings.items()) == [(anchor, str(words)) for anchor, words in part.sections.items()]
    assert [link["href"] for link in page.select(".parts ul a")] == [f"#{anchor}" for anchor in part.sections]


@pytest.mark.parametrize("visitor", READERS)
@pytest.mark.parametrize("slug", ["", *SLUGS])
def test_every_link_opens_for_its_reader_and_its_anchor_is_there(world: World, slug: str, visitor: str) -> None:
    browser, page = world.visitor(visitor), helped(world, slug, visitor)
    for link in page.select("main a:not([href^='mailto:'])"):
        target, anchor = urldefrag(str(link["href"]))
        answer = browser.get(target or url(slug), follow=True)
        assert answer.status_code == 200, link
        assert not anchor or BeautifulSoup(answer.text, "html.parser").find(id=anchor), link


def test_who_may_not_open_a_page_reads_its_name_without_a_link(world: World) -> None:
    section = helped(world, "request", Role.LIMITED).find(id="trouble").parent
    assert "Deliveries" in said(section)
    assert section.find("a", string="Deliveries") is None
    assert helped(world, "request", Role.ADMIN).select_one('a[href="/admin/integrations/delivery/"]')


def test_what_is_about_the_connection_leads_to_ones_own(world: World) -> None:
    link = helped(world, "connect").find("a", string="the doctor")
    assert f"/connection/{world.ours.connection.pk}/" in str(link["href"])


def test_without_a_connection_the_way_leads_to_where_one_is_made(world: World) -> None:
    world.ours.connection.delete()
    link = helped(world, "connect").find("a", string="the doctor")
    assert str(link["href"]) == "/admin/integrations/connection/"


# --- what it says is so ---------------------------------------------------------------------------------


def test_every_button_and_field_that_it_names_is_there(world: World, settings: Any) -> None:
    named = {said(each) for slug in SLUGS for each in helped(world, slug).select("article b")}
    seen = " ".join(words(world, settings))
    assert "Lever API token" in named
    assert {each for each in named if each not in seen} == set()


def words(world: World, settings: Any) -> Iterator[str]:
    """What stands on the pages that the help speaks of, in both ways of connecting."""
    ours, ruth, operator = world.ours, world.visitor(Role.SUPER_ADMIN), world.visitor("operator")
    connection = f"/admin/integrations/connection/{ours.connection.pk}"
    pages = ["/admin/integrations/connection/", f"{connection}/change/", f"{connection}/doctor/"]
    pages += ["/admin/templates_app/referencetemplate/", "/admin/templates_app/referencetemplate/add/"]
    pages += [f"/admin/checks/check/{ours.check.pk}/change/"]
    template, survey = ours.template, ours.template.survey
    pages += [f"/admin/templates_app/referencetemplate/{template.pk}/history/"]
    pages += ["/admin/templates_app/survey/", f"/admin/templates_app/survey/{survey.pk}/change/"]
    pages += ["/admin/numbers/", "/admin/works/"]
    pages += ["/admin/prospects/prospect/", f"/admin/prospects/prospect/{ours.prospect.pk}/change/"]
    pages += ["/admin/templates_app/customnotification/", "/admin/templates_app/referencetemplate/import/"]
    pages += [reverse(f"{MESSAGES}_words", args=[ours.organization.pk, "reference-request", "email", "en"])]
    yield from export_pages(ours, ruth)
    make_past(template)
    archived = make_template(ours.organization)
    archived.archive()
    pages += [f"/admin/templates_app/referencetemplate/{archived.pk}/change/"]
    answer_of_one(ours.check)
    yield from (said(page_of(ruth, page)) for page in pages)
    done = make_completed_check(ours.organization)
    done_pages = (f"/admin/checks/check/{done.pk}/change/", reverse("report", args=[done.public_id]))
    yield from (said(page_of(ruth, page)) for page in done_pages)
    ours.check.cancel(ours.check.created_at)
    Check.objects.filter(pk=ours.check.pk).update(status="error", problem="no email", resolved_at=None)
    ours.connection.disable()
    yield from (said(page_of(ruth, page)) for page in ("/admin/", f"{connection}/change/"))
    yield said(page_of(Client(), "/sign-in/"))
    settings.CONNECTION_MODE = "managed"
    yield said(page_of(operator, f"{connection}/change/"))
    ours.connection.forget()
    yield said(page_of(ruth, "/admin/integrations/connection/"))
    for step in (Step.REQUEST, Step.STAGE, Step.ENABLE):
        StepTaken.take(ours.connection.pk, step, world.operator, ours.check.created_at)
    yield said(page_of(ruth, "/admin/integrations/connection/"))


def export_pages(ours: House, ruth: Client) -> Iterator[str]:
    """While it runs, and while it is paused."""
    on = {"exports_existing_prospects": True, "exports_existing_since": timezone.now()}
    Connection.objects.filter(pk=ours.connection.pk).update(**on)
    yield said(page_of(ruth, "/admin/prospects/prospect/export/"))
    ProspectSettings.of(ours.organization).pause(None, timezone.now())
    yield said(page_of(ruth, "/admin/prospects/prospect/export/"))


def make_past(template: ReferenceTemplate) -> None:
    """Something to go back to."""
    settle(template, days(0))
    template.description = "Changed"
    template.save()


def answer_of_one(check: Check) -> None:
    first = check.references.in_order()[0]
    first.submit(answers_for(first), check.created_at)


def test_nothing_that_it_fills_in_is_empty(world: World) -> None:
    pages = [helped(world, slug) for slug in SLUGS]
    assert [
        str(each) for page in pages for each in page.select("article :is(b, em, a, td, dd, li)") if not said(each)
    ] == []


def test_it_names_no_way_that_leads_nowhere() -> None:
    sources = "".join(path.read_text() for path in (settings.BASE_DIR / "config/templates/help").iterdir())
    assert set(re.findall(r"\bgo\.(\w+)", sources)) == set(WAYS)


def test_the_table_of_tags_has_every_state_and_every_problem() -> None:
    assert {how["status"] for how, _meaning in TAGS} == set(statuses.WORDS) == set(Check.Status.values)
    assert {how["error"] for how, _meaning in TAGS if "error" in how} == set(Check.Problem.values)
    assert len(dict(tags("Vouch"))) == len(TAGS)


def test_the_tags_bear_the_prefix_that_the_reader_sees_in_lever(world: World) -> None:
    shown = [said(each) for each in helped(world, "request", Role.LIMITED).select("#meanings .tag")]
    assert shown == [tag for tag, _meaning in tags("Ours")]


@pytest.mark.parametrize(("mode", "part"), [("managed", "connect"), ("self-service", "managed")])
def test_the_way_that_is_not_this_installations_says_so_and_leads_to_the_other(
    world: World, settings: Any, mode: str, part: str
) -> None:
    settings.CONNECTION_MODE = mode
    other = {"connect": "managed", "managed": "connect"}[part]
    assert helped(world, part).select_one(f'.notice a[href="{url(other)}"]')
    assert not helped(world, other).select(".notice")


# --- links into it, pictures ----------------------------------------------------------------------------


def test_every_link_into_the_help_leads_to_a_part_and_a_section_of_it() -> None:
    found = re.compile(r"""admin:help-part['"],?\s+(?:slug=)?['"](\w+)['"]\s*(?:%\}(?:#([\w-]+))?|[\),])""")
    known = {part.slug: part.sections for part in PARTS}
    links = [link for path in SOURCES for link in found.findall(path.read_text())]
    assert links
    assert [link for link in links if link[0] not in known or (link[1] and link[1] not in known[link[0]])] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_every_picture_says_what_is_to_be_seen_and_keeps_its_place(world: World, slug: str) -> None:
    images = helped(world, slug).select("article img")
    assert images or slug in WITHOUT_PICTURES
    for image in images:
        file = Path(finders.find(str(image["src"]).removeprefix(settings.STATIC_URL)))
        assert len(str(image["alt"])) > 20
        assert int(str(image["width"])) > 100
        assert int(str(image["height"])) > 50
        assert file.stat().st_size < HEAVIEST


def test_it_prints_without_lists_of_links() -> None:
    sheet = (settings.BASE_DIR / "static/css/help.css").read_text()
    assert ".parts, .onward { display: none; }" in sheet.partition("@media print")[2]
