"""Who visits a sandbox: a client of its API, a browser, and somebody who receives its webhooks. All real HTTP."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

from integrations.sandbox import cast
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY

TRIGGER = cast.id_of("stage", cast.TRIGGER)
HIRED, WITHDREW = cast.id_of("reason", "Hired"), cast.id_of("reason", "Withdrew")


class Lever:
    """Calls the API as Vouch would; writes carry Ruth's id unless told otherwise."""

    def __init__(self, server: SandboxServer, key: str = DEMO_API_KEY) -> None:
        self.root = server.api_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (key, "")

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.session.get(self.root + path, params=params, timeout=30)

    def write(self, method: str, path: str, body: object = None, by: str | None = cast.RUTH) -> requests.Response:
        params = {"perform_as": by} if by else {}
        return self.session.request(method, self.root + path, params=params, json=body, timeout=30)

    def post(self, path: str, body: object = None, by: str | None = cast.RUTH) -> requests.Response:
        return self.write("POST", path, body, by)

    def put(self, path: str, body: object = None, by: str | None = cast.RUTH) -> requests.Response:
        return self.write("PUT", path, body, by)


class Receiver:
    """Takes webhooks. `answers` are the statuses to give, in order; then 200."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []
        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.listener.server_port}/hook/"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.headers.append(dict(self.headers.items()))
                receiver.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("Location", "/elsewhere/")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def person(server: SandboxServer, name: str) -> Opportunity:
    return next(each for each in server.world.opportunities.values() if each.contact.name == name)


def ask(server: SandboxServer, method: str, path: str, **how: Any) -> requests.Response:
    """Call a page or a `/sandbox/` address, as a browser does, but follow no redirect."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, server.url + path, timeout=30, allow_redirects=False, **how)
