"""R24, R25, R26: what a template asks for reaches the candidate and the references, and comes back in the report."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from checks.models import Check
from templates_app.models import ReferenceTemplate
from tests.checks.every_kind import make_full_survey, sent
from tests.checks.visits import enter, names_for, read, visit, words
from tests.factories import make_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def template() -> ReferenceTemplate:
    """Two managers and one of the candidate's choice, for another job title than Lever's."""
    organization = make_organization()
    found = make_template(organization, (), survey=make_full_survey(organization), position="Master mariner")
    found.requests.create(relationship="manager", how_many=2, note="From your last two ships.")
    found.requests.create(position=1, relationship="any", note="A pilot would be welcome.")
    return found


def parts(page: BeautifulSoup) -> list[Tag]:
    return page.select("fieldset.question")


def test_r24_position_number_and_type_of_references_are_what_the_template_says(
    client: Client, template: ReferenceTemplate
) -> None:
    page = visit(client, make_check(template=template))
    assert "three references for the job Master mariner." in words(page)
    wanted = [words(part.select_one(".help")) for part in parts(page)]
    assert [text.split(".")[0] for text in wanted] == [
        "Someone who was your manager",
        "Someone who was your manager",
        "Anyone who knows your work well",
    ]


def test_r24_the_survey_is_asked_of_every_reference_and_read_in_the_report(
    client: Client, template: ReferenceTemplate
) -> None:
    check = make_check(template=template)
    client.post(enter(client, check), names_for(check))
    for reference in check.references.in_order():
        told = {"title": "Second Officer", "period": "right"}  # the candidate gave months and no title
        assert client.post(enter(client, reference), sent(**told)).status_code == 302
    check.refresh_from_db()
    assert check.status == Check.Status.COMPLETED
    report = read_report(check)
    assert "Three people were asked and three answered" in report
    assert "Questions “Every kind”, version 1." in report
    for answer in ("Weighs long: 3 of 3", "“Steady”", "“Second Officer”", "Planning: 3 of 3"):
        assert answer in report


def test_r25_the_relationship_is_the_templates_or_the_candidates(client: Client, template: ReferenceTemplate) -> None:
    check = make_check(template=template)
    fields = visit(client, check).select('[name$="-relationship"]')
    # Where it is fixed, the others can be chosen by who has nobody of that kind.
    free = [str(field["name"]) for field in fields if field.select_one('[value="manager"]')]
    assert free == ["reference-3-relationship"]
    client.post(enter(client, check), names_for(check, reference_3_relationship="volunteer"))
    known = check.references.in_order().values_list("relationship", flat=True)
    assert list(known) == ["manager", "manager", "volunteer"]


@pytest.mark.parametrize("wrong", ["any", "", "cousin"])
def test_r25_the_candidate_must_choose_where_any_will_do(
    client: Client, template: ReferenceTemplate, wrong: Any
) -> None:
    check = make_check(template=template)
    page = read(client.post(enter(client, check), names_for(check, reference_3_relationship=wrong)))
    assert page.select('[role=alert] a[href="#id_reference-3-relationship"]')
    assert not check.references.exists()


def test_r26_the_note_stands_beside_each_reference_that_it_is_for(client: Client, template: ReferenceTemplate) -> None:
    notes = [words(part.select_one(".help")) for part in parts(visit(client, make_check(template=template)))]
    assert [note.endswith("From your last two ships.") for note in notes] == [True, True, False]
    assert notes[2].endswith("A pilot would be welcome.")


def test_r26_what_is_written_in_a_note_is_text(client: Client, template: ReferenceTemplate) -> None:
    template.requests.filter(relationship="any").update(note="<script>alert(1)</script> {company}")
    page = visit(client, make_check(template=template))
    assert words(parts(page)[2].select_one(".help")).endswith("<script>alert(1)</script> {company}")
    assert not page.select("fieldset script")


def read_report(check: Check) -> str:
    browser = Client()
    browser.force_login(make_user(check.organization))
    page = BeautifulSoup(browser.get(reverse("report", args=[check.public_id])).content, "html.parser")
    return " ".join(page.get_text(" ").split())
