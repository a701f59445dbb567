"""Telephone numbers, however people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.phones import as_read, e164


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+44 20 7183 8750", "+442071838750"),
        (" +44 (0)20 7183-8750 ", "+442071838750"),
        ("0044 20 7183 8750", "+442071838750"),
        ("+49 30 901820", "+4930901820"),
        ("\uff0b\uff14\uff1420\u00a07183\u20118750", "+442071838750"),
        ("+39 06 698 82019", "+390669882019"),
        ("+٤٤ ٢٠ ٧١٨٣ ٨٧٥٠", "+442071838750"),
    ],
)
def test_a_number_is_brought_into_one_form(written: str, number: str) -> None:
    assert e164(written) == number


def test_a_number_is_shown_in_groups_and_what_is_none_as_it_is() -> None:
    assert [as_read(one) for one in ("+442071838750", "7183", "")] == ["+44 20 7183 8750", "7183", ""]


def test_a_number_without_a_country_needs_one_said() -> None:
    assert e164("020 7183 8750", "GB") == "+442071838750"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("020 7183 8750", "Begin the number with"),
        ("7183 8750", "Begin the number with"),
        ("", "Begin the number with"),
        ("bao@solent.example", "Begin the number with"),
        ("+999 123 4567", "No country has this code"),
        ("+44 20", "There is no such number|This is no telephone number"),
        ("+44 20 7183 87501234567", "There is no such number|This is no telephone number"),
        ("+44 20 7183 8750 ext. 12", "Leave the extension out"),
        ("+", "This is no telephone number|No country"),
        ("+44 20 7183 8750, +44 20 7183 8751", "There is no such number|This is no telephone number"),
        ("+" + "4" * 400, "This is no telephone number"),
    ],
)
def test_what_is_wrong_is_said_in_words(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        e164(written)


@given(st.one_of(st.text(), st.from_regex(r"\+?[\d ()./-]{0,20}\n?", fullmatch=True)))
def test_anything_is_a_number_in_its_one_form_or_refused_in_a_sentence(written: str) -> None:
    found = one_form_or_sentence(written)
    if found.startswith("+"):
        assert found[1:].isascii()
        assert found[1:].isdecimal()
        assert len(found) <= 16
        assert e164(found) == found
    else:
        assert found.endswith((".", "?"))


def one_form_or_sentence(written: str) -> str:
    try:
        return e164(written)
    except ValueError as fault:
        return str(fault)
