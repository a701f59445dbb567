"""Looks at each page with few rows and with many, in this very process: `manage.py bench --visit FEW MANY`."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from config.bench import equal
from config.bench.rows import Page, pages

FEW, MANY = 10, 200


@dataclass(frozen=True)
class Visit:
    """What a page took: queries, and the milliseconds of it and of the equal view, round by round."""

    page: str
    rows: int
    queries: int
    ours: list[float]
    equal: list[float]


def visits(few: int, many: int) -> Iterator[Visit]:
    """Every page twice, on the empty database of DATABASE_URL."""
    call_command("migrate", verbosity=0)
    with override_settings(ROOT_URLCONF="config.bench.equal", DEBUG=False):
        for rows in (few, many):
            for page in pages(rows):
                yield _visit(page, rows)


def _visit(page: Page, rows: int) -> Visit:
    equal.LINES[page.name] = _get(page).splitlines(keepends=True)
    beside = Page(page.name, f"/bench/equal/{page.name}/", page.client)
    _get(beside)
    with CaptureQueriesContext(connection) as captured:
        _get(page)
    queries = len(captured)  # the next request empties the log
    times = [(_milliseconds(page), _milliseconds(beside)) for _ in range(page.rounds)]
    return Visit(page.name, rows, queries, [ours for ours, _ in times], [theirs for _, theirs in times])


def _get(page: Page) -> str:
    response = page.client.get(page.address)
    if response.status_code != 200:
        raise RuntimeError(f"{page.name} answered {response.status_code}")
    return response.content.decode(errors="replace")  # a PDF is no text


def _milliseconds(page: Page) -> float:
    begun = time.perf_counter()
    _get(page)
    return 1000 * (time.perf_counter() - begun)
