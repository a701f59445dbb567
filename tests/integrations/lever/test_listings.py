"""Listings: page after page, though they move meanwhile."""

import pytest

from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from tests.integrations.lever.fake import FakeLever


def page(*ids: str, offset: str | None = None) -> dict[str, object]:
    rest: dict[str, object] = {"hasNext": True, "next": offset} if offset else {"hasNext": False}
    return {"data": [{"id": each} for each in ids]} | rest


def test_it_asks_who_is_in_a_stage(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page("a"))

    assert [found.id for found in lever.opportunities_in_stage("lead-new", 1767225661234)] == ["a"]

    assert fake.last.query == [
        ("stage_id", "lead-new"),
        ("archived", "false"),
        ("expand", "applications"),
        ("limit", "100"),
        ("advanced_at_start", "1767225661234"),
    ]


def test_it_asks_for_confidential_ones_only_when_told_to(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page())

    list(lever.opportunities_in_stage("lead-new", with_confidential=True))

    assert ("confidentiality", "all") in fake.last.query


def test_it_hands_an_offset_back_as_it_came(fake: FakeLever, lever: Lever) -> None:
    offset = "%5B231.5%2C1565041333043%2C%22a%22%5D"
    fake.answers_with(page("a", offset=offset))
    fake.answers_with(page("b"))

    assert [found.id for found in lever.opportunities_in_stage("s")] == ["a", "b"]

    assert "offset=%255B231.5%252C1565041333043%252C%2522a%2522%255D" in fake.last.target
    assert ("offset", offset) in fake.last.query


def test_it_reads_the_next_page_only_when_it_is_wanted(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page("a", offset="next"))

    assert next(lever.opportunities_in_stage("s")).id == "a"

    assert len(fake.seen) == 1


def test_it_gives_an_opportunity_once_though_the_list_moved(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page("a", "b", offset="next"))
    fake.answers_with(page("b", "c"))

    assert [found.id for found in lever.opportunities_in_stage("s")] == ["a", "b", "c"]


def test_it_starts_over_when_its_place_in_the_list_is_lost(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page("a", offset="old"))
    fake.answers_with({"code": "BadRequest", "message": "Invalid offset token: old"}, 400)
    fake.answers_with(page("b", "a", offset="new"))
    fake.answers_with(page("c"))

    assert [found.id for found in lever.opportunities_in_stage("s")] == ["a", "b", "c"]
    assert "offset" not in dict(fake.seen[2].query)


def test_it_starts_over_only_once(fake: FakeLever, lever: Lever) -> None:
    for _time in range(2):
        fake.answers_with(page("a", offset="old"))
        fake.answers_with({"message": "Invalid offset token"}, 400)

    with pytest.raises(LeverError, match="Invalid offset token"):
        list(lever.opportunities_in_stage("s"))

    assert len(fake.seen) == 4


def test_it_does_not_start_over_for_another_error(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(page("a", offset="next"))
    fake.answers_with({"message": "Stage is malformed"}, 400)

    with pytest.raises(LeverError, match="malformed"):
        list(lever.opportunities_in_stage("s"))

    assert len(fake.seen) == 2


@pytest.mark.parametrize("offsets", [["a", "a"], ["a", "b", "a"]])
def test_it_leaves_a_listing_that_goes_in_circles(fake: FakeLever, lever: Lever, offsets: list[str]) -> None:
    for offset in offsets:
        fake.answers_with(page("x", offset=offset))

    with pytest.raises(LeverError) as raised:
        lever.notes("o")

    assert raised.value.kind is Kind.UNREADABLE


@pytest.mark.parametrize("rest", [{"next": None}, {"next": ""}, {"next": 5}, {}])
def test_a_next_page_that_cannot_be_asked_for_is_an_error(
    fake: FakeLever, lever: Lever, rest: dict[str, object]
) -> None:
    fake.answers_with({"data": [], "hasNext": True} | rest)

    with pytest.raises(LeverError) as raised:
        lever.notes("o")

    assert raised.value.kind is Kind.UNREADABLE


@pytest.mark.parametrize("answer", [{"data": []}, {"data": [], "hasNext": False, "next": "x"}, []])
def test_a_listing_may_come_without_its_envelope(fake: FakeLever, lever: Lever, answer: object) -> None:
    fake.answers_with(answer)

    assert lever.notes("o") == []
