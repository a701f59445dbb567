"""Lever's answers as recorded, as documented, and with anything missing."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.lever.objects import (
    Application,
    ArchiveReason,
    NoId,
    Note,
    Opportunity,
    Person,
    Posting,
    Stage,
)
from integrations.lever.reading import LAST_MILLISECOND
from tests.integrations.lever.fake import payload

OWNER = "3a8e5b10-6c7d-4e29-b0f1-94d2c6a8e753"
MANAGER = "c4d90e6b-8b12-47f3-a5e8-0d7f3b9c1a26"
REFERENCE_CHECK = "5f1d7c88-2a43-4b9e-9c05-71e8d3b6a4f2"

NOTE = {
    "id": "n1",
    "text": "Note",
    "fields": [{"type": "note", "text": "Comment", "value": "Vouch check 5", "user": None, "createdAt": 1}],
    "user": OWNER,
    "secret": False,
    "noteId": "n1",
}
REASON = {"id": "r1", "text": "Hired", "status": "active", "type": "hired"}

WHOLE: list[tuple[Callable[[object], Any], Any]] = [
    (Opportunity.from_json, payload("opportunity")["data"]),
    (Opportunity.from_json, payload("opportunity_expanded")["data"]),
    (Application.from_json, payload("opportunity_expanded")["data"]["applications"][0]),
    (Posting.from_json, payload("posting")["data"]),
    (Posting.from_json, payload("posting_nulls")["data"]),
    (Person.from_json, payload("users")["data"][0]),
    (Stage.from_json, payload("stages")["data"][0]),
    (ArchiveReason.from_json, REASON),
    (Note.from_json, NOTE),
]

ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, "", 0, -1, 1.5, True, [], [None], [[]], {}, {"id": None}, "x\x00\ud800", 10**30]
)


def opportunity(**fields: object) -> Opportunity:
    return Opportunity.from_json(payload("opportunity_expanded")["data"] | fields)


def test_it_reads_a_recorded_opportunity() -> None:
    found = opportunity()

    assert found.contact_id == "0c9d5e7a-31b4-4a02-8f6e-5b1d7c2e4f90"
    assert (found.name, found.emails) == ("Mara Lindqvist", ("mara.lindqvist@example.org",))
    assert found.phones == ("+46 70 555 01 23",)
    assert "Full-time" in found.tags
    assert (found.stage_id, found.stage_entered_at_ms) == (REFERENCE_CHECK, 1767225661200)
    assert (found.is_archived, found.archive_reason_id, found.may_contact) == (False, None, True)
    assert found.owner == Person(OWNER, "Ines Cabral", "ines.cabral@example.com", "super admin", True)
    assert found.url.endswith(found.id)


def test_it_reads_the_application() -> None:
    assert opportunity().application == Application(
        id="96f2d8c1-7e45-4b0a-b3d6-1c8e5f0a7d94",
        posting_id="e1b7a3d4-5c60-4f98-8d2b-6a9c0e4f7b35",
        posting_owner_id=OWNER,
        hiring_manager_id=MANAGER,
        created_at_ms=1767139200700,
        is_archived=False,
    )


def test_what_is_not_expanded_is_known_by_its_id() -> None:
    found = Opportunity.from_json(payload("opportunity")["data"])

    assert found.owner == Person(OWNER, "", "", "", True)
    assert found.application is not None
    assert found.application.id == "96f2d8c1-7e45-4b0a-b3d6-1c8e5f0a7d94"


def test_what_is_expanded_may_be_more_than_was_asked_for() -> None:
    found = opportunity(stage={"id": "offer", "text": "Offer"}, contact={"id": "c1", "name": "Mara"})

    assert (found.stage_id, found.contact_id) == ("offer", "c1")


def test_an_id_is_enough() -> None:
    assert Opportunity.from_json("o1") == Opportunity.from_json({"id": "o1"})


@pytest.mark.parametrize(
    "fields",
    [
        {"archived": {"reason": "r1", "archivedAt": 1767225661234}},
        {"archived": None, "archiveReason": "r1", "archivedAt": 1767225661234},
        {"archived": {"reason": {"id": "r1", "text": "Hired"}}},
    ],
)
def test_it_knows_why_it_was_archived(fields: dict[str, object]) -> None:
    found = opportunity(**fields)

    assert (found.is_archived, found.archive_reason_id) == (True, "r1")


def test_it_may_be_archived_without_a_reason() -> None:
    found = opportunity(archived={"reason": "", "archivedAt": "1767225661234"})

    assert (found.is_archived, found.archive_reason_id) == (True, None)


def test_it_came_to_its_stage_at_the_last_change_to_it() -> None:
    changes = [
        {"toStageId": "offer", "updatedAt": 10},
        {"toStageId": "lead-new", "updatedAt": 20},
        {"toStageId": "offer", "updatedAt": 30},
        {"toStageId": "lead-new", "updatedAt": 40},
    ]

    assert opportunity(stage="offer", stageChanges=changes).stage_entered_at_ms == 30


@pytest.mark.parametrize("changes", [None, [], [{"toStageId": "offer"}], [None, {"updatedAt": 7}], "x"])
def test_without_a_history_it_came_when_it_last_advanced(changes: object) -> None:
    found = opportunity(stage="offer", stageChanges=changes, lastAdvancedAt=5)

    assert found.stage_entered_at_ms == 5


def test_without_a_stage_it_came_when_it_last_advanced() -> None:
    assert opportunity(stage=None, stageChanges=[{"updatedAt": 7}], lastAdvancedAt=5).stage_entered_at_ms == 5


@pytest.mark.parametrize(
    ("protection", "may_contact"),
    [
        ({"contact": {"allowed": False, "expiresAt": None}}, False),
        ({"contact": {"allowed": True}}, True),
        ({"contact": {"allowed": None}}, True),
        ({"contact": None, "store": {"allowed": False}}, True),
        ({}, True),
        (None, True),
    ],
)
def test_only_a_clear_no_forbids_contact(protection: object, may_contact: bool) -> None:
    assert opportunity(dataProtection=protection).may_contact is may_contact


def test_mobile_numbers_come_first_and_what_is_no_number_is_left_out() -> None:
    phones = [{"type": None, "value": "1"}, {"value": None}, None, "2", {"type": "Mobile", "value": "3"}, {}]

    assert opportunity(phones=phones).phones == ("3", "1")


def test_it_prefers_the_application_that_is_not_archived() -> None:
    archived = {"id": "a1", "archived": {"reason": "r1", "archivedAt": 5}}

    found = opportunity(applications=[archived, None, {"posting": "p"}, {"id": "a2"}, {"id": "a3"}])

    assert found.application is not None
    assert found.application.id == "a2"


def test_somebody_may_have_no_application() -> None:
    assert opportunity(applications=[]).application is None


def test_an_application_may_have_its_older_names() -> None:
    found = Application.from_json({"id": "a1", "ownerId": "u1", "hiringManager": "u2"})

    assert (found.posting_owner_id, found.hiring_manager_id) == ("u1", "u2")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/candidates/1", 5, None, ""])
def test_a_link_is_a_web_address(url: object) -> None:
    assert opportunity(urls={"show": url}).url == ""


def test_text_that_no_database_keeps_is_mended() -> None:
    found = opportunity(name="Ma\x00ra \ud800", tags=["a\x00", "\x00", None, 5, ""])

    assert (found.name, found.tags) == ("Mara ?", ("a",))


@pytest.mark.parametrize("time", [True, -1, 1.5, "soon", "", None, LAST_MILLISECOND + 1, "9" * 5_000])
def test_a_time_out_of_this_world_is_none(time: object) -> None:
    assert Application.from_json({"id": "a1", "createdAt": time}).created_at_ms is None


def test_a_time_may_come_as_text() -> None:
    assert Application.from_json({"id": "a1", "createdAt": "1767225661234"}).created_at_ms == 1767225661234


def test_it_reads_a_posting() -> None:
    found = Posting.from_json(payload("posting")["data"])

    assert (found.title, found.state) == ("Data Engineer", "published")
    assert found.tags == ("engineering", "hybrid-2026")
    assert (found.owner_id, found.hiring_manager_id) == (OWNER, MANAGER)
    assert found.url.startswith("https://jobs.lever.co/")


def test_it_reads_a_draft_in_which_nearly_everything_is_null() -> None:
    found = Posting.from_json(payload("posting_nulls")["data"])

    assert (found.title, found.state, found.url) == ("Untitled draft", "draft", "")
    assert (found.tags, found.owner_id, found.hiring_manager_id) == ((), None, None)


def test_a_posting_may_have_its_people_expanded() -> None:
    found = Posting.from_json({"id": "p1", "owner": {"id": "u1"}, "hiringManager": {"id": "u2", "name": "T"}})

    assert (found.owner_id, found.hiring_manager_id) == ("u1", "u2")


def test_a_deactivated_person_is_not_active() -> None:
    assert [Person.from_json(user).is_active for user in payload("users")["data"]] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(("kind", "is_hired"), [("hired", True), ("non-hired", False), (None, False)])
def test_a_hire_is_a_type_of_archive_reason(kind: object, is_hired: bool) -> None:
    assert ArchiveReason.from_json(REASON | {"type": kind}).is_hired is is_hired


def test_an_archive_reason_may_be_out_of_use() -> None:
    assert not ArchiveReason.from_json(REASON | {"status": "inactive"}).is_active


def test_a_note_may_have_its_older_id() -> None:
    assert Note.from_json({"noteId": "n1"}) == Note("n1", "")
    assert Note.from_json(NOTE) == Note("n1", "Vouch check 5")


@pytest.mark.parametrize("without", [None, "", 5, [], {}, {"id": None}, {"id": ""}, {"id": 5}, {"id": "\x00"}])
@pytest.mark.parametrize("from_json", {from_json for from_json, _ in WHOLE}, ids=str)
def test_everything_has_an_id(from_json: Callable[[object], Any], without: object) -> None:
    with pytest.raises(NoId):
        from_json(without)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every field, however deep."""
    inner = dict(enumerate(value)) if isinstance(value, list) else value if isinstance(value, dict) else {}
    here = [(*path, key) for key in inner]
    return here + [deeper for key, each in inner.items() for deeper in places(each, (*path, key))]


@given(data=st.data(), case=st.sampled_from(WHOLE))
def test_any_field_but_the_id_may_be_anything_or_missing(
    data: st.DataObject, case: tuple[Callable[[object], Any], Any]
) -> None:
    from_json, whole = case
    value = copy.deepcopy(whole)
    *way, last = data.draw(st.sampled_from([place for place in places(whole) if place != ("id",)]))
    holder = value
    for step in way:
        holder = holder[step]
    if data.draw(st.booleans()):
        holder[last] = data.draw(ODD)
    else:
        del holder[last]

    assert from_json(value).id == whole["id"]
