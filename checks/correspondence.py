"""What was written about a check, for its page: each message with its text and its fate, and what did not arrive."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from checks.models import Check, Reference
from notifications.admin import SHOWN, masked
from notifications.admin import standing as standing_of
from notifications.leases import FAILED
from notifications.models import Message
from templates_app.moments import Moment

AT_MOST = 100  # messages on a check's page
Channel, Fate = Message.Channel, Message.Fate

TO = {
    Channel.EMAIL: gettext_lazy("E-mail to %(name)s"),
    Channel.TEXT: gettext_lazy("Text message to %(name)s"),
}
LOST = {
    Channel.EMAIL: gettext_lazy("Our mail to %(address)s came back."),
    Channel.TEXT: gettext_lazy("Our text message to %(address)s did not arrive."),
}


@dataclass(frozen=True)
class Sent:
    """A message as a line of the timeline."""

    message: Message

    is_person = False

    @property
    def at(self) -> datetime:
        return self.message.created_at

    @property
    def words(self) -> str:
        name = self.message.to_name or self.message.to_address
        return str(TO[Channel(self.message.channel)]) % {"name": _("somebody") if self.message.is_erased else name}

    @property
    def about(self) -> str:
        """Such as: The reference is reminded."""
        known = dict(Moment.choices)
        return str(known.get(self.message.kind, "")) or ("" if self.message.is_erased else self.message.subject)

    @property
    def address(self) -> str:
        return "" if self.message.is_erased else self.message.to_address

    @property
    def standing(self) -> SafeString:
        return standing_of(self.message)

    @property
    def steps(self) -> list[str]:
        """When it was handed over, and what was heard since."""
        message = self.message
        sent = _("handed over %(when)s") if message.state == Message.State.DONE else _("settled %(when)s")
        steps = [(sent, message.done_at), (_("heard %(when)s"), message.fate_at)]
        return [words % {"when": _moment(at)} for words, at in steps if at]

    @property
    def trouble(self) -> str:
        """What was said when it was refused or came back."""
        return "" if self.message.is_erased else (self.message.fate_words or _error(self.message)).strip()

    @property
    def text(self) -> str:
        """With its links cut short: each opens one person's page."""
        is_shown = self.message.kind.startswith(SHOWN) and not self.message.is_erased
        return masked(self.message.text) if is_shown else ""


def sent(user: Any, check: Check, references: Iterable[Reference]) -> list[Sent] | None:
    """Newest first, in one query; None for those who may not see messages. One more than AT_MOST: there are others."""
    if not isinstance(user, User) or not user.has_perm("notifications.view_message"):
        return None
    topics = [check.topic, *(reference.topic for reference in references)]
    about = Message.objects.visible_to(user).filter(topic__in=topics).defer("html", "stop_url")
    return [Sent(message) for message in about.order_by("-created_at", "-pk")[: AT_MOST + 1]]


def undelivered(sent: Iterable[Sent], check: Check) -> dict[str, list[str]]:
    """By topic: what did not arrive where it was sent last, and what to do. Sentences."""
    last: dict[tuple[str, str, str], Message] = {}
    for message in (each.message for each in sent):
        if message.done_at and message.state != Message.State.CANCELED and not message.is_erased:
            last.setdefault((message.topic, message.channel, message.to_address), message)
    found: dict[str, list[str]] = {}
    for message in last.values():
        if sentence := " ".join(_lost(message, check)):
            found.setdefault(message.topic, []).append(sentence)
    return found


def _lost(message: Message, check: Check) -> Iterator[str]:
    if message.fate == Fate.COMPLAINED:
        yield _("They reported our mail as unwanted, so Vouch does not remind them any more.")
    elif message.state == FAILED or message.fate == Fate.BOUNCED:
        yield str(LOST[Channel(message.channel)]) % {"address": message.to_address}
        yield message.fate_words or _error(message)
        yield _what_to_do(message, check)


def _what_to_do(message: Message, check: Check) -> str:
    words = {"name": check.first_name or _("the candidate")}
    if message.channel == Channel.TEXT:
        return _("The e-mails are not touched by that.")
    if not check.is_live:
        return ""
    if message.topic == check.topic:
        return _("Correct the address in Lever, and write to %(name)s in another way meanwhile.") % words
    return _("%(name)s was asked for another address, or somebody else.") % words


def _error(message: Message) -> str:
    return message.error if message.state == FAILED else ""


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
