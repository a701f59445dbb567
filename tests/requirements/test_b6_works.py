"""B6: does it work here? Marks against who was hired and who stayed, and adverse impact, in one's own data."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from checks.models import Check, Outcome
from templates_app.models import ReferenceTemplate
from tests.checks.past import NOW, Past, hired, make_past, refused
from tests.factories import make_operator, make_organization, make_template, make_user

WORKS, KEPT, GROUPS = (reverse(f"admin:{name}") for name in ("works", "works-kept", "works-groups"))
TWO_YEARS_AGO = NOW - timedelta(days=730)


@pytest.fixture
def ruth(db: None) -> User:
    return make_user(make_organization(looks_back_after=12), Role.TEAM_MEMBER)


@pytest.fixture
def template(ruth: User) -> ReferenceTemplate:
    return make_template(ruth.organization, name="Deck officers")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def page_of(user: User, address: str = WORKS, **query: Any) -> BeautifulSoup:
    return BeautifulSoup(browser_of(user).get(address, query).text, "html.parser")


def said(part: Any) -> str:
    return " ".join(part.get_text(" ").split())


def rows(page: BeautifulSoup, section: str) -> dict[str, str]:
    """The lines of a section, by what their first cell begins with."""
    found = page.find(id=section).find_parent("section").select("tbody tr")
    return {said(row.th).split("?")[0]: said(row) for row in found}


# --- each question and competency -----------------------------------------------------------------------------


def test_b6_each_question_and_competency_stands_against_hired_and_against_still_employed(
    ruth: User, template: ReferenceTemplate
) -> None:
    stays = [hired(5, 5, is_kept=True), hired(4, 4, is_kept=True)]
    goes = [hired(4, 3, is_kept=False), hired(3, is_kept=False)]
    make_past(template, [*stays * 10, *goes * 10, *[refused(2), refused(3)] * 10])
    page = page_of(ruth)
    against_hired, against_kept = rows(page, "hired"), rows(page, "kept")
    question = "Against others in this job, where is {name}"
    assert {question} < set(against_hired) == set(against_kept)
    assert any(name.startswith("Overall") for name in against_hired)
    figures = "3.9 40 checks 2.5 20 checks 0.70, between 0.54 and 0.81 Those hired had higher marks."
    assert figures in against_hired[question]
    assert "Those still employed had higher marks." in against_kept[question]
    assert "60 completed checks are looked at: 40 hired, 20 not." in said(page)


def test_b6_below_a_minimum_there_is_a_plain_warning_and_below_a_smaller_one_nothing(
    ruth: User, template: ReferenceTemplate
) -> None:
    make_past(template, [hired(5), hired(3)] * 6 + [refused(2), refused(4)] * 5)
    page = page_of(ruth)
    (line,) = (line for name, line in rows(page, "hired").items() if name.startswith("Against"))
    assert "Fewer than 30 checks: take it for a hint." in line
    kept = page.find(id="kept").find_parent("section")
    assert "Too few: figures take 10 checks in each of the two groups." in said(kept)
    assert not kept.select("table, svg")


def test_b6_what_tells_nothing_is_a_candidate_for_retiring_in_words(ruth: User, template: ReferenceTemplate) -> None:
    make_past(template, [hired(5), hired(1)] * 25 + [refused(5), refused(1)] * 25)
    assert "No relation seen here: a candidate for retiring." in said(page_of(ruth))
    assert template.survey.questions.count() == 5  # by nobody but a person


def test_b6_the_page_says_how_it_is_computed_and_what_to_beware_of(ruth: User) -> None:
    page = said(page_of(ruth))
    for words in (
        "tanh(artanh(r) ± 1.96 / √(n - 3))",
        "r = (M1 - M0) / s × √(p (1 - p))",
        "range restriction",
        "by chance",
    ):
        assert words in page
    assert "0 completed checks are looked at" in page


def test_b6_every_drawing_says_in_words_what_it_shows(ruth: User, template: ReferenceTemplate) -> None:
    make_past(template, [hired(5), hired(3)] * 10 + [refused(2), refused(4)] * 10)
    drawings = page_of(ruth).select("svg[role=img]")
    assert drawings
    assert all("correlation 0." in str(each["aria-label"]) for each in drawings)


def test_b6_private_reports_and_what_is_not_known_are_left_out_and_counted(
    ruth: User, template: ReferenceTemplate
) -> None:
    make_past(template, [hired(5), Past([], in_ats="hired", said="not-hired"), Past([])])
    make_past(template, [hired(1)], is_private=True, owner_email="x@northmoor.example")
    page = said(page_of(ruth))
    assert "1 completed check is looked at: 1 hired, 0 not." in page
    assert "Left out: 1 check of which it is not known how it ended." in page
    assert "Left out: 1 check of which Lever says one thing and somebody the other." in page
    assert "Left out: 1 private report that you may not read." in page


def test_b6_it_asks_the_database_as_often_for_many_as_for_few(ruth: User, template: ReferenceTemplate) -> None:
    def queries(browser: Client) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(WORKS).status_code == 200
        return len(captured)

    browser = browser_of(ruth)
    browser.get(WORKS)
    make_past(template, [hired(5), refused(2)] * 12)
    few = queries(browser)
    make_past(make_template(ruth.organization), [hired(4), refused(1)] * 50)
    assert queries(browser) == few <= 16


def test_b6_some_checks_can_be_chosen_and_a_day_that_cannot_be_read_is_told(
    ruth: User, template: ReferenceTemplate
) -> None:
    make_past(template, [hired(5), hired(5, completed_at=TWO_YEARS_AGO)])
    since = (NOW - timedelta(days=60)).date().isoformat()
    assert "1 completed check is" in said(page_of(ruth, since=since, template=template.pk))
    assert "2 completed checks are" in said(page_of(ruth, since="yesterday"))
    assert "These are all checks" in said(page_of(ruth, since="yesterday"))
    other = make_template(make_organization(), name="Of another house")
    assert "Of another house" not in page_of(ruth, template=other.pk).get_text()


@pytest.mark.parametrize("address", [WORKS, GROUPS, KEPT])
def test_b6_it_is_for_those_who_may_read_all_reports(ruth: User, address: str) -> None:
    limited = make_user(ruth.organization, Role.LIMITED)
    codes = [browser_of(user).get(address).status_code for user in (ruth, limited, make_operator())]
    assert codes == [200, 403, 403]


def test_b6_numbers_lead_there_whoever_may(ruth: User) -> None:
    limited = make_user(ruth.organization, Role.LIMITED)
    link = f'href="{WORKS}"'
    assert [link in browser_of(user).get(reverse("admin:numbers")).text for user in (ruth, limited)] == [True, False]


# --- still employed? ------------------------------------------------------------------------------------------


def test_b6_on_the_organizations_day_one_says_who_is_still_employed_and_may_take_it_back(
    ruth: User, template: ReferenceTemplate
) -> None:
    (check, _early) = make_past(template, [hired(5, completed_at=TWO_YEARS_AGO), hired(5)])
    browser, name = browser_of(ruth), check.candidate_name
    page = page_of(ruth, KEPT)
    assert said(page.h1) == "Is 1 person still employed?"
    address = str(page.select_one(".items form")["action"])
    assert f"Put down: {name} is still employed." in browser.post(address, {"employed": "yes"}, follow=True).text
    assert Outcome.objects.get(for_check=check).is_kept is True
    assert said(page_of(ruth, KEPT).h1) == "Nobody’s day has come"
    assert "things have moved on" in browser.post(address, {"employed": "yes"}, follow=True).text
    browser.post(address, {"employed": "undo"})
    assert Outcome.objects.get(for_check=check).is_kept is None


def test_b6_nobody_puts_down_what_is_not_theirs(ruth: User, template: ReferenceTemplate) -> None:
    (ours,) = make_past(template, [hired(5)])
    (theirs,) = make_past(make_template(make_organization()), [hired(5)])
    limited = make_user(ruth.organization, Role.LIMITED, email=ours.owner_email or "kit@northmoor.example")
    address = {check: reverse("admin:works-keep", args=[check.public_id]) for check in (ours, theirs)}
    codes = [
        browser_of(user).post(address[check], {"employed": "no"}).status_code
        for user, check in ((ruth, theirs), (limited, ours))
    ]
    assert codes == [404, 403]
    assert not Outcome.objects.filter(is_kept=False).exists()


def test_b6_who_is_erased_before_the_day_comes_is_warned_of(ruth: User) -> None:
    ruth.organization.keeps_months = 6
    ruth.organization.save()
    assert all("erased before their look-back day comes" in said(page_of(ruth, address)) for address in (WORKS, KEPT))


# --- adverse impact -------------------------------------------------------------------------------------------


def upload(user: User, lines: list[str], **more: Any) -> Any:
    file = SimpleUploadedFile("people.csv", "\n".join(lines).encode(), "text/csv")
    return browser_of(user).post(GROUPS, {"file": file, **more})


def groups(template: ReferenceTemplate, **sizes: tuple[int, int]) -> list[str]:
    """Checks of so many people, so many of them hired, and the lines of a file of them."""
    lines = ["e-mail,group"]
    for name, (people, chosen) in sizes.items():
        emails = [f"{name}{number}@post.example" for number in range(people)]
        make_past(
            template, [(hired if number < chosen else refused)(3, email=each) for number, each in enumerate(emails)]
        )
        lines += [f"{email.upper()},{name}" for email in emails]
    return lines


def test_b6_adverse_impact_of_the_agencies_own_example(ruth: User, template: ReferenceTemplate) -> None:
    """Uniform Guidelines, questions and answers 11 and 12."""
    lines = groups(template, white=(80, 48), black=(40, 12))
    page = BeautifulSoup(upload(ruth, lines).text, "html.parser")
    found = rows(page, "found")
    assert "80 48 60%, 49% to 70% 100.0% – The highest rate." in found["white"]
    assert "40 12 30%, 18% to 45% 50.0% 0.003 Below four fifths of the highest rate." in found["black"]
    assert "1 group is below four fifths of the highest rate." in said(page)


def test_b6_a_small_group_is_hidden_and_so_is_what_would_tell_it(ruth: User, template: ReferenceTemplate) -> None:
    page = upload(ruth, groups(template, large=(20, 10), middle=(12, 6), less=(8, 4), small=(3, 3))).text
    found = rows(BeautifulSoup(page, "html.parser"), "found")
    assert set(found) == {"large", "middle"}
    assert "2 groups are hidden" in page
    assert "small" not in found


def test_b6_nothing_of_the_file_is_kept(
    ruth: User, template: ReferenceTemplate, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = [*groups(template, women=(6, 3), men=(6, 2)), "nobody@secret.example,marsians", "broken"]
    with CaptureQueriesContext(connection) as captured:
        page = upload(ruth, lines).text
    assert "1 line names nobody who was looked at" in page
    assert "short name of a group: 15" in page
    told = "".join(query["sql"] for query in captured) + caplog.text + "".join(capfd.readouterr())
    assert not [word for word in ("marsians", "secret.example", "women", "WOMEN1") if word in told]
    assert "marsians" not in page


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["a@b.example,x"], "Fewer than two groups are left to compare"),
        ([f"g{number}@post.example,g{number}" for number in range(31)], "Is the second column the group?"),
        (["x" * 1_100_000], "It is longer than 1 MB."),
        (["x" * 3_000_000], "Choose a file of up to 1 MB."),  # so much is not even taken in
    ],
)
def test_b6_a_file_that_does_not_do_is_told_in_words(
    ruth: User, template: ReferenceTemplate, lines: list[str], words: str
) -> None:
    if len(lines) > 1:
        make_past(template, [hired(3, email=line.partition(",")[0]) for line in lines])
    assert words in upload(ruth, lines).text


def test_b6_a_forged_file_from_elsewhere_is_refused(ruth: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ruth)
    assert browser.post(GROUPS, {"file": SimpleUploadedFile("a.csv", b"a,b")}).status_code == 403


def test_b6_the_groups_of_a_template_and_period_alone(ruth: User, template: ReferenceTemplate) -> None:
    lines = groups(template, women=(6, 3), men=(6, 2))
    other = make_template(ruth.organization)
    assert "Fewer than two groups" in upload(ruth, lines, template=other.pk).text
    assert Check.objects.filter(template=template).count() == 12
