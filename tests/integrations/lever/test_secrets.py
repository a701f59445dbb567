"""What is told about calls, in which nobody gets to see the key."""

import logging
import socket
import traceback

import pytest

from integrations.lever.calls import Call
from integrations.lever.client import Lever
from integrations.lever.errors import LeverError
from tests.integrations.lever.fake import KEY, FakeLever, failing


def test_each_call_is_reported(fake: FakeLever) -> None:
    calls: list[Call] = []
    fake.answers_with({"data": []}, 403)

    with Lever(KEY, fake.url, on_call=calls.append) as lever, pytest.raises(LeverError):
        lever.add_tags("o1", ["a"], "u1")

    [call] = calls
    assert (call.method, call.path, call.status) == ("POST", "/v1/opportunities/o1/addTags", 403)
    assert 0 < call.milliseconds < 5_000


def test_a_call_without_an_answer_is_reported_too() -> None:
    calls: list[Call] = []
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}/v1"

    with Lever(KEY, url, on_call=calls.append) as lever:
        failing(lever)

    assert [call.status for call in calls] == [None]


def test_the_key_is_cut_out_of_what_lever_says(fake: FakeLever, lever: Lever) -> None:
    basic = "azN5LW9mLXRoZS1hY2NvdW50Ky89Og=="
    fake.answers_with({"message": f"No such key: {KEY} ({basic})"}, 401)

    assert failing(lever).message == "No such key: … (…)"


@pytest.mark.parametrize("status", [200, 301, 401, 429, 500])
def test_the_key_is_in_no_error_no_log_and_no_repr(
    fake: FakeLever, lever: Lever, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fake.answers_with(f"{KEY} <html>".encode(), status, Location=f"https://elsewhere.example/{KEY}")

    error = failing(lever)

    shown = "".join(traceback.format_exception(error)) + str(error) + repr(error) + repr(lever) + caplog.text
    assert KEY not in shown
    assert "127.0.0.1" in shown


def test_the_key_is_in_no_error_of_the_network() -> None:
    with Lever(KEY, "http://127.0.0.1:1/v1") as lever:
        error = failing(lever)

    assert error.__cause__ is None  # it would carry the request, and so the key
    assert KEY not in "".join(traceback.format_exception(error)) + repr(error)


def test_no_key_is_an_error_of_levers(fake: FakeLever) -> None:
    fake.answers_with({"message": "No key"}, 401)

    with Lever("", fake.url) as lever:
        assert failing(lever).message == "No key"
