"""How often Lever is called for one check with three references, as the practice Lever's own log counts it."""

from config.bench.figures import Figure, Goal
from config.bench.ground import Ground, wait_until_idle
from config.demo import Demo
from config.play import Play

# What is asked every few minutes whether there are checks or not: who is in the stage, and who works there.
ROUND = ("GET v1/stages", "GET v1/users", "GET v1/opportunities")
WHAT = "Lever calls for a check with three references,"


def measure(ground: Ground) -> list[Figure]:
    ground.say("calls: one check, each answer after the tag of the one before")
    apart = _calls(ground.shared, watch=True)
    with ground.site("calls") as site:  # with the default TAG_SETTLE_SECONDS
        ground.say("calls: one check, all answers at once")
        close = _calls(site, watch=False)
    return [
        Figure("calls", f"{WHAT} apart", sum(apart.values()), "", Goal("at most", 14), _listed(apart)),
        Figure("calls", f"{WHAT} at once", sum(close.values()), "", Goal("at most", 8), _listed(close)),
    ]


def _calls(site: Demo, *, watch: bool) -> dict[str, int]:
    """Each kind of call and how many of it one check took, from the move to the note with the report."""
    wait_until_idle(site)
    before = _counts(site)
    Play(site, lambda step: None, watch=watch).run()
    wait_until_idle(site)
    added = {call: count - before.get(call, 0) for call, count in _counts(site).items()}
    return {call: count for call, count in added.items() if count}


def _counts(site: Demo) -> dict[str, int]:
    counts: dict[str, int] = site.lever_state()["calls"]["counts"]
    return {call: count for call, count in counts.items() if call not in ROUND}


def _listed(calls: dict[str, int]) -> str:
    """Such as "1 GET posting, 5 POST addTags": of an address the last part is telling enough."""
    words = [f"{count} {call.split()[0]} {call.rpartition('/')[2]}" for call, count in sorted(calls.items())]
    return ", ".join(words).replace("<", "").replace("_id>", "")
