"""What surveys, questions and templates may be; and that a frozen one stays as it was."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from templates_app.frozen import FrozenTemplate
from templates_app.kinds import COMPARATIVE
from templates_app.models import Question, ReferenceTemplate, Survey
from tests.factories import make_check, make_organization, make_survey, make_template

pytestmark = pytest.mark.django_db


def question(**fields: Any) -> Question:
    values = {
        "key": "pace",
        "kind": "scale",
        "text": "How fast is {name}?",
        "competency": "Pace",
        "labels": ["Slow", "Fast"],
    }
    return Question(**values | fields)


def problems(row: Question | ReferenceTemplate) -> dict[str, list[str]]:
    """What `clean()` has against a row, by field."""
    try:
        row.clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_a_sound_question_passes() -> None:
    assert problems(question()) == {}


def test_a_scale_needs_a_competency() -> None:
    assert list(problems(question(competency=""))) == ["competency"]


def test_other_kinds_need_no_competency_and_no_answers() -> None:
    assert problems(question(kind="text", competency="", labels=[])) == {}
    assert problems(question(kind="yes-no", competency="", labels=[])) == {}


@pytest.mark.parametrize("kind", ["scale", "choice"])
def test_a_scale_and_a_choice_need_two_answers(kind: str) -> None:
    assert problems(question(kind=kind, labels=["Alone"])) == {"labels": ["Give at least two answers."]}


def test_no_two_answers_are_the_same() -> None:
    assert problems(question(labels=["Slow", "Slow"])) == {"labels": ["Two answers are the same."]}


@pytest.mark.parametrize("labels", [["Slow", ""], ["Slow", 2], "Slow", [["Slow"]]])
def test_answers_are_a_list_of_texts(labels: Any) -> None:
    assert problems(question(labels=labels)) == {"labels": ["The answers are a list of texts."]}


def test_bands_have_five_answers_or_the_usual_ones() -> None:
    assert problems(question(look="bands", labels=[])) == {}
    assert problems(question(look="bands", labels=list("abcde"))) == {}
    assert problems(question(look="bands", labels=list("abcd"))) == {
        "labels": ["Bands have five answers, from the bottom up."]
    }


def test_bands_without_answers_of_their_own_get_the_usual_ones() -> None:
    assert question(look="bands", labels=[]).freeze().labels == tuple(map(str, COMPARATIVE))


@pytest.mark.parametrize("relationships", [["boss"], ["any"], "manager", [1]])
def test_relationships_are_a_list_of_known_ones(relationships: Any) -> None:
    assert list(problems(question(relationships=relationships))) == ["relationships"]


def test_only_a_scale_can_be_unobserved() -> None:
    assert question().freeze().may_be_unobserved
    assert not question(kind="text").freeze().may_be_unobserved


def test_a_question_for_managers_is_for_nobody_else() -> None:
    frozen = question(relationships=["manager"]).freeze()

    assert frozen.is_for("manager")
    assert not frozen.is_for("peer")


def test_a_tag_is_kept_in_lower_case() -> None:
    template = make_template(make_organization(), ats_tag="  Deck-OFFICER ")

    assert ReferenceTemplate.objects.get(pk=template.pk).ats_tag == "deck-officer"


def test_a_survey_of_another_organization_is_refused() -> None:
    template = make_template(make_organization())
    template.survey = make_survey(make_organization())

    assert problems(template) == {"survey": ["This survey belongs to another organization."]}


def test_an_organization_has_one_default() -> None:
    organization = make_organization()
    make_template(organization, is_default=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_template(organization, is_default=True)


def test_each_organization_has_its_own_default() -> None:
    make_template(make_organization(), is_default=True)
    make_template(make_organization(), is_default=True)

    assert ReferenceTemplate.objects.filter(is_default=True).count() == 2


def test_a_second_default_is_refused_in_words() -> None:
    organization = make_organization()
    make_template(organization, is_default=True)
    second = make_template(organization)
    second.is_default = True

    with pytest.raises(ValidationError, match="Another template is the default already"):
        second.full_clean()


def test_names_are_used_once_in_an_organization() -> None:
    organization = make_organization()
    make_template(organization, name="Deck", survey=make_survey(organization, name="Deck"))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_template(organization, name="Deck")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_survey(organization, name="Deck")


def test_a_key_is_used_once_in_a_survey() -> None:
    survey = make_survey(make_organization())

    with pytest.raises(IntegrityError), transaction.atomic():
        survey.questions.create(key="overall", kind="text", text="Again?")


def test_a_survey_in_use_cannot_be_deleted() -> None:
    template = make_template(make_organization())

    with pytest.raises(ProtectedError):
        template.survey.delete()


def test_nobody_sees_another_organization_s_templates_and_questions() -> None:
    mine, other = make_template(make_organization()), make_template(make_organization())
    user = mine.organization.users.create(email="ruth@northmoor.example", role="admin")

    assert list(ReferenceTemplate.objects.visible_to(user)) == [mine]
    assert list(Survey.objects.visible_to(user)) == [mine.survey]
    assert not Question.objects.visible_to(user).filter(survey=other.survey).exists()


def test_a_frozen_template_survives_the_way_through_json() -> None:
    template = make_template(make_organization(), ats_tag="deck", minimum=2, hiring_manager_name="Jonas Keller")
    frozen = template.freeze()

    assert FrozenTemplate.from_json(json.loads(json.dumps(frozen.as_json()))) == frozen


def test_a_frozen_template_of_an_older_shape_gets_the_defaults() -> None:
    old = {"name": "Deck", "questions": [{"key": "how", "kind": "text", "text": "How?"}], "dropped": True}

    frozen = FrozenTemplate.from_json(old)

    assert (frozen.days_until_overdue, frozen.requests) == (7, ())
    assert frozen.questions_for("peer")[0].text == "How?"


def test_later_edits_do_not_reach_a_check_that_has_begun() -> None:
    template = make_template(make_organization())
    check = make_check(template=template)
    before = template.freeze()

    template.survey.questions.update(text="Something else?", labels=[])
    template.survey.questions.filter(key="overall").delete()
    template.requests.all().delete()
    template.name, template.days_until_overdue = "Renamed", 1
    template.save()

    check = type(check).objects.get(pk=check.pk)
    assert template.freeze() != before
    assert check.frozen == before
