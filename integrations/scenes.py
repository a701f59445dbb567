"""What is mailed, and written in Lever, when something happens to a check: read off the rows that it wrote."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from checks.models import Check, Reference
from integrations.models import Action
from notifications.leases import DONE
from notifications.models import Message
from notifications.waking import silence

HIDDEN = "…"


@dataclass(frozen=True)
class Mail:
    """An e-mail, or a text message, which has no subject and a number for its address. `how` is Message.Channel's."""

    how: str
    name: str
    address: str
    subject: str
    text: str


@dataclass(frozen=True)
class Change:
    """A tag, a link or a note in Lever, by Action.Kind."""

    kind: str
    label: str
    value: str


@dataclass(frozen=True)
class Scene:
    """Something happens, and what is mailed and written in Lever then, in order."""

    heading: str
    mails: tuple[Mail, ...]
    changes: tuple[Change, ...]


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written within is undone at its end, however it ends, and nobody is woken for it."""
    with silence(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def read_off(heading: str, check: Check, now: datetime) -> Scene:
    """What waits to be sent and written. From here on it counts as sent and written, as after a worker's visit."""
    references = list(check.references.all())
    topics = [check.topic, *(reference.topic for reference in references)]
    mails = Message.objects.waiting().filter(topic__in=topics).order_by("pk")
    changes = Action.objects.waiting().filter(for_check=check).order_by("pk")
    veil = _veil(check, references)
    scene = Scene(
        heading,
        tuple(_mail(mail, veil) for mail in mails),
        tuple(Change(change.kind, change.get_kind_display(), veil(change.value)) for change in changes),
    )
    _work_off(mails, now)
    _work_off(changes, now)
    return scene


def _mail(mail: Message, veil: Callable[[str], str]) -> Mail:
    return Mail(mail.get_channel_display(), mail.to_name, mail.to_address, mail.subject, veil(mail.text))


def _work_off(rows: QuerySet[Any], now: datetime) -> None:
    rows.order_by().update(state=DONE, attempts=1, done_at=now)


def _veil(check: Check, references: Sequence[Reference]) -> Callable[[str], str]:
    """Hides the parts of addresses that are made anew for each check: those of this one will open nothing."""
    public = check.public_id
    parts = [check.token, *(reference.token for reference in references), str(public), public.hex[:12]]

    def veil(text: str) -> str:
        for part in parts:
            text = text.replace(part, HIDDEN)
        return text

    return veil
