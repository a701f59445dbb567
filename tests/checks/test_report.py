"""The figures of a report, by hand and by rule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from checks import missing, report, wording
from checks.findings import Figures, Mark, Person, Report, Scale
from checks.models import Check
from checks.references import Given
from templates_app.kinds import Kind
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_completed_check,
    make_named,
    make_organization,
    make_survey,
    make_template,
)

UNSEEN = Given(is_unobserved=True)


def answered(*sheets: Mapping[str, Any], requests: tuple[str, ...] = (), days: float = 1.9) -> Check:
    """A check with somebody for each sheet, who answers by it; None is somebody who does not answer."""
    begun = timezone.now() - timedelta(days=days)
    organization = make_organization()
    template = make_template(organization, requests=requests or ("any",) * len(sheets))
    check = make_awaiting_check(organization, template, now=begun)
    for reference, sheet in zip(check.references.in_order(), sheets, strict=True):
        if sheet is not None:
            reference.submit(answers_for(reference, **sheet), timezone.now())
    check.refresh_from_db()
    return check


def overall(check: Check) -> Scale:
    return next(scale for scale in report.compute(check).scales if scale.key == "overall")


def marks(scores: list[int | None]) -> list[Mark]:
    """None stands for not observed."""
    return [Mark(str(place), score, is_unobserved=score is None) for place, score in enumerate(scores)]


# --- the mean --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "points", "shown"),
    [
        ([5, 4, 5, 4], 5, 4.5),
        ([4, 4, 4, 3], 5, 3.5),  # 3.75, a tie: towards the middle, 3
        ([4, 2, 3, 2], 5, 3.0),  # 2.75, a tie: towards the middle
        ([4, 4, 5], 5, 4.5),  # 4.33
        ([1, 1, 2, 1], 5, 1.5),  # 1.25, a tie: up, for the middle is above
        ([1, 2, 3, 3], 4, 2.5),  # 2.25, and 2.5 is the middle
        ([5] * 8 + [4], 5, 5.0),  # 4.89 of nine
        ([5] * 9 + [4], 5, 4.9),  # ten carry a decimal
        ([1] * 15 + [2] * 5, 5, 1.3),  # 1.25 of twenty, a tie: up
        ([5] * 15 + [4] * 5, 5, 4.7),  # 4.75 of twenty, a tie: down
        ([1, 7], 7, 4.0),
    ],
)
def test_it_prints_the_mean_as_exactly_as_the_number_of_marks_allows(
    scores: list[int], points: int, shown: float
) -> None:
    assert report.shown_mean(scores, points) == shown


SCORES = st.integers(2, 7).flatmap(
    lambda points: st.tuples(st.lists(st.none() | st.integers(1, points), max_size=30), st.just(points))
)


@given(SCORES)
def test_the_mean_lies_between_the_lowest_and_the_highest_mark(case: tuple[list[int | None], int]) -> None:
    found = report.figures(marks(case[0]), case[1])
    if found.n:
        assert found.low <= found.mean <= found.high
        assert found.low <= found.shown <= found.high
        assert found.spread == found.high - found.low


@given(SCORES)
def test_what_was_not_observed_changes_no_figure_but_its_own_count(case: tuple[list[int | None], int]) -> None:
    scores, points = case
    with_unseen = report.figures(marks([*scores, None, None]), points)
    without = report.figures(marks([score for score in scores if score is not None]), points)
    assert with_unseen.unobserved == scores.count(None) + 2
    assert (with_unseen.n, with_unseen.mean, with_unseen.shown) == (without.n, without.mean, without.shown)
    assert (with_unseen.low, with_unseen.high, with_unseen.spread) == (without.low, without.high, without.spread)


@given(SCORES)
def test_the_mean_of_the_scale_turned_round_is_the_mean_turned_round(case: tuple[list[int | None], int]) -> None:
    scores, points = [score for score in case[0] if score], case[1]
    if scores:
        turned = report.shown_mean([points + 1 - score for score in scores], points)
        assert report.shown_mean(scores, points) == pytest.approx(points + 1 - turned)


@given(SCORES)
def test_the_printed_mean_is_never_a_step_of_its_own_away_from_the_exact_one(
    case: tuple[list[int | None], int],
) -> None:
    found = report.figures(marks(case[0]), case[1])
    if found.n:
        assert abs(found.shown - found.mean) <= (0.25 if found.n < 10 else 0.05) + 1e-9


# --- from answers ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_counts_marks_not_observed_and_left_open_apart() -> None:
    found = overall(answered({"overall": Given(score=4)}, {"overall": UNSEEN}, {"overall": Given(text="?")})).figures
    assert (found.n, found.unobserved, found.left_open, found.asked) == (1, 1, 1, 3)
    assert (found.mean, found.low, found.high, found.spread) == (4, 4, 4, 0)


@pytest.mark.django_db
def test_it_has_no_mean_where_nobody_gave_a_mark() -> None:
    found = overall(answered({"overall": UNSEEN})).figures
    assert found == Figures(n=0, unobserved=1)


@pytest.mark.django_db
def test_it_keeps_who_gave_which_mark_in_the_order_of_asking() -> None:
    check = answered({"overall": Given(score=2)}, {"overall": Given(score=5)})
    found = report.compute(check)
    names = [(found.person(mark.person).name, mark.score) for mark in overall(check).marks]
    assert names == [("Eileen Farrow", 2), ("Bao Nguyen", 5)]


@pytest.mark.django_db
def test_it_leaves_out_what_somebody_has_begun_and_not_sent() -> None:
    check = answered({}, None)
    reference = check.references.in_order()[1]
    reference.keep({"strength": Given(text="Not sent yet.")}, timezone.now())
    assert report.compute(check).answered == 1
    assert "Not sent yet." not in str(report.compute(check).as_json())


@pytest.mark.django_db
def test_it_counts_yes_unsure_and_no_in_people_and_keeps_reasons() -> None:
    unsure = Given(choice="unsure", text="On data, at once.")
    tally = report.compute(answered({}, {"work_again": unsure}, {})).work_again
    assert tally
    assert dict(zip(tally.options, tally.counts, strict=True)) == {"yes": 2, "unsure": 1, "no": 0}
    assert [said.text for said in tally.said if said.text] == ["On data, at once."]


@pytest.mark.django_db
def test_it_counts_choices() -> None:
    (pace,) = report.compute(answered({}, {"pace": Given(choice="In a team")}, {})).choices
    assert (pace.options, pace.counts) == (("Alone", "In a team"), (2, 1))


@pytest.mark.django_db
def test_it_leaves_every_word_as_it_was_written() -> None:
    text = "  Her words, “so”,\n\nand <no> others.  "
    found = report.compute(answered({"strength": Given(text=text)}))
    assert [said.text for said in found.words[0].said] == [text]


@pytest.mark.django_db
def test_it_names_the_candidate_where_the_question_does() -> None:
    assert report.compute(answered({})).words[0].question == "What does Marcus do best?"


@pytest.mark.django_db
def test_it_names_the_candidate_in_answers_to_choose_from_too() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.filter(kind=Kind.CHOICE).update(labels=["{name} leads", "{name} follows"])
    check = make_awaiting_check(organization, make_template(organization, requests=("any",), survey=survey))
    reference = check.references.get()
    reference.submit(answers_for(reference, pace=Given(choice="{name} follows")), timezone.now())
    (pace,) = report.compute(check).choices
    assert (pace.options, pace.counts) == (("Marcus leads", "Marcus follows"), (0, 1))


@pytest.mark.django_db
def test_somebody_who_was_not_asked_a_question_is_not_counted_there() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.filter(key="overall").update(relationships=["manager"])
    template = make_template(organization, requests=("manager", "peer"), survey=survey)
    check = make_completed_check(organization, template)
    assert overall(check).figures.asked == 1


@pytest.mark.django_db
def test_groups_are_apart_when_two_of_them_have_two_answers_each() -> None:
    check = answered({}, {}, {"overall": Given(score=5)}, {"overall": Given(score=4)}, {})
    people = ["manager", "peer", "manager", "peer", "client"]
    for reference, relationship in zip(check.references.in_order(), people, strict=True):
        check.references.filter(pk=reference.pk).update(relationship=relationship)
    assert {group: found.mean for group, found in overall(check).apart.items()} == {"manager": 4.0, "peer": 3.5}


@pytest.mark.django_db
def test_a_single_manager_is_never_shown_apart() -> None:
    check = answered({}, {}, {})
    check.references.filter(position__gt=0).update(relationship="peer")
    assert overall(check).apart == {}


@pytest.mark.django_db
def test_it_takes_the_days_from_the_first_request_to_the_last_answer() -> None:
    assert [report.compute(answered({}, days=days)).days for days in (0, 0.9, 1.5, 5.9)] == [1, 1, 2, 6]
    assert report.compute(answered(None)).days is None


@pytest.mark.django_db
def test_who_was_replaced_is_named_and_not_counted() -> None:
    check = answered(None, {})
    first = check.references.in_order()[0]
    first.decline("", timezone.now())
    first.replace(make_named(3), timezone.now())
    found = report.compute(check)
    assert (found.asked, found.answered) == (2, 1)
    assert [person.status for person in found.people] == ["replaced", "asked", "submitted"]


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3, 10])
def test_it_asks_the_database_twice_however_many_there_are(people: int, django_assert_num_queries: Any) -> None:
    check = Check.objects.select_related("organization").get(pk=answered(*[{}] * people).pk)
    with django_assert_num_queries(2):
        report.compute(check)


# --- kept as JSON ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_reads_back_what_it_stored() -> None:
    check = answered({}, {"overall": UNSEEN, "work_again": Given(choice="no", text="Why")}, {}, {})
    check.references.filter(position=0).update(worked_from=date(2020, 4, 1), worked_until=date(2023, 9, 1))
    found = report.compute(check)
    assert Report.from_json(found.as_json()) == found


@pytest.mark.django_db
def test_a_completed_check_keeps_its_report() -> None:
    check = make_completed_check()
    assert Report.from_json(check.report_data) == report.compute(check)
    assert check.report_data["formula"] == 2


def test_it_reads_older_and_newer_shapes() -> None:
    data = {"people": [{"id": "a", "shoe_size": 44}], "scales": [{"key": "k", "marks": [{"person": "a"}]}], "new": 1}
    found = Report.from_json(data)
    assert found.people == (Person("a"),)
    assert found.scales == (Scale("k", marks=(Mark("a"),)),)


def test_it_reads_nothing_as_an_empty_report() -> None:
    assert Report.from_json({}) == Report()


# --- sentences -------------------------------------------------------------------------------------------


def said(*sheets: Mapping[str, Any]) -> str:
    return wording.say(report.compute(answered(*sheets)), "Amina")


def again(choice: str) -> dict[str, Given]:
    return {"work_again": Given(choice=choice)}


@pytest.mark.django_db
def test_it_says_it_in_whole_people() -> None:
    assert said({}, {}, {}) == (
        "Three people were asked and three answered, within two days. All three would work with Amina again."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (["yes"], "This person would work with Amina again."),
        (["yes", "yes"], "Both would work with Amina again."),
        (["yes", "yes", "unsure"], "Two would work with Amina again; one is unsure."),
        (["yes", "unsure", "no", "no"], "One would work with Amina again; one is unsure; two would not."),
        (["unsure", "unsure", "no"], "Nobody said yes to working with Amina again; two are unsure; one would not."),
        (["no"], "Nobody said yes to working with Amina again; one would not."),
    ],
)
def test_it_says_who_would_work_with_them_again(choices: list[str], sentence: str) -> None:
    assert said(*map(again, choices)).endswith(sentence)


@pytest.mark.django_db
def test_it_says_where_answers_are_far_apart() -> None:
    assert said({"overall": Given(score=5)}, {}).endswith("Their answers are far apart on Overall.")
    assert "far apart" not in said({"overall": Given(score=4)}, {})


@pytest.mark.django_db
def test_it_says_how_it_stands_while_some_are_still_asked() -> None:
    found = report.compute(answered({}, None, None))
    assert wording.say(found, "Amina", is_live=True).startswith("Three people were asked. One has answered so far.")


def test_it_says_that_nobody_is_named_yet() -> None:
    assert wording.say(Report(), "Amina", is_live=True) == "Amina has not named anybody yet."


@pytest.mark.django_db
def test_it_puts_the_widest_difference_first_and_each_person_in_their_place() -> None:
    low = {"overall": Given(score=2), "setbacks": Given(score=1)}
    high = {"overall": Given(score=4), "setbacks": Given(score=4)}
    found = report.compute(answered(low, high, {"overall": UNSEEN, "setbacks": UNSEEN}))
    setbacks, band = found.far_apart
    assert (setbacks.key, band.key) == ("setbacks", "overall")
    assert wording.difference(band) == "Overall: from “Upper half” to “Top tenth”"
    assert wording.difference(replace(setbacks, labels=("long " * 9,) * 4)) == "Handling setbacks: three steps apart"
    assert wording.positions(found, band) == [
        ("Upper half", "Eileen Farrow, manager"),
        ("Top tenth", "Bao Nguyen, colleague"),
        ("Not observed", "Margit Larsen, client"),
    ]


@pytest.mark.django_db
def test_it_says_what_is_missing_and_why() -> None:
    check = answered({"overall": UNSEEN}, {}, None, None, None)
    third, fourth, fifth = check.references.in_order()[2:]
    third.decline("No time", timezone.now())
    fourth.bounce(timezone.now())
    check.complete(timezone.now())
    sentences = missing.missing(Report.from_json(check.report_data), "Amina")
    assert [sentence.split(" (")[0] for sentence in sentences[:3]] == [third.name, fourth.name, fifth.name]
    assert "chose not to" in sentences[0]
    assert "came back" in sentences[1]
    assert "was not waited for" in sentences[2]
    assert sentences[3] == "One rating of 4 was not observed."
    assert sentences[4].endswith("Here are: manager 1, colleague 1.")


@pytest.mark.django_db
def test_nothing_is_missing_where_everybody_answered_everything() -> None:
    assert missing.missing(report.compute(answered({})), "Amina") == []


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("a", relationship="manager", company="Tern"), "Manager at Tern"),
        (Person("a", relationship="peer", worked_from=date(2020, 4, 1)), "Colleague, from April 2020 until now"),
        (
            Person("a", company="Tern", worked_from=date(2020, 4, 1), worked_until=date(2023, 9, 1)),
            "Tern, from April 2020 until September 2023",
        ),
        (Person("a"), ""),
    ],
)
def test_it_says_of_a_person_what_is_known(person: Person, sentence: str) -> None:
    assert wording.known(person) == sentence
