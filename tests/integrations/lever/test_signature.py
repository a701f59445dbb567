"""Who may be believed: the security rules."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.lever.webhooks import (
    Envelope,
    is_signed_by,
    read,
    signature,
)
from tests.integrations.lever.signed import AT, SIGNATURE, TOKEN, WEBHOOK_KEY, body, is_believed


def test_it_signs_as_lever_does() -> None:
    assert signature(TOKEN, AT, WEBHOOK_KEY) == SIGNATURE
    assert signature(TOKEN, str(AT), WEBHOOK_KEY) == SIGNATURE


def test_it_signs_token_and_time_without_anything_between() -> None:
    expected = hmac.new(b"key", b"token17", hashlib.sha256).hexdigest()

    assert signature("token", 17, "key") == expected


def test_it_believes_what_is_signed() -> None:
    assert is_believed(body())


def test_the_time_may_come_as_text() -> None:
    assert is_believed(body(triggeredAt=str(AT)))


def test_any_of_several_keys_will_do() -> None:
    assert is_believed(body(), "older", WEBHOOK_KEY)
    assert is_believed(body(), WEBHOOK_KEY, "newer")


@pytest.mark.parametrize(
    "keys",
    [["another"], [WEBHOOK_KEY.upper()], [WEBHOOK_KEY + " "], [bytes.fromhex(WEBHOOK_KEY).decode("latin-1")]],
)
def test_it_does_not_believe_another_key(keys: list[str]) -> None:
    assert not is_believed(body(), *keys)


def test_it_believes_nobody_without_keys() -> None:
    assert not is_signed_by(read(body()), [])


def test_an_empty_key_never_matches() -> None:
    signed_with_nothing = signature(TOKEN, AT, "")

    assert not is_believed(body(signature=signed_with_nothing), "")


def test_an_empty_token_never_matches() -> None:
    assert not is_believed(body(token="", signature=signature("", AT, WEBHOOK_KEY)))


@pytest.mark.parametrize("field", ["token", "triggeredAt", "signature"])
@pytest.mark.parametrize("value", [None, "", [], {}, True, False, 0, {"id": TOKEN}, [TOKEN]])
def test_what_is_signed_must_be_there(field: str, value: object) -> None:
    assert not is_believed(body(**{field: value}))


@pytest.mark.parametrize("field", ["token", "triggeredAt", "signature"])
def test_what_is_signed_must_not_be_missing(field: str) -> None:
    envelope = json.loads(body())
    del envelope[field]

    assert not is_believed(json.dumps(envelope).encode())


@pytest.mark.parametrize("at", ["", "AT", "None", None, "-1", "1e3", "1.0", " 5", "\u0665", "1_0", "9" * 30, -1])
def test_a_time_that_is_no_time_never_matches(at: object) -> None:
    assert not is_believed(body(triggeredAt=at, signature=signature(TOKEN, str(at), WEBHOOK_KEY)))


@pytest.mark.parametrize("at", [True, False, float(AT)])
def test_a_time_is_neither_a_truth_nor_a_fraction(at: float) -> None:
    for spelling in (str(at), str(int(at)), json.dumps(at)):
        assert not is_believed(body(triggeredAt=at, signature=signature(TOKEN, spelling, WEBHOOK_KEY)))


@pytest.mark.parametrize(
    "wrong",
    [
        SIGNATURE.upper(),
        SIGNATURE + " ",
        " " + SIGNATURE,
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE + "\x00",
        SIGNATURE + "\ud800",
        SIGNATURE[:-1] + "\uff18",
        "é" * 64,
    ],
)
def test_a_signature_is_compared_exactly(wrong: str) -> None:
    assert not is_believed(body(signature=wrong))


def test_a_signature_of_the_body_or_of_the_token_alone_is_not_levers() -> None:
    content = body(signature="")
    of_body = hmac.new(WEBHOOK_KEY.encode(), content, hashlib.sha256).hexdigest()

    assert not is_believed(body(signature=of_body))
    assert not is_believed(body(signature=signature(TOKEN, "", WEBHOOK_KEY)))


def test_a_token_with_something_unseen_in_it_is_another_token() -> None:
    assert not is_believed(body(token=TOKEN + "\x00"))


@given(place=st.integers(0, 63), letter=st.characters(exclude_categories=["Cs"]))
def test_no_changed_signature_is_believed(place: int, letter: str) -> None:
    changed = SIGNATURE[:place] + letter + SIGNATURE[place + 1 :]

    assert is_believed(body(signature=changed)) == (changed == SIGNATURE)


@given(token=st.text(min_size=1), at=st.integers(0, 10**14), key=st.text(min_size=1), other=st.text())
def test_only_its_own_key_opens_it(token: str, at: int, key: str, other: str) -> None:
    envelope = Envelope("candidateHired", token, at, signature(token, at, key), {})

    assert is_signed_by(envelope, [other, key])
    if other.rstrip("\x00") != key.rstrip("\x00"):  # HMAC itself fills short keys up with zeros
        assert not is_signed_by(envelope, [other])


@given(token=st.text() | st.just("\ud800"), signed=st.text() | st.just("\udfff"), keys=st.lists(st.text()))
def test_no_envelope_raises(token: str, signed: str, keys: list[str]) -> None:
    assert not is_signed_by(Envelope("", token, AT, signed, {}), keys)
