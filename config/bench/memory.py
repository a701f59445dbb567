"""What the processes hold after the runs, against a server of the same size that does nothing."""

from contextlib import suppress
from pathlib import Path

import requests

from config.bench.figures import Figure, Goal
from config.bench.ground import Ground, start_reference
from tests.faults.processes import family

PAGES = 40  # so that each process has shown some


def measure(ground: Ground) -> list[Figure]:
    site = ground.shared
    ground.say("memory: looking at some pages, then adding up")
    for address in (f"{site.site}/sign-in/", start_reference(site, "bare")):
        for _ in range(PAGES):
            requests.get(address, timeout=10).raise_for_status()
    web, worker, bare = (_mebibytes(site.processes[name].pid) for name in ("web", "worker-0", "bare"))
    beside = f"MiB to {bare:.0f} MiB of a bare Django with REST framework, master and two workers"
    return [
        Figure("memory", "web: master and two workers", web / bare, "×", Goal("at most", 1.75), f"{web:.0f} {beside}"),
        Figure(
            "memory", "worker: watchdog and queue", worker / bare, "×", Goal("at most", 2.5), f"{worker:.0f} {beside}"
        ),
    ]


def _mebibytes(root: int) -> float:
    """The proportional set size of a process and all below it: what they share is counted once."""
    return sum(map(_kibibytes, family(root))) / 1024


def largest(root: int) -> float:
    """MiB of the largest process of a family. What it shares is not divided: with whom changes as they come and go."""
    sizes = [0]
    for pid in family(root):
        with suppress(OSError):
            sizes.append(_kibibytes(pid, "Rss"))
    return max(sizes) / 1024


def _kibibytes(pid: int, kind: str = "Pss") -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))
