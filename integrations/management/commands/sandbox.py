"""`manage.py sandbox`: a practice Lever on this machine."""

import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY, World


class Command(BaseCommand):
    help = "Run a practice Lever: the same API and webhooks, invented people, nothing kept."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
        parser.add_argument("--mail-dir", type=Path, help="a Maildir to show as the mailbox")
        parser.add_argument("--vouch-url", help="where Vouch's desk is, for a link")

    def handle(
        self, *args: Any, host: str, port: int, mail_dir: Path | None, vouch_url: str | None, **options: Any
    ) -> None:
        with SandboxServer(World.demo(), host, port, mail_dir, vouch_url) as server:
            self.stdout.write(f"Practice Lever   {server.url}/")
            self.stdout.write(f"LEVER_API_URL    {server.api_url}")
            self.stdout.write(f"API key          {DEMO_API_KEY}")
            self.stdout.write("Ctrl-C stops it; nothing is kept.")
            self.stdout.flush()
            self._wait()

    def _wait(self) -> None:
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
