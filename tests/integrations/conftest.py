"""A practice Lever over a real socket, and a connection to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.models import Connection
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY, World
from tests.factories import make_connection, make_template
from tests.integrations.walk import Walk


@pytest.fixture
def lever(settings: Any) -> Iterator[SandboxServer]:
    with SandboxServer(World.empty(), port=0) as server:
        settings.LEVER_API_URL = server.api_url
        settings.TAG_SETTLE_SECONDS = 0
        yield server


@pytest.fixture
def connection(lever: SandboxServer, db: None) -> Connection:
    """Connected, with one template: tag `deck-officer`, three references."""
    ruth = next(user for user in lever.world.users.values() if user.name == "Ruth Adeyemi")
    connection = make_connection(
        api_key=DEMO_API_KEY,
        stage_id=lever.world.stage_named(TRIGGER).id,
        stage_name=TRIGGER,
        perform_as_id=ruth.id,
    )
    make_template(connection.organization, name="Deck officers", ats_tag="deck-officer")
    return connection


@pytest.fixture
def marcus(lever: SandboxServer) -> Opportunity:
    """A candidate for Chief Officer, whose posting is tagged `deck-officer`, in the trigger stage."""
    posting = lever.world.posting_named("Chief Officer")
    return lever.world.add_person(
        "Marcus Webb",
        emails=["marcus.webb@post.example"],
        posting=posting.id,
        stage=lever.world.stage_named(TRIGGER).id,
    )


@pytest.fixture
def walk(lever: SandboxServer, db: None, settings: Any) -> Walk:
    """The managed way, with nobody on it yet."""
    settings.CONNECTION_MODE = "managed"
    return Walk()
