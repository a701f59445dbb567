"""Questions of every kind, as a reference answers them."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import timezone

from checks.models import Reference
from checks.references import Given
from checks.sheets import of_reference
from tests.checks.every_kind import ANSWERS, first, make_full_check, sent
from tests.checks.visits import dangling, enter, only, read, unlabelled, visit, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference() -> Reference:
    return first(make_full_check())


def send(client: Client, reference: Reference, data: dict[str, Any]) -> BeautifulSoup:
    return read(client.post(enter(client, reference), data))


def given(reference: Reference) -> dict[str, Given]:
    return Reference.objects.get(pk=reference.pk).given()


def question(page: BeautifulSoup, key: str) -> Tag:
    """The fieldset of a question."""
    found = page.select(f'[name="q-{key}"]')[0].find_parent("fieldset")
    assert found
    return found


# --- what is shown ---------------------------------------------------------------------------------------


def test_every_field_of_every_kind_has_a_label(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert {str(field["name"]) for field in page.select("[name^=q-]")} >= {f"q-{key}" for key in ANSWERS}
    assert not unlabelled(page)
    assert not dangling(page)


def test_a_section_is_a_heading_above_its_questions(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert [words(heading) for heading in page.select("h2.part")] == ["Then", "At work"]


def test_merge_fields_stand_in_every_text_of_a_question(client: Client, reference: Reference) -> None:
    page, company = visit(client, reference), reference.for_check.organization.name
    assert words(question(page, "seen").legend) == f"What did you see as manager of Marcus Webb at {company}?"
    assert words(question(page, "one-word").legend).startswith("One word for Marcus as Chief Officer?")
    assert [words(line) for line in question(page, "pace").select(".choice")] == ["Alone", "With Marcus’s team"]


def test_what_stands_in_a_name_is_text(client: Client, reference: Reference) -> None:
    check = reference.for_check
    check.candidate_name = "<b>{company}</b>"
    check.save()
    page = visit(client, reference)
    assert words(question(page, "better").legend) == "Which fits <b>{company}</b> better?"
    assert not page.select("legend b")


def test_a_scale_without_words_of_its_own_has_the_usual_ones(client: Client, reference: Reference) -> None:
    lines = question(visit(client, reference), "on-time").select(".choice")
    assert [words(line) for line in lines][:3] == ["Hardly ever", "Sometimes", "Often"]


def test_the_candidates_word_stands_above_a_fact(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    told = [words(line) for line in page.select(".told")]
    assert told == ["Marcus told us: Chief Officer", "Marcus told us: April 2020 to May 2023"]
    lines = [words(line) for line in question(page, "title").select(".choice")]
    assert lines == ["That is right", "Not quite", "I cannot say"]


def test_where_the_candidate_said_nothing_a_fact_is_asked_openly(client: Client, reference: Reference) -> None:
    Reference.objects.update(title="", worked_from=None)
    page = visit(client, reference)
    assert not page.select(".told")
    assert only(page, '[name="q-title"]')["type"] == "text"


def test_questions_are_read_in_the_readers_language_and_marked_as_such(client: Client, reference: Reference) -> None:
    Reference.objects.update(language="de")
    page = visit(client, reference)
    pace = question(page, "pace")
    assert (only(page, "html")["lang"], words(pace.legend)) == ("de", "Wo arbeitet Marcus am besten?")
    assert [words(line) for line in pace.select(".choice")] == ["Allein", "Mit Marcuss Team"]
    assert words(page.select("h2.part")[1]) == "Bei der Arbeit"
    assert not pace.has_attr("lang")
    assert question(page, "better")["lang"] == "en"


def test_an_answer_is_kept_in_the_words_of_the_survey(client: Client, reference: Reference) -> None:
    Reference.objects.update(language="de")
    send(client, reference, sent())
    assert given(reference)["pace"].choice == "With {name}’s team"


def test_a_month_is_told_in_the_readers_language(reference: Reference) -> None:
    reference.language = "de"
    told = {language: voice.told["period"] for language, voice in of_reference(reference, {}).voices.items()}
    assert told["en"] == "April 2020 to May 2023"
    assert told["de"].endswith("Mai 2023")


# --- what is kept ----------------------------------------------------------------------------------------


def test_every_kind_of_answer_is_kept_as_it_was_meant(client: Client, reference: Reference) -> None:
    send(client, reference, sent())
    assert given(reference) == {
        "title": Given(choice="right"),
        "period": Given(choice="not-quite", text="Until June 2023"),
        "overall": Given(score=4),
        "setbacks": Given(score=2),
        "on-time": Given(score=5),
        "work-again": Given(choice="yes"),
        "pace": Given(choice="With {name}’s team"),
        "seen": Given(choices=("Planning", "Hiring")),
        "better": Given(choice="Weighs long"),
        "one-word": Given(text="Steady"),
        "strength": Given(text="Calm."),
    }


def test_a_draft_of_every_kind_is_there_on_return(client: Client, reference: Reference) -> None:
    send(client, reference, sent() | {"save": "1"})
    page = visit(Client(), reference)
    ticked = {str(box["value"]) for box in page.select("input[checked]")}
    assert ticked == {"right", "not-quite", "4", "2", "5", "yes", "With {name}’s team", "Planning", "Hiring"} | {
        "Weighs long"
    }
    assert only(page, '[name="q-period.reason"]')["value"] == "Until June 2023"
    assert words(page.select_one("#progress-words")) == "11 of 11 answered"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"seen": None}, "Please choose at least one answer."),
        ({"better": None}, "Please choose an answer."),
        ({"title": None}, "Please choose an answer."),
        ({"period_reason": ""}, "Please write what it was, as you know it."),
        ({"seen": ["Fishing"]}, "Fishing"),
        ({"one_word": "x" * 301}, "This has 301 characters, and 300 fit."),
    ],
)
def test_what_is_missing_or_was_not_offered_is_named(
    client: Client, reference: Reference, change: Any, problem: str
) -> None:
    page = send(client, reference, sent(**change))
    assert problem in words(only(page, "[role=alert] a"))
    assert not dangling(page)


def test_a_correction_beside_what_is_right_is_none(client: Client, reference: Reference) -> None:
    send(client, reference, sent(period="right"))
    assert given(reference)["period"] == Given(choice="right")


# --- follow-ups ------------------------------------------------------------------------------------------


def test_a_follow_up_says_when_it_is_meant(client: Client, reference: Reference) -> None:
    asked = question(visit(client, reference), "in-the-way")
    assert words(asked.select_one(".only-if")) == "Only if you answered “Unsure” or “No” above."
    assert (asked["data-after"], json.loads(str(asked["data-answers"]))) == ("q-work-again", ["unsure", "no"])


def test_a_follow_up_further_down_names_its_question(client: Client) -> None:
    check = make_full_check()
    questions = list(check.frozen_template["questions"])
    later = {**questions[-1], "key": "more", "shown_if": "pace", "shown_for": ["With {name}’s team"]}
    check.frozen_template["questions"] = [*questions, later]
    check.save()
    asked = question(visit(client, first(check)), "more")
    assert words(asked.select_one(".only-if")) == (
        "Only if you answered “With Marcus’s team” to “Where does Marcus work best?”"
    )


@pytest.mark.parametrize("text", ["", "I would not.", "x" * 50_001])
def test_a_follow_up_that_is_not_asked_is_neither_required_nor_kept(
    client: Client, reference: Reference, text: str
) -> None:
    assert words(send(client, reference, sent(in_the_way=text))) == ""  # sent on
    assert "in-the-way" not in given(reference)


def test_a_follow_up_that_is_asked_is_required_and_kept(client: Client, reference: Reference) -> None:
    page = send(client, reference, sent(work_again="no"))
    assert words(only(page, "[role=alert] a")) == "What would stand in the way? Please write a few words."
    send(client, reference, sent(work_again="no", in_the_way="The hours."))
    assert given(reference)["in-the-way"] == Given(text="The hours.")


def test_what_was_saved_after_another_answer_goes_with_it(client: Client, reference: Reference) -> None:
    send(client, reference, sent(work_again="no", in_the_way="The hours.") | {"save": "1"})
    send(client, reference, sent(work_again="yes", in_the_way="The hours."))
    assert given(reference)["in-the-way"].is_empty


def test_a_follow_up_whose_question_is_not_asked_of_them_is_not_asked(client: Client) -> None:
    check = make_full_check()
    for each in check.frozen_template["questions"]:
        each["relationships"] = ["peer"] if each["key"] == "work-again" else []
    check.save()
    assert not visit(client, first(check)).select('[name="q-in-the-way"]')


# --- dates only ------------------------------------------------------------------------------------------


def test_who_may_give_dates_only_is_asked_for_facts_alone(client: Client, reference: Reference) -> None:
    Reference.objects.update(gives_dates_only=True)
    page = visit(client, reference)
    assert {str(field["name"]) for field in page.select("input[type=radio]")} == {"q-title", "q-period"}
    assert "your employer allows titles and dates only" in words(page)
    send(client, reference, {"q-title": "right", "q-period": "cannot-say"})
    assert Reference.objects.get().status == Reference.Status.SUBMITTED


def test_where_the_survey_asks_for_no_fact_title_and_dates_are_asked_for(client: Client, reference: Reference) -> None:
    check = reference.for_check
    check.frozen_template["questions"] = [
        each for each in check.frozen_template["questions"] if each["kind"] not in ("fact",)
    ]
    check.save()
    Reference.objects.update(gives_dates_only=True)
    legends = [words(legend) for legend in visit(client, reference).select("legend")]
    assert legends == [
        "What was Marcus’s title when you worked together?",
        "From when until when did you work together?",
    ]


def test_the_number_of_questions_is_that_of_those_who_are_asked(reference: Reference) -> None:
    reference.keep({"work-again": Given(choice="no")}, timezone.now())
    assert len(reference.questions()) == 12
    reference.gives_dates_only = True
    assert len(reference.questions()) == 2
