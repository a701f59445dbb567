import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from templates_app.packs import Comparison, Difference, Finding, Outcome, PackError, compare, load


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
        parser.add_argument("--diff", action="store_true", help="show file and database beside one another, only that")

    def handle(self, *args: Any, **options: Any) -> None:
        file, organization = options["file"], options["organization"]
        choices = {name: options[name] for name in ("replace", "dry_run")}
        try:
            if options["diff"]:
                self.show(file, compare(_read(file), organization=organization))
            else:
                outcome = load(_read(file), organization=organization, **choices)
                self.tell(file, outcome, is_rehearsal=options["dry_run"])
        except PackError as error:
            raise CommandError(_refusal(file, error)) from None

    def tell(self, file: str, outcome: Outcome, is_rehearsal: bool) -> None:
        for notice in outcome.notices:
            self.stdout.write(f"{file}:{notice.line}: {notice.text}")
        for organization, changes in outcome.changes.items():
            self.stdout.write("\n  ".join([organization, *changes]))
        if not outcome.changes:
            self.stdout.write(f"Nothing to change: all that is in {file} is here already.")
        elif is_rehearsal:
            self.stdout.write("This was a dry run: nothing has been changed.")

    def show(self, file: str, comparison: Comparison) -> None:
        for notice in comparison.notices:
            self.stdout.write(f"{file}:{notice.line}: {notice.text}")
        for organization, findings in comparison.findings.items():
            self.stdout.write(organization)
            for finding in findings:
                self.stdout.write(indent("\n".join(_lines(finding)), "  "))


def _lines(finding: Finding) -> Iterator[str]:
    state = "new" if finding.is_new else "different" if finding.is_different else "the same"
    yield f"{finding.noun} “{finding.name}”: {state}"
    for difference in finding.differences:
        yield from _both(difference)


def _both(difference: Difference) -> Iterator[str]:
    yield f"  {difference.what}"
    yield from (f"    - {line}" for line in difference.here.splitlines())
    yield from (f"    + {line}" for line in difference.there.splitlines())


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
