"""Messages for the tests of sending."""

from typing import Any

from django.utils import timezone

from notifications.letters import Letter, Link, Rendered, render
from notifications.models import Message
from tests.factories import make_organization

LINK = "https://vouch.example/r/abcdefghijklmnopqrstuvwxyz012345/"


def queue(key: str = "one", *, to: tuple[str, str] = ("Bao Nguyen", "bao@solent.example"), **more: Any) -> Message:
    """A mail that is due. What is not a part of the letter goes to `Message.queue`."""
    organization = more.pop("organization", None) or make_organization()
    rest = {name: more.pop(name) for name in ("stop_url", "topic", "kind") if name in more}
    values: dict[str, Any] = {
        "subject": "Marcus Webb asked you for a reference",
        "heading": "Marcus Webb asked you for a reference",
        "greeting": "Dear Bao Nguyen,",
        "opening": ("Would you answer about ten questions on his work? It takes about eight minutes.",),
        "action": Link("Answer the questions", LINK),
        "footnote": "Why you: Marcus gave us your name.",
        **more,
    }
    letter = render(Letter(**values), organization)
    told = {"kind": "reference-request", "topic": "reference:1", **rest}
    return Message.queue(organization, key=key, to=to, letter=letter, now=timezone.now(), **told)


def queue_text(number: str = "+447400123456", key: str = "text", words: str = f"Please answer: {LINK}") -> Message:
    organization = make_organization()
    return Message.queue(
        organization,
        key=key,
        kind="reference-reminder",
        topic="reference:1",
        to=("Bao Nguyen", number),
        letter=Rendered(subject="", text=words, html="", from_name=organization.name, reply_to=""),
        now=timezone.now(),
        channel=Message.Channel.TEXT,
    )


def due_again() -> None:
    """As if the wait of all that wait were over."""
    Message.objects.filter(state="waiting").update(next_at=timezone.now())
