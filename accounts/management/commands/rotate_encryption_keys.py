"""Bring everything encrypted under the first key of FIELD_ENCRYPTION_KEYS, so that older keys can go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.encryption import DecryptionError
from accounts.rotation import Cell, columns


class Command(BaseCommand):
    help = (
        "Encrypts every encrypted cell anew with the first key of FIELD_ENCRYPTION_KEYS. Can be stopped at any moment "
        "and run again, while everything else runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--empty-unreadable",
            action="store_true",
            help="empty what no key decrypts, because the key is lost for good; it has to be entered again then",
        )
        parser.add_argument("--check", action="store_true", help="only count what is still under an older key")

    def handle(self, *args: Any, check: bool, empty_unreadable: bool, **options: Any) -> None:
        if empty_unreadable:
            self._empty()
        if not check:
            self._rotate()
        left, unreadable = self._survey()
        if left or unreadable:
            raise CommandError(f"Keep the older keys: {left} under them, {unreadable} under none that is known.")
        self.stdout.write("Everything is under the first key. The older keys can go.")

    def _empty(self) -> None:
        for cell in (cell for column in columns() for cell in column.cells() if not cell.is_readable):
            if cell.column.replace(cell, ""):
                self.stdout.write(f"Emptied {cell}.")

    def _rotate(self) -> None:
        for column in columns():
            done = sum(not cell.is_current and _is_rotated(cell) for cell in column.cells())
            self.stdout.write(f"{column}: {done} encrypted anew")

    def _survey(self) -> tuple[int, int]:
        """How many cells are under an older key, and how many no key decrypts; these are named."""
        left = unreadable = 0
        for cell in (cell for column in columns() for cell in column.cells() if not cell.is_current):
            if cell.is_readable:
                left += 1
            else:
                unreadable += 1
                self.stderr.write(f"No key of FIELD_ENCRYPTION_KEYS decrypts {cell}.")
        return left, unreadable


def _is_rotated(cell: Cell) -> bool:
    """What no key decrypts stays as it is, and keeps nobody from the rest."""
    try:
        return cell.rotate()
    except DecryptionError:
        return False
