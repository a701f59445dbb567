"""kill -9 of web or worker at any moment loses nothing, and nothing happens twice."""

import random
from pathlib import Path

import pytest

from config.play import Play
from tests.faults.processes import WATCHFUL, add_fault, add_person, kill, move, pause, running, tags

pytestmark = pytest.mark.processes

CANDIDATES = 15
SUBMITTED = ["Vouch - Candidate submitted"]


def test_random_kills_of_the_worker_lose_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(7)
    with running(tmp_path) as demo:
        people = [add_person(demo, number) for number in range(CANDIDATES)]
        for position, opportunity_id in enumerate(people):
            move(demo, opportunity_id)
            if position % 3 == 0:
                pause(chance.uniform(0, 1.5))
                kill(demo, "worker-0")
                demo.start_worker(0, *WATCHFUL)

        demo.until("everybody has the tag", lambda: all(tags(demo)[each] == SUBMITTED for each in people), 90)
        demo.until("everybody has a mail", lambda: len(mailed(demo)) == CANDIDATES, 60)

        assert sorted(mailed(demo)) == sorted(set(mailed(demo)))


def mailed(demo) -> list[str]:
    """To whom, once for each message: a server that got one twice sees the same Message-ID."""
    return [mail["to"] for mail in demo.mails() if "candidate" in mail["to"]]


def test_a_killed_web_loses_no_webhook(tmp_path: Path) -> None:
    """Lever tries again what was not answered; what was answered is stored."""
    with running(tmp_path) as demo:
        people = [add_person(demo, number) for number in range(6)]
        for position, opportunity_id in enumerate(people):
            move(demo, opportunity_id)
            if position % 2:
                kill(demo, "web")
                demo.start_web()

        demo.until("everybody has the tag", lambda: all(tags(demo)[each] == SUBMITTED for each in people), 90)


@pytest.mark.parametrize("path", ["/addTags", "/addLinks", "/notes"])
def test_a_worker_killed_between_the_write_and_its_answer_writes_nothing_twice(tmp_path: Path, path: str) -> None:
    """Lever carries the write out and then says nothing for long; in the meantime the worker dies."""
    with running(tmp_path) as demo:
        play = Play(demo, lambda step: None, watch=False)
        add_fault(demo, kind="hang", path=path, seconds=60, after=True)
        play.ask()
        demo.until("the worker hangs in the call", lambda: _is_hanging(demo, path))
        kill(demo, "worker-0")
        demo.start_worker(0, *WATCHFUL)
        play.conclude()

        opportunity = play.opportunity()
        assert [tag for tag in opportunity["tags"] if tag.startswith("Vouch")] == ["Vouch - Completed"]
        assert sum("/reports/" in link for link in opportunity["links"]) == 1
        assert sum("completed" in str(note) for note in opportunity["notes"]) == 1


def _is_hanging(demo, path: str) -> bool:
    return not any(path in fault["path"] for fault in demo.lever_state()["faults"])
