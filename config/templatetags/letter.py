"""What the pages of candidates and references, and those for when something is wrong, need beside Django's own tags."""

import re
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

from templates_app.kinds import Language

register = template.Library()

HEADING = re.compile(r"/\* -{10} ([\w ]+).*? -{10} \*/")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# The parts of vouch.css that only the portal and the report need, by the first words of their headings.
NOT_FOR_LETTERS = {"frame", "document", "dialog", "tiles", "charts", "report", "sandbox"}


@register.simple_tag
def letter_style() -> SafeString:
    """The style sheet of a page that is read on a slow phone, to stand in the page itself.

    A page that needs no second answer before it can be shown is there after one way forth and back. It is our own
    file, so it needs no escaping.
    """
    sheet = Path(finders.find("css/vouch.css") or "")
    return mark_safe(_of_letters(sheet, sheet.stat().st_mtime_ns))  # noqa: S308  (our own file)


@cache
def _of_letters(sheet: Path, changed: int) -> str:
    """`changed` is its time, so that whoever edits it sees what they did."""
    _before, *parts = HEADING.split(sheet.read_text())
    kept = [text for name, text in zip(parts[::2], parts[1::2], strict=True) if name.strip() not in NOT_FOR_LETTERS]
    return "".join(line.strip() + "\n" for line in COMMENT.sub("", "".join(kept)).splitlines() if line.strip())


@register.simple_tag
def our_languages() -> list[tuple[str, str]]:
    """Each with its name in itself."""
    return [(str(code), str(name)) for code, name in Language.choices]
