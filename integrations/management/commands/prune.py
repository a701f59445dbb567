"""Do now what happens every night: remove what the log keeps no longer."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand
from django.utils import timezone

from integrations.pruning import prune_at


class Command(BaseCommand):
    help = "Removes deliveries and actions that are older than KEEP_DELIVERIES_DAYS. Stop it whenever you like."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = prune_at(timezone.now(), longest=float("inf"))
        what = ", ".join(f"{count} {kind}" for kind, count in gone.items())
        self.stdout.write(f"Removed what is older than {settings.KEEP_DELIVERIES_DAYS} days: {what}.")
