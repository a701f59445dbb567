"""Waking the workers. A task only wakes; the rows are the truth."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django_q.tasks import async_task

_is_silent = ContextVar("_is_silent", default=False)


def wake(task: str) -> None:
    """Ask a worker to do a task; inside a transaction the request is part of it, if the queue is in our database."""
    if not _is_silent.get():
        async_task(task)


@contextmanager
def silence() -> Iterator[None]:
    """Within, nobody is woken: for rows that will be taken back, whatever queue there is."""
    before = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(before)
