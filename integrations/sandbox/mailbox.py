"""A mailbox to look into: every mail that a local SMTP server has put into a Maildir.

`python -m aiosmtpd -n -c aiosmtpd.handlers.Mailbox DIRECTORY` is such a server.
"""

import base64
import email
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from functools import lru_cache
from pathlib import Path

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string

from .account import Missing
from .records import Json
from .state import SandboxRequest

# A mail brings its own styles. It may show them, and nothing else: no script, no picture from elsewhere.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True)
class Mail:
    """`key` is its file's name; `text` and `html` are "" where there is no such part."""

    key: str
    headers: tuple[tuple[str, str], ...]
    subject: str
    sender: str
    to: str
    message_id: str
    at: datetime
    text: str
    html: str
    pictures: Mapping[str, str] = field(default_factory=dict)  # those that came with it, as data: addresses by name

    def as_json(self, copies: int) -> Json:
        return {
            "key": self.key,
            "from": self.sender,
            "to": self.to,
            "subject": self.subject,
            "date": self.at.isoformat(),
            "messageId": self.message_id,
            "text": self.text,
            "html": self.html,
            "copies": copies,
        }


@dataclass(frozen=True)
class Shown:
    """A mail in the list; `copies` counts those with the same Message-ID."""

    mail: Mail
    copies: int


def part(message: EmailMessage, kind: str) -> str:
    """The first part of this kind as text; what cannot be decoded becomes a question mark."""
    found = message.get_body((kind,))
    if found is None:
        return ""
    raw = found.get_payload(decode=True)
    charset = found.get_content_charset("utf-8")
    try:
        return raw.decode(charset, "replace") if isinstance(raw, bytes) else ""
    except LookupError:
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def pictures(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for each in message.walk():
        data = each.get_payload(decode=True)
        if each.get_content_maintype() == "image" and isinstance(data, bytes):
            kind, coded = each.get_content_type(), base64.b64encode(data).decode()
            yield str(each["Content-ID"] or "").strip("<> "), f"data:{kind};base64,{coded}"


@lru_cache(maxsize=2000)
def read(path: Path) -> Mail:
    """A file in a Maildir never changes, so it is read once."""
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    headers = tuple((name, str(value)) for name, value in message.items())
    first = {name.lower(): value for name, value in reversed(headers)}
    return Mail(
        key=path.name.partition(":")[0],
        headers=headers,
        subject=first.get("subject", ""),
        sender=first.get("from", ""),
        to=first.get("to") or first.get("x-rcptto", ""),
        message_id=first.get("message-id", ""),
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=part(message, "plain"),
        html=part(message, "html"),
        pictures=dict(pictures(message)),
    )


def mails(mail_dir: Path | None, address: str = "") -> list[Shown]:
    """Newest first, each Message-ID once; with an address, only what went to it (any part of it will do)."""
    if mail_dir is None:
        return []
    paths = [path for folder in ("new", "cur") for path in (mail_dir / folder).glob("*")]
    found = sorted((read(path) for path in paths), key=lambda mail: (mail.at, mail.key), reverse=True)
    return list(once(mail for mail in found if address.lower() in mail.to.lower()))


def once(found: Iterable[Mail]) -> Iterable[Shown]:
    groups: dict[str, list[Mail]] = {}
    for mail in found:
        groups.setdefault(mail.message_id or mail.key, []).append(mail)
    return (Shown(group[0], len(group)) for group in groups.values())


def one_mail(request: SandboxRequest, key: str) -> Shown:
    for shown in mails(request.sandbox.mail_dir):
        if shown.mail.key == key:
            return shown
    raise Missing("mails", key)


def mail_list(request: SandboxRequest) -> HttpResponse:
    address = request.GET.get("to", "").strip()
    context = {
        "sandbox": request.sandbox,
        "address": address,
        "mails": mails(request.sandbox.mail_dir, address),
    }
    return HttpResponse(render_to_string("sandbox/mailbox.html", context))


def mail(request: SandboxRequest, key: str) -> HttpResponse:
    context = {"sandbox": request.sandbox, "shown": one_mail(request, key)}
    return HttpResponse(render_to_string("sandbox/mail.html", context))


def mail_html(request: SandboxRequest, key: str) -> HttpResponse:
    """The HTML part by itself, for a frame. Its links open beside the mailbox, not inside the frame."""
    found, base = one_mail(request, key).mail, '<base target="_blank">'
    html = re.sub(r"\bcid:([^\"'\s>]+)", lambda name: found.pictures.get(name[1], ""), found.html)
    if not html:
        raise Missing("HTML parts", key)
    framed, has_head = re.subn(r"(<head\b[^>]*>)", rf"\1{base}", html, count=1, flags=re.IGNORECASE)
    return HttpResponse(framed if has_head else base + html, headers={"Content-Security-Policy": MAIL_CSP})


def mail_json(request: SandboxRequest) -> HttpResponse:
    found = mails(request.sandbox.mail_dir, request.GET.get("to", ""))
    return JsonResponse({"mails": [shown.mail.as_json(shown.copies) for shown in found]})
