"""`manage.py demo`: all of Vouch on this machine, with a practice Lever and a mailbox; `--once` plays the main job."""

import os
import shutil
import signal
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Organization, User
from config import prospect_samples, samples
from config.demo import OPERATOR, ORGANIZATION, PEOPLE, Demo, DemoFailed
from config.play import RECRUITER, Play, stopwatch
from integrations.sandbox import cast
from templates_app.packs import load_shipped

BEGIN = {
    True: "Begin in the practice Lever: move somebody to “Reference check”.",
    False: "Begin at Organization settings, Connections. Lever’s own settings are at {demo.lever}/settings.",
}


class Command(BaseCommand):
    help = "Sets up and runs everything on this machine: web, worker, a practice Lever, a mailbox."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="play the main job without a browser, then end")
        parser.add_argument("--workers", type=int, default=1, help="how many worker processes")
        parser.add_argument(
            "--unconnected", action="store_true", help="connect nothing: try that yourself, in Vouch and practice Lever"
        )
        parser.add_argument("--fill", action="store_true", help="only put the demo's people and surveys in place")
        parser.add_argument(
            "--samples", action="store_true", help="only put two finished reports and two prospects in place"
        )

    def handle(self, *args: Any, once: bool, workers: int, unconnected: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            if options["fill"]:
                _fill()
            elif options["samples"]:
                _samples()
            elif once:
                self._once(workers)
            else:
                self._stay(workers, connected=not unconnected)
        except DemoFailed as failure:
            raise CommandError(str(failure)) from None

    def _once(self, workers: int) -> None:
        clock = stopwatch()

        def tell(step: str) -> None:
            self.stdout.write(f"{clock():6.1f} s  {step}")
            self.stdout.flush()

        with (
            tempfile.TemporaryDirectory(prefix="vouch-") as folder,
            Demo(Path(folder), tell, settle=0.5, workers=workers, ports=(0, 0, 0)) as demo,
        ):
            Play(demo, tell).run()
        tell("The main job is done, and Lever's side is right.")

    def _stay(self, workers: int, connected: bool) -> None:
        folder = settings.BASE_DIR / ".demo"
        shutil.rmtree(folder, ignore_errors=True)
        with Demo(folder, self.stdout.write, settle=2, workers=workers, connected=connected) as demo:
            demo.manage("demo", "--samples")
            self._greet(demo)
            try:
                while True:
                    demo.check_alive()
                    time.sleep(1)
            except KeyboardInterrupt:
                self.stdout.write("\nStopping")

    def _greet(self, demo: Demo) -> None:
        people = "\n".join(f"    {email:<28} {role}" for email, role in PEOPLE.items())
        self.stdout.write(
            f"""
Vouch is running.

  Desk                {demo.site}/admin/
  Practice Lever      {demo.lever}/
  Mailbox             {demo.lever}/mailbox/

  Sign in with the password {demo.password} (or a mailed link) as
{people}
    {OPERATOR:<28} operator of the installation

  {BEGIN[demo.connected].format(demo=demo)}
  Two finished reports are on the desk already, a clear one and a difficult one, and two references who wish to hear
  of jobs are under Prospects.
  Everything starts anew with the next demo. Logs are in {demo.folder}. Ctrl-C stops it all.
"""
        )


def _fill() -> None:
    """The demo's templates, and passwords for its people: who came from Lever by now, or else are put in here."""
    organization, _made = Organization.objects.get_or_create(name=ORGANIZATION)
    Organization.objects.filter(pk=organization.pk).update(
        contact_name="Ruth Adeyemi",
        contact_email="ruth@northmoor.example",
        contact_phone="+44 20 7946 0155",
        postal_address="Northmoor Ferries Ltd, 4 Quay Street, Hull",
    )
    load_shipped(organization)
    password = os.environ["VOUCH_DEMO_PASSWORD"]
    names = {user.email: user.name for user in cast.users(0)}
    for email, role in PEOPLE.items():
        user, _made = User.objects.get_or_create(
            email=email, defaults={"organization": organization, "role": role, "name": names[email]}
        )
        user.set_password(password)
        user.save(update_fields=["password"])
    User.objects.create_superuser(OPERATOR, password, name="Operator")


def _samples() -> None:
    organization = Organization.objects.get(name=ORGANIZATION)
    clear, _difficult = samples.tell(organization, User.objects.get(email=RECRUITER), timezone.now())
    prospect_samples.tell(clear, timezone.now())


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
