"""A practice Lever over a real socket, and a connection to it whose switches are on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from tests.integrations.conftest import connection, lever
from tests.prospects.people import Export

__all__ = ["connection", "lever"]


@pytest.fixture
def export(connection: Connection, lever: SandboxServer) -> Export:
    """Both switches are on since a day."""
    since = timezone.now() - timedelta(days=1)
    switches = {"exports_existing_prospects": True, "exports_new_prospects": True}
    Connection.objects.filter(pk=connection.pk).update(
        **switches, exports_existing_since=since, exports_new_since=since
    )
    connection.refresh_from_db()
    return Export(connection, lever)
