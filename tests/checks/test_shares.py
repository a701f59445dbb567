"""A report shared with somebody who has no account: link, code, report; and every way that it may not open."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from checks import share_letters
from checks.models import Check, Share
from checks.readership import make_private
from checks.shares import CODE_LIFETIME, CODES_PER_DAY, TRIES
from notifications.models import Message
from tests.factories import make_awaiting_check, make_completed_check, make_template, make_user

WEEK = 7


@pytest.fixture
def check(db: None) -> Check:
    return make_completed_check()


@pytest.fixture
def share(check: Check) -> Share:
    return Share.make(check, "Bob Client", "bob@client.example", WEEK, timezone.now(), make_user(check.organization))


def at_the_door(share: Share, **headers: str) -> tuple[Client, str]:
    browser = Client(headers=headers)
    return browser, browser.get(reverse("share-door", args=[share.token])).headers["Location"]


def mailed_code() -> str:
    text = Message.objects.filter(kind="share-code").latest("pk").text
    found = re.search(r"^(\d{3}) (\d{3})$", text, re.MULTILINE)
    assert found
    return found[1] + found[2]


def reading(share: Share) -> tuple[Client, str]:
    browser, page = at_the_door(share)
    browser.post(page, {"send": "yes"})
    browser.post(page, {"code": mailed_code()})
    return browser, page


def content(browser: Client, page: str) -> str:
    return browser.get(page).content.decode()


def test_the_link_alone_tells_nothing_of_the_report(share: Share) -> None:
    shown = content(*at_the_door(share))
    assert not [word for word in ("Webb", "Chief Officer", "Farrow", "bob@", "Bob") if word in shown]


def test_the_code_that_was_mailed_opens_it(share: Share) -> None:
    browser, page = reading(share)
    assert "Eileen Farrow" in content(browser, page)


def test_a_code_is_typed_with_or_without_its_gap(share: Share) -> None:
    browser, page = at_the_door(share)
    browser.post(page, {"send": "yes"})
    code = mailed_code()
    assert browser.post(page, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_code_opens_it_in_one_browser_only(share: Share) -> None:
    reading(share)
    assert "Farrow" not in content(*at_the_door(share))


def test_a_code_is_good_once(share: Share) -> None:
    now = timezone.now()
    code = share.new_code(now) or ""
    assert share.redeem(code, now)
    assert not share.redeem(code, now)


def test_a_code_is_good_for_a_quarter_of_an_hour(share: Share) -> None:
    now = timezone.now()
    assert not share.redeem(share.new_code(now) or "", now + timedelta(minutes=15))


def test_a_code_opens_it_for_a_day(share: Share) -> None:
    now = timezone.now()
    key = share.redeem(share.new_code(now) or "", now)
    found, over = Share.objects.get(), now + CODE_LIFETIME + timedelta(days=1)
    assert found.is_opened_by(key, over - timedelta(seconds=1))
    assert not found.is_opened_by(key, over)


def test_a_report_made_private_is_shared_no_more(share: Share) -> None:
    browser, page = reading(share)
    make_private(share.for_check, timezone.now(), make_user(share.for_check.organization))
    assert browser.get(page).status_code == 404
    assert not Share.objects.open_at(timezone.now()).exists()


def test_a_new_code_takes_the_place_of_the_one_before(share: Share) -> None:
    now = timezone.now()
    first, second = share.new_code(now) or "", share.new_code(now) or ""
    assert first == second or not share.redeem(first, now)
    assert share.redeem(second, now)


def test_after_five_wrong_tries_the_right_code_is_none_any_more(share: Share) -> None:
    now = timezone.now()
    code = share.new_code(now) or ""
    for _try in range(TRIES):
        assert not share.redeem("no code", now)
    assert not share.redeem(code, now)


def test_so_many_codes_are_mailed_in_a_day_and_the_page_says_the_same(share: Share) -> None:
    browser, page = at_the_door(share)
    shown = {browser.post(page, {"send": "yes"}, follow=True).status_code for _time in range(CODES_PER_DAY + 2)}
    assert shown == {200}
    assert Message.objects.filter(kind="share-code").count() == CODES_PER_DAY


def test_codes_are_mailed_to_the_address_that_it_was_shared_with(share: Share) -> None:
    browser, page = at_the_door(share)
    browser.post(page, {"send": "yes", "email": "eve@evil.example"})
    assert Message.objects.get(kind="share-code").to_address == "bob@client.example"


def test_the_code_stands_in_no_subject(share: Share) -> None:
    browser, page = at_the_door(share)
    browser.post(page, {"send": "yes"})
    message = Message.objects.get(kind="share-code")
    assert not re.search(r"\d", message.subject)


def test_a_wrong_code_is_answered_alike_whether_or_not_there_is_one(share: Share) -> None:
    browser, page = at_the_door(share)
    before = without_tokens(browser.post(page, {"code": "000000x"}).content)
    share.new_code(timezone.now())
    assert without_tokens(browser.post(page, {"code": "000000x"}).content) == before


def without_tokens(page: bytes) -> str:
    return re.sub(r'(value|nonce)="[^"]*"', "", page.decode())


@pytest.mark.parametrize("token", ["", "altered", "of another's"])
def test_a_foreign_or_altered_link_ends_at_one_dead_end(share: Share, token: str) -> None:
    other = make_completed_check().token
    answer = Client().get(reverse("share-door", args=[{"": "x", "altered": share.token[:-1] + "!"}.get(token, other)]))
    assert (answer.status_code, "has run out" in answer.content.decode()) == (404, True)


def test_the_cookie_of_one_share_does_not_open_another(share: Share) -> None:
    browser, _page = reading(share)
    other = Share.make(share.for_check, "", "eve@client.example", WEEK, timezone.now(), make_user())
    browser.cookies["door"]["path"] = "/"
    assert browser.get(reverse("shared", args=[other.public_id])).status_code == 404


def test_an_expired_link_opens_nothing(share: Share) -> None:
    browser, page = reading(share)
    Share.objects.update(token_expires_at=timezone.now())
    assert browser.get(page).status_code == 404
    assert browser.get(reverse("share-door", args=[share.token])).status_code == 404


def test_revoking_works_at_once_for_whoever_reads(share: Share) -> None:
    browser, page = reading(share)
    share.end(timezone.now(), make_user(share.for_check.organization))
    assert browser.get(page).status_code == 404


def test_revoking_takes_back_a_mail_that_waits(share: Share) -> None:
    at = timezone.now()
    browser, page = at_the_door(share)
    browser.post(page, {"send": "yes"})
    share.end(at, make_user())
    assert Message.objects.get(kind="share-code").state == Message.State.CANCELED


def test_it_is_read_only_and_leads_nowhere_into_the_portal(share: Share) -> None:
    shown = content(*reading(share))
    assert "/admin/" not in shown
    assert "/reports/" not in shown
    assert "<form" not in shown


def test_no_cache_or_search_engine_keeps_it(share: Share) -> None:
    browser, page = reading(share)
    headers = browser.get(page).headers
    assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")


def test_the_door_speaks_the_readers_language_and_the_report_english(share: Share) -> None:
    browser, page = at_the_door(share, accept_language="de")
    assert '<html lang="de"' in content(browser, page)
    browser.post(page, {"send": "yes"})
    browser.post(page, {"code": mailed_code()})
    assert '<html lang="en"' in content(browser, page)


def test_it_is_noted_when_it_was_read_and_once_in_the_timeline(share: Share) -> None:
    browser, page = reading(share)
    browser.get(page)
    browser.get(page)
    share.refresh_from_db()
    assert share.first_opened_at
    assert share.last_opened_at
    assert share.first_opened_at < share.last_opened_at
    assert share.for_check.events.filter(kind="share-read").count() == 1


def test_a_shared_reader_does_not_see_who_else_reads_it(share: Share) -> None:
    share.for_check.note_opening(make_user(share.for_check.organization, name="Quiet Reader"), timezone.now())
    shown = content(*reading(share))
    assert "Quiet Reader" not in shown
    assert "bob@client.example" not in shown


def test_a_report_that_is_made_anew_meanwhile_cannot_be_read(share: Share) -> None:
    browser, page = reading(share)
    Check.objects.update(status=Check.Status.AWAITING)
    assert browser.get(page).status_code == 404


def test_erasing_ends_and_forgets_every_share(share: Share) -> None:
    browser, page = reading(share)
    share_letters.send_link(share, timezone.now())
    share.for_check.erase(timezone.now())
    assert browser.get(page).status_code == 404
    assert {(each.to_address, each.text) for each in Message.objects.about(share.topic)} == {("", "")}
    assert not Check.objects.get().events.filter(detail__contains="bob@").exists()


# --- the page of the one who shares -------------------------------------------------------------------


def signed_in(check: Check, role: str = Role.TEAM_MEMBER, **fields: Any) -> Client:
    browser = Client()
    browser.force_login(make_user(check.organization, role, **fields))
    return browser


def address(check: Check) -> str:
    return reverse("share-report", args=[check.public_id])


def test_sharing_mails_a_link_and_stands_in_the_timeline(check: Check) -> None:
    sent = {"do": "share", "name": "Bob", "email": "bob@client.example", "days": "3"}
    page = signed_in(check).post(address(check), sent, follow=True).content.decode()
    share = check.shares.get()
    assert "bob@client.example" in page
    assert share.token in Message.objects.get(kind="share-link").text
    assert share.token_expires_at - share.created_at == timedelta(days=3)
    assert check.events.filter(kind="shared", detail="bob@client.example").exists()


@pytest.mark.parametrize("days", ["0", "31", "-1", "many"])
def test_it_is_shared_for_a_day_to_thirty(check: Check, days: str) -> None:
    signed_in(check).post(address(check), {"do": "share", "email": "bob@client.example", "days": days})
    assert not check.shares.exists()


def test_what_was_typed_stays_when_something_is_to_be_put_right(check: Check) -> None:
    page = signed_in(check).post(address(check), {"do": "share", "name": "Bob", "email": "nonsense", "days": "3"})
    assert 'value="nonsense"' in page.content.decode()
    assert 'value="Bob"' in page.content.decode()


@pytest.mark.parametrize(("reads", "count"), [("no", 0), ("on-request", 1)])
def test_the_candidate_gets_it_only_if_the_references_were_told_so(db: None, reads: str, count: int) -> None:
    check = make_completed_check(template=make_template(make_user().organization, candidate_reads=reads))
    sent = {"do": "share", "email": f" {check.candidate_email.upper()} ", "days": "3"}
    signed_in(check).post(address(check), sent)
    assert check.shares.count() == count


def test_a_report_is_shared_when_it_is_complete(db: None) -> None:
    check = make_awaiting_check()
    signed_in(check).post(address(check), {"do": "share", "email": "bob@client.example", "days": "3"})
    assert not check.shares.exists()


def test_one_click_ends_it(check: Check, share: Share) -> None:
    browser = signed_in(check)
    browser.post(address(check), {"do": "end", "share": share.pk})
    assert browser.post(address(check), {"do": "end", "share": share.pk}).status_code == 302
    assert check.events.filter(kind="unshared").count() == 1


def test_nobody_ends_a_share_of_another_check(share: Share) -> None:
    other = make_completed_check(share.for_check.organization)
    assert signed_in(other).post(address(other), {"do": "end", "share": share.pk}).status_code == 404
    assert Share.objects.open_at(timezone.now()).exists()


def test_who_reads_a_private_report_without_naming_readers_does_not_share_it(check: Check) -> None:
    limited = make_user(check.organization, Role.LIMITED)
    check.followers.create(email=limited.email)
    browser = Client()
    browser.force_login(limited)
    assert browser.get(address(check)).status_code == 403


def test_a_second_click_shares_it_once(check: Check) -> None:
    client, typed = signed_in(check), {"do": "share", "email": "ada@example.com", "days": "7"}
    client.post(address(check), typed)
    again = client.post(address(check), typed | {"email": "Ada@example.com"})
    assert "is shared with Ada@example.com already" in again.text
    assert check.shares.count() == Message.objects.filter(kind="share-link").count() == 1
