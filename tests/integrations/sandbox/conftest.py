"""A sandbox that listens, and its visitors."""

import threading
from collections.abc import Iterator

import pytest

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World
from tests.integrations.sandbox.visitors import Lever, Receiver, person


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    server = SandboxServer(World.demo())
    server.sender.retry_wait = 0.002
    with server:
        yield server


@pytest.fixture
def lever(sandbox: SandboxServer) -> Iterator[Lever]:
    client = Lever(sandbox)
    with client.session:
        yield client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.listener.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    yield receiver
    receiver.listener.shutdown()
    receiver.listener.server_close()
    thread.join()


@pytest.fixture
def marcus(sandbox: SandboxServer) -> Opportunity:
    return person(sandbox, "Marcus Webb")
