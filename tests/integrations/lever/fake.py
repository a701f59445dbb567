"""A Lever of a few lines: a real HTTP server that gives the answers it was told to give, and remembers."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from integrations.lever.client import Lever
from integrations.lever.errors import LeverError

KEY = "k3y-of-the-account+/="
PAYLOADS = Path(__file__).parents[2] / "payloads" / "lever"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def failing(lever: Lever) -> LeverError:
    with pytest.raises(LeverError) as raised:
        lever.stages()
    return raised.value


@dataclass
class Seen:
    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeLever:
    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)

    def answers_with(self, body: object, status: int = 200, **headers: str) -> None:
        """Queues an answer: bytes as they are, anything else as JSON. `Retry_After` becomes Retry-After."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, content, named))

    @property
    def last(self) -> Seen:
        return self.seen[-1]


class Server(ThreadingHTTPServer):
    def handle_error(self, *arguments: object) -> None:
        """Clients that hang up in the middle are part of the tests."""


def _handler(fake: FakeLever) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.seen.append(Seen(self.command, self.path, self.headers, body))
            status, content, headers = fake.answers.pop(0)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(content))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[FakeLever]:
    fake = FakeLever()
    server = Server(("127.0.0.1", 0), _handler(fake))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    fake.url = f"http{'s' if context else ''}://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
