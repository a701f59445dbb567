"""Adverse impact: against published examples, with small groups hidden, from a file of which nothing is kept."""

import pytest

from checks import impact_file
from checks.impact import Group, compare, exact, interval
from checks.impact_file import Person, read

PEOPLE = {f"{name}@post.example": Person(number, number % 2 == 1) for number, name in enumerate(("ada", "linus", "bo"))}


# --- figures ------------------------------------------------------------------------------------------------


def test_the_example_of_the_agencies_own_questions_and_answers() -> None:
    """Uniform Guidelines, questions 11 and 12: 48 of 80 and 12 of 40."""
    white, black = compare([Group("White", 80, 48), Group("Black", 40, 12)]).lines
    assert (white.group.rate, black.group.rate) == (0.6, 0.3)
    assert (white.ratio, black.ratio) == (1.0, 0.5)
    assert (white.is_under, black.is_under) == (False, True)
    assert white.p is None
    assert black.p < 0.01


@pytest.mark.parametrize(
    ("selected", "people", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_as_newcombe_has_it(selected: int, people: int, low: float, high: float) -> None:
    """Statistics in Medicine 17 (1998), table I, method 3."""
    assert interval(selected, people) == pytest.approx((low, high), abs=0.00005)


def test_fishers_lady_tasting_tea() -> None:
    """Three of four cups right: 17 of 70 ways are as good on her side, and as many on the other."""
    assert exact(Group("milk first", 4, 3), Group("tea first", 4, 1)) == pytest.approx(34 / 70)


def test_four_fifths_exactly_are_not_below() -> None:
    first, second = compare([Group("a", 100, 50), Group("b", 100, 40)]).lines
    assert not second.is_under
    assert first.ratio == 1.0


def test_nobody_selected_is_no_ratio() -> None:
    found = compare([Group("a", 20, 0), Group("b", 10, 0)])
    assert found.is_nobody
    assert {line.ratio for line in found.lines} == {1.0}


# --- small groups -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "shown", "hidden"),
    [
        ((30, 20, 4), [30], 2),  # with 20 shown, all without 30 and 20 would be the four
        ((30, 20, 10, 4), [30, 20], 2),
        ((30, 20, 3, 2), [30, 20], 2),  # the two are five together
        ((30, 5), [30, 5], 0),
        ((30,), [], 0),
        ((), [], 0),
    ],
)
def test_small_groups_are_hidden_and_cannot_be_subtracted(
    sizes: tuple[int, ...], shown: list[int], hidden: int
) -> None:
    found = compare([Group(f"group {size}", size, 1) for size in sizes])
    assert [line.group.people for line in found.lines] == (shown if len(shown) > 1 else [])
    assert found.hidden == hidden


# --- the file -----------------------------------------------------------------------------------------------


def test_a_file_is_read_by_address_or_id_whatever_their_case() -> None:
    known = {**PEOPLE, "opportunity-7": Person(7, True)}
    found = read(b"E-mail;Group\r\nADA@post.example;Women\r\nOpportunity-7; women\r\nlinus@post.example;Men\r\n", known)
    assert found.groups == [Group("Women", 2, 1), Group("Men", 1, 1)]
    assert (found.unknown, found.unreadable) == (0, [])


def test_without_names_of_columns_the_first_line_counts() -> None:
    assert read(b"ada@post.example,women", PEOPLE).counted == 1


def test_bad_lines_are_told_by_number() -> None:
    lines = [
        "id,group",
        "ada@post.example,women",
        "linus@post.example",
        "bo@post.example,",
        "",
        ",men",
        f"x,{'y' * 61}",
    ]
    found = read("\n".join(lines).encode(), PEOPLE)
    assert (found.unreadable, found.counted) == ([3, 4, 6, 7], 1)


def test_somebody_named_twice_counts_once_and_in_the_first_group() -> None:
    found = read(b"ada@post.example,women\nada@post.example,Women\nada@post.example,men\nx@y.example,men", PEOPLE)
    assert (found.counted, found.repeated, found.contradicted, found.unknown) == (1, 1, [3], 1)


@pytest.mark.parametrize(
    "content",
    [
        "ada@post.example,Frauen über 40".encode("cp1252"),
        "\ufeffada@post.example,Frauen über 40".encode(),
        "ada@post.example\tFrauen über 40".encode("utf-16"),
        "sep=;\r\nada@post.example;Frauen über 40".encode(),
    ],
)
def test_what_spreadsheets_write_is_read(content: bytes) -> None:
    assert read(content, PEOPLE).groups == [Group("Frauen über 40", 1, 0)]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b'"' * 1000, b'ada@post.example,"' + b"x" * 200_000, b"\xff\xfe\x00"]
)
def test_what_is_no_such_file_breaks_nothing(content: bytes) -> None:
    assert read(content, PEOPLE).counted == 0


def test_a_file_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impact_file, "MOST_LINES", 2)
    found = read(b"ada@post.example,a\nlinus@post.example,b\nbo@post.example,c", PEOPLE)
    assert (found.counted, found.is_too_long) == (2, True)
