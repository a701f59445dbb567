"""The packs that come with Vouch: they load, they ask everybody something, they are short."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from accounts.models import Organization
from templates_app.frozen import FrozenQuestion, FrozenTemplate
from templates_app.kinds import Relationship
from templates_app.matching import match
from templates_app.models import ReferenceTemplate
from templates_app.packs import SHIPPED, load, load_shipped
from tests.factories import make_organization, make_template
from tests.templates_app.packs import contents, refusal

pytestmark = pytest.mark.django_db

FILES = sorted(SHIPPED.glob("*.yaml"))
SECONDS = {"scale": 25, "yes-no": 20, "choice": 20, "text": 75}  # an honest guess for each kind of question
NEVER_ASKED = (
    "health|sick|ill|disab|absen|pregnan|famil|child|married|spouse|husband|wife|age|old|young|religio|belief|church"
    "|union|salary|pay|paid|wage|race|national|he|she|his|him|her|hers|himself|herself"
)
BY_NAME = pytest.mark.parametrize("name", ["General", "Engineering", "People manager"])
BY_RELATIONSHIP = pytest.mark.parametrize("relationship", [value for value, _label in Relationship.named()])


@pytest.fixture
def organization() -> Organization:
    organization = make_organization()
    load_shipped(organization)
    return organization


def frozen(organization: Organization, name: str) -> FrozenTemplate:
    return ReferenceTemplate.objects.get(organization=organization, name=name).freeze()


def asked(organization: Organization) -> Iterator[FrozenQuestion]:
    for template in ReferenceTemplate.objects.filter(organization=organization):
        yield from template.freeze().questions


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_can_be_imported_alone_and_is_free_to_use(file: Path) -> None:
    make_organization()

    assert refusal(file.read_bytes()) == []
    notes = yaml.safe_load(file.read_bytes())
    assert (notes["language"], notes["licence"]) == ("en", "CC0-1.0")
    assert notes["evidence"]


def test_there_are_three_templates(organization: Organization) -> None:
    templates = {each.name: each for each in organization.reference_templates.all()}
    asked_of = {name: [request.relationship for request in frozen(organization, name).requests] for name in templates}

    assert asked_of == {
        "General": ["manager", "peer", "any"],
        "Engineering": ["manager", "peer", "any"],
        "People manager": ["manager", "peer", "report"],
    }
    assert templates["General"].is_default


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        (["engineering"], "Engineering"),
        (["People-Manager"], "People manager"),
        (["engineering", "people-manager"], "People manager"),
        (["deck"], "General"),
    ],
)
def test_a_job_s_tags_choose_among_them(organization: Organization, tags: list[str], name: str) -> None:
    template = match(organization, tags).template

    assert template is not None
    assert template.name == name


@BY_NAME
@BY_RELATIONSHIP
def test_everybody_is_asked_ten_to_thirteen_questions_in_under_ten_minutes(
    organization: Organization, name: str, relationship: str
) -> None:
    questions = frozen(organization, name).questions_for(relationship)

    assert 10 <= len(questions) <= 13
    assert math.ceil(sum(SECONDS[question.kind] for question in questions) / 60) < 10


@BY_NAME
@BY_RELATIONSHIP
def test_everybody_compares_describes_and_speaks_freely(
    organization: Organization, name: str, relationship: str
) -> None:
    questions = {question.key: question for question in frozen(organization, name).questions_for(relationship)}

    assert questions["overall"].look == "bands"
    assert sum(question.is_scale and question.look == "words" for question in questions.values()) >= 3
    assert {"work-again", "strength", "do-better", "anything-else"} <= set(questions)


def test_every_scale_has_words_at_every_step_and_lets_people_pass(organization: Organization) -> None:
    for question in asked(organization):
        if question.is_scale:
            assert len(question.labels) == 5
            assert question.may_be_unobserved


def test_a_reason_is_asked_for_once_at_most(organization: Organization) -> None:
    assert {question.key for question in asked(organization) if question.reason_label} == {"work-again"}


def test_a_key_means_the_same_everywhere(organization: Organization) -> None:
    competencies: dict[str, set[str]] = {}
    for question in asked(organization):
        competencies.setdefault(question.key, set()).add(question.competency)

    assert all(len(names) == 1 for names in competencies.values())


def test_dates_are_asked_of_managers_and_developing_people_of_those_who_were_led(organization: Organization) -> None:
    keys = {
        relationship: {each.key for each in frozen(organization, "People manager").questions_for(relationship)}
        for relationship in ("manager", "peer", "report")
    }

    assert keys["manager"] - keys["peer"] == {"title-and-dates"}
    assert keys["report"] - keys["peer"] == {"developing-people", "speaking-up"}


def test_no_question_asks_what_must_not_be_asked_or_guesses_a_gender(organization: Organization) -> None:
    for question in asked(organization):
        words = " ".join([question.text, question.competency, *question.labels])
        assert not re.search(rf"\b({NEVER_ASKED})\b", words, re.IGNORECASE), words


def test_the_name_stands_in_questions_and_nowhere_else(organization: Organization) -> None:
    for question in asked(organization):
        assert "{" not in question.text.replace("{name}", "")
        assert "{" not in "".join([question.help, question.competency, question.reason_label, *question.labels])


def test_every_request_has_a_note_that_helps(organization: Organization) -> None:
    for template in organization.reference_templates.all():
        assert all(len(request.note) > 20 for request in template.freeze().requests)


def test_loading_them_again_changes_nothing(organization: Organization) -> None:
    before = contents()

    load_shipped(organization)

    assert contents() == before


def test_they_are_not_put_beside_an_organization_s_own() -> None:
    template = make_template(make_organization())

    load_shipped(template.organization)

    assert list(template.organization.reference_templates.all()) == [template]


def test_every_organization_gets_its_own(organization: Organization) -> None:
    other = make_organization()

    for file in FILES:
        load(file.read_bytes(), organization=other.name)

    assert organization.reference_templates.count() == other.reference_templates.count() == 3
