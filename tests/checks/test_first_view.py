"""What a slow phone has to fetch before a candidate or a reference can begin."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import Organization
from accounts.roles import Role
from config.templatetags.letter import COMMENT, HEADING, NOT_FOR_LETTERS, letter_style
from tests.checks.pages import distinct
from tests.checks.visits import enter, read, visit
from tests.factories import make_check, make_organization, make_user

pytestmark = pytest.mark.django_db

# What a server may send before the first answer comes back: ten segments (RFC 6928).
ONE_ROUND_TRIP = 10 * 1_460
LARGEST = 100_000  # bytes of a page with its scripts, as the browser has to read them
SHEET = "css/vouch.css"


def own_file(address: str) -> bytes:
    return Path(finders.find(address.removeprefix("/static/")) or address).read_bytes()


def rules_left_out() -> str:
    _before, *parts = HEADING.split(own_file(SHEET).decode())
    out = [text for name, text in zip(parts[::2], parts[1::2], strict=True) if name.strip() in NOT_FOR_LETTERS]
    return COMMENT.sub("", "".join(out))


def nonce_of(response: Any) -> str:
    return str(read(response).style["nonce"])


def test_every_page_is_there_after_one_round_trip_with_all_its_style(client: Client) -> None:
    used: set[str] = set()
    for _row, address in distinct(client):
        response = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert len(response.content) + len(str(response.headers)) < ONE_ROUND_TRIP, address
        html = gzip.decompress(response.content)
        page = BeautifulSoup(html, "html.parser")
        scripts = page.select("script")
        assert len(html) + sum(len(own_file(str(script["src"]))) for script in scripts) < LARGEST, address
        assert all(script.has_attr("defer") for script in scripts), address
        assert not page.select("link[rel=stylesheet], link[rel=preload], [style], [src^=http], [href^=http]"), address
        used |= {name for tag in page.select("[class]") for name in tag["class"]}
    assert left_out_of(used) == []


def left_out_of(used: set[str]) -> list[str]:
    """What the whole sheet says of these classes, and the pages' style does not."""
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", rules_left_out()) for one in rule.split(",")]
    return [one for one in selectors if (named := set(re.findall(r"\.([a-z-]+)", one))) and named <= used]


def test_only_known_parts_are_left_out_of_the_style() -> None:
    names = {name.strip() for name in HEADING.findall(own_file(SHEET).decode())}
    assert names >= NOT_FOR_LETTERS
    assert COMMENT.search(letter_style()) is None


def test_the_style_stands_in_the_page_under_a_number_used_once(client: Client) -> None:
    address = enter(client, make_check())
    first_time, second_time = client.get(address), client.get(address)
    assert f"'nonce-{nonce_of(first_time)}'" in first_time.headers["Content-Security-Policy"]
    assert nonce_of(first_time) != nonce_of(second_time)
    assert "unsafe-inline" not in first_time.headers["Content-Security-Policy"]
    assert first_time.headers["Cache-Control"] == "no-store"


def test_no_sheet_knows_left_from_right() -> None:
    sheets = set((settings.BASE_DIR / "static" / "css").glob("*.css"))
    for sheet in sheets - {settings.BASE_DIR / "static/css/report_pdf.css"}:  # paper, in English
        text = COMMENT.sub("", sheet.read_text())
        assert re.findall(r"[\w-]*(?:left|right)\s*:|:\s*(?:left|right)\b", text) == [], sheet.name


def test_the_portal_keeps_its_sheet_and_sends_nothing_compressed(client: Client) -> None:
    client.force_login(make_user(role=Role.SUPER_ADMIN))
    response = client.get("/admin/", headers={"Accept-Encoding": "gzip"})
    assert "nonce" not in response.headers["Content-Security-Policy"]
    assert "Content-Encoding" not in response.headers
    assert read(response).select_one('link[rel=stylesheet][href$="css/vouch.css"]')
    assert not read(response).select("style")


@pytest.mark.parametrize(("colour", "on"), [("#14565f", "#ffffff"), ("#f2c230", "#000000")])
def test_a_letter_bears_the_organizations_colour(client: Client, colour: str, on: str) -> None:
    page = visit(client, make_check(make_organization(colour=colour)))
    assert f"--org: {colour}; --org-on: {on};" in str(page.style)


def test_black_or_white_can_be_read_on_any_colour() -> None:
    for grey in range(0, 256, 5):
        for colour in (f"#{grey:02x}{grey:02x}{grey:02x}", f"#{grey:02x}80{255 - grey:02x}", f"#ff{grey:02x}00"):
            assert contrast(colour, Organization(colour=colour).on_colour) >= 4.5, colour


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
