"""Makes the README's pictures anew: `python -m docs.pictures`.

They show the demo with some weeks of work in it. On Debian, `apt-get install fonts-noto-core` brings typefaces like
those that most screens show.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from config.demo import Demo
from config.play import RECRUITER
from tests.end_to_end.people import DESK, Person, launch

IMAGES = Path(__file__).parent / "images"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with tempfile.TemporaryDirectory(prefix="vouch-") as name, sync_playwright() as playwright:
        folder = Path(name)
        own = {"DATABASE_URL": f"sqlite:///{folder}/vouch.sqlite3"}
        # Nobody works: what is written stays as it is told.
        with Demo(folder, _say, settle=0, workers=0, ports=(0, 0, 0), more=own) as demo:
            demo.manage("shell", "--command", "from docs.story import tell; tell()")
            _take(Person(launch(playwright), demo, DESK, color_scheme="light"))


def _take(ruth: Person) -> None:
    ruth.sign_in(RECRUITER)
    page = ruth.open("/admin/")
    _save(page, "desk", "body", "main")
    page.get_by_role("region", name="Ready to read").get_by_role("link", name="Marcus Webb").click()
    _save(page, "report", "article", ".chart >> nth=1")


def _save(page: Page, name: str, first: str, last: str) -> None:
    cut(page, IMAGES / f"{name}.png", first, last)
    _say(f"docs/images/{name}.png")


def cut(page: Page, file: Path, first: str, last: str, space: int = 0) -> None:
    """A picture of the page's full width, from the top of one part to the bottom of another, with space around."""
    page.wait_for_load_state()
    top = page.locator(first).first.evaluate("part => Math.floor(part.getBoundingClientRect().top + scrollY)")
    bottom = page.locator(last).first.evaluate("part => Math.ceil(part.getBoundingClientRect().bottom + scrollY)")
    width = page.evaluate("document.documentElement.clientWidth")
    clip: Any = {"x": 0, "y": top - space, "width": width, "height": bottom - top + 2 * space}
    page.screenshot(path=file, full_page=True, clip=clip)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
