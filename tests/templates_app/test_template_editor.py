"""What the template editor stands on: tags as they are kept, two templates of one tag, and parts that go together."""

from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization
from templates_app.coherence import MOST, Asked, cautions, problems
from templates_app.matching import Matcher, contest, match
from templates_app.models import ReferenceTemplate
from templates_app.tags import kept
from tests.factories import make_organization, make_survey, make_template


@pytest.fixture
def ferries(db: None) -> Organization:
    return make_organization()


def said(template: ReferenceTemplate, *asked: Asked) -> str:
    return " ".join(problems(template, asked))


# --- tags -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Deck", "deck"),
        ("  Deck \t officer\n", "deck officer"),
        ("Küche ☸", "küche ☸"),
        ("Ku\u0308che", "küche"),
        ("", ""),
        (" \u00a0 ", ""),
    ],
)
def test_a_tag_is_kept_in_one_form(typed: str, tag: str) -> None:
    assert kept(typed) == tag


@given(st.text())
def test_what_is_kept_is_kept_again_as_it_is(typed: str) -> None:
    assert kept(kept(typed)) == kept(typed)


@pytest.mark.parametrize("tag", ["DECK  Officer", " deck officer ", "Deck\u00a0Officer"])
def test_a_job_and_a_template_meet_however_their_tag_is_written(ferries: Organization, tag: str) -> None:
    template = make_template(ferries, ats_tag="Deck Officer")
    assert match(ferries, [tag]).template == template


# --- two templates of one tag -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "other", "is_lost", "because"),
    [
        ({"priority": 20}, {"priority": 10}, True, "its priority is 10, and this one’s 20"),
        ({"priority": 10}, {"priority": 20}, False, "its priority is 10, and the other’s 20"),
        ({"name": "B"}, {"name": "A"}, True, "both have priority 100, and it comes first by name"),
        ({"name": "A"}, {"name": "B"}, False, "both have priority 100, and it comes first by name"),
    ],
)
def test_a_contest_says_who_wins_and_why_as_the_matcher_decides(
    ferries: Organization, own: dict[str, Any], other: dict[str, Any], is_lost: bool, because: str
) -> None:
    first = make_template(ferries, ats_tag="deck", **own)
    second = make_template(ferries, ats_tag="deck", **other)
    found = contest(first)
    assert found
    assert (found.is_lost, because in found.words, second.name in found.words) == (is_lost, True, True)
    assert (match(ferries, ["deck"]).template == second) is is_lost


def test_an_unsaved_template_is_compared_as_well(ferries: Organization) -> None:
    make_template(ferries, name="Deck", ats_tag="deck", priority=5)
    found = contest(ReferenceTemplate(organization=ferries, ats_tag="deck", name="New"))
    assert found
    assert found.is_lost


@pytest.mark.parametrize("change", [{"ats_tag": ""}, {"ats_tag": "galley"}, {"is_archived": True}])
def test_there_is_no_contest_with_a_template_that_no_job_would_get_for_the_tag(
    ferries: Organization, change: dict[str, Any]
) -> None:
    template = make_template(ferries, ats_tag="deck")
    make_template(ferries, **{"ats_tag": "deck", **change})
    make_template(make_organization(), ats_tag="deck")
    assert contest(template) is None


def test_without_a_template_the_next_one_wins(ferries: Organization) -> None:
    first = make_template(ferries, ats_tag="deck", priority=1)
    second = make_template(ferries, ats_tag="deck", priority=2)
    assert Matcher(ferries).without(first).match(["deck"]).template == second
    assert Matcher(ferries).match(["deck"]).template == first


# --- one default ------------------------------------------------------------------------------------------


def test_the_default_before_gives_way_and_its_history_says_so(ferries: Organization) -> None:
    before, after = make_template(ferries, is_default=True), make_template(ferries)
    after.make_default()
    assert list(ReferenceTemplate.objects.filter(is_default=True)) == [after]
    assert [record.is_default for record in before.history.all()] == [False, True]


# --- parts that go together -------------------------------------------------------------------------------


def test_a_template_that_asks_nobody_is_refused(ferries: Organization) -> None:
    assert "Ask for at least one reference" in said(make_template(ferries))


def test_more_references_than_a_candidate_can_name_are_refused(ferries: Organization) -> None:
    assert said(make_template(ferries), Asked("manager", MOST)) == ""
    assert "at most 20" in said(make_template(ferries), Asked("manager", MOST), Asked("any"))


def test_enough_cannot_be_more_than_are_asked_for(ferries: Organization) -> None:
    template = make_template(ferries, minimum=3)
    assert "only 2 references are asked for" in said(template, Asked("manager"), Asked("peer"))
    assert said(template, Asked("manager", 2), Asked("peer")) == ""


def test_a_relationship_for_which_the_survey_has_no_question_is_refused(ferries: Organization) -> None:
    template = make_template(ferries, survey=only_for(ferries, ["manager"]))
    assert "has no question to: client." in said(template, Asked("manager"), Asked("client"))
    assert said(template, Asked("manager"), Asked("any")) == ""


def test_a_question_that_only_follows_another_does_not_count(ferries: Organization) -> None:
    survey = only_for(ferries, ["manager"])
    survey.questions.create(key="more", kind="text", text="Why?", shown_if="overall", shown_for=["1"])
    survey.publish(timezone.now())
    assert "client" in said(make_template(ferries, survey=survey), Asked("client"))


def test_any_with_a_survey_for_some_is_said_and_saved(ferries: Organization) -> None:
    template = make_template(ferries, ("any",), survey=only_for(ferries, ["manager", "peer"]))
    (words,) = cautions(template)
    assert "direct report, client, teacher or trainer or fellow volunteer" in words


def test_fewer_that_are_enough_than_must_answer_are_said(ferries: Organization) -> None:
    template = make_template(ferries, ("manager", "peer"), minimum=1)
    assert list(cautions(template)) == []
    template.requests.update(is_needed=True)
    assert "but 2 must answer" in " ".join(cautions(template))


def only_for(organization: Organization, relationships: list[str]) -> Any:
    survey = make_survey(organization)
    survey.questions.update(relationships=relationships)
    survey.publish(timezone.now())
    return survey
