"""Where it is measured: a PostgreSQL that loses nothing, and whole installations of Vouch on it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, LiteralString, Self
from urllib.parse import urlsplit

import psycopg
import requests
from psycopg import sql

from config.demo import PATIENCE, Demo, free_port

# As in production. gunicorn takes the number of its processes from the environment.
PRODUCTION = {"DEBUG": "false", "LOG_LEVEL": "INFO", "WEB_CONCURRENCY": "2"}
DELIVERIES: LiteralString = "SELECT count(*) FROM integrations_delivery"
WAITING: LiteralString = """
SELECT (SELECT count(*) FROM integrations_delivery WHERE state = 'waiting')
     + (SELECT count(*) FROM integrations_action WHERE state = 'waiting')
     + (SELECT count(*) FROM notifications_message WHERE state = 'waiting')
     + (SELECT count(*) FROM django_q_ormq)
"""


class Ground:
    """`postgres` is the server's DATABASE_URL; everything else goes into the folder."""

    def __init__(self, postgres: str, folder: Path, say: Callable[[str], None]) -> None:
        self.postgres, self.folder, self.say = postgres, folder, say
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._open.close()

    @cached_property
    def shared(self) -> Demo:
        """The installation of all who do not need one of their own."""
        return self._open.enter_context(self.site("shared", settle=0.2))

    @contextmanager
    def site(self, name: str, *, settle: float = 10, workers: int = 1) -> Iterator[Demo]:
        """An installation on a database of its own; `settle` is TAG_SETTLE_SECONDS."""
        self.say(f"Setting up the installation “{name}”")
        more = PRODUCTION | {"DATABASE_URL": self.database(name)}
        folder, ports = self.folder / name, (0, 0, 0)
        with Demo(folder, _to_nobody, settle=settle, workers=workers, ports=ports, more=more) as site:
            yield site

    def database(self, name: str) -> str:
        """A fresh, empty database; its DATABASE_URL."""
        with psycopg.connect(self.postgres, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return urlsplit(self.postgres)._replace(path=f"/{name}").geturl()


def _to_nobody(step: str) -> None:
    """The demo's own steps are not told."""


def tell_lever(site: Demo, what: str, **body: Any) -> dict[str, Any]:
    """POST to the practice Lever's own controls, such as `move`; its answer."""
    response = requests.post(f"{site.lever}/sandbox/{what}", json=body, timeout=10)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


def start_reference(site: Demo, name: str) -> str:
    """A server as large as the site's own, with the settings `config.bench.NAME_settings`; its address."""
    address = f"127.0.0.1:{free_port()}"
    server = ("-m", "gunicorn", "django.core.wsgi:get_wsgi_application()", "--bind", address)
    settings = ("--env", f"DJANGO_SETTINGS_MODULE=config.bench.{name}_settings", "--log-level", "warning")
    site.start(name, sys.executable, *server, "--worker-class", "gthread", "--threads", "4", *settings)
    site.wait_for(f"the {name} reference", f"http://{address}")
    return f"http://{address}"


def number(database: str, query: LiteralString) -> int:
    """The one number that a query gives."""
    with psycopg.connect(database, autocommit=True) as connection:
        found = connection.execute(query).fetchone()
        return int(found[0]) if found else 0


def wait_until_idle(site: Demo, deliveries: int = 0, patience: float = PATIENCE) -> None:
    """Until so many deliveries have come, and nothing waits in inbox, outbox, among the mails or in the queue."""
    database = site.environment["DATABASE_URL"]

    def is_idle() -> bool:
        return number(database, DELIVERIES) >= deliveries and number(database, WAITING) == 0

    site.until("nothing waits any more", is_idle, patience)
