"""Where the bench's mails end: a mail server that keeps nothing of them but their Message-IDs."""

import re
from typing import Any, Self

MESSAGE_ID = re.compile(rb"^message-id: *<([^>]*)>", re.IGNORECASE | re.MULTILINE)


class Sink:
    """A handler for `python -m aiosmtpd -c config.bench.sink.Sink FILE`; one line for each mail that it takes."""

    def __init__(self, path: str) -> None:
        self._taken = open(path, "ab", buffering=0)  # noqa: SIM115, PTH123  (as long as the server runs)

    @classmethod
    def from_cli(cls, parser: Any, path: str) -> Self:
        return cls(path)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        found = MESSAGE_ID.search(envelope.content)
        self._taken.write((found[1] if found else b"?") + b"\n")
        return "250 OK"
