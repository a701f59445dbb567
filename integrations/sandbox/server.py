"""The sandbox behind a real socket: HTTP/1.1 with kept connections, and a thread for each of them."""

import os
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote_to_bytes

from django.http import HttpResponse

from . import control, door, pages
from .faults import Reset
from .state import Sandbox, SandboxRequest
from .world import World

HAND_OVER = {"v1": door.answer, "sandbox": control.answer}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave in one piece
    server: "Listener"

    def answer(self) -> None:
        request = SandboxRequest(self._environ())
        request.sandbox = self.server.sandbox
        first = request.path.split("/", 2)[1]
        try:
            response = HAND_OVER.get(first, pages.answer)(request)
        except Reset:
            self._cut()
        else:
            self._write(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def _environ(self) -> dict[str, Any]:
        """The request as WSGI has it. The body is read whole: the next request starts where it ends."""
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return headers | {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "http",
        }

    def _write(self, response: HttpResponse) -> None:
        self.send_response_only(response.status_code)
        self.send_header("Date", self.date_time_string(time.time() + self.server.sandbox.clock_ahead))
        for name, value in response.items():
            self.send_header(name, value)
        if response.status_code != 204:
            self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.content)

    def _cut(self) -> None:
        """Close with a reset instead of a farewell: lingering for no time makes the kernel send RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        os.close(self.connection.detach())

    def log_message(self, format: str, *args: object) -> None:
        """The sandbox keeps its own log."""


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[Any] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the kept connections too: a client must notice that nobody is there any more."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class SandboxServer:
    """A practice Lever that listens from `start` to `stop`, or within a `with` block.

    url: the address of its pages; api_url: what a client takes for Lever's API root, ending in `/v1`.
    Stopped and started again it is back at the same address with the same memory, as Lever after an outage.
    """

    url: str
    api_url: str

    def __init__(
        self,
        world: World,
        host: str = "127.0.0.1",
        port: int = 0,
        mail_dir: Path | None = None,
        vouch_url: str | None = None,
    ) -> None:
        self.sandbox = Sandbox(world, mail_dir, vouch_url)
        self.world, self.faults = world, self.sandbox.faults
        self.sender, self.calls = self.sandbox.sender, self.sandbox.calls
        self._host, self._port = host, port

    def start(self) -> Self:
        self._listener = Listener((self._host, self._port), self.sandbox)
        self._port = self._listener.server_port
        self.url = f"http://{self._host}:{self._port}"
        self.api_url = f"{self.url}/v1"
        self.sandbox.stopping.clear()
        self.sender.start()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self.sandbox.stopping.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._listener.hang_up()
        self.sender.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
