"""The report, point 2: how far it can be trusted, with reasons and never a verdict."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import Tag
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from checks.models import Check, Reference, Visit
from tests.checks.visits import answers, enter, names_for, only, read
from tests.factories import answers_for, make_awaiting_check, make_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db

HOME: dict[str, Any] = {
    "REMOTE_ADDR": "81.2.69.142",
    "HTTP_USER_AGENT": "Firefox/140.0",
    "HTTP_ACCEPT_LANGUAGE": "en-GB",
}
ELSEWHERE: dict[str, Any] = {"REMOTE_ADDR": "8.8.4.4", "HTTP_USER_AGENT": "Safari/18.0", "HTTP_ACCEPT_LANGUAGE": "de"}


def trust_part(check: Check, name: str = "Ruth Adeyemi") -> Tag:
    """The part of the report, as somebody of the organization reads it."""
    browser = staff(check, name)
    page = read(browser.get(reverse("report", args=[check.public_id])))
    (part,) = [each for each in page.select(".report section") if "How far to trust" in each.h2.get_text()]
    return part


def staff(check: Check, name: str) -> Client:
    browser = Client()
    user = make_user(check.organization, Role.TEAM_MEMBER, name=name)
    browser.force_login(user, backend="accounts.backends.RoleBackend")
    return browser


def words(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def answer(reference: Reference, **place: Any) -> None:
    """All at once, from the page as it is shown to them."""
    browser = Client(**place)
    page = enter(browser, reference)
    opened = only(read(browser.get(page)), "[name=opened]")["value"]
    browser.post(page, {"opened": opened, **answers(reference)})
    reference.refresh_from_db()
    assert reference.status == "submitted"


def walked() -> Check:
    """A candidate who names people, and the first of them, at one computer; the second is elsewhere."""
    check = make_check(template=make_template(make_organization(), ("manager", "peer", "peer")))
    candidate = Client(**HOME)
    candidate.post(enter(candidate, check), names_for(check, reference_1_email="boss@gmail.com"))
    first, second, _third = check.references.in_order()
    answer(first, **HOME)
    answer(second, **ELSEWHERE)
    return check


def test_report_2_says_of_each_reference_what_is_known_and_what_was_noticed() -> None:
    check = walked()
    first, second = trust_part(check).select(".trust > li")
    assert "Manager at Solent Lines" in words(first)
    assert "Worked together for 3 years, until September 2023" in words(first)
    for reason in (
        "Sent over the same internet connection and from the same kind of device that",
        "Opened and sent within",
        "with a private address at gmail.com",
    ):
        assert reason in words(first)
    assert "same internet connection" not in words(second)
    assert len(first.select(".warn b")) == len(first.select(".signals .warn:has(a)"))  # each with its weight in words


def test_report_2_never_gives_a_verdict_or_a_score_and_stops_nothing() -> None:
    check = walked()
    text = words(trust_part(check)).lower()
    assert not [word for word in ("fraud", "fake", "suspicious", "risk", "%") if word in text]
    third = check.references.in_order()[2]
    answer(third, **HOME)
    check.refresh_from_db()
    assert check.status == "completed"


def test_report_2_says_what_is_stated_differently() -> None:
    check = make_awaiting_check()
    check.references.update(title="Chief engineer", corrections={"title": "Engineer"})
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())
    assert "Title: “Engineer”, where Marcus gave “Chief engineer”" in words(trust_part(check))


def test_report_2_a_reviewer_clears_a_signal_with_a_reason_which_is_kept_for_good() -> None:
    check = walked()
    (link,) = [a for a in trust_part(check).select(".signals a") if "connection" in words(a.parent).split(".")[0]][:1]
    staff(check, "Jonas Keller").post(str(link["href"]), {"because": "Both were at the same conference."})
    said = f"Cleared by Jonas Keller on {timezone.localdate():%-d %B %Y}: “Both were at the same conference.”"
    assert said in words(trust_part(check))
    check.complete(timezone.now())
    assert said in words(trust_part(check))


def test_report_2_places_and_devices_are_hashed_and_deleted_early() -> None:
    check = walked()
    kept = str(list(Visit.objects.values_list()))
    assert Visit.objects.exists()
    assert not [plain for plain in ("81.2.69", "8.8.4.4", "Firefox", "Safari", "en-GB") if plain in kept]
    check.complete(timezone.now())
    assert not Visit.objects.exists()


def test_report_2_a_page_that_is_only_opened_tells_nothing_of_where() -> None:
    check = make_awaiting_check()
    for row in (check, check.references.in_order()[0]):
        scanner = Client(**HOME)
        assert scanner.get(enter(scanner, row)).status_code == 200
    assert not Visit.objects.exists()


def test_report_2_who_takes_their_time_is_not_called_fast() -> None:
    check = make_awaiting_check()
    first = check.references.in_order()[0]
    first.note_opening(timezone.now() - timedelta(minutes=6))
    answer(first, **ELSEWHERE)
    assert "Opened and sent" not in words(trust_part(check))
