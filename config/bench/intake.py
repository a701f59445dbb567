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
    """The goals are what one transaction for each webhook can hold on a busy machine; several in one could do more."""
    ours, insert, plain = loads["ours"], loads["insert"], loads["plain"]
    total = Load.together([*ours, *insert, *plain])
    answers = f"{total.good:,} good answers, {total.bad} others, {stored:,} rows"
    return [
        # Floors that guard against getting worse. What is aimed for is 0.25 and 3.5, with several webhooks a commit.
        _rate("webhooks a second, against bare inserts of the same row", ours, insert, Goal("at least", 0.06)),
        _rate("webhooks a second, against a view by the book", ours, plain, Goal("at least", 1.5)),
        _wait("half of the answers (p50), against that view", 0.5, ours, plain, Goal("at most", 0.7)),
        _wait("99 of 100 answers (p99), against that view", 0.99, ours, plain, None),
        Figure("intake", "rows too few or too many", abs(stored - total.good), "", Goal("exactly", 0), answers),
    ]


def _rate(name: str, ours: Sequence[Load], theirs: Sequence[Load], goal: Goal) -> Figure:
    rates = [load.rate for load in ours], [load.rate for load in theirs]
    return Figure("intake", name, ratio(*rates), "×", goal, "{:,.0f}/s to {:,.0f}/s".format(*map(median, rates)))


def _wait(name: str, share: float, ours: Sequence[Load], theirs: Sequence[Load], goal: Goal | None) -> Figure:
    times = [[percentile(load.milliseconds, share) for load in loads] for loads in (ours, theirs)]
    return Figure("intake", name, ratio(*times), "×", goal, "{:,.0f} ms to {:,.0f} ms".format(*map(median, times)))
