"""Webhooks a second, against the least that a durable insert costs and against a view by the book."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from config.bench import load
from config.bench.figures import Figure, Goal, percentile, ratio
from config.bench.ground import DELIVERIES, Ground, number, start_reference
from config.bench.load import Job, Load
from config.demo import Demo

ROUNDS = 3
STAGE_CHANGE = "candidateStageChange"


def measure(ground: Ground, rounds: int = ROUNDS, seconds: float = 2.5) -> list[Figure]:
    with ground.site("intake", workers=0) as site:
        jobs = _jobs(site, seconds)
        for job in jobs.values():
            load.run(replace(job, seconds=0.5))  # each opens its connections
        database = jobs["insert"].target
        before = number(database, DELIVERIES)
        loads: dict[str, list[Load]] = {name: [] for name in jobs}
        for round_ in range(rounds):
            for name, job in jobs.items():
                ground.say(f"intake: round {round_ + 1} of {rounds}, {name}")
                loads[name].append(load.run(job))
        return _figures(loads, number(database, DELIVERIES) - before)


def _jobs(site: Demo, seconds: float) -> dict[str, Job]:
    """What takes turns: our view, the bare insert of the row that it wrote, and the view by the book."""
    webhook = next(each for each in site.lever_state()["webhooks"] if each["event"] == STAGE_CHANGE)
    ours, secret = webhook["url"], webhook["configuration"]["signatureToken"]
    plain = ours.replace(site.site, start_reference(site, "plain"))
    return {
        "ours": Job("webhooks", ours, secret, seconds),
        "insert": Job("inserts", site.environment["DATABASE_URL"], secret, seconds),
        "plain": Job("webhooks", plain, secret, seconds),
    }


def _figures(loads: dict[str, list[Load]], stored: int) -> list[Figure]:
    rates = {name: [each.rate for each in rounds] for name, rounds in loads.items()}
    slowest = {name: [percentile(each.milliseconds, 0.99) for each in rounds] for name, rounds in loads.items()}
    all_of_ours = Load.together(loads["ours"]).milliseconds
    good = sum(each.good for rounds in loads.values() for each in rounds)
    bad = sum(each.bad for rounds in loads.values() for each in rounds)
    half = f"p50 {percentile(all_of_ours, 0.5):.0f} ms, "
    return [
        Figure(
            "intake",
            "webhooks a second, against bare inserts of the same row",
            ratio(rates["ours"], rates["insert"]),
            goal=Goal("at least", 0.25),
            detail=_beside(rates["ours"], rates["insert"], "/s"),
        ),
        Figure(
            "intake",
            "webhooks a second, against a view by the book",
            ratio(rates["ours"], rates["plain"]),
            goal=Goal("at least", 3.5),
            detail=_beside(rates["ours"], rates["plain"], "/s"),
        ),
        Figure(
            "intake",
            "slowest answer of a hundred (p99), against that view",
            ratio(slowest["ours"], slowest["plain"]),
            goal=Goal("at most", 0.5),
            detail=half + _beside(slowest["ours"], slowest["plain"], " ms"),
        ),
        Figure(
            "intake",
            "answers of 200 without a row, and rows without an answer",
            abs(stored - good) + bad,
            unit="",
            goal=Goal("exactly", 0),
            detail=f"{good:,} answers of 200, {bad} others, {stored:,} rows",
        ),
    ]


def _beside(ours: Sequence[float], theirs: Sequence[float], unit: str) -> str:
    return f"{median(ours):.0f}{unit} to {median(theirs):.0f}{unit}"
