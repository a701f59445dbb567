"""An organization's logo: whatever is uploaded, what is kept is a small picture, or nothing and a sentence."""

from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from accounts.logos import BOX, made_from, size_of
from accounts.models import Organization
from accounts.roles import Role
from tests.factories import make_organization, make_user
from tests.portal.world import address

pytestmark = pytest.mark.django_db


def picture(size: tuple[int, int] = (1200, 400), colour: Any = "#14565f", kind: str = "PNG", **more: Any) -> bytes:
    file = BytesIO()
    mode = "RGBA" if isinstance(colour, tuple) else "RGB"
    Image.new(mode, size, colour).save(file, kind, **more)
    return file.getvalue()


def a_logo() -> bytes:
    return made_from(SimpleUploadedFile("logo.png", picture()))


def made(data: bytes) -> Image.Image:
    return Image.open(BytesIO(made_from(SimpleUploadedFile("logo", data))))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_any_usual_picture_becomes_a_small_png(kind: str) -> None:
    logo = made(picture(kind=kind))

    assert (logo.format, logo.size) == ("PNG", BOX)
    assert size_of(a_logo()) == (240, 80)


def test_a_small_one_is_left_as_small_as_it_is() -> None:
    assert made(picture((100, 30))).size == (100, 30)
    assert size_of(made_from(SimpleUploadedFile("logo", picture((100, 30))))) == (100, 30)


def test_nothing_but_its_pixels_is_kept() -> None:
    told = PngInfo()
    told.add_text("Author", "Somebody with a name")
    data = picture(pnginfo=told)
    assert b"Somebody" in data

    assert b"Somebody" not in made_from(SimpleUploadedFile("logo", data))


def test_a_photograph_lies_as_its_camera_was_held() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6

    assert made(picture((300, 100), kind="JPEG", exif=turned)).size[0] < 100


def test_noise_is_kept_small_too() -> None:
    noise = Image.effect_noise((480, 160), 100).convert("RGB")
    file = BytesIO()
    noise.save(file, "PNG")

    assert len(made_from(SimpleUploadedFile("logo", file.getvalue()))) < 80_000


@pytest.mark.parametrize(("colour", "ground"), [((20, 86, 95, 255), 255), ((250, 250, 250, 255), 0x20)])
def test_a_logo_without_a_ground_gets_one_on_which_it_is_seen(colour: Any, ground: int) -> None:
    whole = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    whole.paste(colour, (100, 20, 300, 80))
    file = BytesIO()
    whole.save(file, "PNG")

    logo = made(file.getvalue()).convert("RGB").getchannel("R")

    assert logo.getpixel((1, 1)) == ground
    assert logo.getpixel((logo.width // 2, logo.height // 2)) == pytest.approx(colour[0], abs=3)


def a_bomb() -> bytes:
    """40,000 × 40,000 white pixels in a few kilobytes."""
    file = BytesIO()
    Image.new("1", (40_000, 40_000)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no picture"),
        (b"GIF89a", "damaged|no picture"),
        (b"%PDF-1.7", "no picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>', "no SVG"),
        (b"<!doctype html><SVG onload=alert(1)>", "no SVG"),
        (picture()[:-40], "damaged"),
        (picture()[:60] + b"\0" * 200, "damaged|no picture"),
        (picture((5000, 4000)), "too many pixels"),
        (picture(kind="BMP"), "no picture"),
        (b"\0" * 2_000_001, "larger than two megabytes"),
    ],
)
def test_what_is_no_logo_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        made_from(SimpleUploadedFile("logo.png", data))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ValidationError, match="too many pixels"):
        made_from(SimpleUploadedFile("logo.png", a_bomb()))


# --- on the organization's page -----------------------------------------------------------------------


def super_admin(organization: Organization) -> Client:
    client = Client()
    client.force_login(make_user(organization, Role.SUPER_ADMIN))
    return client


def save(organization: Organization, **fields: Any) -> Any:
    usual = {"colour": "#14565f", "time_zone": "Europe/London", "lawful_basis": "interest", "_save": ""}
    form = {"name": organization.name, **usual, **fields}
    url = address("accounts.organization", "change", organization.pk)
    answer = super_admin(organization).post(url, form)
    organization.refresh_from_db()
    return answer


def test_a_logo_is_uploaded_shown_to_everybody_and_taken_off() -> None:
    organization = make_organization()
    assert save(organization, new_logo=SimpleUploadedFile("logo.png", picture())).status_code == 302

    page = super_admin(organization).get(address("accounts.organization", "change", organization.pk)).text
    shown = BeautifulSoup(page, "html.parser").select_one(f'img[alt="{organization.name}"]')
    assert shown is not None
    answer = Client().get(str(shown["src"]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert answer.content == bytes(organization.logo)

    save(organization, takes_logo_off="on")
    assert organization.logo is None
    assert Client().get(str(shown["src"])).status_code == 404


def test_saving_something_else_leaves_the_logo() -> None:
    organization = make_organization(logo=a_logo())
    save(organization, contact_name="Mirjam")

    assert organization.logo is not None
    assert (organization.contact_name, organization.time_zone) == ("Mirjam", "Europe/London")


def test_a_bad_file_is_said_beside_its_field_and_changes_nothing() -> None:
    organization = make_organization(logo=a_logo())
    answer = save(organization, new_logo=SimpleUploadedFile("logo.png", b"<svg></svg>"))

    assert "Mail programs show no SVG" in answer.text
    assert organization.logo is not None


def test_a_new_logo_and_none_at_once_is_asked_back() -> None:
    organization = make_organization(logo=a_logo())
    answer = save(organization, takes_logo_off="on", new_logo=SimpleUploadedFile("logo.png", picture()))

    assert "Either a new logo or none" in answer.text


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd"])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    organization = make_organization()

    assert "Not saved yet" in save(organization, time_zone=zone).text
    assert organization.time_zone == "UTC"


@pytest.mark.parametrize("path", ["/logo/1-0000000000000000.png", "/logo/999999999999-x.png", "/logo/0-.png"])
def test_a_logo_that_is_not_there_is_not_found(path: str) -> None:
    assert Client().get(path).status_code == 404
