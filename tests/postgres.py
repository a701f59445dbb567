"""A throw-away PostgreSQL server for the tests: `python -m tests.postgres pytest tests/checks`.

It listens on a socket in its own temporary folder only: there is no port to collide with, and nobody else can
reach it.
"""

import contextlib
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The data of a test are worth nothing, so nothing waits for the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
# As in production: what is committed is on the disk.
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


def program(name: str) -> str | None:
    """Where a program of PostgreSQL's server is. Debian keeps them off PATH, in one folder per version."""
    found = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(found, key=lambda path: float(path.parts[4]), default=None)
    return str(newest) if newest else shutil.which(name)


@contextlib.contextmanager
def running(options: str = FAST) -> Iterator[str]:
    """A fresh server for as long as the block runs. Yields its DATABASE_URL."""
    initdb, pg_ctl = program("initdb"), program("pg_ctl")
    if not initdb or not pg_ctl:
        raise FileNotFoundError("PostgreSQL's server is missing. On Debian: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="vouch-postgres-") as home:
        data, log = f"{home}/data", Path(home, "log")
        run = functools.partial(subprocess.run, cwd=home, stdout=subprocess.DEVNULL, **_owner(home))
        cluster = ["-U", "vouch", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run([initdb, "-D", data, *cluster], check=True)
        socket_only = f"-k {home} -h '' {options}"
        if run([pg_ctl, "-D", data, "-w", "-l", str(log), "-o", socket_only, "start"]).returncode != 0:
            raise RuntimeError(log.read_text())
        try:
            yield f"postgres://vouch@/postgres?host={home}"
        finally:
            run([pg_ctl, "-D", data, "-w", "-m", "immediate", "stop"], check=True)


def _owner(home: str) -> dict[str, Any]:
    """Whom the server runs as, as arguments of subprocess: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def main(command: list[str]) -> int:
    """Run a command with DATABASE_URL set to a fresh server. Returns its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server stops then, too
    with running() as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
