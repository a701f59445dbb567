"""What a delivery says."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.lever.webhooks import (
    Applied,
    Archived,
    Deleted,
    Envelope,
    Hired,
    NotJson,
    Ping,
    StageChanged,
    Unknown,
    event_of,
    is_signed_by,
    read,
    signature,
)
from tests.integrations.lever.fake import payload
from tests.integrations.lever.signed import AT, WEBHOOK_KEY, body, is_believed

OPPORTUNITY = "7f3b1c52-9f0e-4d58-a1c4-2f6d0f7e9a11"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"{",
        b"event=candidateHired",
        '{"event": "é"}'.encode("latin-1"),
        '{"event": "e"}'.encode("utf-16"),
        b"\xff\xfe",
        b"[" * 20_000,
        b"[" * 20_000 + b"]" * 20_000,
        b'{"data":' * 20_000 + b"{}" + b"}" * 20_000,
        b'{"event": "a"} trailing',
    ],
)
def test_what_is_not_json_is_said_to_be_so(content: bytes) -> None:
    with pytest.raises(NotJson):
        read(content)


@pytest.mark.parametrize("content", [b"[]", b'"x"', b"5", b"null", b"true", b"NaN", b"9" * 5_000, b"{}"])
def test_json_of_another_shape_can_never_be_signed(content: bytes) -> None:
    assert read(content) == Envelope("", "", None, "", {})
    assert not is_signed_by(read(content), [WEBHOOK_KEY])


@pytest.mark.parametrize(
    "extra",
    [
        '"odd": NaN, "odder": [Infinity, -Infinity, 1e999]',
        '"odd": ' + "9" * 5_000,
        '"odd": "\\ud800", "odder": "\\u0000"',
        '"odd": 1, "odd": 2',
        '"odd": ' + "[" * 100 + "]" * 100,
    ],
)
def test_odd_values_beside_the_signed_ones_do_no_harm(extra: str) -> None:
    content = body().replace(b"{", b"{" + extra.encode() + b", ", 1)

    assert is_believed(content)
    assert isinstance(event_of(read(content)), StageChanged)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert is_believed(b"\xef\xbb\xbf" + body())


def test_the_last_of_two_equal_names_counts() -> None:
    assert read(b'{"token": "a", "token": "b"}').token == "b"


@given(st.binary())
@example(b"\xed\xa0\x80")
def test_reading_raises_nothing_but_not_json(content: bytes) -> None:
    try:
        envelope = read(content)
    except NotJson:
        return
    assert not is_signed_by(envelope, [WEBHOOK_KEY])


@given(st.dictionaries(st.sampled_from(["event", "token", "triggeredAt", "signature", "data"]), JSON))
def test_no_json_breaks_the_door(envelope: dict[str, Any]) -> None:
    found = read(json.dumps(envelope).encode())

    assert not is_signed_by(found, [WEBHOOK_KEY, ""])
    event_of(found)


# Events

STAGE_CHANGED = StageChanged(OPPORTUNITY, "5f1d7c88-2a43-4b9e-9c05-71e8d3b6a4f2", "applicant-new")


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("candidateStageChange", STAGE_CHANGED),
        ("candidateHired", Hired(OPPORTUNITY)),
        ("candidateArchiveChange", Archived(OPPORTUNITY, "a9e4c7b2-6d08-4f51-83ac-2b7f9d1e5c40", None)),
        ("candidateDeleted", Deleted(OPPORTUNITY)),
        ("applicationCreated", Applied(OPPORTUNITY)),
        ("ping", Ping()),
    ],
)
def test_it_says_what_happened(name: str, event: object) -> None:
    signed = payload(name)
    signed["signature"] = signature(signed["token"], signed["triggeredAt"], WEBHOOK_KEY)

    envelope = read(json.dumps(signed).encode())

    assert is_signed_by(envelope, [WEBHOOK_KEY])
    assert event_of(envelope) == event


def test_it_reads_that_somebody_is_no_longer_archived() -> None:
    data: dict[str, object] = {
        "opportunityId": "o1",
        "fromArchived": {"reason": "r1", "archivedAt": AT},
        "toArchived": None,
    }

    assert event_of(replace(read(body()), event="candidateArchiveChange", data=data)) == Archived("o1", None, "r1")


def test_old_payloads_name_the_candidate_only() -> None:
    envelope = replace(read(body()), event="candidateHired", data={"candidateId": "c1"})

    assert event_of(envelope) == Hired("c1")


def test_the_opportunity_goes_before_the_candidate() -> None:
    envelope = replace(read(body()), data={"opportunityId": "o1", "candidateId": "c1"})

    assert event_of(envelope) == StageChanged("o1", None, None)


@pytest.mark.parametrize("odd", [None, "", 5, [], {}, "a\x00b", "\ud800"])
def test_an_event_about_nobody_is_unknown(odd: object) -> None:
    envelope = read(body(data={"opportunityId": odd, "contactId": "x"}))

    assert event_of(envelope) == Unknown("candidateStageChange")


@pytest.mark.parametrize("data", [{}, None, [], "x", 5])
@pytest.mark.parametrize("event", ["candidateHired", "interviewCreated", None])
def test_empty_data_is_a_test_from_lever(event: object, data: object) -> None:
    assert event_of(read(body(event=event, data=data))) == Ping()
