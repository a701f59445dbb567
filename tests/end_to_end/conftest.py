"""A real browser against all of Vouch, really running."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.demo import Demo
from tests import machine
from tests.end_to_end.people import Person, launch
from tests.faults.processes import database_of_its_own


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that lives here is marked, so that `-m "not end_to_end"` leaves it out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.end_to_end)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run. A test opens a `browser.new_context()` of its own."""
    for part in machine.BROWSER:
        if not part.is_here():
            leave_out = pytest.fail if os.environ.get("CI") else pytest.skip
            leave_out(part.missing())
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright's synchronous API keeps an event loop in this thread; Django takes that for async code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """All that `manage.py demo` starts, once for the whole run: a test works with people of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        database_of_its_own(folder) as url,
        Demo(folder, lambda step: None, settle=0.2, ports=(0, 0, 0), more={"DATABASE_URL": url}) as demo,
    ):
        yield demo


@pytest.fixture
def arrive(browser: Browser, demo: Demo) -> Iterator[Callable[..., Person]]:
    """Somebody with a browser; who comes here leaves at the end."""
    here: list[Person] = []

    def person(device: Mapping[str, Any], **more: Any) -> Person:
        here.append(Person(browser, demo, device, **more))
        return here[-1]

    yield person
    for each in here:
        each.leave()
