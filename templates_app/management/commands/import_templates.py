import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from templates_app.packs import Outcome, PackError, load


class Command(BaseCommand):
    help = (
        "Load organizations' surveys and templates from a text file (a question pack): all of it or nothing. "
        "Packs that come with Vouch are in templates_app/packs/shipped/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the question pack; - reads standard input")
        parser.add_argument(
            "--organization", default="", metavar="NAME", help="whose they are, whatever the file says; made if missing"
        )
        parser.add_argument("--replace", action="store_true", help="let the file win where the two differ")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        choices = {name: options[name] for name in ("organization", "replace", "dry_run")}
        try:
            outcome = load(_read(file), **choices)
        except PackError as error:
            raise CommandError(_refusal(file, error)) from None
        self.tell(file, outcome, is_rehearsal=options["dry_run"])

    def tell(self, file: str, outcome: Outcome, is_rehearsal: bool) -> None:
        for notice in outcome.notices:
            self.stdout.write(f"{file}:{notice.line}: {notice.text}")
        for organization, changes in outcome.changes.items():
            self.stdout.write("\n  ".join([organization, *changes]))
        if not outcome.changes:
            self.stdout.write(f"Nothing to change: all that is in {file} is here already.")
        elif is_rehearsal:
            self.stdout.write("This was a dry run: nothing has been changed.")


def _read(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None


def _refusal(file: str, error: PackError) -> str:
    count = len(error.remarks)
    heading = ngettext(
        "Nothing has been imported, for %(count)d reason:", "Nothing has been imported, for %(count)d reasons:", count
    )
    reasons = [f"{file}:{remark.line}: {remark.text}" for remark in error.remarks]
    return "\n".join([heading % {"count": count}, *reasons])
