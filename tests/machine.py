"""What the tests need of the machine beside Python packages, and how it comes there."""

import ctypes
import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import postgres


@dataclass(frozen=True)
class Part:
    """A program, where it is, and the command that brings it."""

    name: str
    find: Callable[[], str | bool | None]
    install: str

    def missing(self) -> str:
        return f"{self.name} is missing; this brings it: {self.install}."

    def is_here(self) -> bool:
        """Whether the part is there, once installed where that may be done unasked: as root, with apt."""
        if not self.find() and os.geteuid() == 0 and shutil.which("apt-get"):
            print(f"{self.missing()} Doing that now.", flush=True)
            quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            for command in ("apt-get update", self.install):
                subprocess.run(shlex.split(command), env=quiet, stdout=subprocess.DEVNULL)
        return bool(self.find())


def chromium() -> str | None:
    """The system's Chromium or Chrome, else the one that Playwright brings."""
    names = ("chromium", "google-chrome-stable", "google-chrome")
    installed = [found for found in map(shutil.which, names) if found]
    own = Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome")
    return next(iter([*installed, *map(str, sorted(own, reverse=True))]), None)


def playwright_runs() -> bool:
    """Whether Playwright's own Node starts. On a bare Debian it lacks one library."""
    return subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True).returncode == 0


def loads(*libraries: str) -> bool:
    """Whether the system has them all; once one is there, the next try finds it."""
    try:
        return all(map(ctypes.CDLL, libraries))
    except OSError:
        return False


def is_ubuntu() -> bool:
    return sys.platform == "linux" and platform.freedesktop_os_release().get("ID") == "ubuntu"


APT = "apt-get install -y --no-install-recommends"
# Ubuntu's own package is only a pointer to a snap, and containers have no snaps.
PLAYWRIGHTS_OWN = f"{sys.executable} -m playwright install --with-deps chromium"

POSTGRESQL = Part("PostgreSQL's server", lambda: postgres.program("initdb"), f"{APT} postgresql")
PLAYWRIGHT = Part("A library of Playwright's", playwright_runs, f"{APT} libatomic1")
CHROMIUM = Part("Chromium", chromium, PLAYWRIGHTS_OWN if is_ubuntu() else f"{APT} chromium")
BROWSER = (PLAYWRIGHT, CHROMIUM)
PANGO = Part(
    "What PDFs are drawn with",
    lambda: loads("libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"),
    f"{APT} libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core",
)
