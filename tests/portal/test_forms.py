"""The portal's forms, filled in and sent as a browser without JavaScript sends them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from accounts.models import Organization, User
from accounts.roles import Role
from templates_app.models import Survey
from tests.portal.world import World, address


def fill(browser: Client, url: str, **values: Any) -> Any:
    """Open the page, change what is named, and press Save. `__` in a name stands for a hyphen."""
    page = BeautifulSoup(browser.get(url).text, "html.parser")
    form = page.select_one("main form[id$=_form]") or page.select_one("main form[method=post]")
    assert form is not None
    sent: dict[str, Any] = {}
    for name, value in filter(None, (_as_sent(field) for field in form.select("input, select, textarea"))):
        sent[name] = [*sent.get(name, []), value]
    changed = {name.replace("__", "-"): value for name, value in values.items()}
    assert set(changed) <= {field.get("name") for field in form.select("[name]")}
    sent.update(changed)
    return browser.post(url, {name: value for name, value in sent.items() if value is not None} | {"_save": ""})


def _as_sent(field: Tag) -> tuple[str, Any] | None:
    name = str(field.get("name", ""))
    if not name or (field.get("type") in ("checkbox", "radio") and not field.has_attr("checked")):
        return None
    if field.name == "select":
        chosen = field.select_one("option[selected]") or field.select_one("option")
        return name, str(chosen["value"]) if chosen else ""
    if field.name == "textarea":
        return name, field.get_text().lstrip("\n")
    return name, str(field.get("value", "on" if field.get("type") == "checkbox" else ""))


@pytest.fixture
def ruth(world: World) -> Client:
    return world.visitor(Role.SUPER_ADMIN)


@pytest.fixture
def template_url(world: World) -> str:
    return address("templates_app.referencetemplate", "change", world.ours.template.pk)


@pytest.fixture
def survey_url(world: World) -> str:
    return address("templates_app.survey", "change", world.ours.template.survey.pk)


# --- errors -----------------------------------------------------------------------------------------------


def test_an_error_stands_between_label_and_field_and_is_tied_to_it(ruth: Client, template_url: str) -> None:
    page = BeautifulSoup(fill(ruth, template_url, name="").text, "html.parser")
    field = page.select_one("#id_name")
    assert field is not None
    assert field["aria-invalid"] == "true"
    assert "id_name_error" in field["aria-describedby"]
    assert page.select_one("label[for=id_name] ~ #id_name_error") is not None
    assert page.select_one('.notice a[href="#id_name"]') is not None


def test_a_survey_in_use_is_not_deleted(world: World, ruth: Client) -> None:
    url = address("templates_app.survey", "delete", world.ours.template.survey.pk)
    assert "cannot be deleted" in ruth.get(url).text
    ruth.post(url, {"post": "yes"})
    assert Survey.objects.filter(pk=world.ours.template.survey.pk).exists()


# --- surveys ----------------------------------------------------------------------------------------------


def test_answers_are_written_one_to_a_line(world: World, ruth: Client, survey_url: str) -> None:
    page = BeautifulSoup(ruth.get(survey_url).text, "html.parser")
    field = page.select_one("#id_questions-1-labels")
    assert field is not None
    assert field.get_text().split("\n")[-4:] == [
        "Looks away",
        "Says so",
        "Says so and mends it",
        "Mends it and finds the cause",
    ]
    fill(ruth, survey_url, questions__1__labels="Never\r\n\r\n Always ")
    assert world.ours.template.survey.questions.get(key="setbacks").labels == ["Never", "Always"]


def test_a_new_version_is_published_when_a_question_changes(world: World, ruth: Client, survey_url: str) -> None:
    fill(ruth, survey_url, questions__2__text="Would you hire {name} again?")
    assert Survey.objects.get(pk=world.ours.template.survey.pk).version == 2


def test_the_version_stays_when_only_the_name_changes(world: World, ruth: Client, survey_url: str) -> None:
    fill(ruth, survey_url, name="Another name")
    assert Survey.objects.get(name="Another name").version == 1


def test_a_question_without_a_key_gets_one_from_its_words(world: World, ruth: Client, survey_url: str) -> None:
    fill(
        ruth,
        survey_url,
        questions__5__answer="text",
        questions__5__text="What should we know?",
        questions__5__relationships="manager",
    )
    question = world.ours.template.survey.questions.get(text="What should we know?")
    assert (question.key, question.relationships, question.position) == ("what-should-we-know", ["manager"], 6)


def test_two_questions_of_one_key_are_refused(world: World, ruth: Client, survey_url: str) -> None:
    answer = fill(ruth, survey_url, questions__5__answer="text", questions__5__text="Why?", questions__5__key="pace")
    assert answer.status_code == 200
    assert world.ours.template.survey.questions.count() == 5


def test_a_scale_without_words_is_refused_at_its_field(ruth: Client, survey_url: str) -> None:
    page = BeautifulSoup(fill(ruth, survey_url, questions__1__labels="Only one").text, "html.parser")
    assert page.select_one("details[open] #id_questions-1-labels_error") is not None


# --- people and organization ------------------------------------------------------------------------------


def test_a_new_person_signs_in_by_mail_and_belongs_to_us(world: World, ruth: Client) -> None:
    fill(ruth, address("accounts.user", "add"), name="Sam", email="Sam@Ferries.Example", role="admin")
    sam = User.objects.get(email="sam@ferries.example")
    assert (sam.organization, sam.role, sam.has_usable_password()) == (world.ours.organization, "admin", False)
    assert not sam.is_superuser


def test_an_address_that_is_taken_is_refused(world: World, ruth: Client) -> None:
    taken = world.theirs.people[Role.ADMIN].email.upper()
    answer = fill(ruth, address("accounts.user", "add"), name="Sam", email=taken)
    assert answer.status_code == 200


def test_nobody_changes_their_own_role(world: World, ruth: Client) -> None:
    person = world.ours.people[Role.SUPER_ADMIN]
    url = address("accounts.user", "change", person.pk)
    ruth.post(url, {"name": "Ruth", "email": person.email, "role": "limited team member"})
    person.refresh_from_db()
    assert (person.name, person.role, person.is_active) == ("Ruth", Role.SUPER_ADMIN, True)


def test_another_persons_role_is_changed(world: World, ruth: Client) -> None:
    member = world.ours.people[Role.TEAM_MEMBER]
    fill(ruth, address("accounts.user", "change", member.pk), role="admin", is_active=None)
    member.refresh_from_db()
    assert (member.role, member.is_active) == ("admin", False)


def test_the_organizations_colour_is_chosen_with_the_browsers_own_control(world: World, ruth: Client) -> None:
    url = address("accounts.organization", "change", world.ours.organization.pk)
    assert 'type="color"' in ruth.get(url).text
    fill(ruth, url, colour="#7a1f3d")
    assert Organization.objects.get(pk=world.ours.organization.pk).colour == "#7a1f3d"


def test_the_operator_makes_an_organization_and_its_first_person(world: World) -> None:
    operator = world.visitor("operator")
    fill(operator, address("accounts.organization", "add"), name="New Line")
    new = Organization.objects.get(name="New Line")
    fill(operator, address("accounts.user", "add"), email="a@new.example", role="super admin", organization=new.pk)
    assert User.objects.get(email="a@new.example").organization == new


def test_who_has_no_password_chooses_one_without_an_old_one(world: World, ruth: Client) -> None:
    url = "/admin/password_change/"
    fill(ruth, url, new_password1="a long pass phrase", new_password2="a long pass phrase")
    assert User.objects.get(pk=world.ours.people[Role.SUPER_ADMIN].pk).check_password("a long pass phrase")
    assert "old_password" in ruth.get(url).text


def test_the_operator_clears_away_what_the_queue_left(world: World) -> None:
    task = world.machinery["django_q.failure"]
    fill(world.visitor("operator"), address("django_q.failure", "delete", task.pk))
    assert not type(task)._base_manager.filter(pk=task.pk).exists()


def test_whom_a_super_admin_shuts_out_lever_does_not_let_in_again(world: World, ruth: Client) -> None:
    member = world.ours.people["team member"]
    User.objects.filter(pk=member.pk).update(is_from_lever=True)

    fill(ruth, address("accounts.user", "change", member.pk), is_active=None)
    User.objects.take_from_lever(world.ours.organization, member.email, member.name, "team member", active=True)

    member.refresh_from_db()
    assert not member.is_active


def test_a_nul_in_an_answer_is_left_out(world: World, ruth: Client, survey_url: str) -> None:
    """PostgreSQL takes none in JSON."""
    fill(ruth, survey_url, questions__1__labels="Ne\0ver\nAlways")

    assert world.ours.template.survey.questions.filter(labels=["Never", "Always"]).exists()


def test_what_is_done_with_data_is_said_by_the_organization(world: World, ruth: Client) -> None:
    url = address("accounts.organization", "change", world.ours.organization.pk)
    told = {"keeps_months": "12", "lawful_basis": "consent", "privacy_url": "northmoor.example/privacy"}
    fill(ruth, url, **told, privacy_email="privacy@northmoor.example")
    ours = Organization.objects.get(pk=world.ours.organization.pk)
    assert (ours.keeps_months, ours.lawful_basis) == (12, "consent")
    assert (ours.privacy_url, ours.privacy_email) == ("https://northmoor.example/privacy", "privacy@northmoor.example")


@pytest.mark.parametrize(("months", "url"), [("0", ""), ("121", ""), ("12", "javascript:alert(1)")])
def test_what_cannot_be_about_data_is_refused(world: World, ruth: Client, months: str, url: str) -> None:
    answer = fill(
        ruth,
        address("accounts.organization", "change", world.ours.organization.pk),
        keeps_months=months,
        privacy_url=url,
    )
    assert (answer.status_code, "Not saved yet" in answer.text) == (200, True)


def test_an_organization_that_nobody_answers_for_is_told_so(world: World, ruth: Client) -> None:
    url = address("accounts.organization", "change", world.ours.organization.pk)
    assert "There is no contact’s e-mail yet." not in ruth.get(url).text
    Organization.objects.update(contact_email="")
    assert "There is no contact’s e-mail yet." in ruth.get(url).text
