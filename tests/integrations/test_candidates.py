"""Who applies, as Lever tells it: what of that a check can use."""

from typing import Any

import pytest

from integrations.candidates import candidacy
from integrations.lever.objects import Opportunity


def phone(*values: Any) -> str:
    phones = [{"type": "mobile", "value": value} for value in values]
    return candidacy(Opportunity.from_json({"id": "1", "phones": phones}), None).candidate_phone


@pytest.mark.parametrize("written", ["+47 991 99 042", " +47 (991) 99-042", "0047 991 99 042", "+4799199042"])
def test_a_number_is_kept_as_it_is_dialled_from_anywhere(written: str) -> None:
    assert phone(written) == "+4799199042"


@pytest.mark.parametrize("written", ["991 99 042", "+47 1", "call me", "", None, 4799199042, "+" * 500])
def test_what_nobody_can_dial_is_no_number(written: Any) -> None:
    assert phone(written) == ""


def test_the_first_that_can_be_dialled_is_taken() -> None:
    assert phone("991 99 042", "+44 20 7946 0018", "+47 991 99 042") == "+442079460018"


def test_without_any_there_is_none() -> None:
    assert candidacy(Opportunity.from_json({"id": "1", "phones": None}), None).candidate_phone == ""
