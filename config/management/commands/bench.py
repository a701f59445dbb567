"""`manage.py bench`: what Vouch costs and how fast it is, each beside what it can be held against.

Everything runs on this machine, on a PostgreSQL of its own, and is gone at the end.
"""

import signal
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from config.bench import calls, drain, intake, latency, memory
from config.bench.figures import Figure, missed, table
from config.bench.ground import Ground
from config.demo import DemoFailed
from config.play import stopwatch
from tests import postgres

BENCHES: Mapping[str, Callable[[Ground], list[Figure]]] = {
    "intake": intake.measure,
    "latency": latency.measure,
    "calls": calls.measure,
    "drain": drain.measure,
    "memory": memory.measure,
}


class Command(BaseCommand):
    help = "Measures Vouch on this machine; exit code 1 when a goal is missed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=BENCHES, metavar="NAME", help=f"one of {', '.join(BENCHES)}")

    def handle(self, *args: Any, only: str | None, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _interrupt)
        clock = stopwatch()

        def say(step: str) -> None:
            self.stdout.write(f"{clock():6.1f} s  {step}")
            self.stdout.flush()

        try:
            figures = _measure([only] if only else list(BENCHES), say)
        except DemoFailed as failure:
            raise CommandError(str(failure)) from None
        self.stdout.write(f"\n{table(figures)}\n")
        if short := missed(figures):
            raise CommandError(f"{len(short)} of {len(figures)} figures missed their goal.")


def _measure(names: list[str], say: Callable[[str], None]) -> list[Figure]:
    with (
        tempfile.TemporaryDirectory(prefix="vouch-bench-") as folder,
        postgres.running(postgres.DURABLE) as url,
        Ground(url, Path(folder), say) as ground,
    ):
        return [figure for name in names for figure in BENCHES[name](ground)]


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
