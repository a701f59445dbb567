"""The log of deliveries and actions with a million rows against one with ten thousand, page by page, side by side."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median

from django.conf import settings

from config.bench.figures import Figure, Goal, ratio
from config.bench.ground import Ground
from config.bench.log_rows import Look
from config.demo import DemoFailed

FEW, MANY = 10_000, 1_000_000
ROUNDS = 7

Looks = dict[str, list[Look]]  # by page, round by round


class Side:
    """A log of so many rows on a database of its own, in a process of its own."""

    def __init__(self, rows: int, process: "subprocess.Popen[str]") -> None:
        self.rows, self._process = rows, process
        self.looks: Looks = defaultdict(list)

    def wait(self) -> None:
        """Until it has looked at all pages, or has been filled."""
        for line in self._process.stdout or ():
            look = Look(**json.loads(line))
            if not look.page:
                return
            self.looks[look.page].append(look)
        raise DemoFailed("The visits to the log ended before their time.")

    def look(self) -> None:
        """At every page once."""
        if self._process.stdin:
            self._process.stdin.write("again\n")
            self._process.stdin.flush()
        self.wait()


def measure(ground: Ground, few: int = FEW, many: int = MANY, rounds: int = ROUNDS) -> list[Figure]:
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(ground, rows)) for rows in (few, many)]
        for side in sides:
            ground.say(f"deliveries: writing {side.rows:,}")
            side.wait()
        ground.say("deliveries: looking at the pages of both, in turns")
        for _ in range(rounds):
            for side in sides:
                side.look()
    return figures(*sides)


@contextmanager
def _side(ground: Ground, rows: int) -> Iterator[Side]:
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": ground.database(f"log{rows}")}
    with subprocess.Popen(
        [sys.executable, "manage.py", "bench", "--log", str(rows)],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Side(rows, process)
        finally:
            process.terminate()


def figures(few: Side, many: Side) -> list[Figure]:
    changed = {name: _counts(name, few, many) for name in few.looks if len(set(_counts(name, few, many))) > 1}
    detail = ", ".join(f"{name} {counts}" for name, counts in changed.items())
    grown = Figure("deliveries", "pages whose queries grow with the rows", len(changed), "", Goal("exactly", 0), detail)
    return [*(_time(name, few, many) for name in few.looks), grown]


def _counts(name: str, *sides: Side) -> list[int]:
    return [side.looks[name][-1].queries for side in sides]


def _time(name: str, few: Side, many: Side) -> Figure:
    slower = ratio(*([look.milliseconds for look in side.looks[name]] for side in (many, few)))
    said = f"{name}: {many.rows:,} rows to {few.rows:,}"
    detail = f"{_beside(many.looks[name])} to {_beside(few.looks[name])}; {few.looks[name][-1].queries} queries"
    return Figure("deliveries", said, slower, "×", Goal("at most", 2), detail)


def _beside(looks: list[Look]) -> str:
    slowest = median(look.slowest for look in looks)
    return f"{median(look.milliseconds for look in looks):.0f} ms (slowest statement {slowest:.1f})"
