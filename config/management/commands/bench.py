"""`manage.py bench`: what Vouch costs and how fast it is, each beside what it can be held against.

Everything runs on this machine, on a PostgreSQL of its own, and is gone at the end.
"""

import json
import os
import signal
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from config.bench import (
    calls,
    deliveries,
    drain,
    exporting,
    intake,
    latency,
    log_rows,
    memory,
    pages,
    prospecting,
    sending,
    visits,
)
from config.bench.figures import Figure, missed, table
from config.bench.ground import Ground
from config.demo import DemoFailed
from config.play import stopwatch
from tests import postgres
from tests.machine import POSTGRESQL

BENCHES: Mapping[str, Callable[[Ground], list[Figure]]] = {
    "intake": intake.measure,
    "latency": latency.measure,
    "calls": calls.measure,
    "pages": pages.measure,
    "deliveries": deliveries.measure,
    "drain": drain.measure,
    "memory": memory.measure,
    "sending": sending.measure,
    "export": exporting.measure,
}


class Command(BaseCommand):
    help = "Measures Vouch on this machine, each thing beside another; exit code 1 when a goal is missed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ", ".join(BENCHES)
        parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=f"one of {names}")
        parser.add_argument("--visit", nargs=2, type=int, metavar=("FEW", "MANY"), help="a step of the bench")
        parser.add_argument("--log", type=int, metavar="ROWS", help="a step of the bench")
        parser.add_argument("--prospects", metavar="JOBS", help="a step of the bench")
        parser.add_argument("--mails", action="store_true", help="a step of the bench")

    def handle(
        self,
        *args: Any,
        only: list[str] | None,
        visit: list[int] | None,
        log: int | None,
        mails: bool,
        prospects: str | None,
        **options: Any,
    ) -> None:
        if visit:
            self._tell(visits.visits(*visit))
        elif log:
            self._tell(log_rows.looks(log, iter(sys.stdin.readline, ""), os.environ["DATABASE_URL"]))
        elif prospects:
            self._tell(prospecting.fill(prospects))
        elif mails:
            for answer in sending.work(iter(sys.stdin.readline, "")):
                self.stdout.write(json.dumps(answer))
                self.stdout.flush()
        else:
            self._bench(only or list(BENCHES))

    def _tell(self, findings: Iterator[Any]) -> None:
        for found in findings:
            self.stdout.write(json.dumps(asdict(found)))
            self.stdout.flush()

    def _bench(self, names: list[str]) -> None:
        if not POSTGRESQL.is_here():
            raise CommandError(POSTGRESQL.missing())
        signal.signal(signal.SIGTERM, _interrupt)
        clock = stopwatch()

        def say(step: str) -> None:
            self.stdout.write(f"{clock():6.1f} s  {step}")
            self.stdout.flush()

        figures: list[Figure] = []
        try:
            for found in _measure(names, say):
                figures += found
        except DemoFailed as failure:
            raise CommandError(str(failure)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        finally:
            self.stdout.write(f"\n{table(figures)}\n")
        if short := missed(figures):
            raise CommandError(f"{len(short)} of {len(figures)} figures missed their goal.")


def _measure(names: list[str], say: Callable[[str], None]) -> Iterator[list[Figure]]:
    with (
        tempfile.TemporaryDirectory(prefix="vouch-bench-") as folder,
        postgres.running(postgres.DURABLE) as url,
        Ground(url, Path(folder), say) as ground,
    ):
        for name in names:
            yield BENCHES[name](ground)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
