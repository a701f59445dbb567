"""Many clients at once, each asking again as soon as it is answered."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Self

from django.conf import settings

from config.demo import DemoFailed

PROCESSES, CLIENTS = 4, 4  # threads of one Python share one core, so the clients are spread over processes
RUN_UP = 1.0  # seconds in which the processes start


@dataclass(frozen=True)
class Job:
    """What a client does. `kind` is one of `clients.KINDS`; `at` is the moment at which all begin (since 1970)."""

    kind: str
    target: str
    secret: str
    seconds: float = 2.5
    at: float = 0.0


@dataclass(frozen=True)
class Load:
    """What clients saw: good and bad answers, good ones a second, and the milliseconds that each answer took."""

    good: int
    bad: int
    rate: float
    milliseconds: list[float]

    @classmethod
    def together(cls, loads: Sequence[Self]) -> Self:
        return cls(
            good=sum(load.good for load in loads),
            bad=sum(load.bad for load in loads),
            rate=sum(load.rate for load in loads),
            milliseconds=[each for load in loads for each in load.milliseconds],
        )


def run(job: Job) -> Load:
    """PROCESSES times CLIENTS clients, for as long as the job says."""
    job = replace(job, at=time.time() + RUN_UP)
    command = [sys.executable, "-m", "config.bench.clients", json.dumps(asdict(job))]
    processes = [subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE) for _ in range(PROCESSES)]
    answers = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise DemoFailed("A client gave up; its reason stands above.")
    return Load.together([Load(**json.loads(answer)) for answer in answers])
