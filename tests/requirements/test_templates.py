"""R21 to R27 and R29 to R32: a template says whom to ask and what, and a job gets it by its tag in Lever."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from checks.models import Check
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from notifications.tasks import send_due
from templates_app.models import ReferenceTemplate
from tests.factories import make_survey, make_template, make_user
from tests.integrations.delivering import moved
from tests.portal.test_forms import fill
from tests.portal.world import address

LABEL = "templates_app.referencetemplate"
LIST, NEW = address(LABEL, "changelist"), address(LABEL, "add")


@pytest.fixture
def admin(connection: Connection) -> Client:
    """Of an organization without a template, but with a survey."""
    cache.clear()
    connection.organization.reference_templates.all().delete()
    make_survey(connection.organization, name="Operations and safety")
    browser = Client()
    browser.force_login(make_user(connection.organization, Role.ADMIN))
    return browser


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def create(browser: Client, **values: Any) -> ReferenceTemplate:
    """Fill in the form and press *Create template*."""
    offered = soup(browser.get(NEW)).select("#id_survey option[value]")
    survey = next(option["value"] for option in offered if "Operations and safety" in option.get_text())
    usual = {"name": "Deck officers", "survey": survey, "requests__0__relationship": "manager"}
    fill(browser, NEW, **{**usual, **values})
    return ReferenceTemplate.objects.get(name=values.get("name", "Deck officers"))


def menu(browser: Client, template: ReferenceTemplate) -> dict[str, Tag]:
    """What the three dots beside a template hold, by its words."""
    row = next(row for row in soup(browser.get(LIST)).select("table.list tbody tr") if str(template) in row.get_text())
    return {each.get_text().strip(): each for each in row.select(".menu li > a, .menu li > button")}


def test_r21_a_template_says_which_references_are_collected_for_a_kind_of_job(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    create(admin, ats_tag="deck-officer", requests__0__how_many=2, requests__1__relationship="client")
    create(admin, name="Cooks", ats_tag="galley")
    moved(connection, marcus)
    assert [each.relationship for each in Check.objects.get().frozen.requests] == ["manager", "manager", "client"]


def test_r22_create_new_template_leads_to_an_empty_form(admin: Client) -> None:
    (link,) = [link for link in soup(admin.get(LIST)).select("main a") if link.get_text() == "Create new template"]
    assert soup(admin.get(str(link["href"]))).h1.get_text() == "New template"


def test_r23_it_has_a_name_an_optional_tag_and_a_description(admin: Client) -> None:
    made = create(admin, name="Deck officers", ats_tag="", description="Any route.")
    assert (made.ats_tag, made.description) == ("", "Any route.")
    label = soup(admin.get(NEW)).select_one("label[for=id_ats_tag]")
    assert " ".join(label.get_text().split()) == "ATS tag (optional)"


def test_r24_it_has_a_position_a_survey_and_a_number_of_references_of_each_type(admin: Client) -> None:
    made = create(admin, position="Deck officer", requests__1__relationship="peer", requests__1__how_many=3)
    assert (made.position, made.survey.name) == ("Deck officer", "Operations and safety")
    assert list(made.requests.values_list("relationship", "how_many")) == [("manager", 1), ("peer", 3)]


def test_r25_any_leaves_the_relationship_to_the_candidate(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    create(admin, ats_tag="deck-officer", requests__1__relationship="any")
    moved(connection, marcus)
    fields = candidates_page().select("[name$=relationship]")
    # Of the second reference only: the first one's is fixed, and the others are for who has nobody of that kind.
    assert [field["name"] for field in fields if field.select_one("[value=manager]")] == ["reference-2-relationship"]


def test_r26_a_note_stands_beside_the_reference_for_which_it_was_written(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    create(admin, ats_tag="deck-officer", requests__0__note="At sea, in the last six years")
    moved(connection, marcus)
    assert "At sea, in the last six years" in candidates_page().get_text()


def test_r27_a_hiring_manager_is_named_or_left_out(admin: Client) -> None:
    assert create(admin).hiring_manager_email == ""
    named = {"hiring_manager_name": "Ana Lima", "hiring_manager_email": "ana@northmoor.example"}
    frozen = create(admin, name="Cooks", **named, tells_hiring_manager="on").freeze()
    assert {name: getattr(frozen, name) for name in named} == named
    assert frozen.tells_hiring_manager


def test_r29_once_created_it_is_linked_by_its_tag_with_nothing_else_to_do(
    admin: Client, connection: Connection, marcus: Opportunity
) -> None:
    assert soup(admin.get(NEW)).select_one("main form .save button").get_text() == "Create template"
    create(admin, ats_tag="deck-officer")
    assert "Jobs tagged deck-officer in Lever get it from now on." in soup(admin.get(LIST)).get_text()
    moved(connection, marcus)
    assert Check.objects.get().template.name == "Deck officers"


def test_r30_three_dots_beside_a_template_edit_it(admin: Client) -> None:
    made = create(admin)
    assert str(menu(admin, made)["Edit"]["href"]) == address(LABEL, "change", made.pk)


def test_r30_three_dots_beside_a_template_duplicate_it(admin: Client) -> None:
    made = create(admin)
    admin.post(str(menu(admin, made)["Duplicate"]["formaction"]))
    copy = ReferenceTemplate.objects.get(name="Deck officers, copy 1")
    assert [row.relationship for row in copy.requests.all()] == ["manager"]


def test_r30_three_dots_beside_a_template_delete_it_after_a_question(admin: Client) -> None:
    made = create(admin)
    url = str(menu(admin, made)["Delete…"]["href"])
    assert "Delete Deck officers?" in admin.get(url).text
    admin.post(url, {"post": "yes"})
    assert not ReferenceTemplate.objects.exists()


def test_r31_the_job_with_the_same_tag_gets_it_and_others_do_not(
    admin: Client, connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    create(admin, ats_tag="deck-officer")
    other = lever.world.add_person(
        "Tess Amari",
        emails=["tess@post.example"],
        posting=lever.world.posting_named("Deckhand").id,
        stage=connection.stage_id,
    )
    moved(connection, marcus)
    moved(connection, other)
    assert [str(check.template) for check in Check.objects.order_by("pk")] == ["Deck officers", "None"]


@pytest.mark.parametrize("typed", ["DECK-Officer", " deck-officer "])
def test_r32_a_tag_is_saved_in_lower_case(admin: Client, typed: str) -> None:
    assert create(admin, ats_tag=typed).ats_tag == "deck-officer"


def test_r32_a_jobs_tag_is_matched_without_regard_to_case(
    admin: Client, connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.posting_named("Chief Officer").tags[:] = ["DECK-OFFICER"]
    template = make_template(connection.organization, ats_tag="deck-officer")
    moved(connection, marcus)
    assert Check.objects.get().template == template


def candidates_page() -> BeautifulSoup:
    """The page to which the candidate's mail leads."""
    send_due()
    check = Check.objects.get()
    assert mail.outbox
    return soup(Client().get(reverse("candidate-door", args=[check.token]), follow=True))
