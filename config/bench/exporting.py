"""Prospects on their way into Lever, by four workers on one key, and for several organizations side by side.

Lever's 10 calls a second would make thousands of prospects last for an hour. So the practice Lever allows, and the
workers expect, so many times as much (`haste`); what is measured is how much of the limit is used, whatever it is.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count, groupby
from typing import Any, LiteralString

import psycopg
import requests

from config.bench.figures import Figure, Goal
from config.bench.ground import PRODUCTION, Ground, tell_lever
from config.bench.memory import largest
from config.bench.prospecting import Job, address
from config.demo import Demo, DemoFailed
from tests.faults.processes import family

RATE, BURST = 10, 20  # calls a second, and at once after a rest: what Lever allows
WORKERS = 4  # `manage.py worker`: of each one process exports, whatever else its others do
PROCESSES = 6  # of each: watchdog, queue, and what the queue has begun when all of it works
KNOWN = 10  # one in so many is in Lever already
PATIENCE = 300.0  # seconds
SWITCH_ON: LiteralString = """
UPDATE integrations_connection SET exports_existing_prospects = true, exports_existing_since = now() WHERE id = ANY(%s)
"""
LEFT: LiteralString = "SELECT 1 FROM prospects_errand WHERE state = 'waiting' AND connection_id = ANY(%s) LIMIT 1"


@dataclass(frozen=True)
class Plan:
    """Organizations, the prospects of each, and how many times Lever's own the limit of each is."""

    organizations: int
    prospects: int
    haste: float

    @property
    def rate(self) -> float:
        return RATE * self.haste


@dataclass(frozen=True)
class Run:
    """What came of a plan. `tallies`: by key, as the practice Lever counted; `memory`: MiB of the largest process."""

    plan: Plan
    tallies: list[dict[str, Any]]
    memory: list[float]
    astray: int  # prospects that are not in Lever exactly once

    def seconds(self) -> list[float]:
        """From the first call to the last one, for each organization."""
        return [(tally["last"] - tally["first"]) / 1000 for tally in self.tallies]

    def least(self) -> list[float]:
        """What the limit makes it last."""
        return [(tally["calls"] - BURST) / self.plan.rate for tally in self.tallies]


# What a machine with two processors carries beside all that it has to play, and what ends within a minute. 10,000
# prospects would last eight minutes so, and at Lever's own pace three quarters of an hour.
ALONE = Plan(1, 1250, 6)
SIDES = (Plan(1, 200, 2), Plan(3, 200, 2))
NUMBERS = count(1000)  # keys differ in their last four characters, by which the practice Lever tells them apart
LOOKED, MADE = "GET v1/opportunities", "POST v1/opportunities"


def measure(ground: Ground, alone: Plan = ALONE, sides: Sequence[Plan] = SIDES, workers: int = WORKERS) -> list[Figure]:
    runs: list[Run] = []
    with _site(ground) as site:
        filled = _fill(ground, site, [alone, *sides])
        for haste, plans in groupby(filled, lambda each: each[0].haste):
            with _workers(site, workers, haste):
                runs += [_run(ground, site, plan, connections) for plan, connections in plans]
    run, one, several = runs
    return [*figures(run), beside(one, several)]


@contextmanager
def _site(ground: Ground) -> Iterator[Demo]:
    """A database and a practice Lever: nobody visits pages or reads mail."""
    more = {**PRODUCTION, "DATABASE_URL": ground.database("export"), "BENCH_HASTE": "1"}
    more |= {"DJANGO_SETTINGS_MODULE": "config.bench.haste_settings", "LOG_LEVEL": "WARNING"}
    folder = ground.folder / "export"
    folder.mkdir()
    site = Demo(folder, lambda step: None, settle=10, workers=0, ports=(0, 0, 0), more=more)
    try:
        site.manage("migrate", "--verbosity", "0")
        site.start_lever()
        site.wait_for("practice Lever", f"{site.lever}/sandbox/calls")
        yield site
    finally:
        site.stop()


@contextmanager
def _workers(site: Demo, workers: int, haste: float) -> Iterator[None]:
    names = [f"worker-{each}" for each in range(workers)]
    site.environment["BENCH_HASTE"] = str(haste)
    for each in range(workers):
        site.start_worker(each)
    site.until("all workers have begun", lambda: all(len(family(pid)) >= PROCESSES for pid in _pids(site)))
    yield
    for worker in [site.processes.pop(name) for name in names]:
        worker.terminate()
        worker.wait(PATIENCE)


def _pids(site: Demo) -> list[int]:
    return [process.pid for name, process in site.processes.items() if name.startswith("worker")]


def _fill(ground: Ground, site: Demo, plans: Sequence[Plan]) -> list[tuple[Plan, dict[str, int]]]:
    """Every plan with its connections by their keys; nobody's switch is on yet."""
    ground.say("export: writing the prospects")
    jobs = [Job([f"bench-{next(NUMBERS)}" for _ in range(plan.organizations)], plan.prospects) for plan in plans]
    answer = site.manage("bench", "--prospects", json.dumps([asdict(job) for job in jobs]))
    found = {each["key"]: each["connection"] for each in map(json.loads, answer.splitlines())}
    return [(plan, {key: found[key] for key in job.keys}) for plan, job in zip(plans, jobs, strict=True)]


def _run(ground: Ground, site: Demo, plan: Plan, connections: Mapping[str, int]) -> Run:
    ground.say(f"export: {plan.organizations} × {plan.prospects:,} prospects, {plan.rate:.0f} calls a second each")
    _open(site, plan, connections)
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as database:
        database.execute(SWITCH_ON, [list(connections.values())])
        memory = list(_until_done(site, database, connections.values()))
    told = requests.get(f"{site.lever}/sandbox/calls", timeout=10).json()["keys"]
    return Run(plan, [told[key[-4:]] for key in connections], memory, _astray(site, plan, connections))


def _open(site: Demo, plan: Plan, keys: Iterable[str]) -> None:
    """Accounts of their own in the practice Lever, which knows some of the people."""
    tell_lever(site, "settings", rate=plan.rate, burst=BURST)
    for key in keys:
        tell_lever(site, "keys", key=key, permissions=None)
        for each in range(0, plan.prospects, KNOWN):
            tell_lever(site, "people", name="Bao Nguyen", email=address(key, each))


def _until_done(site: Demo, database: psycopg.Connection, connections: Iterable[int]) -> Iterator[float]:
    """The largest process, in MiB and about twice a second, until no errand of these connections waits any more."""
    deadline = time.monotonic() + PATIENCE
    while database.execute(LEFT, [list(connections)]).fetchone():
        site.check_alive()
        if time.monotonic() > deadline:
            raise DemoFailed("The export of the bench did not end.")
        yield max(map(largest, _pids(site)))
        time.sleep(0.5)


def _astray(site: Demo, plan: Plan, keys: Iterable[str]) -> int:
    there = Counter(email for each in site.lever_state()["opportunities"] for email in each["emails"])
    wanted = [address(key, each) for key in keys for each in range(plan.prospects)]
    return sum(there[email] != 1 for email in wanted)


def figures(run: Run) -> list[Figure]:
    [tally], [seconds], [least], prospects = run.tallies, run.seconds(), run.least(), run.plan.prospects
    looked, made = tally["counts"][LOOKED], tally["counts"][MADE]
    took = f"{tally['calls']:,} calls in {seconds:.1f} s; {run.plan.rate:.0f} a second allow them in {least:.1f} s"
    apart = f"{looked:,} looked for, {made:,} made; {tally['calls'] - looked - made:,} more for the notes behind"
    first, then = max(run.memory[: len(run.memory) // 2 + 1]), max(run.memory[len(run.memory) // 2 :])
    held = f"{then:.0f} MiB at most in the second half, {first:.0f} in the first"
    return [
        Figure("export", "calls a second, against the limit", least / seconds, "×", Goal("at least", 0.97), took),
        Figure("export", "calls refused as too many (429)", tally["refused"], "", Goal("exactly", 0)),
        Figure("export", "calls until one is in Lever", (looked + made) / prospects, "", Goal("at most", 2), apart),
        Figure(
            "export", "prospects not in Lever exactly once", run.astray, "", Goal("exactly", 0), f"of {prospects:,}"
        ),
        Figure("export", "memory of the largest worker, later half", then / first, "×", Goal("at most", 1.1), held),
    ]


def beside(alone: Run, together: Run) -> Figure:
    """The slowest of several organizations, against one that has the workers to itself."""
    [single], slowest = alone.seconds(), max(together.seconds())
    name = f"{together.plan.organizations} organizations side by side, the slowest against one alone"
    each = f"{together.plan.prospects:,} prospects each at {together.plan.rate:.0f} calls a second"
    detail = f"{', '.join(f'{took:.1f}' for took in together.seconds())} s against {single:.1f} s; {each}"
    return Figure("export", name, slowest / single, "×", Goal("at most", 1.1), detail)
