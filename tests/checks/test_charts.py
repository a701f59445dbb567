"""Dots on a line: whatever the scale, whatever the words."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks import charts, drawing
from checks.findings import Figures, Mark, Person, Scale
from checks.report import figures

LONG = "Says so and mends it, and finds the cause,"
BANDS = ("Bottom half", "Upper half", "Top quarter", "Top tenth", "Top few")


def scale(*scores: int | None, labels: tuple[str, ...] = BANDS, name: str = "Communication") -> Scale:
    """A scale with a mark for each score; None is not observed."""
    marks = tuple(Mark(str(place), score, score is None) for place, score in enumerate(scores))
    return Scale("key", name, labels=labels, marks=marks, figures=figures(marks, len(labels)))


def drawn(found: Scale) -> ElementTree.Element:
    return ElementTree.fromstring(charts.strip(found))  # noqa: S314  (our own drawing)


def places(element: ElementTree.Element, name: str) -> list[str | None]:
    return [line.get("x1") for line in element.iter("line") if line.get("class") == name]


def dots(element: ElementTree.Element) -> list[tuple[str | None, int]]:
    """Where people stand, and how many."""
    return [(group.get("x"), len(group.findall("circle"))) for group in element.findall("svg")]


SCALES = st.lists(st.text(min_size=1, max_size=30), min_size=2, max_size=7).flatmap(
    lambda labels: st.builds(
        lambda scores, name: scale(*scores, labels=tuple(labels), name=name),
        st.lists(st.none() | st.integers(1, len(labels)), max_size=12),
        st.text(max_size=30),
    )
)


@given(SCALES)
def test_it_is_well_formed_whatever_the_words(found: Scale) -> None:
    assert drawn(found).get("role") == "img"


@given(SCALES)
def test_there_is_a_dot_for_each_mark_and_none_for_what_was_not_observed(found: Scale) -> None:
    assert sum(people for _x, people in dots(drawn(found))) == found.figures.n


@given(SCALES)
def test_no_dot_hides_another(found: Scale) -> None:
    for group in drawn(found).findall("svg"):
        at = [(circle.get("cx"), circle.get("cy")) for circle in group]
        assert len(set(at)) == len(at)


@given(SCALES)
def test_everything_stands_within_the_strip(found: Scale) -> None:
    percentages = re.findall(r'x[12]?="([\d.]+)%"', charts.strip(found))
    assert all(0 < float(place) < 100 for place in percentages)


def test_each_step_stands_in_the_middle_of_its_column() -> None:
    assert places(drawn(scale()), "grid") == ["10%", "30%", "50%", "70%", "90%"]
    assert places(drawn(scale(labels=("no", "yes"))), "grid") == ["25%", "75%"]


def test_the_mean_stands_at_its_exact_place() -> None:
    assert places(drawn(scale(4, 4, 5)), "mean") == ["76.6667%"]


def test_the_bar_goes_from_the_lowest_to_the_highest() -> None:
    bar = next(line for line in drawn(scale(2, 4, 4, 3)).iter("line") if line.get("class") == "spread")
    assert (bar.get("x1"), bar.get("x2")) == ("30%", "70%")


def test_there_is_no_bar_where_all_agree() -> None:
    assert places(drawn(scale(4, 4)), "spread") == []


def test_equal_marks_stand_side_by_side() -> None:
    element = drawn(scale(5, 4, 5, 4))
    assert dots(element) == [("70%", 2), ("90%", 2)]
    assert [circle.get("cx") for circle in element.iter("circle")][:2] == ["-6.5", "6.5"]


def test_many_equal_marks_stand_in_rows_within_their_column() -> None:
    (group,) = drawn(scale(*[3] * 7)).findall("svg")
    assert all(abs(float(circle.get("cx", ""))) <= 13 for circle in group)
    assert {circle.get("cy") for circle in group} == {"7", "20", "33"}


def test_nothing_is_styled_in_the_page_itself() -> None:
    assert "style=" not in charts.strip(scale(1, 2, 3))


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        ([4, 2, 3, 2], "Communication: 4 of 4, mean at “Top quarter”, from “Upper half” to “Top tenth”"),
        (
            [4, 4, 5, None],
            "Communication: 3 of 4, 1 not observed, mean between “Top tenth” and “Top few”, "
            "from “Top tenth” to “Top few”",
        ),
        ([4, 4], "Communication: 2 of 2, all at “Top tenth”"),
        ([None], "Communication: no answers, 0 of 1, 1 not observed"),
    ],
)
def test_it_says_in_a_sentence_what_it_shows(scores: list[int | None], sentence: str) -> None:
    assert drawn(scale(*scores)).get("aria-label") == sentence


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Figures(n=4, shown=4.5), "4½"),
        (Figures(n=4, shown=3.0), "3"),
        (Figures(n=10, shown=4.5), "4.5"),
        (Figures(n=12, shown=3.0), "3.0"),
        (Figures(), "–"),
    ],
)
def test_it_writes_a_mean_as_it_may_be_read(found: Figures, words: str) -> None:
    assert charts.mean_in_figures(found) == words


def test_the_table_holds_each_persons_mark() -> None:
    people = [Person("0", "Henrik Lund"), Person("1", "Priya Raman"), Person("2", "Joanna Bell")]
    (chart,) = charts.charts([scale(4, None)], people)
    assert chart.rows[0].cells == ("4", "n.o.", "not asked")
    assert chart.rows[0].mean == "4"


def test_scales_with_the_same_words_share_a_chart() -> None:
    found = charts.charts([scale(1), scale(1, labels=("no", "yes")), scale(2)], [])
    assert [(chart.labels, len(chart.rows)) for chart in found] == [(BANDS, 2), (("no", "yes"), 1)]


def test_scales_of_long_words_share_a_chart_in_figures() -> None:
    one, other = (f"{LONG} once", f"{LONG} twice"), (f"{LONG} again", f"{LONG} still")
    found = charts.charts([scale(1, labels=one), scale(1), scale(2, labels=other)], [])
    assert [(chart.labels, chart.is_in_figures) for chart in found] == [(("1", "2"), True), (BANDS, False)]


def test_figures_are_spelt_out_with_everybody_in_their_place() -> None:
    (chart,) = charts.charts([scale(2, labels=(f"{LONG} once", f"{LONG} twice"))], [Person("0", "Henrik Lund")])
    assert chart.rows[0].steps == (charts.Step(2, f"{LONG} twice", "Henrik Lund"), charts.Step(1, f"{LONG} once", ""))


@pytest.mark.parametrize(
    ("labels", "fits"),
    [
        (BANDS, True),
        ((*BANDS[:4], "Top few I have ever seen"), True),
        (("Never", "Says so and mends it, and finds the cause"), False),
        (("Unverhältnismäßig", "Gut"), False),
        (tuple("abcdefg"), False),
    ],
)
def test_words_stand_above_their_columns_only_where_they_fit(labels: tuple[str, ...], fits: bool) -> None:
    (chart,) = charts.charts([scale(labels=labels)], [])
    assert (chart.labels == labels) is fits


def test_people_are_dots_and_the_rest_rings() -> None:
    element = ElementTree.fromstring(drawing.people(3, 4))  # noqa: S314  (our own drawing)
    assert [circle.get("class") for circle in element] == ["dot", "dot", "dot", "ring"]
