"""One letter, two twins: the HTML and the plain part are made from the same sentences."""

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import css_inline
from django.template.loader import render_to_string

from accounts import logos
from accounts.models import Organization

COLUMNS = 72
LOGO = "logo@vouch"  # by which the HTML part names the picture that comes with it
_STYLES = Path(__file__).parent / "templates" / "mail" / "mail.css"


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Letter:
    """What a letter says. Paragraphs are plain text; nothing in them is taken for HTML."""

    subject: str
    heading: str
    preheader: str = ""
    greeting: str = ""
    opening: tuple[str, ...] = ()
    action: Link | None = None
    choices: tuple[Link, ...] = ()  # buttons in its place: `action` leads to the page on which all of them stand
    closing: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    footnote: str = ""
    links: tuple[Link, ...] = ()
    from_name: str = ""
    reply_to: str = ""
    language: str = "en"  # that all of this is written in


@dataclass(frozen=True)
class Rendered:
    """A letter as it is handed to the mail server. Answers go to `reply_to`, else to the organization's contact."""

    subject: str
    text: str
    html: str
    from_name: str
    reply_to: str
    language: str = "en"


def render(letter: Letter, organization: Organization) -> Rendered:
    return Rendered(
        subject=" ".join(letter.subject.split()),
        text=_text(letter),
        html=_html(letter, organization),
        from_name=letter.from_name or organization.name,
        reply_to=letter.reply_to or organization.contact_email,
        language=letter.language,
    )


def _text(letter: Letter) -> str:
    """72 columns, each link whole on a line of its own."""
    blocks = [letter.greeting, *letter.opening]
    for link in letter.choices or filter(None, (letter.action,)):
        blocks += [f"{link.label}:", link.url]
    blocks += [*letter.closing, "\n".join(letter.signature)]
    foot = [letter.footnote, *(line for link in letter.links for line in (f"{link.label}:", link.url))]
    body = "\n\n".join(_wrapped(block) for block in blocks if block)
    small = "\n\n".join(_wrapped(block) for block in foot if block)
    return f"{body}\n\n-- \n{small}\n" if small else f"{body}\n"


def _wrapped(block: str) -> str:
    return "\n".join(
        textwrap.fill(line, COLUMNS, break_long_words=False, break_on_hyphens=False) for line in block.split("\n")
    )


def _html(letter: Letter, organization: Organization) -> str:
    shown: dict[str, Any] = {"letter": letter, "organization": organization, "logo": LOGO if organization.logo else ""}
    if organization.logo:
        shown["width"], shown["height"] = logos.size_of(bytes(organization.logo))
    return _inliner(organization.colour.lower(), organization.on_colour).inline(
        render_to_string("mail/letter.html", shown)
    )


@lru_cache(maxsize=64)
def _inliner(colour: str, on_colour: str) -> css_inline.CSSInliner:
    """Mail clients know no custom properties: the organization's two colours are written into the rules."""
    stand_ins = {"#14565f": colour, "#fefefe": on_colour}
    styles = re.sub("|".join(stand_ins), lambda found: stand_ins[found[0]], _STYLES.read_text())
    return css_inline.CSSInliner(extra_css=styles, load_remote_stylesheets=False)
