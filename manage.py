#!/usr/bin/env python3
"""Django's manage.py. On a machine that has only Python, it makes `.venv` first: see config/bootstrap.py."""

import os
import sys

from config import bootstrap


def main() -> None:
    bootstrap.prepare(sys.argv)
    # The tests bring their own environment; every other command reads the one it was started in.
    testing = sys.argv[1:2] == ["test"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings" if testing else "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
