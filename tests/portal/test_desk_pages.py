"""Beside the desk: a check by hand, what is done about one person, two candidates, numbers, lists as files, live."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounts import exporting
from accounts.models import Organization, User
from accounts.roles import Role
from checks.following import Follower
from checks.models import Check, Reference
from config.numbers import Numbers
from integrations.models import Action
from notifications.models import Message
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_connection,
    make_operator,
    make_survey,
    make_template,
    make_user,
)

NOW = timezone.now()
LIST = "/admin/checks/check/"


@pytest.fixture
def ruth(db: None) -> User:
    user = make_user(role=Role.TEAM_MEMBER, name="Ruth Adeyemi")
    assert user.organization is not None
    make_connection(user.organization)
    make_template(user.organization, name="Deck officers")
    return user


@pytest.fixture
def organization(ruth: User) -> Organization:
    assert ruth.organization is not None
    return ruth.organization


@pytest.fixture
def awaiting(organization: Organization) -> Check:
    """Everybody was asked two days ago."""
    template = organization.reference_templates.get()
    return make_awaiting_check(template=template, now=NOW - timedelta(days=2))


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def text_of(page: Any) -> str:
    return " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())


# --- a check by hand ----------------------------------------------------------------------------------------


def start(user: User, **typed: str) -> Any:
    browser, address = browser_of(user), reverse("admin:start-check")
    page = BeautifulSoup(browser.get(address).text, "html.parser")
    number = page.select_one("input[name=number]")
    assert number is not None
    template = user.organization.reference_templates.get() if user.organization else None
    said = {
        "number": number["value"],
        "name": "Tomás Vidal",
        "email": "tomas@post.example",
        "position": "Night Rigger",
        "template": str(template.pk if template else ""),
        **typed,
    }
    browser.post(address, said)
    return browser.post(address, said, follow=True)


def test_a_check_by_hand_is_like_any_other_but_that_lever_hears_nothing(ruth: User) -> None:
    page = start(ruth)
    check = Check.objects.get()  # although the form was sent twice
    assert (check.is_by_hand, check.owner_email, check.status) == (True, ruth.email, "submitted")
    assert check.opportunity_id.startswith("by-hand-")
    assert Message.objects.get(kind="candidate-request").to_address == "tomas@post.example"
    assert "chosen by Ruth Adeyemi, who began the check by hand" in page.text
    assert "Tomás Vidal" in browser_of(ruth).get(LIST).text
    check.cancel(NOW)
    assert not Action.objects.exists()


@pytest.mark.parametrize("typed", [{"name": ""}, {"email": "tomas"}, {"template": ""}, {"number": "by-hand-x"}])
def test_what_is_missing_is_said_and_what_was_typed_stays(ruth: User, typed: dict[str, str]) -> None:
    page = start(ruth, **typed)
    assert "Not started yet" in page.text or "number" in typed
    assert "Night Rigger" in page.text
    assert not Check.objects.exists()


def test_nobody_starts_one_with_a_foreign_template_or_without_an_organization(ruth: User) -> None:
    start(ruth, template=str(make_template(make_user().organization or Organization()).pk))
    assert not Check.objects.exists()
    assert browser_of(make_operator()).get(reverse("admin:start-check")).status_code == 403


# --- one person ---------------------------------------------------------------------------------------------


def do(user: User, reference: Reference, what: str, **typed: str) -> Any:
    where = [reference.for_check_id, reference.public_id, what]
    return browser_of(user).post(reverse("admin:checks_check_person", args=where), typed, follow=True)


def test_a_reference_is_reminded_now(ruth: User, awaiting: Check) -> None:
    first = awaiting.references.in_order()[0]
    OrmQ.objects.all().delete()
    assert "Eileen Farrow is reminded." in do(ruth, first, "remind").text
    assert Message.objects.filter(kind="reference-reminder").count() == 1
    assert awaiting.events.get(kind="nudged").user == ruth
    assert OrmQ.objects.exists()
    assert "was written to a short while ago" in do(ruth, first, "remind").text


def test_a_person_is_replaced_on_the_candidates_behalf(ruth: User, awaiting: Check) -> None:
    first = awaiting.references.in_order()[0]
    typed = {"name": "Ada King", "email": "ada@solent.example", "relationship": "manager", "language": "en"}
    assert "Nobody is asked without the candidate’s agreement." in do(ruth, first, "replace", **typed).text
    page = do(ruth, first, "replace", **typed, told="on")
    assert "Ruth Adeyemi named Ada King instead of Eileen Farrow" in page.text
    assert list(awaiting.references.open().in_order().values_list("name", flat=True)) == [
        "Ada King",
        "Bao Nguyen",
        "Margit Larsen",
    ]


def test_nobody_is_named_twice_or_is_the_candidate(ruth: User, awaiting: Check) -> None:
    first, second = awaiting.references.in_order()[:2]
    for address in (awaiting.candidate_email, second.email.upper()):
        typed = {"name": "Ada", "email": address, "relationship": "peer", "language": "en", "told": "on"}
        assert "Not done yet" in do(ruth, first, "replace", **typed).text


def test_the_candidate_is_asked_for_somebody_else_once_a_day(ruth: User, awaiting: Check) -> None:
    first = awaiting.references.in_order()[0]
    first.decline("", NOW)
    before = Message.objects.filter(kind="candidate-another").count()
    assert "Marcus is asked for somebody else." in do(ruth, first, "another").text
    assert "things have moved on" in do(ruth, first, "another").text
    assert Message.objects.filter(kind="candidate-another").count() == before + 1


def test_the_request_is_sent_again_to_the_right_address(ruth: User, organization: Organization) -> None:
    check = make_check(template=organization.reference_templates.get())
    Message.objects.update(state="failed", error="550 No such user.")
    check.lose_the_candidate(NOW)
    Check.objects.update(is_by_hand=True)
    page = browser_of(ruth).get("/admin/")
    address = reverse("admin:checks_check_invite", args=[check.pk])
    assert "Correct the address" in page.text
    assert address in page.text
    browser_of(ruth).post(address, {"email": "right@post.example"})
    check.refresh_from_db()
    assert (check.status, check.problem, check.candidate_email) == ("submitted", "", "right@post.example")
    assert Message.objects.filter(to_address="right@post.example", state="waiting").count() == 1
    assert not Check.objects.uninvited().exists()  # what came back was another mail


def test_somebody_who_wants_a_call_stands_on_the_desk(ruth: User, awaiting: Check) -> None:
    first = awaiting.references.in_order()[0]
    first.ask_for_call("+442079460155", "after six", NOW)
    page = browser_of(ruth).get("/admin/")
    assert "would rather be called, at +44 20 7946 0155. It suits them: “after six”." in text_of(page)
    assert reverse("call-reference", args=[first.public_id]) in page.text


def test_a_second_check_on_its_way_is_why_one_is_not_opened_again(ruth: User, organization: Organization) -> None:
    check = make_completed_check(template=organization.reference_templates.get(), opportunity_id="one")
    Check.objects.filter(pk=check.pk).update(opportunity_id="one")
    make_awaiting_check(template=check.template, opportunity_id="two")
    Check.objects.filter(opportunity_id="two").update(opportunity_id="one")
    page = browser_of(ruth).post(f"{LIST}{check.pk}/do/reopen/", follow=True)
    assert "Another check of this candidate for this job is on its way." in page.text


# --- two candidates -----------------------------------------------------------------------------------------


def compare(user: User, *checks: Check) -> str:
    query = "&".join(f"{name}={check.public_id}" for name, check in zip("ab", checks, strict=False))
    return text_of(browser_of(user).get(f"{reverse('admin:compare')}?{query}", follow=True))


def test_two_candidates_side_by_side(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    one = make_completed_check(template=template, candidate_name="Marcus Webb")
    other = make_completed_check(template=template, candidate_name="Sofia Marek")
    assert "Sofia Marek, Chief Officer" in compare(ruth, one)
    page = compare(ruth, one, other)
    assert "Marcus Webb and Sofia Marek side by side" in page
    assert page.count("Mean 3; 3 of 3") == 4  # two scales, for both


def test_other_questions_are_not_laid_beside_each_other(ruth: User, organization: Organization) -> None:
    one = make_completed_check(template=organization.reference_templates.get())
    other = make_completed_check(template=make_template(organization, survey=make_survey(organization)))
    page = compare(ruth, one, other)
    assert "their marks cannot be compared" in page
    assert "Mean 3" not in page


def test_a_report_that_somebody_may_not_read_is_in_no_comparison(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    one = make_completed_check(template=template, candidate_name="Marcus Webb")
    secret = make_completed_check(template=template, candidate_name="Sofia Marek", owner_email="x@northmoor.example")
    Check.objects.filter(pk=secret.pk).update(is_private=True)
    assert "Sofia" not in compare(ruth, one)
    assert "Sofia" not in compare(ruth, one, secret)
    assert "Choose a completed check" in compare(ruth, secret, one)
    assert "Sofia" not in text_of(browser_of(ruth).get("/admin/"))


def test_averages_only_name_nobody_in_a_comparison_either(ruth: User, organization: Organization) -> None:
    template = make_template(organization, ("manager", "peer"), confidentiality="averages")
    one, other = make_completed_check(template=template), make_completed_check(template=template)
    page = compare(ruth, one, other)
    assert "fewer than three" in page
    assert "Mean 3" not in page


# --- numbers ------------------------------------------------------------------------------------------------


def test_numbers_by_month(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    begun = NOW - timedelta(days=60)
    for days in (1.0, 2.0, 9.0):
        check = make_completed_check(template=template, now=begun)
        Check.objects.filter(pk=check.pk).update(ended_at=begun + timedelta(days=days))
    months = [month for month in Numbers(ruth, NOW).months if month.days]
    assert sorted(day for month in months for day in month.days) == [1, 2, 9]
    assert (sum(month.asked for month in months), sum(month.answered for month in months)) == (9, 9)
    assert all(month.share == "" for month in months)  # under thirty there is no percentage
    assert "Half by day" in browser_of(ruth).get(reverse("admin:numbers")).text


def test_an_answer_within_two_days_is_put_down_to_the_reminder_before_it(ruth: User, awaiting: Check) -> None:
    told = {0: [0], 1: [0, 24], 2: [0]}  # hours at which each was reminded
    answered = {0: 10, 1: 30, 2: 72}
    for place, reference in enumerate(awaiting.references.in_order()):
        for hour in told[place]:
            awaiting.record("reminded", NOW + timedelta(hours=hour), reference=reference)
        reference.submit(answers_for(reference), NOW + timedelta(hours=answered[place]))
    found = Numbers(ruth, NOW + timedelta(days=4)).effects
    assert [(effect.number, effect.sent, effect.answered) for effect in found] == [(1, 3, 1), (2, 1, 1)]


# --- lists as files -----------------------------------------------------------------------------------------


def rows_of(user: User, **query: str) -> list[list[str]]:
    answer = browser_of(user).get(f"{LIST}csv/", query)
    sent: bytes = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # of a response that streams
    return list(csv.reader(io.StringIO(sent.decode("utf-8-sig"))))


def test_a_list_as_a_file_has_what_the_list_shows(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    make_check(template=template, candidate_name="=cmd()", owner_email=ruth.email)
    make_awaiting_check(template=template, candidate_name="Lena Fischer")
    make_check(candidate_name="Of Another House")
    head, *rows = rows_of(ruth)
    assert head[:4] == ["Candidate", "Position", "State", "Answered"]
    assert [row[0] for row in rows] == ["Lena Fischer", "'=cmd()"]
    assert [row[0] for row in rows_of(ruth, q="lena")[1:]] == ["Lena Fischer"]
    assert [row[0] for row in rows_of(ruth, owner="me")[1:]] == ["'=cmd()"]
    assert not any("token" in name.lower() for name in head)


def test_a_very_long_list_says_that_there_is_more(
    ruth: User, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST", 2)
    for _number in range(3):
        make_check(template=organization.reference_templates.get())
    rows = rows_of(ruth)
    assert len(rows) == 4
    assert "there are more" in rows[-1][0]


# --- searching, and whose they are --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [("sinead", True), ("Ó Sé", True), ("offi chief", True), ("nead", False), ("sinead deck", False), ("%", False)],
)
def test_a_check_is_found_by_how_its_words_begin(
    ruth: User, organization: Organization, asked: str, is_found: bool
) -> None:
    make_check(template=organization.reference_templates.get(), candidate_name="Sinéad Ó Sé")
    assert ("Sinéad" in browser_of(ruth).get(LIST, {"q": asked}).text) == is_found


def test_a_check_is_found_by_its_id_and_not_when_it_was_erased(ruth: User, organization: Organization) -> None:
    check = make_check(template=organization.reference_templates.get(), candidate_name="Lena Fischer")
    assert "Lena" in browser_of(ruth).get(LIST, {"q": check.opportunity_id}).text
    check.erase(NOW)
    assert "Nothing fits" in browser_of(ruth).get(LIST, {"q": "lena"}).text


def test_mine_are_those_that_i_own(ruth: User, organization: Organization) -> None:
    template = organization.reference_templates.get()
    make_check(template=template, candidate_name="Own Candidate", owner_email=ruth.email.upper())
    make_check(template=template, candidate_name="Other Candidate")
    page = browser_of(ruth).get(LIST, {"owner": "me"}).text
    assert "Own Candidate" in page
    assert "Other Candidate" not in page


def test_who_follows_sees_the_check_in_lists_files_desk_and_report(ruth: User, organization: Organization) -> None:
    limited = make_user(organization, Role.LIMITED, email="kit@northmoor.example")
    check = make_completed_check(template=organization.reference_templates.get(), candidate_name="Amina Okafor")
    report = reverse("report", args=[check.public_id])

    def sees() -> list[bool]:
        browser = browser_of(limited)
        rows = [row[0] for row in rows_of(limited)]
        pages = ["Amina" in browser.get(url).text for url in ("/admin/", LIST)]
        return [*pages, "Amina Okafor" in rows, browser.get(report).status_code == 200]

    assert sees() == [False] * 4
    Follower.keep(check, ["Kit@Northmoor.example"])
    assert sees() == [True] * 4


# --- up to date by itself -----------------------------------------------------------------------------------


def test_the_desk_says_when_there_is_nothing_new(ruth: User, organization: Organization) -> None:
    browser = browser_of(ruth)
    first = browser.get("/admin/")
    asked = {"If-None-Match": first.headers["ETag"], "X-Live": "yes"}
    assert browser.get("/admin/", headers=asked).status_code == 304
    make_check(template=organization.reference_templates.get(), candidate_email="")
    assert browser.get("/admin/", headers=asked).status_code == 200


def test_asking_again_reads_nobodys_messages(ruth: User, awaiting: Check) -> None:
    browser = browser_of(ruth)
    browser.post(f"{LIST}{awaiting.pk}/do/cancel/")
    assert "The check is canceled." not in browser.get("/admin/", headers={"X-Live": "yes"}).text
    assert "The check is canceled." in browser.get("/admin/").text
