"""Queries and time of each page, with few rows and with many, against a view that only shows as much text."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from statistics import median

from django.conf import settings

from config.bench.figures import Figure, Goal, ratio
from config.bench.ground import Ground
from config.bench.visits import FEW, MANY, Visit
from config.demo import DemoFailed


def measure(ground: Ground, few: int = FEW, many: int = MANY) -> list[Figure]:
    found: dict[str, list[Visit]] = defaultdict(list)
    for visit in _visits(ground, few, many):
        ground.say(f"pages: {visit.page}, {visit.rows} rows")
        found[visit.page].append(visit)
    pairs = [(small, large) for small, large in found.values()]
    return [*(_time(*pair) for pair in pairs), _queries(pairs)]


def _visits(ground: Ground, few: int, many: int) -> Iterator[Visit]:
    """From a process of its own: a process knows one database, and that one knows the bench's."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": ground.database("pages")}
    with subprocess.Popen(
        [sys.executable, "manage.py", "bench", "--visit", str(few), str(many)],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield from (Visit(**json.loads(line)) for line in process.stdout or ())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise DemoFailed("The visits to the pages ended before their time.")


def _time(few: Visit, many: Visit) -> Figure:
    """Of the page with few rows, as most people see it; the other is told beside it."""
    name = f"{few.page}: time, against a view of equal size"
    return Figure("pages", name, ratio(few.ours, few.equal), detail=f"{_beside(few)}; {_beside(many)}")


def _beside(visit: Visit) -> str:
    return f"{median(visit.ours):.0f} ms to {median(visit.equal):.1f} ms with {visit.rows} rows"


def _queries(pairs: list[tuple[Visit, Visit]]) -> Figure:
    changed = [pair for pair in pairs if pair[0].queries != pair[1].queries]
    counts = ", ".join(f"{few.page} {few.queries}" for few, _many in pairs)
    detail = ", ".join(f"{few.page} {few.queries} to {many.queries}" for few, many in changed) or counts
    return Figure("pages", "pages whose queries grow with the rows", len(changed), "", Goal("exactly", 0), detail)
