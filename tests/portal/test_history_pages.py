"""The pages of who changed what, of what was deleted, and the way back."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from templates_app.admin import history
from templates_app.changes import moment_of, page
from templates_app.models import CustomNotification, ReferenceTemplate, Survey
from tests.factories import make_survey, make_template
from tests.portal.world import World
from tests.templates_app.test_history import days, make_message, settle

TEMPLATE = "templates_app_referencetemplate"


def url(name: str, *args: Any, of: str = TEMPLATE) -> str:
    return reverse(f"admin:{of}_{name}", args=args)


def changed(template: ReferenceTemplate) -> int:
    """The moment before its name was changed."""
    at = settle(template, days(0))
    template.name = "Ours, changed"
    template.save()
    settle(template, days(1))
    return moment_of(at)


def said(text: str) -> str:
    return " ".join(BeautifulSoup(text, "html.parser").get_text(" ").split())


def test_the_page_says_who_changed_what(world: World) -> None:
    template = world.ours.template
    settle(template, days(0))
    template.name = "Ours, changed"
    template.save()
    settle(template, days(1), by=world.ours.people[Role.ADMIN])
    words = said(world.visitor(Role.TEAM_MEMBER).get(url("history", template.pk)).text)
    assert "Ours admin Name: Ours template → became Ours, changed" in words
    assert "Restore as it was then" not in words


def test_saving_in_the_portal_is_told_of_the_one_at_the_screen(world: World) -> None:
    template = world.ours.template
    settle(template, days(0))
    world.visitor(Role.ADMIN).post(
        reverse(f"admin:{TEMPLATE}_verb", args=[template.pk, "make-default"]),
    )
    newest = page(ReferenceTemplate, template.pk).entries[0]
    assert newest.who == str(world.ours.people[Role.ADMIN])
    assert [change.what for change in newest.changes] == ["Default"]


def test_it_is_restored_on_a_post_and_looking_changes_nothing(world: World) -> None:
    template, browser = world.ours.template, world.visitor(Role.ADMIN)
    address = url("restore", template.pk, changed(template))
    assert f'href="{address}"' in browser.get(url("history", template.pk)).text
    assert "Name: Ours, changed → became Ours template" in said(browser.get(address).text)
    template.refresh_from_db()
    assert template.name == "Ours, changed"
    after = browser.post(address, follow=True)
    template.refresh_from_db()
    assert template.name == "Ours template"
    assert "is as it was on" in after.text
    assert "Restored as it was on" in after.text


def test_a_survey_says_that_publishing_is_a_step_of_its_own(world: World) -> None:
    survey = world.ours.template.survey
    at = settle(survey, days(0))
    survey.questions.get(key="pace").delete()
    address = url("restore", survey.pk, moment_of(at), of="templates_app_survey")
    after = world.visitor(Role.ADMIN).post(address, follow=True)
    assert "Checks that begin ask it once you publish it." in after.text
    assert survey.questions.filter(key="pace").exists()


def test_who_may_only_look_cannot_restore(world: World) -> None:
    address = url("restore", world.ours.template.pk, changed(world.ours.template))
    codes = {role: world.visitor(role).post(address).status_code for role in (Role.TEAM_MEMBER, Role.LIMITED)}
    assert codes == {Role.TEAM_MEMBER: 403, Role.LIMITED: 403}
    assert ReferenceTemplate.objects.get(pk=world.ours.template.pk).name == "Ours, changed"


def test_strangers_find_neither_history_nor_a_way_back(world: World) -> None:
    template, stranger = world.ours.template, world.visitor("stranger")
    moment, pk = changed(template), template.pk
    assert stranger.post(url("restore", pk, moment)).status_code == 404
    template.delete()
    assert stranger.post(url("restore", pk, moment)).status_code == 404
    assert stranger.get(url("history", pk)).status_code == 302
    assert "Ours" not in stranger.get(url("deleted")).text
    assert not ReferenceTemplate.objects.filter(pk=pk).exists()


@pytest.mark.parametrize("label", ["referencetemplate", "survey", "customnotification"])
def test_what_was_deleted_is_listed_and_brought_back(world: World, label: str) -> None:
    organization, browser, of = world.ours.organization, world.visitor(Role.ADMIN), f"templates_app_{label}"
    rows = {
        "referencetemplate": lambda: make_template(organization, name="Gone"),
        "survey": lambda: make_survey(organization, name="Gone"),
        "customnotification": lambda: make_message(world.ours.template),
    }
    row = rows[label]()
    at, pk, model = settle(row, days(0)), row.pk, type(row)._base_manager
    row.delete()
    assert url("deleted", of=of) in browser.get(url("changelist", of=of)).text
    assert url("history", pk, of=of) in browser.get(url("deleted", of=of)).text
    assert "It was deleted." in browser.get(url("history", pk, of=of)).text
    browser.post(url("restore", pk, moment_of(at), of=of))
    assert model.filter(pk=pk).exists()
    assert url("history", pk, of=of) not in browser.get(url("deleted", of=of)).text


def test_what_stands_in_the_way_is_said_and_nothing_is_changed(world: World) -> None:
    template, browser = world.ours.template, world.visitor(Role.ADMIN)
    address = url("restore", template.pk, changed(template))
    make_template(world.ours.organization, name="Ours template")
    answer = browser.post(address)
    assert "There is a template of this name already." in answer.text
    assert ReferenceTemplate.objects.get(pk=template.pk).name == "Ours, changed"
    assert "Restore “Ours, changed” as it was on" in answer.text


def test_words_of_others_are_shown_as_words(world: World) -> None:
    template = world.ours.template
    settle(template, days(0))
    template.description = "<script>alert(1)</script>"
    template.save()
    text = world.visitor(Role.ADMIN).get(url("history", template.pk)).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("asked", ["before=x", "before=99999999999999999999", "before=0", "before=-1"])
def test_an_odd_page_of_the_history_is_no_trouble(world: World, asked: str) -> None:
    assert world.visitor(Role.ADMIN).get(f"{url('history', world.ours.template.pk)}?{asked}").status_code == 200


def test_an_odd_moment_leads_nowhere(world: World) -> None:
    browser = world.visitor(Role.ADMIN)
    odd = [0, 99999999999999999999]
    assert {browser.get(url("restore", world.ours.template.pk, moment)).status_code for moment in odd} == {404}


def test_the_list_of_the_deleted_is_paged_and_as_many_queries_for_many(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, counts = world.visitor(Role.ADMIN), []
    monkeypatch.setattr(history, "PER_PAGE", 10)
    for count in (3, 12):
        for _number in range(count):
            Survey.objects.create(organization=world.ours.organization, name=f"Survey {count} {_number}").delete()
        browser.get(url("deleted", of="templates_app_survey"))
        with CaptureQueriesContext(connection) as captured:
            browser.get(url("deleted", of="templates_app_survey"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert 'rel="next"' in browser.get(url("deleted", of="templates_app_survey")).text


def test_messages_of_an_organization_that_belong_to_no_template_have_a_history_too(world: World) -> None:
    message = CustomNotification.objects.create(
        organization=world.ours.organization, moment="candidate-request", subject="References", text="Please: {link}"
    )
    settle(message, days(0))
    message.subject = "Your references"
    message.save()
    text = said(world.visitor(Role.ADMIN).get(url("history", message.pk, of="templates_app_customnotification")).text)
    assert "Subject: References → became Your references" in text
