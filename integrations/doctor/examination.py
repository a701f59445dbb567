"""All lines of the doctor in one table, and how they are found out: ours at once, Lever's one call at a time."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.account import lever
from integrations.doctor import account, endings, hearing, house
from integrations.doctor.lines import Finding, Level, Line, Words, broken, left_open, look, on_the_page
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Connection, Webhook
from integrations.offers import AT_THE_PAGE

PATIENCE = (3.0, 6.5)  # seconds to connect and to wait for an answer: a call takes ten at most
ALTOGETHER = 10.0  # seconds for all calls, where somebody waits for the whole page
SILENT_FOR = 15  # seconds for which Lever is left alone after it did not answer


@dataclass(frozen=True)
class Own:
    """A line from our own tables."""

    name: str
    title: Words
    examine: Callable[[Connection, datetime], Finding]


@dataclass(frozen=True)
class Asked:
    """A line that Lever must be asked for."""

    name: str
    title: Words
    ask: Callable[[Lever, Connection], Finding]
    is_brief: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the page."""

    name: str
    title: Words
    note: Words
    questions: tuple[Own | Asked, ...]


KEY = Asked("key", gettext_lazy("Key"), account.key)
PARTS = (
    Part(
        "in",
        gettext_lazy("Lever lets us in"),
        gettext_lazy("Lever is asked now, and nothing in it is changed by that."),
        (
            Own("connection", gettext_lazy("Connection"), house.state),
            KEY,
            Own("same-key", gettext_lazy("A key of its own"), house.same_key),
            Asked("stages", gettext_lazy("Stages"), account.stages),
            Asked("stage", gettext_lazy("Stage that starts checks"), account.stage),
            Asked("user", gettext_lazy("Writes in Lever as"), account.user),
            Asked("hired-reasons", gettext_lazy("Archive reasons"), endings.reasons),
            Asked("clock", gettext_lazy("Clock"), account.clock),
            *(Asked(each.name, each.title, each.ask, is_brief=True) for each in account.PERMISSIONS),
            Asked(account.FILES.name, account.FILES.title, account.files, is_brief=True),
            Asked("confidential", gettext_lazy("Confidential jobs"), account.confidential, is_brief=True),
        ),
    ),
    Part(
        "hear",
        gettext_lazy("We hear Lever"),
        gettext_lazy("Green means that a signed event arrived."),
        (
            *(Own(each.value, each.label, partial(hearing.heard, webhook=each.value)) for each in Webhook),
            Asked("webhooks", gettext_lazy("Webhooks that stand in Lever"), account.webhooks),
        ),
    ),
    Part(
        "work",
        gettext_lazy("Work gets done"),
        "",
        (
            Own("queue", gettext_lazy("Queue"), house.queue),
            Own("inbox", gettext_lazy("What came from Lever"), house.inbox),
            Own("outbox", gettext_lazy("What is to be written in Lever"), house.outbox),
            Own("rate", gettext_lazy("Lever’s rate limit"), house.rate),
            Own("failures", gettext_lazy("Failures in a row"), house.failures),
            Own("mail", gettext_lazy("Mail"), house.mail),
            Own("templates", gettext_lazy("Templates"), house.templates),
        ),
    ),
)
QUESTIONS = {question.name: question for part in PARTS for question in part.questions}


def own_line(question: Own, connection: Connection, now: datetime) -> Line:
    return Line(question.name, question.title, question.examine(connection, now))


def asked_line(question: Asked, connection: Connection, patience: tuple[float, float] = PATIENCE) -> Line:
    """Ask Lever for one line; never raises. Whether Lever answers at all is the key's line to say."""
    silent = f"doctor:{connection.uuid}:silent"
    if not connection.api_key:
        finding = _no_key(connection) if question is KEY else left_open(_("Not asked: the key comes first."))
    elif question is not KEY and cache.get(silent):
        finding = left_open(_("Not asked: Lever did not answer a moment ago."))
    else:
        finding = _ask(question, connection, patience, silent)
    return Line(question.name, question.title, finding, question.is_brief)


def whole(connection: Connection, now: datetime, within: float = ALTOGETHER) -> Iterator[tuple[Part, list[Line]]]:
    """Everything, one after the other, in about `within` seconds at most. The key is asked first."""
    ends = time.monotonic() + within
    for part in PARTS:
        lines = []
        for question in part.questions:
            if isinstance(question, Own):
                lines.append(own_line(question, connection, now))
            else:
                lines.append(_in_time(question, connection, ends))
        yield part, lines


def levels(lines: list[Line]) -> Counter[Level]:
    return Counter(line.level for line in lines)


def _in_time(question: Asked, connection: Connection, ends: float) -> Line:
    if time.monotonic() < ends:
        return asked_line(question, connection, _share(ends))
    finding = left_open(_("Not asked: Lever is slow at the moment."))
    return Line(question.name, question.title, finding, question.is_brief)


def _share(ends: float) -> tuple[float, float]:
    """A line makes two calls at most, each connects and waits: so it ends in time, and so do all after it."""
    left = max(0.1, ends - time.monotonic())
    return min(PATIENCE[0], left / 4), min(PATIENCE[1], left / 4)


def _ask(question: Asked, connection: Connection, patience: tuple[float, float], silent: str) -> Finding:
    try:
        with lever(connection, timeout=patience) as opened:
            finding = question.ask(opened, connection)
    except LeverError as error:
        if error.kind is Kind.UNREACHABLE:
            cache.set(silent, True, SILENT_FOR)
        return _of_the_key(connection, error) if question is KEY else _of_another(error)
    if question is KEY:
        cache.delete(silent)
    return finding


def _no_key(connection: Connection) -> Finding:
    sentence = _("No key is stored. A super admin of Lever makes one under Integrations and API.")
    return broken(sentence, on_the_page(_("Enter the key"), connection, account.KEY_FIELD))


def _of_the_key(connection: Connection, error: LeverError) -> Finding:
    sentence = str(AT_THE_PAGE.get(error.kind) or _(error.words))
    if error.kind is Kind.RATE_LIMITED:
        return look(sentence)
    if error.kind is Kind.UNAUTHORIZED:
        return broken(sentence, on_the_page(_("Enter another key"), connection, account.KEY_FIELD))
    return broken(sentence)


def _of_another(error: LeverError) -> Finding:
    """What stands on another line is not told twice: that the key is wrong, or may not do this."""
    if error.kind is Kind.UNAUTHORIZED:
        return left_open(_("Not asked: the key comes first."))
    if error.kind is Kind.FORBIDDEN:
        return left_open(_("Not asked: the permission to read this comes first."))
    return look(_("Not known: %(reason)s") % {"reason": AT_THE_PAGE.get(error.kind) or _(error.words)})
