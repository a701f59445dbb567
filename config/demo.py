"""Everything that the demo runs, as processes of their own: mail server, practice Lever, web, worker.

It is set up as anybody would set up Vouch: by the commands in the README, and by what an administrator enters in
Lever. Nothing in it is known to the product.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import requests
from cryptography.fernet import Fernet
from django.conf import settings

from integrations.sandbox.world import DEMO_API_KEY

ORGANIZATION = "Northmoor Ferries"
OPERATOR = "operator@vouch.example"
# Who is who in the practice Lever; the password is for the demo alone and is printed when it starts.
PEOPLE = {
    "ruth@northmoor.example": "super admin",
    "mirjam@northmoor.example": "admin",
    "jonas@northmoor.example": "team member",
    "aoife@northmoor.example": "limited team member",
}
EVENTS = {
    "stage-change": "candidateStageChange",
    "hired": "candidateHired",
    "archived": "candidateArchiveChange",
    "deleted": "candidateDeleted",
}
PATIENCE = 40.0  # seconds for a process to answer
PORTS = (8000, 8001, 8025)  # of web, practice Lever and mail server, when they are free


class DemoFailed(Exception):
    """A part of the demo did not start or ended; the text says which and what it printed last."""


def free_port(wanted: int = 0) -> int:
    """The wanted port, or any other when somebody has it."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """The processes and where they are; a context manager that stops them all."""

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        *,
        settle: float,
        workers: int = 1,
        ports: tuple[int, int, int] = PORTS,
        more: Mapping[str, str] | None = None,
        connected: bool = True,
    ) -> None:
        """`settle` is TAG_SETTLE_SECONDS; `more` are further variables of the environment.

        Not `connected`: nobody has told Vouch of Lever nor Lever of Vouch yet; both wait for it to be done by hand.
        """
        self.connected = connected
        self.folder, self.say, self.workers = folder, say, workers
        web, lever, self.smtp_port = map(free_port, ports)
        self.site, self.lever = f"http://127.0.0.1:{web}", f"http://127.0.0.1:{lever}"
        self.mail_dir = folder / "mail"
        self.password = secrets.token_urlsafe(9)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **os.environ,
            "DEBUG": "true",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'vouch.sqlite3'}",
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "DEFAULT_FROM_EMAIL": "references@northmoor.example",
            "SMS_URL": f"file://{quote(str(self.mail_dir.resolve()))}/new",  # so the mailbox shows text messages, too
            "LEVER_API_URL": f"{self.lever}/v1",
            "TAG_SETTLE_SECONDS": str(settle),
            "LOG_LEVEL": "INFO",
            "VOUCH_DEMO_PASSWORD": self.password,
            **(more or {}),
        }

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._set_up()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- setting up ---------------------------------------------------------------------------------

    def _set_up(self) -> None:
        self.say("Making the database")
        self.manage("migrate", "--verbosity", "0")
        self.say("Starting the practice Lever and the mail server")
        self.start_lever()
        self.start_mail()
        self.wait_for("practice Lever", f"{self.lever}/sandbox/state")
        if self.connected:
            self.say(f"Connecting {ORGANIZATION} to Lever, as its administrator would")
            self._connect()
        else:
            self._empty_lever()
        self.manage("demo", "--fill")
        self.say("Starting web and worker")
        self.start_web()
        for number in range(self.workers):
            self.start_worker(number)
        self.wait_for("web", f"{self.site}/healthz")
        if self.workers:
            self.wait_for("worker", f"{self.site}/readyz")

    def _connect(self) -> None:
        """`connect_lever`, and the four addresses pasted into Lever, which shows a token for each."""
        tokens = {webhook: secrets.token_hex(24) for webhook in EVENTS}
        options = [part for webhook, token in tokens.items() for part in (f"--{webhook}-token", token)]
        answer = self.manage(
            *("connect_lever", "--organization", ORGANIZATION, "--api-key", DEMO_API_KEY),
            *("--stage", "Reference check", "--perform-as", "ruth@northmoor.example", *options),
        )
        for webhook, url in json.loads(answer)["webhooks"].items():
            body = {"event": EVENTS[webhook], "url": url, "signatureToken": tokens[webhook]}
            requests.post(f"{self.lever}/sandbox/webhooks", json=body, timeout=10).raise_for_status()

    def _empty_lever(self) -> None:
        """As a new account in Lever: every group of webhooks is off."""
        for event in (*EVENTS.values(), "applicationCreated"):
            requests.post(f"{self.lever}/settings/events/{event}/switch", timeout=10).raise_for_status()

    # --- processes ----------------------------------------------------------------------------------

    def manage(self, *command: str) -> str:
        """Run one of our own commands to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DemoFailed(f"manage.py {command[0]} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def start_lever(self) -> None:
        port = self.lever.rpartition(":")[2]
        mail = ("--mail-dir", str(self.mail_dir), "--vouch-url", f"{self.site}/admin/")
        self.start("lever", sys.executable, "manage.py", "sandbox", "--port", port, *mail)

    def start_mail(self) -> None:
        handler = ("-c", "aiosmtpd.handlers.Mailbox", str(self.mail_dir))
        self.start("mail", sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{self.smtp_port}", *handler)

    def start_web(self) -> None:
        address = self.site.removeprefix("http://")
        server = (
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            address,
            "--worker-class",
            "gthread",
            "--threads",
            "12",  # a page of the doctor keeps some waiting for Lever while its test events come in by the others
        )
        self.start("web", sys.executable, *server, "--log-level", "warning")

    def start_worker(self, number: int = 0, *options: str) -> None:
        self.start(f"worker-{number}", sys.executable, "manage.py", "worker", *options)

    def start(self, name: str, *command: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Everybody is asked first, then waited for."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    # --- watching -----------------------------------------------------------------------------------

    def check_alive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise DemoFailed(f"{name} ended. Its last words:\n{self.last_words(name)}")

    def last_words(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]

    def wait_for(self, what: str, url: str) -> None:
        def answers() -> bool:
            try:
                return requests.get(url, timeout=5).ok
            except requests.RequestException:
                return False

        self.until(f"{what} answers", answers)

    def until(self, what: str, happened: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Look again and again until there is something; DemoFailed when it takes too long."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            self.check_alive()
            if found := happened():
                return found
            time.sleep(0.2)
        logs = "\n".join(f"--- {name}\n{self.last_words(name)}" for name in self.processes)
        raise DemoFailed(f"Waited {patience:.0f} s in vain until {what}.\n{logs}")

    def lever_state(self) -> Mapping[str, Any]:
        state: Mapping[str, Any] = requests.get(f"{self.lever}/sandbox/state", timeout=10).json()
        return state

    def mails(self) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.lever}/mailbox.json", timeout=10).json()
        mails: list[dict[str, Any]] = answer["mails"] if isinstance(answer, dict) else answer
        return mails
