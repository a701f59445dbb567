"""Makes the pictures of the help anew: `python -m docs.help_pictures`.

They show the demo in both ways of connecting, with some weeks of work in it; each is cut to the part that the help
talks about. `tests/end_to_end/test_help_pictures.py` takes them all, too, and compares them with what the help shows.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from config.demo import Demo
from config.play import RECRUITER
from config.templatetags.help import SCALE
from docs.pictures import cut
from tests.end_to_end.people import Person, launch

IMAGES = Path(__file__).parent.parent / "static" / "img" / "help"
# Narrow enough to be read on a phone.
NARROW = {"viewport": {"width": 480, "height": 900}, "device_scale_factor": SCALE, "color_scheme": "light"}
SPACE = 12  # above and below what is cut out
CONNECTION = "/admin/integrations/connection"
OURS = f"{CONNECTION}/1"  # in a new database the first is the only one


@dataclass(frozen=True)
class Shot:
    """A picture from the top of one element to the bottom of another, after a click on what `press` names."""

    path: str
    first: str
    last: str = ""
    press: str = ""  # a selector


TEMPLATE = "/admin/templates_app/referencetemplate/1/change/"
SELF_SERVICE = {
    "key": Shot(f"{OURS}/change/", ".field:has(#id_new_api_key)", ".field:has(#id_perform_as_id)"),
    "webhook": Shot(f"{OURS}/change/", ".hook"),
    "doctor": Shot(f"{OURS}/doctor/", ".entry:has(#test) h2", ".entry:has(#test) li:nth-child(2)"),
    "template": Shot(TEMPLATE, ".field:has(#id_name)", ".field:has(#id_ats_tag)"),
    "whom": Shot(TEMPLATE, ".asked-row .asked-fields", ".asked-row .asked-fields.note"),
    "jobs": Shot(f"{OURS}/jobs/", "table.jobs tr:nth-child(4)", "table.jobs tr:nth-child(5)"),
    "trouble": Shot("/admin/", ".items > li"),
    "report": Shot("/admin/", ".chart", press="section[aria-labelledby=done] a"),
    "prospects": Shot(
        f"{OURS}/change/", ".switch:has(#id_exports_existing_prospects)", ".switch:has(#id_exports_new_prospects)"
    ),
}
MANAGED_BEFORE = {"request": Shot(f"{CONNECTION}/", ".tile")}
MANAGED_ENABLED = {"settings": Shot(f"{CONNECTION}/", ".dialog", press="button:text-is('Settings')")}
SHOTS = {**SELF_SERVICE, **MANAGED_BEFORE, **MANAGED_ENABLED}


def take(browser: Browser, images: Path) -> list[str]:
    """All pictures, into a folder; their names. Fails when a page lacks the part that a picture shows."""
    with _demo(connected=True) as demo:
        demo.manage("shell", "--command", "from docs.story import tell; tell()")
        made = _taken(browser, demo, SELF_SERVICE, images)
    with _demo(connected=False, CONNECTION_MODE="managed") as demo:
        made += _taken(browser, demo, MANAGED_BEFORE, images)
        demo.manage("shell", "--command", "from docs.story import enable; enable()")
        return made + _taken(browser, demo, MANAGED_ENABLED, images)


@contextmanager
def _demo(connected: bool, **more: str) -> Iterator[Demo]:
    """Nobody works in it: what is written stays as it is told."""
    with tempfile.TemporaryDirectory(prefix="vouch-") as name:
        own = {"DATABASE_URL": f"sqlite:///{name}/vouch.sqlite3", **more}
        how: Any = {"settle": 0, "workers": 0, "ports": (0, 0, 0), "connected": connected}
        with Demo(Path(name), lambda step: None, more=own, **how) as demo:
            yield demo


def _taken(browser: Browser, demo: Demo, shots: Mapping[str, Shot], images: Path) -> list[str]:
    ruth = Person(browser, demo, NARROW)
    ruth.sign_in(RECRUITER)
    for name, shot in shots.items():
        page = ruth.open(shot.path)
        page.wait_for_load_state("networkidle")  # parts that Lever is asked for
        if shot.press:
            page.locator(shot.press).first.click()
            page.wait_for_load_state()
        cut(page, images / f"{name}.png", shot.first, shot.last or shot.first, SPACE)
    ruth.leave()
    return list(shots)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    with sync_playwright() as playwright:
        for name in take(launch(playwright), IMAGES):
            sys.stdout.write(f"static/img/help/{name}.png\n")


if __name__ == "__main__":
    main()
