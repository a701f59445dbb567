"""Private reports: who reads them, who says so, and what others are told."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from checks import readership
from checks.models import Check
from notifications.models import Message
from tests.factories import make_awaiting_check, make_completed_check, make_template, make_user

FILES = ("report", "report-pdf", "report-json", "report-csv", "share-report")


@pytest.fixture
def check(db: None) -> Check:
    check = make_completed_check(owner_name="Olga Owner", owner_email="olga@northmoor.example")
    readership.make_private(check, timezone.now(), make_user(check.organization))
    return check


def as_seen_by(user: User, page: str, check: Check) -> Any:
    browser = Client()
    browser.force_login(user)
    return browser.get(reverse(page, args=[check.public_id]))


@pytest.mark.parametrize("page", FILES)
def test_a_private_report_says_whom_to_ask_and_nothing_else(check: Check, page: str) -> None:
    answer = as_seen_by(make_user(check.organization), page, check)
    shown = answer.content.decode()
    assert answer.status_code == 403
    assert "Ask Olga Owner" in shown
    assert "Farrow" not in shown
    assert "Calm when" not in shown


@pytest.mark.parametrize("page", ["report", "report-json", "report-csv"])
def test_its_owner_and_those_named_read_it(check: Check, page: str) -> None:
    owner = make_user(check.organization, Role.LIMITED, email="olga@northmoor.example")
    named = make_user(check.organization)
    readership.add_reader(check, named, timezone.now(), owner)
    assert {as_seen_by(each, page, check).status_code for each in (owner, named)} == {200}


@pytest.mark.parametrize("page", [*FILES, "report-readers"])
def test_to_strangers_there_is_no_such_report(check: Check, page: str) -> None:
    assert as_seen_by(make_user(role=Role.SUPER_ADMIN), page, check).status_code == 404


def test_an_admin_who_may_not_read_it_may_name_readers(check: Check) -> None:
    admin = make_user(check.organization, Role.ADMIN)
    assert as_seen_by(admin, "report", check).status_code == 403
    assert as_seen_by(admin, "report-readers", check).status_code == 200


def test_others_who_may_not_read_it_name_nobody(check: Check) -> None:
    assert as_seen_by(make_user(check.organization), "report-readers", check).status_code == 403


def test_each_change_of_readers_stands_in_the_timeline(check: Check) -> None:
    admin, reader = make_user(check.organization, Role.ADMIN), make_user(check.organization, name="Rita Reader")
    browser, page = Client(), reverse("report-readers", args=[check.public_id])
    browser.force_login(admin)
    for sent in ({"do": "name", "reader": reader.pk}, {"do": "remove", "reader": reader.pk}, {"do": "public"}):
        assert browser.post(page, sent).status_code == 302
    kinds = list(check.events.order_by("-pk").values_list("kind", "detail")[:3])
    assert kinds == [("public", ""), ("no reader", "Rita Reader"), ("reader", "Rita Reader")]


def test_a_stranger_cannot_be_named(check: Check) -> None:
    browser = Client()
    browser.force_login(make_user(check.organization, Role.ADMIN))
    page = browser.post(reverse("report-readers", args=[check.public_id]), {"do": "name", "reader": make_user().pk})
    assert page.status_code == 200
    assert not check.readers.exists()


def test_a_limited_team_member_is_offered_where_they_see_the_check(check: Check) -> None:
    follower, other = (make_user(check.organization, Role.LIMITED) for _each in range(2))
    check.followers.create(email=follower.email)
    assert follower in readership.people(check)
    assert other not in readership.people(check)


@pytest.mark.parametrize(("address", "told"), [("olga@northmoor.example", True), ("gone@northmoor.example", False)])
def test_mails_about_a_private_report_go_to_those_who_can_read_it(db: None, address: str, told: bool) -> None:
    organization = make_user(email="olga@northmoor.example").organization
    template = make_template(organization, ("peer",), tells_owner=True, is_private=True)
    check = make_awaiting_check(template=template, owner_email=address)
    check.complete(timezone.now())
    assert Message.objects.filter(kind="owner-told").exists() is told
