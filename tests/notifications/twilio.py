"""Twilio as its documentation describes it, on this machine: it takes text messages in, and calls back, signed.

Formats: https://www.twilio.com/docs/messaging/api/message-resource and
https://www.twilio.com/docs/usage/security#validating-requests. The numbers that it refuses are those with which
Twilio itself lets one try it: https://www.twilio.com/docs/iam/test-credentials#test-sms-messages.
"""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.test import Client

SID, TOKEN, NUMBER = "AC" + "0123456789abcdef" * 2, "the-auth-token-of-the-account", "+15005550006"
REFUSED = {
    "+15005550001": (21211, "The 'To' number +15005550001 is not a valid phone number."),
    "+15005550002": (21612, "The message From/To pair violates a blacklist rule, or cannot be routed."),
    "+15005550003": (21408, "Permission to send an SMS has not been enabled for the region."),
    "+15005550004": (21610, "Attempt to send to unsubscribed recipient"),
    "+15005550009": (21614, "'To' number: +15005550009, is not a mobile number"),
}


class Twilio(ThreadingHTTPServer):
    """`taken` are the forms of the messages that it took; `instead` what it does to the next ones instead of that:
    (status, headers, body), or "hang up" before it has taken a message, or "lose the answer" after."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.taken: list[dict[str, str]] = []
        self.asked = 0
        self.instead: list[Any] = []

    def url(self, sender: str = NUMBER, token: str = TOKEN) -> str:
        return f"twilio+http://{SID}:{token}@127.0.0.1:{self.server_port}/?from={sender}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who hung up is no news."""

    def call_back(self, number: int, status: str, token: str = TOKEN, **more: str) -> Any:
        """Tell about the message that was taken as the so-manieth, as a form that is signed."""
        message = self.taken[number]
        form = {
            "AccountSid": SID,
            "ApiVersion": "2010-04-01",
            "From": NUMBER,
            "MessageSid": message["sid"],
            "MessageStatus": status,
            "SmsSid": message["sid"],
            "SmsStatus": status,
            "To": message["To"],
            **more,
        }
        return called_back(message["StatusCallback"], form, signature(token, message["StatusCallback"], form))


class Desk(BaseHTTPRequestHandler):
    server: Twilio
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Not in the tests' output."""

    def do_POST(self) -> None:
        self.server.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
        instead = self.server.instead.pop(0) if self.server.instead else None
        if instead == "hang up":
            self.close_connection = True
        elif isinstance(instead, tuple):
            self.answer(*instead)
        else:
            self.take(form, lose=instead == "lose the answer")

    def take(self, form: dict[str, str], *, lose: bool) -> None:
        known = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {known}":
            return self.refuse(401, 20003, "Authenticate")
        if self.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            return self.refuse(404, 20404, f"The requested resource {self.path} was not found")
        if form["To"] in REFUSED:
            return self.refuse(400, *REFUSED[form["To"]])
        if not ({"From", "MessagingServiceSid"} & set(form) and form.get("Body")):
            return self.refuse(400, 21602, "Message body is required.")
        sid = f"SM{len(self.server.taken):032x}"
        self.server.taken.append({**form, "sid": sid})
        if lose:
            self.close_connection = True
            return None
        return self.answer(201, {}, {"sid": sid, "status": "queued", "error_code": None, "to": form["To"]})

    def refuse(self, status: int, code: int, message: str) -> None:
        more = f"https://www.twilio.com/docs/errors/{code}"
        self.answer(status, {}, {"code": code, "message": message, "more_info": more, "status": status})

    def answer(self, status: int, headers: dict[str, str], body: Any) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def called_back(address: str, form: dict[str, str], signed: str) -> Any:
    headers = {"X-Twilio-Signature": signed}
    body, kind = urlencode(form), "application/x-www-form-urlencoded"
    answer: Any = Client(enforce_csrf_checks=True).post(
        urlsplit(address).path, body, content_type=kind, headers=headers
    )
    return answer


def signature(token: str, address: str, form: dict[str, str]) -> str:
    """As Twilio's documentation puts it: the full address, then name and value of each field, by name."""
    said = address
    for name in sorted(form):
        said += name + form[name]
    return base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


@contextmanager
def running() -> Iterator[Twilio]:
    with Twilio() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
