"""People with a browser of their own, who notice whatever is wrong with a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request, WebError, expect

from config.demo import Demo
from tests import machine
from tests.end_to_end.axe import violations

# Root in a container has no sandbox; the rest keeps the browser from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PATIENCE = 30_000  # milliseconds; a busy machine is no reason to fail
COUNT = "addEventListener('click', (event) => { if (event.isTrusted) console.info('a click'); }, true);"
expect.set_options(timeout=PATIENCE)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=machine.chromium(), args=FLAGS)


class Person:
    """Sees one page at a time; `troubles` gathers what went wrong on any of them, such as a breach of the CSP."""

    def __init__(self, browser: Browser, demo: Demo, device: Mapping[str, Any], **more: Any) -> None:
        self.browser, self.demo = browser, demo
        self.how = {"locale": "en-GB", "timezone_id": "Europe/Amsterdam", **device, **more}
        self.troubles: list[str] = []
        self.context = browser.new_context(**self.how)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._hear)
        self.context.on("weberror", self._see_error)
        self.context.on("request", self._follow)
        self.page: Page = self.context.new_page()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.location['url']} said: {message.text}")

    def _see_error(self, error: WebError) -> None:
        self.troubles.append(str(error.error))

    def _follow(self, request: Request) -> None:
        ours = (f"{self.demo.site}/", f"{self.demo.lever}/")
        if not request.url.startswith((*ours, "data:")):
            self.troubles.append(f"asked {request.url}")

    def leave(self) -> None:
        self.context.close()
        assert self.troubles == []

    # --- going ----------------------------------------------------------------------------------------

    def open(self, address: str) -> Page:
        """A page of Vouch, by its path."""
        self.page.goto(f"{self.demo.site}{address}")
        return self.page

    def open_mail(self, to: str, subject: str) -> Page:
        """The newest mail to somebody, in the mailbox that the practice Lever shows."""
        self.demo.until(f"“{subject}” reaches {to}", lambda: self._has_mail(to, subject))
        self.page.goto(f"{self.demo.lever}/mailbox/?{urlencode({'to': to})}")
        self.page.get_by_role("link", name=subject).first.click()
        return self.page

    def _has_mail(self, to: str, subject: str) -> bool:
        return any(to in mail["to"] and subject in mail["subject"] for mail in self.demo.mails())

    def press_in_mail(self, words: str) -> Page:
        """The button of the mail that is open; what it leads to opens beside it."""
        with self.context.expect_page() as opened:
            self.page.frame_locator("iframe").get_by_role("link", name=words).click()
        self.page = opened.value
        return self.page

    def sign_in(self, email: str) -> Page:
        page = self.open("/sign-in/")
        form = page.get_by_role("region", name="Or with a password")
        form.get_by_label("E-mail").fill(email)
        form.get_by_label("Password").fill(self.demo.password)
        form.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.demo.site}/admin/")
        return page

    def go_to(self, control: Locator) -> None:
        """By Tab alone."""
        for _step in range(100):
            self.page.keyboard.press("Tab")
            if control.evaluate("control => control === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {control}")

    # --- looking --------------------------------------------------------------------------------------

    def look(self) -> None:
        """What must hold of every page."""
        self.page.wait_for_load_state()
        expect(self.page.locator("html")).to_have_attribute("lang", "en")
        expect(self.page.locator("h1")).to_have_count(1)
        assert not self.scrolls_sideways()
        assert self.troubles == []

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))

    def check_accessibility(self) -> None:
        """Ask axe-core about the page as it is now. Where no script runs, it is opened once more where one does."""
        if self.how.get("java_script_enabled", True):
            found = violations(self.page)
            assert not found, found
            return
        cookies = self.context.storage_state()
        with self.browser.new_context(**self.how | {"java_script_enabled": True}, storage_state=cookies) as context:
            page = context.new_page()
            page.goto(self.page.url)
            found = violations(page)
            assert not found, found


class Counted(Person):
    """Whose clicks are counted, from signing in on. They open no mail: its frame would complain of our script."""

    def __init__(self, browser: Browser, demo: Demo, device: Mapping[str, Any], **more: Any) -> None:
        super().__init__(browser, demo, device, **more)
        self.clicks = 0
        self.context.add_init_script(COUNT)
        self.context.on("console", self._count)

    def _count(self, message: ConsoleMessage) -> None:
        self.clicks += message.text == "a click"

    def sign_in(self, email: str) -> Page:
        page = super().sign_in(email)
        self.clicks = 0
        return page
