"""A thousand mails by four workers, against a bare loop that hands the same mails to the same server."""

import json
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Organization
from config.bench.figures import Figure, Goal, ratio
from config.bench.ground import Ground
from config.demo import PATIENCE, DemoFailed, free_port
from notifications.letters import Letter, Link, Rendered, render
from notifications.models import Message
from notifications.tasks import send_due
from tests import factories

MAILS, WORKERS, ROUNDS = 1000, 4, 3


@dataclass(frozen=True)
class Sent:
    """A round: mails a second by our workers and by the bare loop, and what the server made of ours."""

    ours: float
    bare: float
    lost: int
    doubled: int


def measure(ground: Ground, mails: int = MAILS, rounds: int = ROUNDS) -> list[Figure]:
    taken, port = ground.folder / "taken", free_port()
    taken.touch()
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": ground.database("sending"),
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "LOG_LEVEL": "WARNING",
    }
    with _sink(port, taken), _worker(environment) as clerk:
        ground.say(f"sending: {mails:,} mails by {WORKERS} workers, and by a bare loop, in turns")
        found = [_round(clerk, environment, port, taken, mails) for _ in range(rounds)]
    return figures(found, mails)


def _round(clerk: "subprocess.Popen[str]", environment: dict[str, str], port: int, taken: Path, mails: int) -> Sent:
    wanted: list[str] = _ask(clerk, {"write": mails})
    before = len(_ids(taken))
    with _workers(environment) as workers:
        begun = time.perf_counter()
        for worker in workers:
            _tell(worker, {"send": True})
        for worker in workers:
            _hear(worker)
        ours = mails / (time.perf_counter() - begun)
    copies = Counter(_ids(taken)[before:])
    bare = mails / _bare_loop(port, mails, _letter(WORDS))
    return Sent(ours, bare, sum(each not in copies for each in wanted), sum(copies.values()) - len(copies))


def figures(rounds: Sequence[Sent], mails: int) -> list[Figure]:
    detail = "; ".join(f"{each.ours:.0f} to {each.bare:.0f} mails/s" for each in rounds)
    speed = ratio([each.ours for each in rounds], [each.bare for each in rounds])
    sent = f"{len(rounds)} rounds of {mails:,} mails, {WORKERS} workers"
    return [
        Figure("sending", "mails a second, against a bare SMTP loop", speed, "×", Goal("at least", 0.1), detail),
        Figure("sending", "mails lost", sum(each.lost for each in rounds), "", Goal("exactly", 0), sent),
        Figure("sending", "mails doubled", sum(each.doubled for each in rounds), "", Goal("exactly", 0), sent),
    ]


# --- the bare loop ----------------------------------------------------------------------------------------

WORDS = Letter(
    subject="Marcus Webb asked you for a reference",
    heading="Marcus Webb asked you for a reference",
    greeting="Dear Bao Nguyen,",
    opening=("Marcus has applied to us as Chief Officer and named you as someone who knows their work.",) * 3,
    action=Link("Answer the questions", "https://vouch.example/r/0123456789abcdef0123456789abcdef/"),
    footnote="Why you: Marcus Webb gave us your name and address. We use them for this reference only.",
)


def _letter(words: Letter) -> Rendered:
    return render(words, Organization(name="Northmoor Ferries", contact_email="ruth@northmoor.example"))


def _bare_loop(port: int, mails: int, letter: Rendered) -> float:
    """Seconds that one connection needs for as many mails, made beforehand and kept nowhere."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "references@vouch.example", "bao@solent.example", letter.subject
    mail["Message-ID"] = "<bare@vouch.example>"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    data = mail.as_bytes()
    with smtplib.SMTP("127.0.0.1", port) as server:
        begun = time.perf_counter()
        for _ in range(mails):
            server.sendmail("references@vouch.example", ["bao@solent.example"], data)
        return time.perf_counter() - begun


# --- the processes ----------------------------------------------------------------------------------------


def work(lines: Iterator[str]) -> Iterator[object]:
    """What `bench --mails` does for each line: `write` so many, and name them; or `send` until nothing is due."""
    call_command("migrate", verbosity=0)
    yield ["ready"]
    for line in lines:
        asked = json.loads(line)
        if "write" in asked:
            yield _written(asked["write"])
        else:
            while Message.objects.waiting().exists():
                send_due()
            yield ["done"]


def _written(mails: int) -> list[str]:
    organization, now = factories.make_organization(), timezone.now()
    letter = _letter(WORDS)
    rows = [
        Message.queue(
            organization,
            key=f"{organization.pk}:{number}",
            kind="reference-request",
            topic="bench",
            to=("Bao Nguyen", "bao@solent.example"),
            letter=letter,
            now=now,
        )
        for number in range(mails)
    ]
    return [f"{row.message_id}@vouch.example" for row in rows]


@contextmanager
def _workers(environment: dict[str, str]) -> Iterator[list["subprocess.Popen[str]"]]:
    with ExitStack() as stack:
        yield [stack.enter_context(_worker(environment)) for _ in range(WORKERS)]


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "manage.py", "bench", "--mails"]
    with subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            _hear(process)
            yield process
        finally:
            process.terminate()


def _ask(process: "subprocess.Popen[str]", what: object) -> list[str]:
    _tell(process, what)
    found: list[str] = _hear(process)
    return found


def _tell(process: "subprocess.Popen[str]", what: object) -> None:
    if process.stdin:
        process.stdin.write(json.dumps(what) + "\n")
        process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> list[str]:
    for line in process.stdout or ():
        return list(json.loads(line))
    raise DemoFailed("A worker of the bench ended before its time.")


def _ids(taken: Path) -> list[str]:
    return taken.read_text().split()


@contextmanager
def _sink(port: int, taken: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "config.bench.sink.Sink"]
    with subprocess.Popen([*command, str(taken)], cwd=settings.BASE_DIR) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise DemoFailed("The mail server of the bench did not start.")
