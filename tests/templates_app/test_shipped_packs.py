"""The packs that come with Vouch: they load, they ask everybody something, they are short."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
import yaml

from accounts.models import Organization
from templates_app.cautions import cautions_of
from templates_app.effort import minutes, questions_for
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import RELATIONS, Language
from templates_app.matching import match
from templates_app.models import ReferenceTemplate
from templates_app.packs import SHIPPED, catalogue, load_shipped
from templates_app.packs.reading import PackedSurvey, PackedTemplate, Reading
from templates_app.translating import begun, completeness
from tests.factories import make_organization, make_template
from tests.templates_app.packs import contents, refusal

FILES = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
WHOLE = {"general", "engineering", "people-manager"}  # in every language; the others in German
NEVER_ASKED = (
    "health|sick|ill|disab|absen|pregnan|famil|child|married|spouse|husband|wife|age|old|young|religio|belief|church"
    "|union|salary|pay|paid|wage|race|national|he|she|his|him|her|hers|himself|herself"
)
BY_FILE = pytest.mark.parametrize("file", FILES)


@cache
def read(file: str) -> tuple[PackedSurvey, PackedTemplate]:
    """The survey and the template of a shipped pack."""
    [pack] = Reading((SHIPPED / f"{file}.yaml").read_bytes()).packs
    [survey], [template] = pack.surveys, pack.templates
    return survey, template


def questions(file: str) -> list[FrozenQuestion]:
    return [question.freeze() for question in read(file)[0].questions]


def asked() -> Iterator[FrozenQuestion]:
    for file in FILES:
        yield from questions(file)


@pytest.fixture
def organization(db: None) -> Organization:
    organization = make_organization()
    load_shipped(organization)
    return organization


def test_there_is_one_for_each_family_of_jobs() -> None:
    assert [each.file for each in catalogue()][:3] == ["general", "engineering", "people-manager"]
    assert sorted(each.file for each in catalogue()) == FILES
    assert len(FILES) == 11


def test_all_of_them_can_be_imported_one_after_another(db: None) -> None:
    make_organization()

    assert [refusal((SHIPPED / f"{file}.yaml").read_bytes()) for file in FILES] == [[]] * len(FILES)
    assert ReferenceTemplate.objects.count() == len(FILES)


@BY_FILE
def test_each_says_why_it_asks_what_it_asks_and_is_free_to_use(file: str) -> None:
    survey, _template = read(file)
    notes = yaml.safe_load((SHIPPED / f"{file}.yaml").read_bytes())

    assert (notes["language"], notes["licence"]) == ("en", "CC0-1.0")
    assert len(survey.survey.evidence.split("\n")) >= 5
    assert Reading((SHIPPED / f"{file}.yaml").read_bytes()).notices == []


def test_every_source_is_named_alike_everywhere() -> None:
    """One sentence on a study is the same in all packs, up to what follows from it there."""
    told = {line.split(". So ")[0] for file in FILES for line in read(file)[0].survey.evidence.split("\n")}
    studies = [line for line in told if re.search(r"\d{4}|meta-analysis|dissertation", line)]

    assert len([line for line in studies if "McCarthy" in line]) == 1
    assert len([line for line in studies if "Massey" in line]) == 1


@BY_FILE
def test_each_asks_one_person_of_the_candidate_s_own_choice_or_a_report(file: str) -> None:
    relationships = [request.relationship for request in read(file)[1].requests]

    assert 2 <= len(relationships) <= 3
    assert {"any", "report"} & set(relationships)


@BY_FILE
def test_everybody_is_asked_ten_to_fourteen_questions_in_under_ten_minutes(file: str) -> None:
    for relationship in RELATIONS:
        found = questions_for(questions(file), relationship)
        assert 10 <= len(found) <= 14, relationship
        assert minutes(found) < 10, relationship


@BY_FILE
def test_everybody_compares_describes_and_speaks_freely(file: str) -> None:
    for relationship in RELATIONS:
        found = {question.key: question for question in questions_for(questions(file), relationship)}
        assert found["overall"].look == "bands"
        assert sum(question.is_scale and question.look == "words" for question in found.values()) >= 3
        assert {"work-again", "strength", "do-better", "anything-else"} <= set(found)


@BY_FILE
def test_managers_state_the_facts_and_nobody_else_does(file: str) -> None:
    facts = {question.key for question in questions(file) if question.relationships == ("manager",)}

    assert facts in ({"title", "period"}, {"title-and-dates"})


def test_every_scale_has_words_at_every_step_and_lets_people_pass() -> None:
    for question in asked():
        if question.is_scale:
            assert len(question.labels) == 5, question.key
            assert question.may_be_unobserved


def test_a_reason_is_asked_for_once_at_most_and_a_follow_up_only_after_doubt() -> None:
    assert {question.key for question in asked() if question.reason_label} == {"work-again"}
    followed = {(each.key, each.shown_if, each.shown_for) for each in asked() if each.shown_if}
    assert followed == {("different", "work-again", ("unsure", "no"))}


def test_a_key_means_the_same_everywhere() -> None:
    competencies: dict[str, set[tuple[str, str, str]]] = {}
    for question in asked():
        competencies.setdefault(question.key, set()).add((question.kind, question.look, question.competency))

    assert [key for key, found in competencies.items() if len(found) > 1] == []


def test_no_question_asks_what_must_not_be_asked_or_guesses_a_gender() -> None:
    for question in asked():
        words = " ".join([question.text, question.competency, *question.labels])
        assert not re.search(rf"\b({NEVER_ASKED})\b", words, re.IGNORECASE), words
        assert cautions_of(question) == [], question.key


def test_the_name_stands_in_questions_and_nowhere_else() -> None:
    for question in asked():
        everywhere = [question, *(question.said_in(language) for language in question.translations)]
        for said in everywhere:
            assert "{" not in said.text.replace("{name}", "")
            assert "{" not in "".join([said.help, said.competency, said.reason_label, *said.labels])


def test_a_translation_names_the_candidate_where_the_question_does() -> None:
    for question, language in product(asked(), Language.values):
        said = question.said_in(language)
        assert ("{name}" in said.text) == ("{name}" in question.text), (question.key, language)


@BY_FILE
def test_what_is_translated_is_whole(file: str) -> None:
    found = questions(file)
    whole = {language for language, (done, of) in completeness(found, "en").items() if done == of}

    assert whole == begun(found) == ({"de", "fr", "es"} if file in WHOLE else {"de"})


def test_a_no_break_space_stands_before_french_marks() -> None:
    for question in asked():
        french = question.translations.get("fr", {}).values()
        assert not [text for text in french if isinstance(text, str) and re.search(r"[^\u00a0][?!;]", text)]


@BY_FILE
def test_every_request_has_a_note_that_helps(file: str) -> None:
    assert all(len(request.note) > 20 for request in read(file)[1].requests)


def test_no_two_have_the_same_tag() -> None:
    tags = [read(file)[1].template.ats_tag for file in FILES]

    assert len(set(tags)) == len(tags)


# --- what a new organization has --------------------------------------------------------------------


def test_a_new_organization_has_three_templates(organization: Organization) -> None:
    names = organization.reference_templates.values_list("name", "is_default")

    assert set(names) == {("General", True), ("Engineering", False), ("People manager", False)}


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


def test_loading_them_again_changes_nothing(organization: Organization) -> None:
    before = contents()

    load_shipped(organization)

    assert contents() == before


def test_they_are_not_put_beside_an_organization_s_own(db: None) -> None:
    template = make_template(make_organization())

    load_shipped(template.organization)

    assert list(template.organization.reference_templates.all()) == [template]
