import re
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import LogAdmin
from accounts.admin_verbs import verb
from accounts.scoped_admin import reader
from notifications.leases import FAILED
from notifications.models import Message
from notifications.tasks import wake_sender

State, Channel, Fate = Message.State, Message.Channel, Message.Fate
SHAPES: dict[str, str] = {State.WAITING: "moving", State.DONE: "done", State.FAILED: "bad", State.CANCELED: "stopped"}
FATES: dict[str, str] = {Fate.DELIVERED: "done", Fate.BOUNCED: "bad", Fate.COMPLAINED: "warn"}
HEARD = [(value, label) for value, label in Fate.choices if value]
# An address in a letter is a key to a page; this part of it is what must stay secret.
SECRET = re.compile(r"(/(?:c|r|s|o|p|stop|sign-in)/)[^/\s]+")
# Whoever these were for has been dropped by then, or the link in them has run out: a second copy opens nothing.
NOT_AGAIN = ("candidate-request", "candidate-reminder", "reference-request", "reference-reminder", "sign-in")
# Only what was written for these is shown. A mail that signs somebody in is nobody else's to read.
SHOWN = ("candidate-", "reference-", "manager-", "owner-", "outcome-", "prospect-", "connection-")


def standing(message: Message) -> SafeString:
    """What is known last: what the other side has told since, else whether it was handed over."""
    if message.fate:
        return state(FATES[message.fate], capfirst(Fate(message.fate).label))
    return state(SHAPES[message.state], capfirst(State(message.state).label))


def masked(text: str) -> str:
    """A letter's text without the keys in its links."""
    return SECRET.sub(r"\1…", text)


@admin.register(Message)
class MessageAdmin(LogAdmin):
    about = gettext_lazy("Every mail and text message that Vouch wrote, newest first. Each is sent once.")
    empty = gettext_lazy("No message has been written yet. The first goes out when a check begins.")
    list_display = ("about_what", "to", "channel", "standing", "created_at")
    list_filter = (
        choice_filter("channel", gettext_lazy("how"), Channel.choices),
        choice_filter("state", gettext_lazy("state"), State.choices),
        choice_filter("fate", gettext_lazy("since then"), HEARD),
    )
    search_fields = ("to_address", "to_name", "subject")
    search_help_text = gettext_lazy("Name, address or subject")
    ordering = ("-pk",)
    verbs = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What is written about a connection is for those who may see connections."""
        rows = super().get_queryset(request).defer("html", "text", "stop_url")
        is_theirs = reader(request).has_perm("integrations.view_connection")
        return rows if is_theirs else rows.exclude(kind__startswith="connection-")

    @admin.display(description=gettext_lazy("subject"))
    def about_what(self, message: Message) -> str:
        return _("Erased") if message.is_erased else message.subject or str(capfirst(Channel(message.channel).label))

    @admin.display(description=gettext_lazy("to"))
    def to(self, message: Message) -> str:
        return "" if message.is_erased else message.to_name or message.to_address

    @admin.display(description=gettext_lazy("state"))
    def standing(self, message: Message) -> SafeString:
        return standing(message)

    @verb(
        gettext_lazy("Send again"),
        says=gettext_lazy("The same message is handed over once more, to the same address."),
        when=lambda message: message.state == FAILED and message.kind not in NOT_AGAIN and not message.is_erased,
    )
    def send_again(self, request: HttpRequest, message: Message, now: datetime) -> str | None:
        if not message.process_again(now):
            return None
        wake_sender()
        return _("The message to %(name)s is sent again.") % {"name": message.to_name or message.to_address}

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        is_shown = row.kind.startswith(SHOWN) and not row.is_erased
        return {
            "title": self.about_what(row),
            "standing": self.standing(row),
            "facts": (
                (_("How"), Channel(row.channel).label),
                (_("To"), _whom(row)),
                (_("From"), row.from_name),
                (_("Answers go to"), row.reply_to),
                (_("Written"), row.created_at),
                (_("Attempts"), row.attempts),
                (_("Next attempt"), row.next_at if row.state == State.WAITING else None),
                (_("Settled"), row.done_at),
                (_("What went wrong"), "" if row.is_erased else row.error),
                (_("Since then"), Fate(row.fate).label if row.fate else ""),
                (_("Heard"), row.fate_at),
                (_("What we were told"), "" if row.is_erased else row.fate_words),
            ),
            "body": masked(row.text) if is_shown else "",
            "body_title": _("Text"),
            "body_note": _body_note(row, is_shown=is_shown),
        }


def _whom(message: Message) -> str:
    if message.is_erased:
        return ""
    return f"{message.to_name} <{message.to_address}>" if message.to_name else message.to_address


def _body_note(message: Message, *, is_shown: bool) -> str:
    if message.is_erased:
        return _("The personal data of those whom it was about was erased, and its text with it.")
    if is_shown:
        return _("The links are cut short: each opens one person’s page.")
    return _("It signs its receiver in, so nobody else reads it.")
