"""One export at a time within one cluster of workers, so that the others stay free for what comes from people."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir


@contextmanager
def alone() -> Iterator[bool]:
    """Whether we are the only one of our parent process's children who exports. Whoever is killed gives it up.

    The lock is on one byte of a file, the one whose number is that of our parent: clusters beside each other on one
    machine do not see each other. Between threads of one process it does not tell.
    """
    try:
        path = Path(gettempdir(), f"vouch-exports-{os.getuid()}")
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:  # nowhere to write, or the name is somebody else's: two at once do no harm, they only take more
        yield True
        return
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, os.getppid())
    except OSError:
        return False
    return True
