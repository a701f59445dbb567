"""The one layout of all mails: colours that can be read, and a logo that comes with the mail."""

import re

import pytest

from accounts.models import Organization
from notifications.admin import masked
from notifications.letters import Letter, Link, render
from tests.accounts.test_logo import a_logo

WORDS = Letter(subject="Hello", heading="Hello", action=Link("Answer", "https://vouch.example/r/key/"))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def button_of(colour: str) -> tuple[str, str, str]:
    """Its ground, its edge and its words."""
    html = render(WORDS, Organization(name="Northmoor", colour=colour)).html
    found = re.search(
        r'mail-button-cell"[^>]*background-color: (#\w+);border: 1px solid (#\w+).*?<a[^>]*;color: (#\w+)',
        html,
        re.DOTALL,
    )
    assert found is not None, html
    return found[1], found[2], found[3]


@pytest.mark.parametrize(
    "colour", ["#14565f", "#f2c230", "#fefefe", "#FEFEFE", "#ffffff", "#000000", "#767676", "#0000ff"]
)
def test_the_button_can_be_read_and_seen_in_any_colour_on_light_and_dark(colour: str) -> None:
    ground, edge, words = button_of(colour)

    assert ground == colour.lower()
    assert contrast(ground, words) >= 4.5
    for sheet in ("#fffefc", "#201f1c"):
        assert max(contrast(ground, sheet), contrast(edge, sheet)) >= 3


def test_a_logo_is_part_of_the_mail_and_says_whose_it_is() -> None:
    html = render(WORDS, Organization(name="Northmoor “&” Sons", logo=a_logo())).html

    assert 'src="cid:logo@vouch"' in html
    assert 'width="240"' in html
    assert "Northmoor “&amp;” Sons" in html
    assert "http" not in re.sub(r"https://vouch\.example/r/key/", "", html)


@pytest.mark.parametrize("place", ["c", "r", "sign-in", "stop"])
def test_no_key_is_left_in_a_text_that_staff_read(place: str) -> None:
    text = f"Answer: https://vouch.example/{place}/0123456789abcdef/pause/ or not."

    assert masked(text) == f"Answer: https://vouch.example/{place}/…/pause/ or not."
