"""Nobody sees, chooses or touches another organization's rows."""

from unittest.mock import Mock

import pytest
from django.contrib import admin
from django.contrib.admin.filters import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import reverse

from accounts.roles import Role
from accounts.scoped_admin import OperatorsAdmin, Scoped, ScopedAdmin
from config.portal import Portal
from integrations.models import Delivery
from templates_app.models import ReferenceTemplate
from tests.factories import make_check, make_operator
from tests.portal.test_forms import fill
from tests.portal.world import World, address, models, pages

STAFF = tuple(Role.values)
MAGPIE = b"magpie"


def test_every_page_of_the_portal_inherits_the_limits() -> None:
    pages = admin.site._registry.values()
    assert [page for page in pages if not isinstance(page, ScopedAdmin)] == []


def test_every_row_within_a_form_inherits_the_limits() -> None:
    inlines = [inline for page in admin.site._registry.values() for inline in page.inlines]
    assert inlines
    assert [inline for inline in inlines if not issubclass(inline, Scoped)] == []


def test_a_page_that_knows_no_limits_becomes_the_operators() -> None:
    site = Portal()
    site.register(Delivery)
    assert isinstance(site._registry[Delivery], OperatorsAdmin)


def test_every_filter_has_fixed_choices() -> None:
    filters = [item for page in admin.site._registry.values() for item in page.list_filter]
    assert filters
    assert [item for item in filters if not (isinstance(item, type) and issubclass(item, SimpleListFilter))] == []


@pytest.mark.parametrize("role", STAFF)
def test_no_page_shows_a_word_of_another_organization(world: World, role: str) -> None:
    browser, ours = world.visitor(role), world.ours.rows()
    urls = ["/admin/", *(url for label, row in ours.items() for url in pages(label, row).values())]
    assert [url for url in urls if MAGPIE in browser.get(url, follow=True).content.lower()] == []


@pytest.mark.parametrize("role", STAFF)
def test_no_address_leads_to_another_organizations_row(world: World, role: str) -> None:
    browser = world.visitor(role)
    urls = [url for label, row in world.theirs.rows().items() for url in pages(label, row).values()]
    assert [url for url in urls if MAGPIE in browser.get(url, follow=True).content.lower()] == []


def test_the_operator_sees_both_and_whose_each_is(world: World) -> None:
    page = world.visitor("operator").get(address("checks.check", "changelist")).content
    assert b"Ours Webb" in page
    assert b"Magpie Ferries" in page


def test_a_search_finds_no_foreign_row(world: World) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    for label in world.ours.rows():
        page = browser.get(address(label, "changelist"), {"q": "magpie"}, follow=True).content.lower()
        assert page.count(MAGPIE) == (1 if b'value="magpie"' in page else 0), label


def test_a_limited_team_member_sees_their_own_checks_only(world: World) -> None:
    make_check(template=world.ours.template, candidate_name="Somebody Elses")
    page = world.visitor(Role.LIMITED).get(address("checks.check", "changelist")).content
    assert b"Ours Webb" in page
    assert b"Somebody Elses" not in page


def test_a_form_offers_no_foreign_survey(world: World) -> None:
    page = world.visitor(Role.ADMIN).get(address("templates_app.referencetemplate", "add")).content
    assert b"Ours survey" in page
    assert b"Magpie survey" not in page


def test_a_forged_survey_or_organization_is_not_taken(world: World) -> None:
    browser, url = world.visitor(Role.ADMIN), address("templates_app.referencetemplate", "add")
    theirs = world.theirs
    answer = fill(browser, url, name="Forged", requests__0__relationship="any", survey=theirs.template.survey.pk)
    assert "survey" in answer.context["adminform"].form.errors
    ours, foreign = world.ours.template.survey.pk, theirs.organization.pk
    fill(browser, url, name="Forged", requests__0__relationship="any", survey=ours, organization=foreign)
    assert ReferenceTemplate.objects.get(name="Forged").organization == world.ours.organization


def test_the_helper_of_choices_gives_no_foreign_row(world: World) -> None:
    """Django's admin answers searches for a choice's values at an address of its own."""
    question = {"app_label": "templates_app", "model_name": "referencetemplate", "field_name": "survey", "term": ""}
    answer = world.visitor(Role.ADMIN).get(reverse("admin:autocomplete"), question)
    assert [row["text"] for row in answer.json()["results"]] == ["Ours survey"]


@pytest.mark.parametrize("oracle", ["token_hash__startswith", "password__startswith", "pk__gt", "organization__name"])
def test_no_list_can_be_asked_about_columns_that_it_does_not_show(world: World, oracle: str) -> None:
    browser = world.visitor("operator")
    answers = {label: browser.get(address(label, "changelist"), {oracle: "a"}).status_code for label in models()}
    assert set(answers.values()) == {400}


def test_what_is_saved_must_be_visible_to_who_saves_it(world: World, rf: RequestFactory) -> None:
    """The last line of defence: even a form that let a foreign organization through would save nothing."""
    request = rf.post("/")
    request.user = world.ours.people[Role.SUPER_ADMIN]
    page = admin.site._registry[ReferenceTemplate]
    with pytest.raises(PermissionDenied):
        page.save_model(request, world.theirs.template, Mock(cleaned_data={"becomes_default": False}), change=True)


def test_staff_never_see_an_operator_who_belongs_to_their_organization(world: World) -> None:
    make_operator(name="Root Account", organization=world.ours.organization)
    browser = world.visitor(Role.SUPER_ADMIN)
    assert b"Root Account" not in browser.get(address("accounts.user", "changelist")).content
