"""What the pages of the help are written with."""

import struct
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

SCALE = 1.5  # pixels of a picture for each of the page's, so that it is sharp on most screens and not too heavy


@register.simple_tag(takes_context=True)
def heading(context: template.Context, anchor: str) -> SafeString:
    """A section's heading, in the words of the part's own table, so that lists of headings and pages agree."""
    words = context["part"].sections[anchor]
    return format_html('<h2 id="{}">{}</h2>', anchor, words)


@register.simple_tag
def picture(name: str, words: str) -> SafeString:
    """A picture of our own pages, made by `python -m docs.help_pictures`; `words` say what is to be seen on it."""
    address = f"img/help/{name}.png"
    found: Any = finders.find(address)
    if not found:
        return SafeString()
    width, height = size(Path(found))
    return format_html(
        '<p class="picture"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></p>',
        static(address),
        words,
        round(width / SCALE),
        round(height / SCALE),
    )


@cache
def size(file: Path) -> tuple[int, int]:
    """Width and height in pixels, from the head of the PNG: with them the page keeps still while it loads."""
    with file.open("rb") as head:
        width, height = struct.unpack(">II", head.read(24)[16:24])
    return width, height
