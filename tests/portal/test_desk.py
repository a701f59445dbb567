"""The desk: what needs a hand, with what mends it; what is on its way; what is ready; how long it takes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import Role
from checks.models import Check
from config.desk import Desk
from config.templatetags.portal import since
from integrations.models import Action, Connection, Delivery
from notifications.models import Message
from templates_app.matching import Match
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_candidacy,
    make_check,
    make_completed_check,
    make_connection,
    make_template,
    make_user,
)
from tests.portal.world import make_delivery

NOW = timezone.now()
NO_TEMPLATE = Match(None, "The job’s tags match no template, and there is no default.")


@pytest.fixture
def ruth(db: None) -> User:
    """A super admin of an organization that is connected and has a template."""
    user = make_user(role=Role.SUPER_ADMIN, name="Ruth Adeyemi")
    assert user.organization is not None
    make_connection(user.organization)
    make_template(user.organization, name="Deck officers")
    return user


@pytest.fixture
def organization(ruth: User) -> Organization:
    assert ruth.organization is not None
    return ruth.organization


def desk_of(user: User) -> BeautifulSoup:
    browser = Client()
    browser.force_login(user)
    return BeautifulSoup(browser.get("/admin/").text, "html.parser")


def lines(user: User) -> list[Tag]:
    return desk_of(user).select("section[aria-labelledby=needs] li")


def words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""


def title(user: User) -> str:
    return words(desk_of(user).select_one("h1"))


def remedy(line: Tag) -> str:
    """What the line's one button says."""
    (button,) = line.select(".button")
    return words(button).partition(" :")[0]


def press(user: User, line: Tag) -> Any:
    browser, form = Client(), line.select_one("form")
    assert form is not None
    browser.force_login(user)
    return browser.post(str(form["action"]), {"next": "/admin/"}, follow=True)


def stuck(organization: Organization, **candidacy: Any) -> Check:
    template = organization.reference_templates.get()
    return make_check(template=template, now=NOW - timedelta(days=2), **candidacy)


def fail(message: Message | None, error: str) -> None:
    assert message is not None
    Message.objects.filter(pk=message.pk).update(state="failed", error=error)
    message.refresh_from_db()


# --- the title ----------------------------------------------------------------------------------------------


def test_the_title_says_that_nothing_needs_a_hand(ruth: User) -> None:
    assert title(ruth) == "Nothing needs a hand"


def test_the_title_counts_in_words(ruth: User, organization: Organization) -> None:
    stuck(organization, candidate_email="")
    assert title(ruth) == "One thing needs a hand"
    stuck(organization, candidate_email="")
    assert title(ruth) == "Two things need a hand"


def test_the_title_does_not_count_for_ever(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for _number in range(22):
        make_check(template=template, candidate_email="")
    assert title(ruth) == "More than 20 things need a hand"
    assert len(lines(ruth)) == 20


def test_it_says_how_many_others_are_on_their_way(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for check in [make_check(template=template) for _number in range(3)][:1]:
        check.become_overdue(check.due_at)
    assert "Two other checks are moving by themselves." in words(desk_of(ruth).select_one(".page-head"))


# --- needs a hand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("candidacy", "word", "sentence"),
    [
        ({"candidate_email": ""}, "No e-mail", "Lever holds no e-mail address for Daniel."),
        ({"may_contact": False}, "No contact allowed", "Daniel must not be contacted."),
    ],
)
def test_a_check_that_could_not_begin(
    ruth: User, organization: Organization, candidacy: dict[str, Any], word: str, sentence: str
) -> None:
    stuck(organization, candidate_name="Daniel Osei", position="Electrician", **candidacy)
    (line,) = lines(ruth)
    assert words(line.select_one("h3")) == "Daniel Osei , Electrician"
    assert words(line.select_one(".state")) == word
    assert sentence in words(line)
    assert "for 2 days" in words(line)
    assert remedy(line) == "Try again"


def test_trying_again_asks_lever_once(ruth: User, organization: Organization) -> None:
    check = stuck(organization, candidate_email="")
    answer = press(ruth, lines(ruth)[0])
    asked = Delivery.objects.get(source=Delivery.Source.DESK)
    assert (asked.opportunity_id, asked.state) == (check.opportunity_id, "waiting")
    assert "asks Lever about Marcus Webb again" in answer.text
    (line,) = lines(ruth)
    assert "Vouch is trying again now." in words(line)
    assert line.select(".button") == []


def test_trying_again_needs_somebody_who_may(ruth: User, organization: Organization) -> None:
    limited = make_user(organization, Role.LIMITED, email="kit@northmoor.example")
    check = stuck(organization, candidate_email="", owner_email=limited.email)
    browser = Client()
    browser.force_login(limited)
    assert lines(limited)[0].select(".button") == []
    assert browser.post(f"/admin/try-again/{check.pk}/").status_code == 403
    assert browser.get(f"/admin/try-again/{check.pk}/").status_code == 405


def test_trying_again_for_a_foreign_check_is_not_found(ruth: User, organization: Organization) -> None:
    theirs = make_check(candidate_email="")
    browser = Client()
    browser.force_login(ruth)
    assert browser.post(f"/admin/try-again/{theirs.pk}/").status_code == 404
    assert not Delivery.objects.exists()


def test_without_a_fitting_template_one_is_sent_to_the_templates(ruth: User, organization: Organization) -> None:
    Check.start(organization, make_candidacy(), NO_TEMPLATE, timezone.now() + timedelta(seconds=5))
    (line,) = lines(ruth)
    assert "match no template" in words(line)
    assert remedy(line) == "Choose a template"


def test_after_a_template_changed_one_tries_again(ruth: User, organization: Organization) -> None:
    Check.start(organization, make_candidacy(), NO_TEMPLATE, NOW - timedelta(hours=3))
    organization.reference_templates.get().make_default()
    assert remedy(lines(ruth)[0]) == "Try again"


def test_a_refused_mail_to_the_candidate_says_why(ruth: User, organization: Organization) -> None:
    check = stuck(organization)
    fail(check.invitation, "550 No such user.")
    check.lose_the_candidate(NOW)
    (line,) = lines(ruth)
    assert "The mail to Marcus came back: 550 No such user. Correct" in words(line)
    assert remedy(line) == "Try again"


def test_what_was_put_right_is_off_the_desk(ruth: User, organization: Organization) -> None:
    check = stuck(organization, candidate_email="")
    match = Match(organization.reference_templates.get(), "")
    Check.start(organization, make_candidacy(opportunity_id=check.opportunity_id), match, NOW, again=True)
    assert lines(ruth) == []


def test_a_reference_whose_mail_came_back(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get(), candidate_name="Mina Sato")
    reference = check.references.in_order()[2]
    fail(reference.invitation, "550 No such address")
    reference.bounce(NOW - timedelta(hours=16))
    (line,) = lines(ruth)
    assert "The mail to Margit Larsen came back: 550 No such address. Mina was asked" in words(line)
    assert "for 16 hours" in words(line)


def test_a_reference_who_would_rather_not(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get())
    check.references.in_order()[0].decline("", NOW)
    (line,) = lines(ruth)
    assert "Eileen Farrow would rather not. Marcus was asked to name somebody else." in words(line)
    assert remedy(line) == "Ask Marcus again"


def test_of_a_check_that_has_ended_nobody_is_missed(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get())
    check.references.in_order()[0].decline("", NOW)
    check.cancel(NOW)
    assert lines(ruth) == []


@pytest.mark.parametrize(("answers", "button"), [(0, "See the check"), (1, "Conclude with what is in")])
def test_an_overdue_check(ruth: User, organization: Organization, answers: int, button: str) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get())
    for reference in check.references.in_order()[:answers]:
        reference.submit(answers_for(reference), NOW)
    check.become_overdue(check.due_at)
    (line,) = lines(ruth)
    assert "It ends by itself on" in words(line)
    assert remedy(line) == button


def test_overdue_and_a_missing_reference_are_one_thing(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get())
    check.references.in_order()[0].decline("", NOW)
    check.become_overdue(check.due_at)
    assert [words(line.select_one(".state")) for line in lines(ruth)] == ["Declined"]


def test_a_delivery_that_was_given_up(ruth: User, organization: Organization) -> None:
    delivery = make_delivery(
        organization.connection, "x", state="failed", verdict="Lever does not show it.", done_at=NOW
    )
    (line,) = lines(ruth)
    assert "Lever does not show it." in words(line)
    assert remedy(line) == "Process again"
    press(ruth, line)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_a_delivery_is_no_trouble_once_a_newer_one_got_through(ruth: User, organization: Organization) -> None:
    make_delivery(organization.connection, "x", state="failed", done_at=NOW)
    make_delivery(organization.connection, "x", state="done", done_at=NOW)
    assert lines(ruth) == []


def test_an_action_that_was_given_up(ruth: User, organization: Organization) -> None:
    check = make_check(template=organization.reference_templates.get(), candidate_name="Marcus Webb")
    Action.objects.filter(for_check=check).update(state="failed", error="No such user.", done_at=NOW)
    (line,) = lines(ruth)
    assert "Vouch could not write this in Lever (tag): No such user." in words(line)
    press(ruth, line)
    assert Action.objects.get(for_check=check).state == "waiting"


def test_a_tag_is_no_trouble_once_a_later_one_is_written(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(template=organization.reference_templates.get())
    first, later = Action.objects.filter(for_check=check).order_by("pk")
    Action.objects.filter(pk=first.pk).update(state="failed", done_at=NOW)
    Action.objects.filter(pk=later.pk).update(state="done", done_at=NOW)
    assert lines(ruth) == []


def test_a_connection_that_lever_refuses(ruth: User, organization: Organization) -> None:
    organization.connection.fail("Lever does not know the key any more.")
    (line,) = lines(ruth)
    assert "Lever does not know the key any more." in words(line)
    assert remedy(line) == "Mend the connection"


def test_an_incomplete_connection(ruth: User, organization: Organization) -> None:
    organization.connection.forget()
    assert remedy(lines(ruth)[0]) == "Go on"


def test_a_connection_that_is_switched_off(ruth: User, organization: Organization) -> None:
    organization.connection.disable()
    (line,) = lines(ruth)
    assert "No check begins" in words(line)
    assert remedy(line) == "See the connection"


def test_no_connection_at_all(ruth: User) -> None:
    Connection.objects.all().delete()
    assert remedy(lines(ruth)[0]) == "Connect Lever"


def test_what_a_person_cannot_mend_or_see_is_not_on_their_desk(ruth: User, organization: Organization) -> None:
    organization.connection.fail("Refused.")
    make_delivery(organization.connection, "x", state="failed", done_at=NOW)
    assert lines(make_user(organization, Role.TEAM_MEMBER)) == []


def test_an_admin_sees_what_only_a_super_admin_can_mend(ruth: User, organization: Organization) -> None:
    make_delivery(organization.connection, "x", state="failed", done_at=NOW)
    (line,) = lines(make_user(organization, Role.ADMIN))
    assert line.select(".button") == []


def test_the_oldest_stands_first(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for days in (1, 3, 2):
        make_check(template=template, now=NOW - timedelta(days=days), candidate_name=f"{days} days", candidate_email="")
    assert [words(line.select_one("h3 a")) for line in lines(ruth)] == ["3 days", "2 days", "1 days"]


def test_the_checks_own_page_says_what_is_wrong_with_the_same_remedy(ruth: User, organization: Organization) -> None:
    check = stuck(organization, candidate_email="")
    browser = Client()
    browser.force_login(ruth)
    page = BeautifulSoup(browser.get(f"/admin/checks/check/{check.pk}/change/").text, "html.parser")
    notice = page.select_one(".notice.bad")
    assert notice is not None
    assert remedy(notice) == "Try again"


def test_the_checks_own_page_names_everything_that_is_in_the_way(ruth: User, organization: Organization) -> None:
    check = make_awaiting_check(organization, make_template(organization, ("any",) * 3), NOW)
    first, second, third = check.references.in_order()
    first.decline("", NOW)
    second.bounce(NOW)
    third.ask_for_call("+442071838750", "After four", NOW)
    browser = Client()
    browser.force_login(ruth)
    page = BeautifulSoup(browser.get(f"/admin/checks/check/{check.pk}/change/").text, "html.parser")
    said = [words(each.select_one("strong")) for each in page.select(".notice.bad, .notice.warn")]
    assert sorted(said) == ["Bounced.", "Declined.", "Wants a call."]


# --- the rest -----------------------------------------------------------------------------------------------


def test_a_dot_for_each_check_by_state(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for days in (0, 0, 3):
        make_check(template=template, now=NOW - timedelta(days=days, minutes=5), candidate_name=f"Day {days}")
    rows = desk_of(ruth).select("section[aria-labelledby=states] tbody tr")
    assert [words(row.select_one("th")) for row in rows] == ["Submitted"]
    assert len(rows[0].select("circle")) == 3
    assert "Submitted: 3 checks, 0 to 3 days old" in str(rows[0].select_one("svg")["aria-label"])
    assert words(rows[0].select("td")[-1]) == "Day 3, 3 days"


def test_a_state_leads_to_its_list(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    late, other = make_check(template=template, candidate_name="Late One"), make_check(template=template)
    late.become_overdue(late.due_at)
    browser = Client()
    browser.force_login(ruth)
    links = {words(a): str(a["href"]) for a in desk_of(ruth).select("section[aria-labelledby=states] th a")}
    found = {words_: browser.get(url).text for words_, url in links.items()}
    assert ("Late One" in found["Overdue"], "Late One" in found["Submitted"]) == (True, False)
    assert other.candidate_name in found["Submitted"]


def test_more_dots_than_fit_are_a_number(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for _number in range(9):
        make_check(template=template)
    lane = Desk(ruth, timezone.now()).lanes[0]
    assert [(stack.count, len(stack.heights), stack.more) for stack in lane.stacks] == [(9, 6, 3)]


def test_a_report_is_ready_until_its_reader_has_opened_it(ruth: User, organization: Organization) -> None:
    check = make_completed_check(template=organization.reference_templates.get(), candidate_name="Amina Okafor")
    ready = "section[aria-labelledby=done] li"
    assert "Amina Okafor" in words(desk_of(ruth).select_one(ready))
    check.note_opening(ruth, NOW)
    assert desk_of(ruth).select(ready) == []


def test_a_report_that_others_opened_is_still_unread(ruth: User, organization: Organization) -> None:
    """Even by somebody who did something else to the check."""
    check = make_completed_check(template=organization.reference_templates.get())
    check.note_opening(make_user(organization), NOW)
    check.record("concluded", NOW, user=ruth)
    assert [ready.check for ready in Desk(ruth, NOW).ready] == [check]


def test_how_long_it_takes_is_told_in_whole_days(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    for days in (1.0, 1.5, 3.0, 30.0):
        begun = NOW - timedelta(days=60)
        check = make_completed_check(template=template, now=begun)
        Check.objects.filter(pk=check.pk).update(completed_at=begun + timedelta(days=days))
    times = Desk(ruth, NOW).times
    assert times is not None
    assert (sorted(times.days), times.half, times.last) == ([1, 2, 3, 30], 2, 14)
    assert [label for label, _stack in times.columns][-1] == "14+"


def test_a_limited_team_member_has_their_own_checks_on_the_desk(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    limited = make_user(organization, Role.LIMITED, email="kit@northmoor.example")
    make_check(template=template, candidate_email="", candidate_name="Not Theirs")
    make_check(template=template, candidate_email="", candidate_name="Their Own", owner_email="Kit@Northmoor.example")
    assert [words(line.select_one("h3 a")) for line in lines(limited)] == ["Their Own"]


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(0), "for 1 minute"), (timedelta(hours=3), "for 3 hours"), (timedelta(days=2, hours=5), "for 2 days")],
)
def test_since_when(ago: timedelta, expected: str) -> None:
    now: datetime = NOW
    assert since(now - ago, now) == expected
