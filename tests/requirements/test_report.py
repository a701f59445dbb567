"""The report, line by line, and B5: open, versioned scoring that claims no more than a few people can bear."""

import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization
from checks.models import Check, SelfAssessment
from checks.references import Given, Reference
from templates_app.kinds import Kind, Look
from templates_app.models import Survey
from tests.checks.every_kind import make_full_check
from tests.checks.reports import address, headings, part, read, signed_in, words
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_completed_check,
    make_named,
    make_organization,
    make_survey,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def nothing_worked_out_before() -> None:
    cache.clear()


def answer(check: Check, *sheets: dict[str, Given]) -> Check:
    """Those who were named answer one after another by these; concluded with what is in."""
    for reference, sheet in zip(check.references.in_order(), sheets, strict=False):
        reference.submit(answers_for(reference, **sheet), timezone.now())
    check.refresh_from_db()
    check.complete(timezone.now())
    check.refresh_from_db()
    return check


def asked(*relations: str, **template: Any) -> Check:
    organization = template.pop("organization", None) or make_organization()
    return make_awaiting_check(template=make_template(organization, relations, **template), now=NOW - timedelta(days=3))


def facts(page: BeautifulSoup) -> dict[str, str]:
    """The pairs in the report's head."""
    return {pair.dt.get_text(): pair.dd.get_text() for pair in page.select(".report-head dl div")}


def score(value: int, **more: Given) -> dict[str, Given]:
    return {"overall": Given(score=value), **more}


# --- 1. head ---------------------------------------------------------------------------------------------


def test_report_1_the_head_says_who_what_when_and_how_many() -> None:
    check = asked("any", "any", "any", "any", name="Deck", survey=None)
    first, second, third, fourth = check.references.in_order()
    first.decline("", timezone.now())
    first.replace(make_named(5), timezone.now())
    second.decline("", timezone.now())
    third.bounce(timezone.now())
    fourth.submit(answers_for(fourth), timezone.now())
    check.refresh_from_db()
    check.complete(timezone.now())
    check.refresh_from_db()
    page = read(check)
    found = facts(page)
    assert page.h1.get_text() == "Marcus Webb"
    assert (found["Job"], found["Template"]) == ("Chief Officer", "Deck")
    assert found["Questions"].endswith(", version 1")
    assert {"Begun", "References named", "Concluded"} < set(found)
    numbers = [found[what] for what in ("Asked", "Answered", "Declined", "Could not be reached")]
    assert (numbers, found["Replaced by somebody else"]) == (["4", "1", "1", "1"], "1")
    assert found["First request to last answer"] == "4 days"
    assert page.select_one(".say").get_text().startswith("Four people were asked and one answered, within four days.")


# --- 3. competencies -------------------------------------------------------------------------------------


def test_report_3_every_mark_the_mean_the_spread_and_the_own_view_are_drawn_with_a_table_behind() -> None:
    check = asked("manager", "peer", "any", asks_candidate=True)
    SelfAssessment.keep(check, {"overall": Given(score=5)}, timezone.now(), submit=True)
    page = read(answer(check, score(4), score(2), score(3)))
    strip = page.select_one(".strip")
    assert [len(strip.select(shape)) for shape in (".dot", ".mean", ".spread", ".selfmark")] == [3, 1, 1, 1]
    row = page.select_one(".chart").find_next("table").tbody.tr
    assert [cell.get_text() for cell in row.select("td")] == ["4", "2", "3", "3", "5"]


def test_report_3_managers_and_peers_are_apart_from_two_of_each_by_their_own_word() -> None:
    check = asked("manager", "manager", "peer", "manager")
    check.references.filter(position__in=(0, 1, 3)).update(relationship="manager")
    check.references.filter(position=2).update(relationship="peer")
    check.references.filter(position=3).update(corrections={"relationship": "peer"})
    page = read(answer(check, score(5), score(5), score(2), score(2)))
    assert [group.get_text() for group in page.select_one(".chart .line strong:has(small)").select("small")] == [
        "manager: 5, 2 answers",
        "colleague: 2, 2 answers",
    ]
    alone = read(answer(asked("manager", "peer", "peer"), score(5), score(2), score(2)))
    assert not alone.select(".chart small")


def test_report_3_not_observed_is_counted_and_is_no_low_mark() -> None:
    check = answer(asked("any", "any"), score(4), {"overall": Given(is_unobserved=True)})
    line = read(check).select(".chart .line")[1]
    assert line.get_text(" ").split("Overall")[1].strip() == "1 of 2, 1 not observed"
    assert "all at “Top tenth”" in line.select_one(".strip")["aria-label"]


def test_report_3_the_formula_stands_on_the_page() -> None:
    text = part(read(make_completed_check()), "How the marks are computed")
    assert "Formula 2. No overall score, no percentage." in text
    assert "The mean is the sum of the marks divided by the number of people who gave one." in text


def test_report_3_it_says_how_many_are_needed_to_compare_with_everyone() -> None:
    text = part(read(make_completed_check()), "Against everyone here")
    assert "1 person has been rated with this version of the questions; a fair comparison needs 30." in text


# --- 4. work with again ----------------------------------------------------------------------------------


def test_report_4_work_with_again_is_counted_in_whole_people() -> None:
    again = [{"work_again": Given(choice=choice)} for choice in ("yes", "yes", "unsure")]
    text = part(read(answer(asked("any", "any", "any"), *again)), "Work with Marcus again?")
    assert "2 of 3 yes 1 of 3 unsure 0 of 3 no" in text


# --- 5. words --------------------------------------------------------------------------------------------


def themed(*texts: str) -> Check:
    """People who wrote one text each, to a question in a section."""
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.filter(key="strength").update(section="Strengths")
    check = asked(*["any"] * len(texts), organization=organization, survey=survey)
    return answer(check, *({"strength": Given(text=text)} for text in texts))


def test_report_5_words_stand_verbatim_by_theme_and_by_reference() -> None:
    check = themed("Slow, and\nright.", "“Calm”")
    by_theme = part(read(check), "In their words")
    assert "Strengths What does Marcus do best? “Slow, and right.” Eileen Farrow, manager" in by_theme
    by_reference = part(read(check, query="?by=reference"), "In their words")
    assert "Bao Nguyen Colleague ““Calm”” What does Marcus do best?" in by_reference


def test_report_5_what_people_disagree_on_stands_first_with_a_question() -> None:
    no = {"work_again": Given(choice="no")}
    check = asked("any", "any", asks_candidate=True)
    SelfAssessment.keep(check, {"setbacks": Given(score=1)}, timezone.now(), submit=True)
    page = read(answer(check, score(5, setbacks=Given(score=4)), {**score(2), **no, "setbacks": Given(score=4)}))
    assert headings(page)[0] == "1Talk about first"
    topics = [topic.h3.get_text() for topic in page.select(".split > li")]
    assert topics[0] == "Overall: from “Upper half” to “Top few I have ever seen”"
    assert topics[1:] == [
        "Would you work with Marcus again?",
        "Handling setbacks: Marcus’s own mark is lower than the others’",
    ]
    assert "“Overall”: tell me about a day when it went well" in part(page, "Questions to take along")


def test_report_5_questions_come_from_low_and_split_items_and_say_how_they_were_chosen() -> None:
    split, low = {"overall": Given(score=5)}, {"setbacks": Given(score=1)}
    page = read(answer(asked("any", "any"), {**split, **low}, {**score(2), **low}))
    text = part(page, "Questions to take along")
    assert text.index("“Overall”") < text.index("The answers are 3 steps apart.") < text.index("“Handling setbacks”")
    assert "The mean is below the middle of the scale." in text
    assert "For the first weeks" in text
    assert "No reference has put them" in text
    assert "Chosen are subjects whose answers lie two or more steps apart" in text
    alike = read(answer(asked("any"), score(4)))
    assert "Questions to take along" not in words(alike)


# --- 6. missing, history, facts --------------------------------------------------------------------------


def test_report_6_what_is_missing_is_said_aloud() -> None:
    check = asked("any", "any", "any", "any")
    first, second, third, fourth = check.references.in_order()
    fourth.delete()
    Check.objects.filter(pk=check.pk).update(fewer_because="My first employer is gone.")
    Reference.objects.filter(pk=first.pk).update(why_other="She knows me best.", gives_dates_only=True)
    second.decline("", timezone.now())
    Reference.objects.filter(pk=second.pk).update(decline_kind="policy")
    check.refresh_from_db()
    answer(check, {})
    Reference.objects.filter(pk=first.pk).update(written_down_by=make_user(check.organization))
    check.keep_report()
    text = part(read(check), "What is missing")
    for sentence in (
        "Marcus left one place empty. Marcus says why: “My first employer is gone.”",
        "Bao Nguyen (colleague) chose not to give a reference.",
        "They say that their employer does not allow it.",
        f"{third.name} (client) did not answer and was not waited for.",
        "Marcus says why: “She knows me best.”",
        "Eileen Farrow (manager) gave dates only",
        "Ruth Adeyemi wrote the answers down.",
    ):
        assert sentence in text


def test_report_6_the_history_says_who_opened_it_and_when_it_is_erased() -> None:
    check = make_completed_check(make_organization(keeps_months=12))
    reader = make_user(check.organization, name="Jonas Keller")
    read(check, reader)
    text = part(read(check, reader), "How this came about")
    assert "Jonas Keller opened the report" in text
    last = text.split("Jonas Keller opened the report")[1]
    assert str(timezone.now().year + 1) in last
    assert last.endswith("The personal data in this report is erased")
    Organization.objects.update(keeps_months=None)
    assert part(read(check), "How this came about").endswith("The report stays until somebody erases it")


def test_report_6_what_a_reference_put_right_stands_beside_what_the_candidate_said() -> None:
    check = asked("any")
    reference = check.references.get()
    reference.corrections = {"title": "Mate", "worked_from": "2021-06-01", "worked_until": "", "company": "Solent"}
    reference.title, reference.worked_from, reference.worked_until = "Chief", date(2021, 3, 1), date(2024, 6, 1)
    reference.save()
    page = read(answer(check, {}))
    text = part(page, "Titles and dates")
    assert "The title at the time: “Mate”, where Marcus gave “Chief”" in text
    assert "Since when they worked together: “June 2021”, where Marcus gave “March 2021”" in text
    assert "Until when they worked together: “still”, where Marcus gave “June 2024”" in text
    assert "Where they worked together: “Solent”, where Marcus gave “nothing”" in text
    assert "Eileen Farrow, manager puts it differently" in part(page, "Talk about first")


# --- 7. confidentiality ----------------------------------------------------------------------------------


def test_report_7_with_averages_only_nothing_tells_who_said_it() -> None:
    """The rules one by one: tests/checks/test_averages.py."""
    check = make_full_check(("manager",) * 3, confidentiality="averages")
    sheets = [{"strength": Given(text=text)} for text in ("Alpha.", "Beta.", "Gamma.")]
    page = read(answer(check, *sheets))
    text = words(page)
    assert "Averages only: no answer is shown beside a name." in text
    assert not page.select(".dot:not(.people .dot)")
    assert text.count("One of the references") >= 3
    for name in check.references.values_list("name", flat=True):
        assert name not in part(page, "In their words")
    assert "By reference" not in text


# --- 8. partial ------------------------------------------------------------------------------------------


def test_report_8_while_answers_come_in_it_is_marked_as_a_part_and_lists_who_is_missing() -> None:
    check = asked("any", "any")
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())
    page = read(check)
    assert "This is what is in so far." in page.select_one(".notice").get_text()
    assert "Bao Nguyen (colleague) has not answered yet." in part(page, "What is missing")
    assert page.select(".dot")


# --- B5 --------------------------------------------------------------------------------------------------


def test_b5_a_report_keeps_the_formula_and_the_survey_version_that_it_was_made_with() -> None:
    check = make_completed_check()
    check.report_data["formula"] = 1
    for person in check.report_data["people"]:
        for new in ("corrections", "told_relationship", "why_other", "written_down_by", "decline_kind", "is_erased"):
            person.pop(new)
    for new in ("wanted", "fewer_because", "is_averages_only", "counted", "held_back", "is_taken_down"):
        check.report_data.pop(new)
    check.save()
    check.template.survey.questions.filter(key="pace").update(text="New words?")
    check.template.survey.publish(timezone.now())
    page = read(check)
    assert "Formula 1." in part(page, "How the marks are computed")
    assert "Everybody stands in the group that the candidate named." in part(page, "How the marks are computed")
    assert "version 1" in part(page, "How this came about")
    assert "Calm when others are not." in part(page, "In their words")


def test_b5_n_stands_beside_every_mean_and_spread() -> None:
    page = read(answer(asked("any", "any", "any"), score(5), score(4), score(2)))
    for line in page.select(".chart .line:not(.axis)"):
        assert re.search(r"\d of \d", line.get_text())
        assert "of 3" in line.select_one(".strip")["aria-label"]


def test_b5_there_is_never_a_percentage_nor_an_overall_score() -> None:
    text = words(read(make_completed_check())).lower()
    assert "%" not in text
    assert "percent" not in text.replace("no percentage", "")
    assert "overall score" not in text.replace("no overall score", "")


# --- speed -----------------------------------------------------------------------------------------------


def fifty(organization: Organization) -> Survey:
    survey = Survey.objects.create(organization=organization, name="Fifty")
    for number in range(40):
        survey.questions.create(
            position=number, key=f"s{number}", kind=Kind.SCALE, look=Look.BANDS, text="Where?", competency=f"C{number}"
        )
    for number in range(40, 50):
        survey.questions.create(position=number, key=f"t{number}", kind=Kind.TEXT, text="What?")
    survey.publish(timezone.now())
    return survey


def test_report_speed_ten_references_with_fifty_questions_take_under_15_queries() -> None:
    organization = make_organization()
    check = answer(asked(*["any"] * 10, organization=organization, survey=fifty(organization)), *[{}] * 10)
    reader = signed_in(make_user(organization))
    reader.get(address(check))
    for _ in range(2):  # with what everybody else has, and without
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            page = reader.get(address(check))
        assert len(queries) < 15
        assert len(page.content) < 700_000
        assert time.perf_counter() - began < 5
        cache.clear()


# --- bad input -------------------------------------------------------------------------------------------

BAD = {
    "emoji": "Very good 👍🏽👩🏽‍🚀 indeed",
    "right to left": "عمل ممتاز ‏ with Marcus",
    "long": "word " * 10_000,
    "formula": "=cmd|' /C calc'!A0",
    "markup": "</p><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_report_shows_whatever_was_written_and_nothing_of_it_acts(text: str) -> None:
    check = asked("any")
    check.references.update(name=text[:120], company=text[:160])
    check.references.update(corrections={"title": text[:160]}, why_other=text[:300])
    check.refresh_from_db()
    page = read(answer(check, {"strength": Given(text=text), "work_again": Given(choice="no", text=text)}))
    assert not page.select(".report script, .report img")
    assert " ".join(text.split()) in words(page)
    assert " ".join(text[:120].split()) in part(page, "How far to trust this")
