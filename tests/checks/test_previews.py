"""What a colleague looks at before anybody is asked."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization
from accounts.roles import Role
from checks.models import Check, Reference
from notifications.models import Message
from templates_app.models import ReferenceTemplate
from tests.checks.every_kind import make_full_template
from tests.checks.visits import only, unlabelled, words
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db

KINDS = ("survey", "candidate", "reference")


@pytest.fixture
def template() -> ReferenceTemplate:
    return make_full_template(("manager", "any"), sends_texts=True)


def signed_in(organization: Organization, role: str = Role.TEAM_MEMBER) -> Client:
    client = Client()
    client.force_login(make_user(organization, role), backend="accounts.backends.RoleBackend")
    return client


def pk_of(what: str, template: ReferenceTemplate) -> int:
    return int(template.survey.pk if what == "survey" else template.pk)


def outside(what: str, template: ReferenceTemplate) -> str:
    return reverse(f"preview-{what}", args=[pk_of(what, template)])


def inside(what: str, template: ReferenceTemplate) -> str:
    return reverse("preview-page", args=[what, pk_of(what, template)])


def look(what: str, template: ReferenceTemplate, **query: str) -> BeautifulSoup:
    response = signed_in(template.organization).get(inside(what, template), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


# --- who, and where --------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("address", [outside, inside])
def test_it_is_for_colleagues_who_may_see_the_template(what: str, address: Any, template: ReferenceTemplate) -> None:
    url = address(what, template)
    assert Client().get(url).headers["Location"].startswith("/sign-in/")
    assert signed_in(template.organization, Role.LIMITED).get(url).status_code == 403
    assert signed_in(make_organization(), Role.SUPER_ADMIN).get(url).status_code == 404
    assert signed_in(template.organization).get(url).status_code == 200


@pytest.mark.parametrize("what", KINDS)
def test_only_the_inner_page_may_be_framed_and_only_by_us(what: str, template: ReferenceTemplate) -> None:
    client = signed_in(template.organization)
    found = {}
    for address in (outside, inside):
        headers = client.get(address(what, template)).headers
        (ancestors,) = [
            each for each in headers["Content-Security-Policy"].split("; ") if each.startswith("frame-ancestors")
        ]
        found[address] = (headers["X-Frame-Options"], ancestors, "no-store" in headers["Cache-Control"])
    assert found == {
        outside: ("DENY", "frame-ancestors 'none'", True),
        inside: ("SAMEORIGIN", "frame-ancestors 'self'", True),
    }


@pytest.mark.parametrize("what", KINDS)
def test_it_writes_nothing_and_takes_nothing(what: str, template: ReferenceTemplate) -> None:
    client = signed_in(template.organization)
    with CaptureQueriesContext(connection) as captured:
        client.get(outside(what, template))
        client.get(inside(what, template))
    assert not [query for query in captured if not query["sql"].startswith("SELECT")]
    assert client.post(inside(what, template)).status_code == client.post(outside(what, template)).status_code == 405
    assert not any(model.objects.exists() for model in (Check, Reference, Message))


def test_there_is_nothing_else_to_look_at(template: ReferenceTemplate) -> None:
    client = signed_in(template.organization)
    assert client.get(f"/preview/letters/{template.pk}/page/").status_code == 404


# --- what is seen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", KINDS)
def test_it_says_that_it_is_a_preview_and_sends_nothing(what: str, template: ReferenceTemplate) -> None:
    page = look(what, template)
    assert "Preview: nothing is kept." in words(page.select_one(".preview-band"))
    assert page.select("form button")
    assert not page.select("form button:not([disabled])")
    assert not unlabelled(page)


def test_the_survey_is_shown_as_the_draft_stands(template: ReferenceTemplate) -> None:
    template.survey.questions.filter(key="better").update(text="Which is nearer to {name}?")
    assert "Which is nearer to Marcus?" in look("survey", template).get_text()
    assert "Which fits Marcus better?" in look("reference", template).get_text()


def test_it_is_read_as_somebody_and_in_a_language(template: ReferenceTemplate) -> None:
    page = look("survey", template, **{"as": "client", "language": "de"})
    assert "What did you see as client of" in words(page)
    assert "Wo arbeitet" in words(page)


def test_what_the_address_says_wrongly_is_passed_over(template: ReferenceTemplate) -> None:
    assert "What did you see as manager of" in words(look("survey", template, **{"as": "any", "language": "xx"}))


def test_the_candidates_page_asks_for_whom_the_template_asks(template: ReferenceTemplate) -> None:
    page = look("candidate", template)
    assert [words(legend) for legend in page.select("legend")] == ["First reference", "Second reference"]
    assert page.select('[name="reference-1-phone"]')


def test_a_survey_that_was_never_published_is_said_to_ask_nothing(template: ReferenceTemplate) -> None:
    template.survey.versions.all().delete()
    type(template.survey).objects.update(version=0)
    page = signed_in(template.organization).get(outside("reference", template))
    assert "was never published" in page.text
    assert not look("reference", template).select("fieldset")


def test_the_frame_is_as_wide_as_a_telephone_until_told_otherwise(template: ReferenceTemplate) -> None:
    client = signed_in(template.organization)
    for query, width in (({}, "phone"), ({"width": "wide", "as": "peer"}, "wide")):
        page = BeautifulSoup(client.get(outside("survey", template), query).content, "html.parser")
        frame = only(page, "iframe")
        assert width in frame["class"]
        assert client.get(str(frame["src"])).status_code == 200
        assert page.select(f'a[aria-current][href*="width={width}"]')


def test_the_page_round_it_is_in_the_language_that_is_looked_at(template: ReferenceTemplate) -> None:
    assert look("candidate", template, language="fr").select_one('html[lang="fr"]')
    assert look("candidate", template, language="en").select_one('html[lang="en"]')
