"""The survey that R24 names, as an admin writes it: order, drafts and versions; and B10, its other languages."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Organization
from accounts.roles import Role
from templates_app.models import Survey
from tests.factories import make_awaiting_check, make_organization, make_survey, make_template, make_user
from tests.portal.test_forms import fill
from tests.portal.world import address

pytestmark = pytest.mark.django_db
LABEL = "templates_app.survey"


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Client:
    browser = Client()
    browser.force_login(make_user(organization, Role.ADMIN))
    return browser


@pytest.fixture
def survey(organization: Organization) -> Survey:
    return make_survey(organization)


def save(browser: Client, survey: Survey, **values: Any) -> None:
    assert fill(browser, address(LABEL, "change", survey.pk), **values).status_code == 302
    survey.refresh_from_db()


def test_r24_an_admin_writes_a_survey_and_a_template_asks_it(organization: Organization, admin: Client) -> None:
    question = {"questions__0__answer": "compared", "questions__0__text": "Where is {name}?"}
    fill(admin, address(LABEL, "add"), name="Deck", **question, questions__0__competency="Overall")
    asked = make_template(organization, survey=Survey.objects.get(name="Deck")).freeze().questions
    assert [(each.text, each.key, len(each.labels)) for each in asked] == [("Where is {name}?", "overall", 5)]


def test_r24_questions_are_for_all_or_for_some_relationships(admin: Client, survey: Survey) -> None:
    save(admin, survey, questions__0__relationships=["manager", "client"])
    template = make_template(survey.organization, survey=survey)
    assert len(template.freeze().questions_for("manager")) == 5
    assert len(template.freeze().questions_for("peer")) == 4


def test_r24_a_check_that_has_begun_keeps_its_version_and_its_report_says_which(admin: Client, survey: Survey) -> None:
    template = make_template(survey.organization, survey=survey)
    before = make_awaiting_check(template=template)
    save(admin, survey, questions__4__text="What else?")
    template.survey.refresh_from_db()
    after = make_awaiting_check(template=template)
    asked = [(check.frozen.survey_version, check.frozen.questions[4].text) for check in (before, after)]
    assert asked == [(1, "What does {name} do best?"), (2, "What else?")]


def test_r24_a_draft_is_asked_of_nobody(admin: Client, survey: Survey) -> None:
    save(admin, survey, questions__4__text="What else?", _draft="")
    check = make_template(survey.organization, survey=survey).freeze()
    assert (check.survey_version, check.questions[4].text) == (1, "What does {name} do best?")


def test_r24_a_follow_up_is_asked_only_after_an_answer_to_an_earlier_question(admin: Client, survey: Survey) -> None:
    survey.questions.filter(key="pace").update(shown_if="work-again", shown_for=["no"])
    save(admin, survey, questions__2__text="Would you work with {name} once more?")
    asked = {each.key: (each.shown_if, each.shown_for) for each in survey.published()}
    assert asked["pace"] == ("work-again", ("no",))


def test_r24_a_question_that_should_not_be_asked_is_warned_of_with_the_reason(admin: Client, survey: Survey) -> None:
    save(admin, survey, questions__4__text="Does {name} have children?")
    assert "This seems to ask about family or pregnancy." in admin.get(address(LABEL, "change", survey.pk)).text
    assert survey.published()[4].text == "Does {name} have children?"


def test_b10_a_question_is_translated_beside_its_own_words(admin: Client, survey: Survey) -> None:
    save(
        admin, survey, questions__3__de_text="Wo arbeitet {name} am besten?", questions__3__de_labels="Allein\nIm Team"
    )
    german = survey.published()[3].said_in("de")
    assert (german.text, german.labels) == ("Wo arbeitet {name} am besten?", ("Allein", "Im Team"))
