from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from templates_app.packs import export


class Command(BaseCommand):
    help = "Write organizations' surveys and templates to a text file (a question pack) that import_templates reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="where to; - or nothing is standard output")
        parser.add_argument("--organization", metavar="NAME", help="only this one's")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = _organizations(options["organization"])
        text = export(organizations)
        if options["file"] == "-":
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["file"]).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from None
        names = ", ".join(organization.name for organization in organizations)
        self.stdout.write(f"{options['file']} holds the surveys and templates of {names}.")


def _organizations(name: str | None) -> list[Organization]:
    known = list(Organization.objects.order_by("name"))
    chosen = [each for each in known if name in (None, each.name)]
    if not known:
        raise CommandError("There is no organization yet.")
    if not chosen:
        names = ", ".join(each.name for each in known)
        raise CommandError(f"There is no organization {name}. There is {names}.")
    return chosen
