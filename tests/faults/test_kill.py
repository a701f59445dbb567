"""kill -9 of web or worker at any moment loses nothing, and nothing happens twice."""

import random
from collections.abc import Iterator

import pytest

from config.demo import Demo
from config.play import Play
from tests.faults.processes import WATCHFUL, add_fault, add_person, kill, move, pause, running, tags

pytestmark = pytest.mark.processes

SUBMITTED = ["Vouch - Candidate submitted"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


def restart_worker(demo: Demo) -> None:
    kill(demo, "worker-0")
    demo.start_worker(0, *WATCHFUL)


def mailed(demo: Demo, name: str) -> list[str]:
    """To whom of these people, once for each message: a server that got one twice sees the same Message-ID."""
    return sorted(mail["to"] for mail in demo.mails() if name in mail["to"])


def test_random_kills_of_the_worker_lose_and_double_nothing(demo: Demo) -> None:
    chance = random.Random(7)
    people = [add_person(demo, f"Tess {number}") for number in range(15)]
    for position, opportunity_id in enumerate(people):
        move(demo, opportunity_id)
        if position % 3 == 0:
            pause(chance.uniform(0, 1.5))
            restart_worker(demo)

    demo.until("everybody has the tag", lambda: all(tags(demo)[each] == SUBMITTED for each in people), 90)
    demo.until("everybody has a mail", lambda: len(mailed(demo, "tess")) >= len(people), 60)

    assert len(mailed(demo, "tess")) == len(set(mailed(demo, "tess"))) == len(people)


def test_a_killed_web_loses_no_webhook(demo: Demo) -> None:
    """Lever tries again what was not answered; what was answered is stored."""
    people = [add_person(demo, f"Noah {number}") for number in range(6)]
    for position, opportunity_id in enumerate(people):
        move(demo, opportunity_id)
        if position % 2:
            kill(demo, "web")
            demo.start_web()

    demo.until("everybody has the tag", lambda: all(tags(demo)[each] == SUBMITTED for each in people), 90)
    demo.wait_for("web", f"{demo.site}/healthz")


@pytest.mark.parametrize("path", ["/addTags", "/addLinks", "/notes"])
def test_a_worker_killed_between_the_write_and_its_answer_writes_nothing_twice(demo: Demo, path: str) -> None:
    """Lever carries the write out and then says nothing for long; in the meantime the worker dies."""
    candidate = f"Ines {path.strip('/')}"
    add_person(demo, candidate)
    play = Play(demo, lambda step: None, watch=False, candidate=candidate)
    add_fault(demo, kind="hang", path=path, seconds=30, after=True)
    play.ask()
    demo.until("the worker hangs in the call", lambda: not demo.lever_state()["faults"])
    restart_worker(demo)
    play.conclude()

    opportunity = play.opportunity()
    assert [tag for tag in opportunity["tags"] if tag.startswith("Vouch")] == ["Vouch - Completed"]
    assert sum("/reports/" in link for link in opportunity["links"]) == 1
    assert sum("/reports/" in str(note) for note in opportunity["notes"]) == 1
