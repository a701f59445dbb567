"""Fields in braces: which there are, what a wrong one is told, and that a value is only ever text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.merging import FIELDS, fields_of, fill, problem

KNOWN = ("candidate", "company", "link")


def test_a_field_gives_its_value() -> None:
    assert fill("Dear {candidate}, from {company}", {"candidate": "Nia", "company": "Mole"}) == "Dear Nia, from Mole"


def test_what_looks_like_a_field_in_a_value_is_not_filled_in() -> None:
    assert fill("{candidate}", {"candidate": "{company}", "company": "Mole"}) == "{company}"


def test_what_is_no_field_stays_as_it_was_written() -> None:
    assert fill("{} {nobody} {a{b}} 100% %s", {"a": "x"}) == "{} {nobody} {a{b}} 100% %s"


def test_a_text_names_each_field_once_in_its_order() -> None:
    assert fields_of("{link} {candidate} {link}") == ["link", "candidate"]


def test_there_is_no_problem_with_known_fields() -> None:
    assert problem("{candidate} {link}", KNOWN) == ""


@pytest.mark.parametrize("wrong", ["candidat", "Candidate", " candidate "])
def test_a_slip_is_told_what_was_meant(wrong: str) -> None:
    found = problem(f"Dear {{{wrong}}}", KNOWN)
    assert f"{{{wrong}}} is no field here" in found
    assert "Did you mean {candidate}?" in found


def test_a_strange_field_is_told_the_right_ones() -> None:
    assert problem("{salary}", KNOWN) == "{salary} is no field here. There are: {candidate}, {company}, {link}."


@given(st.text(), st.dictionaries(st.sampled_from(list(FIELDS)), st.text()))
def test_filling_in_never_fails(text: str, values: dict[str, str]) -> None:
    filled = fill(text, values)
    assert filled == text or fields_of(text)
