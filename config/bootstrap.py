"""Makes `.venv` when the packages are missing, and starts the command again in there.

Standard library only, for it runs before anything is installed. It never installs into the Python that it was
started with, and where the packages can be imported already it does nothing at all. It has to load on Pythons
that are too old for Vouch, if only to say so.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "vouch-lock"  # the digest of the lock that .venv was filled from
UNFINISHED = "unfinished"
OLDEST = (3, 11)

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
DEVELOPERS_COMMANDS = {"test", "bench"}
# A package that shows that the lock's packages are here. Not `django`: Debian has an old one of its own.
LANDMARK = {RUNTIME: "django_q", DEVELOPMENT: "pytest_django"}


def prepare(argv: list[str]) -> None:
    """Return if this Python has the packages that the command needs; else go on in a `.venv` that has."""
    if sys.version_info < OLDEST:
        sys.exit("Vouch needs Python {}.{} or newer; this is {}.".format(*OLDEST, sys.version.split()[0]))
    lock = lock_for(argv)
    here = find_spec(LANDMARK[lock]) is not None
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if here and (not inside or is_current(stamp(), lock)):
        return
    if not is_ready(lock):
        with one_at_a_time():
            if not is_ready(lock):
                make(lock)
    os.execv(PYTHON, [str(PYTHON), *sys.orig_argv[1:]])


def lock_for(argv: list[str]) -> str:
    """The lock file with all that the command needs."""
    return DEVELOPMENT if set(argv[1:2]) & DEVELOPERS_COMMANDS else RUNTIME


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def stamp() -> str:
    """What STAMP says, or "" where somebody made `.venv` by hand, or nobody did."""
    return STAMP.read_text() if STAMP.exists() else ""


def is_current(found: str, lock: str) -> bool:
    """Whether a stamp is good for the lock. A `.venv` made by hand has none and is its maker's business."""
    return found in {"", digest(lock), digest(DEVELOPMENT)}  # the development lock holds the runtime lock


def is_ready(lock: str) -> bool:
    """Whether `.venv` can run the command as it is."""
    return is_current(stamp(), lock) and can_import(LANDMARK[lock])


def can_import(package: str) -> bool:
    """Ask `.venv`'s own Python: the system's, which it points to, may have been upgraded or removed."""
    question = f"from importlib.util import find_spec; raise SystemExit(find_spec('{package}') is None)"
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", question]).returncode == 0


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start wait until the first has made `.venv`."""
    import fcntl  # Not on Windows, where a prepared environment never comes here.

    with Path(__file__).open() as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is making .venv; this one goes on when it is done.")
            fcntl.flock(door, fcntl.LOCK_EX)
        yield


def make(lock: str) -> None:
    """Fill `.venv` from the lock, or bring it up to date. A half-made one is made anew."""
    ways, started = installers(lock), time.monotonic()
    if stamp() == UNFINISHED or not PYTHON.exists():
        shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    STAMP.write_text(UNFINISHED)
    packages = sum(line[0].isalnum() for line in (ROOT / lock).read_text().splitlines())
    say(f"Making .venv: {packages} packages, about {'a' if packages > 50 else 'half a'} minute.")
    if not (any(succeeds(way) for way in ways) and can_import(LANDMARK[lock])):
        sys.exit("The packages did not arrive; the reason is above. The next start tries again, with the network.")
    STAMP.write_text(digest(lock))
    say(f".venv is ready after {time.monotonic() - started:.0f} s.")


def succeeds(commands: list[list[str]]) -> bool:
    """Run one after the other, up to the first that fails."""
    return all(subprocess.run(command, stdout=sys.stderr).returncode == 0 for command in commands)


def installers(lock: str) -> list[list[list[str]]]:
    """The ways to fill `.venv` on this machine, fastest first; each is a list of commands."""
    ways = []
    base = getattr(sys, "_base_executable", sys.executable)  # not .venv's own, which may be about to go
    packages = ["--quiet", "--require-hashes", "--no-deps", "-r", str(ROOT / lock)]
    uv = shutil.which("uv")
    if uv:
        create = [uv, "venv", "--quiet", "--allow-existing", "--python", base, str(VENV)]
        ways.append([create, [uv, "pip", "install", "--python", str(PYTHON), *packages]])
    if find_spec("ensurepip"):
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *packages]
        ways.append([[base, "-m", "venv", str(VENV)], pip])
    if not ways:
        sys.exit("Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv")
    return ways


def say(sentence: str) -> None:
    """Progress goes to standard error: a command's standard output may be JSON that a script reads."""
    print(sentence, file=sys.stderr, flush=True)
