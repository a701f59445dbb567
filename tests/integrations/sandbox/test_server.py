import http.client
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY, World
from tests.integrations.sandbox.visitors import Lever, ask

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"


def test_it_can_go_away_and_come_back_with_its_memory(
    sandbox: SandboxServer, lever: Lever, marcus: Opportunity
) -> None:
    lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["kept"]})
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        lever.get("/stages")
    sandbox.start()
    assert "kept" in lever.get(f"/opportunities/{marcus.id}").json()["data"]["tags"]


def test_a_connection_serves_many_calls(sandbox: SandboxServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]), timeout=30)
    for method in ("GET", "POST", "HEAD", "GET"):
        connection.request(method, "/v1/stages", body="{}" if method == "POST" else None)
        assert connection.getresponse().read() is not None
        socket = connection.sock
        assert socket is not None
    connection.close()
    assert len(sandbox.calls.last()) == 4


def test_an_empty_world_has_stages_and_users_and_nobody_else() -> None:
    world = World.empty()
    assert world.opportunities == {}
    assert len(world.stages) == 10
    assert len(world.users) == 6


def test_many_threads_change_one_person_without_losing_a_tag(sandbox: SandboxServer, marcus: Opportunity) -> None:
    sandbox.sandbox.burst = sandbox.sandbox.rate = 1000.0

    def tag(number: int) -> None:
        with Lever(sandbox).session as session:
            url = f"{sandbox.api_url}/opportunities/{marcus.id}/addTags?perform_as={marcus.owner}"
            for part in range(5):
                session.post(url, json={"tags": [f"{number}-{part}"]}, timeout=30).raise_for_status()

    threads = [threading.Thread(target=tag, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(marcus.own_tags) == 40


@pytest.mark.processes
def test_the_command_prints_where_it_listens_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, MANAGE, "sandbox", "--port", "0", "--mail-dir", tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DEBUG": "1"},
        # Whoever runs the tests in the background may have switched Ctrl-C off for all that they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().split() for _ in range(4)]
        address, key = lines[0][-1], lines[2][-1]
        assert requests.get(address, timeout=30).status_code == 200
        assert key == DEMO_API_KEY
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_page_asked_for_its_head_alone_sends_no_body(sandbox: SandboxServer) -> None:
    answer = ask(sandbox, "HEAD", "/")
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 1000
