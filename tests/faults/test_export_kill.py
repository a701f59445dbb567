"""kill -9 at twenty moments of an export: every prospect is in Lever exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as installation
from django.utils import timezone

from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from prospects.models import Errand, Prospect
from tests.faults.processes import family
from tests.integrations.conftest import connection, lever
from tests.prospects.people import make_prospect

__all__ = ["connection", "lever"]

pytestmark = pytest.mark.processes

PEOPLE = 100
KILLS = 20
LONGEST_LIFE = 1.8  # seconds from the first call: the threads of an export begin after one
PATIENCE = 60.0  # seconds for the end

# As the queue's own: a process that has read everything, and forks a worker for each line that it is given.
NURSERY = """
import os, sys, time, django
django.setup()
from django.db import connections
from prospects.tasks import export
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)
    else:
        while True:
            export()
            connections.close_all()
            time.sleep(0.05)
"""


class Nursery:
    """Workers, one at a time, each of them killed."""

    def __init__(self, lever: SandboxServer, environment: dict[str, str]) -> None:
        self.lever = lever
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY],
            cwd=installation.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self) -> int:
        assert self.process.stdin
        print("work", file=self.process.stdin, flush=True)
        return int(self._read())

    def end(self, worker: int) -> None:
        os.kill(worker, signal.SIGKILL)
        assert self._read() == "dead"

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def stop(self) -> None:
        for pid in family(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def nursery(lever: SandboxServer, database_url: str) -> Iterator[Nursery]:
    more = {"DATABASE_URL": database_url, "LEVER_API_URL": lever.api_url, "LEASE_SECONDS": "3"}
    nursery = Nursery(lever, {**os.environ, **more, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"})
    yield nursery
    nursery.stop()


@pytest.fixture
def prospects(connection: Connection, settings: Any) -> list[Prospect]:
    """All on one connection whose existing ones go."""
    since = timezone.now() + timedelta(hours=1)
    Connection.objects.update(exports_existing_prospects=True, exports_existing_since=since)
    return [make_prospect(connection) for _number in range(PEOPLE)]


def calls(lever: SandboxServer) -> int:
    return sum(lever.calls.as_json()["counts"].values())


def until(happened: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_an_export_that_is_killed_at_twenty_moments_ends_with_everybody_in_lever_once(
    lever: SandboxServer, nursery: Nursery, prospects: list[Prospect]
) -> None:
    chance = random.Random(11)
    for _number in range(KILLS):
        before, worker = calls(lever), nursery.begin()
        until(lambda before=before: calls(lever) > before)
        time.sleep(chance.uniform(0, LONGEST_LIFE) ** 2 / LONGEST_LIFE)
        nursery.end(worker)
        assert Errand.objects.waiting().exists(), "it was over before it was killed often enough"
    dead = Errand.objects.waiting().exclude(leased_until=None).count()

    worker = nursery.begin()
    until(lambda: not Errand.objects.waiting().exists())
    nursery.end(worker)

    assert dead  # somebody died over something
    there = list(lever.world.opportunities.values())
    assert Counter(each.contact.emails[0] for each in there) == {each.email: 1 for each in prospects}
    assert [len(each.notes) for each in there] == [1] * PEOPLE
    known = Prospect.objects.filter(state="exported").values_list("email", "opportunity_id")
    assert dict(known) == {each.contact.emails[0]: each.id for each in there}
