"""The pictures of the help are taken anew from the running product, so that none shows what is not there any more."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from docs.help_pictures import IMAGES, SHOTS, take

HELP = settings.BASE_DIR / "config" / "templates" / "help"
SHOWN = {name for page in HELP.iterdir() for name in re.findall(r'{% picture "([\w-]+)"', page.read_text())}


def names(folder: Path) -> set[str]:
    return {image.stem for image in folder.glob("*.png")}


def test_each_is_shown_and_there_is_no_other() -> None:
    assert SHOWN == set(SHOTS) == names(IMAGES)


@pytest.mark.processes
def test_each_can_be_taken_of_the_product_as_it_is(browser: Browser, tmp_path: Path) -> None:
    assert set(take(browser, tmp_path)) == names(tmp_path) == SHOWN
    assert min(image.stat().st_size for image in tmp_path.iterdir()) > 2_000  # an empty one is smaller
