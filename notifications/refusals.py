"""A message that was not taken, whichever way it was to go."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_WAIT = timedelta(hours=1)


class NotTaken(Exception):
    """Whoever was to take a message did not. The text says in words why.

    `permanent`: another attempt would be answered alike. `wait` is the least time before one.
    `unwanted`: the receiver has told them to take nothing more from us.
    """

    def __init__(self, words: str, *, permanent: bool, wait: timedelta | None = None, unwanted: bool = False) -> None:
        super().__init__(words)
        self.permanent, self.wait, self.unwanted = permanent, wait, unwanted


def wait_of(answer: Any) -> timedelta | None:
    """What `Retry-After` of a `requests.Response` (or None) asks for, in seconds or as a date; an hour at most."""
    asked = str(answer.headers.get("Retry-After", "")).strip() if answer is not None else ""
    if asked.isdecimal():
        return min(timedelta(seconds=int(asked[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(zoned - datetime.now(UTC), timedelta(0)), LONGEST_WAIT)
