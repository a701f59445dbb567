"""The real processes of Vouch, and ways to kill them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import requests

from config.demo import Demo

QUICK = {"LEASE_SECONDS": "3"}
WATCHFUL = ("--beat", "1", "--dead-after", "20")


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """Everything that the demo starts, on SQLite or, where the tests run on it, on a PostgreSQL database of its own."""
    with database_of_its_own(folder) as url:
        more = {**QUICK, "DATABASE_URL": url}
        with Demo(folder, lambda step: None, settle=0.2, ports=(0, 0, 0), more=more) as demo:
            kill(demo, "worker-0")
            demo.start_worker(0, *WATCHFUL)
            yield demo


@contextmanager
def database_of_its_own(folder: Path) -> Iterator[str]:
    """A DATABASE_URL that no other test uses, on the kind of database that the tests run on."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder}/vouch.sqlite3"
        return
    name = f"faults_{uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def family(pid: int) -> list[int]:
    """A process and all that came of it, however they are grouped."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def kill(demo: Demo, name: str) -> None:
    """kill -9, without a word of warning, to a process and its children."""
    process = demo.processes.pop(name)
    for pid in family(process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def add_person(demo: Demo, name: str) -> str:
    """A candidate for Chief Officer, not yet in the trigger stage; the opportunity's id."""
    email = f"{name.lower().replace(' ', '.')}@post.example"
    body = {"name": name, "email": email, "posting": "Chief Officer"}
    answer = requests.post(f"{demo.lever}/sandbox/people", json=body, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["id"])


def move(demo: Demo, opportunity_id: str) -> None:
    body = {"opportunity": opportunity_id, "to": "Reference check"}
    requests.post(f"{demo.lever}/sandbox/move", json=body, timeout=10).raise_for_status()


def add_fault(demo: Demo, **fault: object) -> None:
    requests.post(f"{demo.lever}/sandbox/faults", json=fault, timeout=10).raise_for_status()


def tags(demo: Demo) -> dict[str, list[str]]:
    """Vouch's tags by opportunity, as Lever has them."""
    return {
        found["id"]: [tag for tag in found["tags"] if tag.startswith("Vouch")]
        for found in demo.lever_state()["opportunities"]
    }


def pause(seconds: float) -> None:
    time.sleep(seconds)
