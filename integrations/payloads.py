"""A delivery's body for people's eyes: set out in lines, and never with what signed it."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

SECRETS = {"signature", "token"}
HIDDEN = "…"
LONGEST = 50_000  # characters on a page

# What names nobody, in Lever's words. Whoever runs the machines needs no more of a body to find a fault.
PLAIN = {
    *("event", "triggeredAt", "createdAt", "updatedAt", "archivedAt"),
    *("opportunityId", "candidateId", "contactId", "applicationId", "postingId", "requisitionId"),
    *("interviewId", "panelId", "userId", "webhookId"),
    *("fromStageId", "toStageId", "stageId", "reason"),
}
# Lever's ids and the names of its events. A person's name has a capital or a space, an address an @.
ID = re.compile(r"(?=.*[0-9-])[a-z0-9_-]{1,100}\Z|(candidate|application|interview|contact)[A-Za-z]{1,40}\Z")
KEY = re.compile(r"[A-Za-z_]{1,40}\Z")


def readable(body: bytes, *, is_whole: bool) -> str:
    """Not whole: all but ids, events' names, stages' ids and times is hidden. What is no JSON has a size only."""
    if not body:
        return ""
    try:
        found = json.loads(body.decode(errors="replace"))
        text = _set_out(_without_secrets(found) if is_whole else _without_people(found))
    except (ValueError, RecursionError):
        return _("%(count)d bytes that cannot be set out as JSON.") % {"count": len(body)}
    return text.encode("utf-8", "replace").decode()  # half surrogate pairs fit into JSON, and into no page


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: HIDDEN if key in SECRETS else _without_secrets(part) for key, part in value.items()}
    return [_without_secrets(part) for part in value] if isinstance(value, list) else value


def _without_people(value: Any, key: str = "") -> Any:
    """`key` is the nearest one above the value. The value of a known one is shown if it looks like an id or a time."""
    if isinstance(value, dict):
        return {part if KEY.match(part) else HIDDEN: _without_people(value[part], part) for part in value}
    if isinstance(value, list):
        return [_without_people(part, key) for part in value]
    return value if value is None or (key in PLAIN and _names_nobody(value)) else HIDDEN


def _names_nobody(value: Any) -> bool:
    return bool(ID.match(value)) if isinstance(value, str) else isinstance(value, int)


def _set_out(value: Any) -> str:
    """A short text with deep brackets would make a very long page."""
    text = ""
    parts: Iterable[str] = json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value)
    for part in parts:
        text += part
        if len(text) > LONGEST:
            return f"{text[:LONGEST]}\n{HIDDEN}"
    return text
