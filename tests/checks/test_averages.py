"""Averages only: nothing that is shown tells who gave an answer."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks import averages, report
from checks.findings import Report
from checks.marks import Figures, Mark, Scale, figures
from checks.models import Check
from checks.persons import Person
from checks.references import Answer, Given, Reference
from checks.report_parts import report_for, report_of
from checks.revealing import reveals
from checks.voices import Said, Tally, Words
from templates_app.kinds import Confidentiality
from tests.checks.every_kind import make_full_check
from tests.checks.reports import headings, part, read, signed_in, words
from tests.factories import answers_for, make_user

pytestmark = pytest.mark.django_db
PEOPLE = 5
NOW = timezone.now()


def make(people: int = PEOPLE, **template: Any) -> Check:
    """Managers, who were promised averages only and are still asked."""
    return make_full_check(("manager",) * people, confidentiality=Confidentiality.AVERAGES, **template)


def answered(*sheets: Mapping[str, Given], people: int | None = None) -> Check:
    """Concluded, with an answer by each sheet; `people` more than these have not answered."""
    check = make(people or len(sheets))
    for reference, sheet in zip(check.references.in_order(), sheets, strict=False):
        reference.submit(answers_for(reference, **sheet), timezone.now())
    check.refresh_from_db()
    check.complete(timezone.now())
    check.refresh_from_db()
    return check


def score(*scores: int | None) -> list[dict[str, Given]]:
    return [{"overall": Given(score=each) if each else Given(is_unobserved=True)} for each in scores]


def overall(check: Check) -> Figures:
    return next(scale.figures for scale in report_of(check).scales if scale.key == "overall")


# --- the same for whoever said it -----------------------------------------------------------------------

SCORE = st.builds(Given, score=st.integers(1, 3)) | st.just(Given(is_unobserved=True)) | st.just(Given())
TEXT = st.sampled_from(
    ["", "Calm.", "Calm.", "As a manager I saw calm.", "Ask Eileen Farrow.", "<b>Slow</b>", "🙂 كلام"]
)
SHEETS: dict[str, Any] = {
    "title": st.builds(Given, choice=st.sampled_from(["right", "not-quite", "cannot-say"]), text=TEXT),
    "period": st.builds(Given, choice=st.sampled_from(["right", "not-quite", ""]), text=TEXT),
    "overall": SCORE,
    "setbacks": st.builds(Given, score=st.none() | st.integers(1, 3), text=TEXT),
    "on-time": SCORE,
    "work-again": st.tuples(st.builds(Given, choice=st.sampled_from(["yes", "unsure", "no", ""]), text=TEXT), TEXT),
    "pace": st.builds(Given, choice=st.sampled_from(["Alone", ""])),
    "seen": st.builds(Given, choices=st.sampled_from([(), ("Planning",), ("Planning", "Hiring")])),
    "better": st.builds(Given, choice=st.sampled_from(["Decides fast", "Weighs long"])),
    "one-word": st.builds(Given, text=TEXT),
    "strength": st.builds(Given, text=TEXT),
    "corrections": st.sampled_from([{}, {"title": "Mate"}, {"company": "Solent", "worked_until": ""}]),
}
COLUMNS = st.fixed_dictionaries({key: st.lists(each, min_size=PEOPLE, max_size=PEOPLE) for key, each in SHEETS.items()})
ORDERS = st.fixed_dictionaries({key: st.permutations(range(PEOPLE)) for key in SHEETS})


def say(check: Check, columns: Mapping[str, list[Any]]) -> tuple[str, str]:
    """The page and the data of a report in which the people have answered so, one after another."""
    Answer.objects.filter(reference__for_check=check).delete()
    people = list(check.references.in_order())
    for place, reference in enumerate(people):
        sheet = {key: column[place] for key, column in columns.items() if key != "corrections"}
        sheet["work-again"], after = sheet["work-again"]
        sheet["in-the-way"] = Given(text=after)
        reference.corrections = columns["corrections"][place]
        Answer.keep(reference, sheet)
    Reference.objects.bulk_update(people, ["corrections"])
    check.report_data = None
    check.keep_report()
    context = report_for(check, NOW)
    return render_to_string("checks/report_body.html", context), json.dumps(context["report"].as_json())


@pytest.fixture
def concluded() -> Check:
    cache.clear()
    return answered(*[{}] * PEOPLE)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(columns=COLUMNS, orders=ORDERS)
def test_two_sets_of_answers_that_differ_only_in_who_gave_which_are_shown_alike(
    concluded: Check, columns: dict[str, list[Any]], orders: dict[str, list[int]]
) -> None:
    """Each question's answers in another order: not even two answers of one person go together."""
    others = {key: [columns[key][place] for place in orders[key]] for key in columns}
    assert say(concluded, columns) == say(concluded, others)


# --- floors ---------------------------------------------------------------------------------------------


def test_two_marks_show_no_figure_and_not_how_many_there_are() -> None:
    assert overall(answered(*score(5, 4, None))) == Figures(is_withheld=True)
    assert overall(answered(*score(None, None, None))) == Figures(is_withheld=True)


def test_three_marks_show_a_mean_but_neither_the_lowest_nor_the_highest() -> None:
    found = overall(answered(*score(5, 4, 2, None)))
    assert (found.n, found.unobserved, found.mean, found.shown) == (3, 1, 3.5, 3.5)
    assert (found.low, found.high, found.spread, found.is_far_apart) == (None, None, None, True)


def test_five_marks_show_the_lowest_and_the_highest() -> None:
    found = overall(answered(*score(5, 4, 2, 3, 3)))
    assert (found.low, found.high, found.mean) == (2, 5, 3.5)


def test_there_is_no_dot_and_no_name_beside_an_answer() -> None:
    page = read(answered(*score(5, 4, 2, 3, 3)))
    assert not page.select(".strip .dot")
    assert page.select(".strip .mean")
    for title in ("Against others in the same job", "What they chose", "In their words", "Titles and dates"):
        assert not [name for name in ("Eileen", "Bao", "Margit", "Vidal", "Bell") if name in part(page, title)], title


def test_people_are_counted_from_three_on() -> None:
    again = {"work_again": Given(choice="yes")}
    open_ = {"work_again": Given()}
    assert "3Work with" in " ".join(headings(read(answered(again, again, again))))
    assert "Work with" not in " ".join(headings(read(answered(again, again, open_))))


def test_words_stand_where_three_wrote_and_in_an_order_of_their_own() -> None:
    texts = ["Alpha.", "Beta.", "Gamma.", "Delta."]
    check = answered(*[{"strength": Given(text=text)} for text in texts])
    other = answered(*[{"strength": Given(text=text)} for text in reversed(texts)])
    shown = [[quote.get_text() for quote in read(each).select(".quote p")] for each in (check, other)]
    assert shown[0] == shown[1]
    assert len([quote for quote in shown[0] if quote.strip("“”") in texts]) == 4
    two = part(read(answered({"strength": Given(text="Alpha.")}, {}, {"strength": Given()})), "What is missing")
    assert "Fewer than three answered “What does Marcus do best?”" in two


@pytest.mark.parametrize(
    "text",
    ["As her manager I saw it.", "Eileen would agree.", "At Tern Mapping she led.", "Als Vorgesetzte", "Mon collègue"],
)
def test_a_text_that_tells_who_wrote_it_is_left_out(text: str) -> None:
    assert reveals(text, [Person("a", "Eileen Farrow", company="Tern Mapping")])


def test_a_text_that_tells_nothing_stays() -> None:
    assert not reveals("Calm when others are not, and kind.", [Person("a", "Eileen Farrow", company="")])


# --- groups ---------------------------------------------------------------------------------------------


def grouped(*, corrected: int = 0, **sizes: int) -> Scale:
    """A scale that so many of each relation have marked, and its groups as they would be shown; `corrected`: so many
    of them had put right how the candidate knows them.
    """
    people = tuple(
        Person(f"{name}{number}", relationship=name, status="submitted")
        for name, size in sizes.items()
        for number in range(size)
    )
    people = (*(replace(person, told_relationship="client") for person in people[:corrected]), *people[corrected:])
    marks = tuple(Mark(person.id, 1 + place % 5) for place, person in enumerate(people))
    scale = Scale("key", labels=("a",) * 5, marks=marks, figures=figures(marks, 5))
    (found,) = averages.averaged(Report(people=people, scales=(scale,))).scales
    return found


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"manager": 3, "peer": 3}, {"manager", "peer"}),
        ({"manager": 3, "peer": 2}, set()),
        ({"manager": 3, "peer": 3, "client": 1}, set()),  # the total less both would be the client's
        ({"manager": 3, "peer": 3, "client": 3}, {"manager", "peer", "client"}),
        ({"manager": 4, "peer": 2, "client": 2}, {"manager"}),
        ({"manager": 6}, set()),
    ],
)
def test_groups_are_apart_only_if_nothing_can_be_subtracted(sizes: dict[str, int], shown: set[str]) -> None:
    assert set(grouped(**sizes).apart) == shown


def test_no_group_is_apart_where_somebody_put_right_how_they_know_the_candidate() -> None:
    assert not grouped(manager=3, peer=3, corrected=1).apart


# --- nothing to be had from the difference --------------------------------------------------------------


def test_before_it_is_concluded_it_tells_only_who_has_answered() -> None:
    check = make(4)
    for reference in check.references.in_order()[:3]:
        reference.submit(answers_for(reference), timezone.now())
    page = read(check)
    assert page.select_one(".say").get_text() == "Four people were asked. Three have answered so far."
    assert "as averages only" in page.select_one(".notice").get_text()
    assert headings(page) == ["1How far to trust this", "2What is missing", "3How this came about"]


def test_a_canceled_check_tells_nothing_of_what_was_said() -> None:
    check = make(4)
    for reference in check.references.in_order()[:3]:
        reference.submit(answers_for(reference), timezone.now())
    check.cancel(timezone.now())
    assert "is not shown" in read(check).select_one(".notice").get_text()
    assert not report_of(check).scales


def after(check: Check, **changes: Any) -> Report:
    """What is kept when it is concluded again, from now on with so many more answers, or fewer."""
    people = list(check.references.in_order())
    late = [each for each in people if each.status != "submitted"][: changes.get("more", 0)]
    for reference in late:
        Answer.keep(reference, answers_for(reference, overall=Given(score=1)))
    check.references.filter(pk__in=[each.pk for each in late]).update(status="submitted", submitted_at=timezone.now())
    gone = [each.pk for each in people if each.status == "submitted"][: changes.get("fewer", 0)]
    check.references.filter(pk__in=gone).update(status="declined", submitted_at=None)
    check.keep_report()
    return Report.from_json(check.report_data)


@pytest.mark.parametrize("more", [1, 2])
def test_one_or_two_who_answer_later_are_not_in_the_figures(more: int) -> None:
    check = answered(*score(5, 5, 4), people=6)
    before = report_of(check)
    found = after(check, more=more)
    assert (found.scales, found.yes_no, found.words) == (before.scales, before.yes_no, before.words)
    assert (found.answered, found.held_back) == (3 + more, more)
    assert "Their answers are not in the figures" in part(read(check), "What is missing")


def test_three_who_answer_later_are() -> None:
    check = answered(*score(5, 5, 4), people=6)
    after(check, more=2)
    found = after(check, more=1)
    assert (overall(check).n, found.held_back) == (6, 0)


def test_where_one_takes_answers_back_there_is_no_figure_any_more() -> None:
    check = answered(*score(5, 5, 4, 4))
    assert after(check, fewer=1).is_taken_down
    page = read(check)
    assert "took back or changed" in part(page, "What is missing")
    assert not page.select(".chart")


@pytest.mark.parametrize("again", [1, 2])
def test_where_one_changes_answers_in_place_there_is_no_figure_any_more(again: int) -> None:
    check = answered(*score(5, 5, 4), people=4)
    for _time in range(again):
        check.reopen(timezone.now())
        first = Check.objects.get(pk=check.pk).references.in_order()[0]
        first.change(answers_for(first, overall=Given(score=1)), timezone.now())
        check.complete(timezone.now())
    assert report_of(check).is_taken_down
    assert not report_of(check).scales


def test_the_desk_does_not_tell_how_anybody_answered() -> None:
    check = make(3)
    first, second, _third = check.references.in_order()
    first.give_dates_only(timezone.now())
    second.correct({"title": "Mate"}, timezone.now())
    page = signed_in(make_user(check.organization)).get(reverse("admin:checks_check_change", args=[check.pk])).text
    assert "may confirm dates only" not in page
    assert "put right what" not in page


def test_what_changed_nothing_changes_nothing() -> None:
    check = answered(*score(5, 5, 4))
    before = check.report_data
    check.keep_report()
    assert check.report_data == before


# --- what goes out --------------------------------------------------------------------------------------


def test_the_stored_report_holds_no_answer_of_anybody() -> None:
    check = answered(*[{"strength": Given(text=f"Text {number}.")} for number in range(4)])
    stored = check.report_data
    assert not [scale for scale in stored["scales"] if scale["marks"]]
    assert not [tally for tally in (*stored["yes_no"], *stored["choices"], *stored["facts"]) if tally["said"]]
    assert {said["person"] for each in stored["words"] for said in each["said"]} == {""}
    assert not [person for person in stored["people"] if person["corrections"] or person["gives_dates_only"]]


def test_a_report_that_was_stored_in_full_is_still_shown_as_promised() -> None:
    check = answered(*score(5, 5, 4))
    Check.objects.filter(pk=check.pk).update(report_data=report.compute(check).as_json())
    check.refresh_from_db()
    assert report_of(check).is_averages_only
    assert not report_of(check).scales[0].marks


def test_asked_for_by_reference_it_stays_in_its_own_order() -> None:
    check = answered({}, {}, {})
    assert "By reference" not in words(read(check, query="?by=reference"))
    assert "One of the references" in part(read(check, query="?by=reference"), "In their words")


def test_averages_of_one_report_do_not_touch_those_with_names() -> None:
    full = Report(yes_no=(Tally("k", options=("yes",), counts=(1,), said=(Said("a", "yes", "Why"),)),))
    assert averages.averaged(full).yes_no[0] == replace(full.yes_no[0], said=(), counts=(), is_withheld=True)
    assert averages.averaged(Report(words=(Words("k", said=(Said("a", text="x"),)),))).words[0].is_withheld
