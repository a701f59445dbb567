"""The report as a PDF: the page's own words and drawings, set for A4, tagged so that it can be read aloud (PDF/UA-1).

Whatever stands in a report, nothing is fetched for it: no address but `data:` is opened, and the stylesheets are our
own, read from disk. WeasyPrint needs Pango, which comes with the system and not with Python; it is imported when the
first PDF is made, so that all else works without.
"""

import gc
import logging
import re
from base64 import b64encode
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import override
from PIL import ImageFile

from checks.models import Check
from checks.report_parts import report_for

STYLES = settings.BASE_DIR / "static" / "css"
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"  # Debian's packages
_TOKEN = re.compile(r"(--[\w-]+):\s*light-dark\((#\w+),")
_STRIP = re.compile(
    r'<svg class="strip" role="img" aria-label="(?P<words>[^"]*)">(?P<inside>.*?)</svg>(?=<span>)', re.DOTALL
)
# A drawing beside its own words. In a PDF every drawing says what it is: it has no other words than these.
_MUTE = re.compile(r'(?P<svg><svg [^>]*aria-hidden="true">)(?P<inside>.*?)</svg>(?P<after>[^<]+)', re.DOTALL)
SELDOM = 50_000
_DRAWN = re.compile(r"^\.([\w-]+) \{ ((?:(?:fill|stroke|opacity)[\w-]*: [^;}]+; ?)+)\}", re.MULTILINE)


class CannotPrint(Exception):
    """The libraries that a PDF is made with are not on this machine."""


def pdf_of(check: Check, reader: str, now: datetime) -> bytes:
    """The report for one reader, whose name stands at its foot; raises CannotPrint. In English, as the report is.

    Not to be called within a transaction: a long report takes a second or two.
    """
    with override("en"):
        context = {**report_for(check, now, is_outside=not reader), "reader": reader}
        return _made(render_to_string("checks/report_pdf.html", context))


def file_name(check: Check, ending: str) -> str:
    """Such as reference-report-marcus-webb.pdf."""
    return f"{slugify(f'reference report {check.who}')[:80].strip('-')}.{ending}"


def _made(html: str) -> bytes:
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=_dressed(html), base_url=None, url_fetcher=_fetcher(weasyprint))
    content: bytes = page.write_pdf(stylesheets=[_stylesheet()], pdf_variant="pdf/ua-1")
    return content


def is_possible() -> bool:
    try:
        _weasyprint()
    except CannotPrint:
        return False
    return True


def _weasyprint() -> Any:
    try:
        import weasyprint
    except OSError as error:  # not ImportError: Python's part is there, the libraries below it are not
        raise CannotPrint(str(error)) from None
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process, and a damaged logo is refused
    # A long report is a million objects that stay until its end; Python's own 700 have them gone through without end.
    gc.set_threshold(max(SELDOM, gc.get_threshold()[0]), *gc.get_threshold()[1:])
    for name in ("weasyprint", "weasyprint.progress"):  # what it tells is for authors of style sheets
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return weasyprint


def _fetcher(weasyprint: Any) -> Any:
    class OwnDataOnly(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise ValueError("A report fetches nothing.")
            return super().fetch(url, headers)

    return OwnDataOnly()


@lru_cache(maxsize=1)
def _stylesheet() -> Any:
    return _weasyprint().CSS(string=(STYLES / "report_pdf.css").read_text())


@lru_cache(maxsize=1)
def _drawn() -> dict[str, str]:
    """What the design says of the parts of drawings, in its light colours: class -> attributes of SVG.

    WeasyPrint sees each drawing as a document of its own, which the page's stylesheet does not reach.
    """
    css = (STYLES / "vouch.css").read_text()
    colours = dict(_TOKEN.findall(css))
    plain = re.sub(r"var\((--[\w-]+)\)", lambda found: colours.get(found[1], "#000"), css)
    return {
        name: "".join(f' {what}="{value}"' for what, value in re.findall(r"([\w-]+): ([^;]+);", declarations))
        for name, declarations in _DRAWN.findall(plain)
    }


def _dressed(html: str) -> str:
    """With the colours of drawings in them, and a cell around whatever is to be one in a chart's line."""
    html = re.sub(r'class="([\w-]+)"', lambda found: found[0] + _drawn().get(found[1], ""), html)
    html = _MUTE.sub(r"\g<svg><title>\g<after></title>\g<inside></svg>\g<after>", _STRIP.sub(_pictured, html))
    return html.replace("<span></span><ol>", '<span></span><div><ol class="steps">').replace(
        "</ol><span>", "</ol></div><span>"
    )


def _pictured(strip: re.Match[str]) -> str:
    """As an image: said by its words, and not a thousand elements more for the page's stylesheet to be tried on."""
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg">{strip["inside"]}</svg>'
    data = b64encode(drawing.encode()).decode()
    return f'<div class="strip-cell"><img alt="{strip["words"]}" src="data:image/svg+xml;base64,{data}"></div>'
