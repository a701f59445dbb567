"""Two hundred candidates moved at once, against Lever's limit: is all of it used, and none of it overstepped?"""

import time
from typing import Any

from config.bench.figures import Figure, Goal
from config.bench.ground import DELIVERIES, Ground, number, tell_lever, wait_until_idle

CANDIDATES = 200
RATE, BURST = 10, 20  # calls a second, and at once after a rest: what Lever allows, and the practice Lever too
PATIENCE = 150.0  # seconds
TAG = "Vouch - Candidate submitted"


def measure(ground: Ground, candidates: int = CANDIDATES) -> list[Figure]:
    site = ground.shared
    site.start_worker(1)
    people = [{"name": f"Applicant {each}", "email": f"applicant-{each}@post.example"} for each in range(candidates)]
    ids = [tell_lever(site, "people", posting="Chief Officer", **person)["id"] for person in people]
    wait_until_idle(site)
    told_before = number(site.environment["DATABASE_URL"], DELIVERIES)
    time.sleep(BURST / RATE)  # until the whole burst is free again
    ground.say(f"drain: {candidates} stage changes at once, two workers")
    begun = time.time()
    for opportunity in ids:
        tell_lever(site, "move", opportunity=opportunity, to="Reference check")
    wait_until_idle(site, told_before + candidates, PATIENCE)
    state = site.lever_state()
    calls = [call for call in state["calls"]["latest"] if call["at"] >= 1000 * begun and _is_ours(call)]
    tagged = [each for each in state["opportunities"] if each["id"] in ids and TAG in each["tags"]]
    return figures(calls, candidates - len(tagged))


def _is_ours(call: dict[str, Any]) -> bool:
    """About one candidate or job; lists are asked for every few minutes, whether somebody was moved or not."""
    return str(call["path"]).count("/") > 2


def figures(calls: list[dict[str, Any]], left: int) -> list[Figure]:
    moments = [call["at"] / 1000 for call in calls]
    seconds, least = max(moments) - min(moments), (len(calls) - BURST) / RATE
    refused = sum(call["status"] == 429 for call in calls)
    took = f"{len(calls)} calls in {seconds:.1f} s; the limit allows them in {least:.1f} s"
    return [
        Figure("drain", "calls a second, against Lever’s limit", least / seconds, "×", Goal("at least", 0.95), took),
        Figure("drain", "calls refused as too many (429)", refused, "", Goal("exactly", 0)),
        Figure("drain", "candidates left without their tag", left, "", Goal("exactly", 0)),
    ]
