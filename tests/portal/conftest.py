from collections.abc import Iterator
from typing import Any

import pytest

from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World as LeversWorld
from tests.integrations.walk import Walk
from tests.portal.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def managed(db: None, settings: Any) -> Iterator[Walk]:
    settings.CONNECTION_MODE = "managed"
    with SandboxServer(LeversWorld.empty(), port=0) as lever:
        settings.LEVER_API_URL = lever.api_url
        yield Walk()
