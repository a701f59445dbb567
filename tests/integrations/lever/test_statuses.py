from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.lever.statuses import LONGEST_PREFIX, LONGEST_TAG, WORDS, is_ours, tag

PREFIXES = st.text(min_size=1, max_size=LONGEST_PREFIX * 2)


@pytest.mark.parametrize(
    ("expected", "status", "more"),
    [
        ("Vouch - Candidate submitted", "submitted", {}),
        ("Vouch - Overdue", "submitted", {"is_overdue": True}),
        ("Vouch - Awaiting references", "awaiting", {"asked": 3}),
        ("Vouch - References 1 of 3", "awaiting", {"answered": 1, "asked": 3}),
        ("Vouch - Overdue", "awaiting", {"answered": 1, "asked": 3, "is_overdue": True}),
        ("Vouch - Completed", "completed", {"answered": 3, "asked": 3}),
        ("Vouch - Completed", "completed", {"is_overdue": True}),
        ("Vouch - Completed (review)", "completed", {"needs_review": True}),
        ("Vouch - Canceled", "canceled", {"answered": 1, "asked": 3, "needs_review": True}),
        ("Vouch - Expired", "expired", {"is_overdue": True}),
        ("Vouch - ERROR (no template)", "error", {"error": "no template"}),
        ("Vouch - ERROR (no email)", "error", {"error": "no email"}),
        ("Vouch - ERROR", "error", {}),
    ],
)
def test_it_shows_where_a_check_stands(expected: str, status: str, more: dict[str, Any]) -> None:
    assert tag("Vouch", status, **more) == expected


def test_it_does_not_make_up_a_status() -> None:
    with pytest.raises(KeyError):
        tag("Vouch", "nearly done")


def test_a_long_reason_is_cut_within_its_brackets() -> None:
    found = tag("Vouch", "error", error="no template for any of the many tags of this posting")

    assert found == "Vouch - ERROR (no template for any of the many ta)"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Vouch - Completed", True),
        ("Vouch - anything", True),
        ("vouch - Completed", False),
        ("Vouch", False),
        ("Vouch -Completed", False),
        ("Vouch 2 - Completed", False),
        (" Vouch - Completed", False),
        ("Voucher - Completed", False),
    ],
)
def test_it_knows_its_own_tags(name: str, ours: bool) -> None:
    assert is_ours(name, "Vouch") is ours


@given(prefix=PREFIXES, status=st.sampled_from(sorted(WORDS)), error=st.text(), answered=st.integers(0, 99))
def test_every_tag_is_short_and_its_own(prefix: str, status: str, error: str, answered: int) -> None:
    found = tag(prefix, status, answered=answered, asked=99, error=error)

    assert len(found) <= LONGEST_TAG
    assert is_ours(found, prefix)
