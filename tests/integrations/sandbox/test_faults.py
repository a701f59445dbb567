import time

import pytest
import requests

from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from tests.integrations.sandbox.visitors import Lever


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_the_next_calls_answer_a_status(sandbox: SandboxServer, lever: Lever, status: int) -> None:
    sandbox.faults.add(Fault("status", times=2, status=status))
    assert [lever.get("/stages").status_code for _ in range(3)] == [status, status, 200]


def test_a_fault_waits_for_its_path_and_method(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.faults.add(Fault("status", path="/notes$", method="POST"))
    assert lever.get(f"/opportunities/{marcus.id}/notes").status_code == 200
    assert lever.post(f"/opportunities/{marcus.id}/notes", {"value": "x"}).status_code == 500
    assert lever.post(f"/opportunities/{marcus.id}/notes", {"value": "x"}).status_code == 201


def test_a_fault_may_let_some_pass_first(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("status", path="/stages", skip=2))
    assert [lever.get("/stages").status_code for _ in range(4)] == [200, 200, 500, 200]


def test_a_status_can_name_a_time_to_come_back(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("status", status=429, retry_after=2))
    assert lever.get("/stages").headers["Retry-After"] == "2"


def test_a_cut_connection_has_written_nothing(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.faults.add(Fault("reset"))
    with pytest.raises(requests.ConnectionError):
        lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["x"]})
    assert marcus.own_tags == []
    assert sandbox.calls.last(1)[0].status == 0


def test_an_answer_can_be_lost_after_the_write(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.faults.add(Fault("reset", after=True))
    with pytest.raises(requests.ConnectionError):
        lever.post(f"/opportunities/{marcus.id}/notes", {"value": "written all the same"})
    assert marcus.notes[-1].value == "written all the same"


def test_an_error_can_come_after_the_write(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.faults.add(Fault("status", status=503, after=True))
    assert lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["x"]}).status_code == 503
    assert marcus.own_tags == ["x"]


def test_a_call_can_hang(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("hang", seconds=0.1))
    started = time.monotonic()
    assert lever.get("/stages").status_code == 200
    assert time.monotonic() - started >= 0.1


def test_a_write_may_be_done_while_its_caller_has_given_up(
    sandbox: SandboxServer, lever: Lever, marcus: Opportunity
) -> None:
    sandbox.faults.add(Fault("hang", seconds=0.6, after=True))
    with pytest.raises(requests.ReadTimeout):
        lever.session.post(
            f"{lever.root}/opportunities/{marcus.id}/addTags?perform_as={marcus.owner}",
            json={"tags": ["x"]},
            timeout=0.3,
        )
    assert marcus.own_tags == ["x"]


def test_a_page_of_some_proxy_can_come_instead(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("html"))
    answer = lever.get("/stages")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_json_can_end_too_early(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("truncated"))
    answer = lever.get("/stages")
    assert answer.status_code == 200
    assert answer.text.startswith('{"data"')
    with pytest.raises(ValueError, match=r"delimiter|Unterminated|Expecting"):
        answer.json()


def test_an_unknown_kind_of_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="earthquake is no kind of fault"):
        Fault("earthquake")
