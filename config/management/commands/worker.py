"""The worker: django-q2's cluster under a watchdog.

The cluster cannot always help itself. When one of its processes is killed while it waits for work, the dead one
keeps the queue's lock and everybody waits for ever (django-q2 issues 23 and 339); a stop may hang (issue 346). So a
heartbeat goes through the real queue, and when none comes back the whole process group is killed and begun anew.
What the dead one was doing comes back by itself: every row of work has a lease.

Once a second the watchdog also looks whether a row's time has come, so that retries start when they are due and
not with the next minute's sweep.
"""

import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.management import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.tasks import async_task

from integrations.models import Heartbeat
from integrations.tasks import wake_all
from prospects.tasks import wake_export

log = structlog.get_logger(__name__)

QUEUE_IS_LONG = 50  # tasks; more wake-ups would only make it longer


class Command(BaseCommand):
    help = "Runs the queue's workers and restarts them when they are stuck."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beat", type=float, default=15, help="seconds between heartbeats")
        parser.add_argument("--dead-after", type=float, default=60, help="seconds without one before a restart")
        parser.add_argument("--grace", type=float, default=20, help="seconds to finish when asked to stop")

    def handle(self, *args: Any, beat: float, dead_after: float, grace: float, **options: Any) -> None:
        stop: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda got, frame: stop.append(got))
        cluster = Cluster(beat, dead_after)
        while not stop:
            close_old_connections()
            try:
                cluster.look_after()
                _wake()
            except DatabaseError:
                log.warning("database out of reach")
            time.sleep(1)
        cluster.end(grace)


def _wake() -> None:
    if get_broker().queue_size() < QUEUE_IS_LONG:
        wake_all()
        wake_export()


class Cluster:
    """`qcluster` as a child in a process group of its own."""

    def __init__(self, beat: float, dead_after: float) -> None:
        self.beat, self.dead_after = beat, dead_after
        self.child: subprocess.Popen[bytes] | None = None
        self.last_sent = 0.0
        self.started = timezone.now()

    def look_after(self) -> None:
        if self.child is None:
            self._begin()
        elif self.child.poll() is not None or self._is_stuck():
            log.warning("queue stopped or stuck: restarting", returncode=self.child.poll())
            self._kill()
            self._begin()
        if time.monotonic() - self.last_sent >= self.beat:
            async_task("config.tasks.beat")
            self.last_sent = time.monotonic()

    def end(self, grace: float) -> None:
        """Ask the leader to finish; never the group, whose members would die in the middle of their work."""
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(grace)
        except subprocess.TimeoutExpired:
            log.warning("queue did not stop in time: killed")
        self._kill()

    def _begin(self) -> None:
        command = [sys.executable, "manage.py", "qcluster"]
        self.child = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
        self.started = timezone.now()

    def _is_stuck(self) -> bool:
        seen = max(self.started, Heartbeat.last() or self.started)
        return timezone.now() - seen > timedelta(seconds=self.dead_after)

    def _kill(self) -> None:
        if self.child is None:
            return
        with suppress(ProcessLookupError):  # it ended with all its children
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self.child = None
