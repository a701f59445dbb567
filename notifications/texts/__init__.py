"""Text messages, by whatever `SMS_URL` names. Without it there are none.

    console://                                              printed by the worker
    file:///a/folder                                        one file for each
    twilio://SID:TOKEN@api.twilio.com/?from=+15017122661    Twilio; or the SID of a messaging service, MG…

`twilio+http://` speaks plain HTTP, to a server on this machine.
"""

from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.models import Message
from notifications.phones import can_be_texted
from notifications.refusals import NotTaken
from notifications.texts.console import Console
from notifications.texts.files import Files
from notifications.texts.twilio import Twilio


class Backend(Protocol):
    def take(self, message: Message) -> str:
        """Hand a text message over; what the other side calls it, or "". Raises NotTaken."""


BACKENDS: Mapping[str, Callable[[SplitResult], Backend]] = {
    "console": lambda url: Console(),
    "file": Files.at,
    "twilio": Twilio.at,
    "twilio+http": Twilio.at,
}


def backend() -> Backend:
    """What SMS_URL names; ValueError says in words what is wrong with it."""
    url = urlsplit(settings.SMS_URL)
    if url.scheme not in BACKENDS:
        raise ValueError(f"SMS_URL begins with none of {', '.join(f'{each}://' for each in BACKENDS)}.")
    return BACKENDS[url.scheme](url)


def send(message: Message) -> str:
    if not can_be_texted():
        raise NotTaken(_("Text messages are switched off here."), permanent=True)
    return backend().take(message)
