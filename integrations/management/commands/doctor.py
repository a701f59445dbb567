"""`manage.py doctor`: what is well and what is not, as text; ends with 1 when something is broken."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.encryption import DecryptionError
from integrations.doctor.examination import levels, whole
from integrations.doctor.lines import LEVELS, Level
from integrations.doctor.verdict import verdict
from integrations.models import Connection

PATIENCE = 60.0  # seconds for each connection


class Command(BaseCommand):
    help = "Says of each connection to Lever what is well, what deserves a look and what is broken. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="NAME", help="only this company's connection")

    def handle(self, *args: Any, organization: str | None, **options: Any) -> None:
        # One by one: a key that cannot be decrypted must not keep the others from being looked at.
        rows = Connection.objects.order_by("organization__name")
        if organization:
            rows = rows.filter(organization__name=organization)
        found = list(rows.values_list("pk", "organization__name"))
        if organization and not found:
            raise CommandError(_("There is no connection of an organization “%s”.") % organization)
        broken = [self._examine(pk, name)[Level.BROKEN] for pk, name in found]
        if not found:
            self.stdout.write(_("Nothing is connected."))
        if any(broken):
            sys.exit(1)

    def _examine(self, pk: int, name: str) -> Counter[Level]:
        self.stdout.write(f"\n{name}")
        try:
            connection = Connection.objects.select_related("organization").get(pk=pk)
            parts = whole(connection, timezone.now(), within=PATIENCE)
        except DecryptionError as fault:
            self._say(Level.BROKEN, _("Key"), str(fault))
            return Counter({Level.BROKEN: 1})
        counts: Counter[Level] = Counter()
        for part, lines in parts:
            self.stdout.write(f"\n  {part.title}")
            for line in lines:
                self._say(line.level, str(line.title), line.finding.sentence)
            counts += levels(lines)
        self.stdout.write(f"\n  {verdict(counts)}.")
        return counts

    def _say(self, level: Level, title: str, sentence: str) -> None:
        self.stdout.write(f"    {LEVELS[level][1]!s:<8}{title}: {sentence}")
