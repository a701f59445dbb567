"""The one place where somebody is written to about a check: to whom, in which language, in whose words, and how."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import override

from checks.letters import Reader, Ways, framed, occasion_of, reader_of, ways_of
from notifications.letters import Letter, Rendered, render
from notifications.models import Message, Quiet
from notifications.phones import can_be_texted
from templates_app.builtin import LETTERS, TEXTS, Occasion
from templates_app.kinds import Channel
from templates_app.merging import fill
from templates_app.models import CustomNotification
from templates_app.notices import Words

if TYPE_CHECKING:
    from checks.models import Check, Reference

LINK_ALONE = re.compile(r"^[ \t]*\{link\}[ \t]*$", re.MULTILINE)
BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")


def write(
    moment: str,
    check: "Check",
    now: datetime,
    *,
    reference: "Reference | None" = None,
    key: str,
    not_before: datetime | None = None,
) -> Message | None:
    """Queue what is said at this moment, once per key: an e-mail, and a text message where the template sends them.

    It gives the e-mail, or without an address the text message; None where neither can be sent.
    """
    reader = reader_of(moment, check, reference)
    texted = None
    with override(reader.language):
        ways = ways_of(moment, check, reference)
        about = occasion_of(moment, check, reference, ways.page, now)
        if _goes_as_text(moment, check, reader, now):
            text = text_message(moment, check, about, reader, own_words(moment, Channel.TEXT, check, reader))
            texted = _queue(moment, check, reader, text, now, not_before, key=f"{key}:text", channel=Channel.TEXT)
        if not reader.email:
            return texted
        letter = e_mail(moment, check, about, reader, ways, own_words(moment, Channel.EMAIL, check, reader))
        return _queue(
            moment, check, reader, letter, now, not_before, key=key, channel=Channel.EMAIL, stop_url=ways.stop
        )


def _goes_as_text(moment: str, check: "Check", reader: Reader, now: datetime) -> bool:
    """Whether a text message goes beside the mail: never to a number that has asked its network for no more of them."""
    may = moment in TEXTS and reader.number and check.frozen.sends_texts and can_be_texted()
    return bool(may) and not Quiet.objects.holds(check.organization_id, reader.number, now)


def _queue(
    moment: str,
    check: "Check",
    reader: Reader,
    rendered: Rendered,
    now: datetime,
    not_before: datetime | None = None,
    *,
    key: str,
    channel: Channel,
    stop_url: str = "",
) -> Message:
    return Message.queue(
        check.organization,
        key=key,
        kind=str(moment),
        topic=reader.topic,
        to=(reader.name, reader.number if channel == Channel.TEXT else reader.email),
        letter=rendered,
        now=now,
        not_before=not_before,
        channel=channel,
        stop_url=stop_url,
    )


def own_words(moment: str, channel: str, check: "Check", reader: Reader) -> Words | None:
    return CustomNotification.objects.words_for(
        check.organization_id, check.template_id, moment, channel, reader.language
    )


# --- putting it together ----------------------------------------------------------------------------


def e_mail(moment: str, check: "Check", about: Occasion, reader: Reader, ways: Ways, words: Words | None) -> Rendered:
    """In the language that is active, in own words where there are some."""
    letter = LETTERS[moment](about)
    if words:
        letter = in_own_words(letter, words, about.values)
    return render(framed(letter, moment, check, reader, ways, about), check.organization)


def in_own_words(letter: Letter, words: Words, values: Mapping[str, str]) -> Letter:
    """Their subject and paragraphs in place of ours. The button stays: where {link} has a line to itself, or last.

    A value is plain text of one line, so none can begin a paragraph or a header, and the layout escapes it.
    """
    spread = LINK_ALONE.sub("\n\n{link}\n\n", words.text.replace("\r\n", "\n"))
    paragraphs = [each.strip() for each in BETWEEN_PARAGRAPHS.split(spread) if each.strip()]
    at = paragraphs.index("{link}") if "{link}" in paragraphs else len(paragraphs)
    opening, closing = (
        tuple(fill(each, values) for each in part if each != "{link}") for part in (paragraphs[:at], paragraphs[at:])
    )
    subject = fill(words.subject, values)
    return replace(letter, subject=subject, heading=subject, preheader="", opening=opening, closing=closing)


def text_message(moment: str, check: "Check", about: Occasion, reader: Reader, words: Words | None) -> Rendered:
    text = fill(words.text.replace("\r\n", "\n").strip(), about.values) if words else TEXTS[moment](about)
    name = check.organization.name
    return Rendered(subject="", text=text, html="", from_name=name, reply_to="", language=reader.language)
