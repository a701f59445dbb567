"""Signing in with a second factor on a telephone: set up by the pages, then asked for on the way to a report."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import SignInLink, User
from checks.models import Check
from tests.end_to_end.axe import violations
from tests.end_to_end.people import PHONE
from tests.factories import make_completed_check, make_user

PASSWORD = "correct horse battery staple"


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, transactional_db: Any) -> Iterator[Page]:
    with browser.new_context(**PHONE, base_url=live_server.url) as context:
        yield context.new_page()


@pytest.fixture
def check(transactional_db: Any) -> Check:
    return make_completed_check()


@pytest.fixture
def reader(check: Check) -> User:
    user = make_user(check.organization)
    user.set_password(PASSWORD)
    user.save()
    return user


def press(page: Page, words: str, title: str) -> None:
    """What comes then has this title, and no fault."""
    page.get_by_role("button", name=words).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert violations(page) == []


def use_mailed_link(page: Page, reader: User, title: str) -> None:
    """As it would be mailed to somebody who came from a report."""
    token = SignInLink.issue(reader, page.url.partition("?next=")[2], timezone.now())
    page.goto(reverse("sign-in-link", args=[token]))
    assert violations(page) == []
    press(page, "Sign in", title)


def set_up_app(page: Page) -> list[str]:
    """The codes for paper."""
    page.goto(reverse("security"))
    page.get_by_role("link", name="Set up the app").tap()
    key = (page.locator("code").text_content() or "").replace(" ", "")
    page.get_by_role("textbox").fill("12 34 5")
    press(page, "Switch it on", "Set up the app")
    page.get_by_role("textbox").fill(f"{TOTP(base64.b32decode(key)).token():06d}")
    press(page, "Switch it on", "It is on. Now write these down")
    codes = page.get_by_role("listitem").filter(has=page.locator("code")).all_text_contents()
    page.get_by_role("link", name="I have them").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing in asks you for two things")
    assert violations(page) == []
    return [code.strip() for code in codes]


def test_from_a_report_by_a_mailed_link_and_a_second_code_to_the_report(page: Page, check: Check, reader: User) -> None:
    page.goto(reverse("report", args=[check.public_id]))
    use_mailed_link(page, reader, check.candidate_name)
    first, second, *_others = set_up_app(page)
    page.context.clear_cookies()

    page.goto(reverse("report", args=[check.public_id]))
    use_mailed_link(page, reader, "Your second code")
    page.get_by_role("textbox").fill("000 000")
    press(page, "Sign in", "Your second code")
    page.get_by_role("textbox").fill(first)
    press(page, "Sign in", check.candidate_name)
    page.context.clear_cookies()

    page.goto(reverse("report", args=[check.public_id]))
    form = page.get_by_role("region", name="Or with a password")
    form.get_by_role("textbox").first.fill(reader.email)
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").tap()
    page.get_by_role("textbox").fill(second)
    press(page, "Sign in", check.candidate_name)
