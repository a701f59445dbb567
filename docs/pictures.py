"""Makes the README's pictures anew: `python -m docs.pictures`.

They show the demo with some weeks of work in it. On Debian, `apt-get install fonts-noto-core fonts-urw-base35` brings
the typefaces that most screens show.
"""

import os
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Page, sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from config.demo import Demo  # noqa: E402  (the settings come first)
from config.play import RECRUITER  # noqa: E402
from tests.end_to_end.people import DESK, Person, launch  # noqa: E402

IMAGES = Path(__file__).parent / "images"


def main() -> None:
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
    _save(page, "desk", until="main")
    page.get_by_role("region", name="Ready to read").get_by_role("link", name="Marcus Webb").click()
    _save(page, "report", until="section:has-text('What they saw')")


def _save(page: Page, name: str, until: str) -> None:
    """The page from its top to the end of some part of it."""
    page.wait_for_load_state()
    end = page.locator(until).last.evaluate("part => Math.ceil(part.getBoundingClientRect().bottom + scrollY)")
    size = {"width": DESK["viewport"]["width"], "height": end}
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True, clip={"x": 0, "y": 0, **size})
    _say(f"docs/images/{name}.png")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


if __name__ == "__main__":
    main()
