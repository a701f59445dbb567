"""What a report makes of the answers to questions of every kind."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks import conversation, missing, report
from checks.findings import Report, Said
from checks.models import Check, SelfAssessment
from checks.references import Given
from tests.checks.every_kind import make_full_check, sent
from tests.checks.visits import enter, only
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def answered(*sheets: dict[str, Any], **template: Any) -> Check:
    """A check with a manager for each sheet, who answers by it."""
    check = make_full_check(("manager",) * len(sheets), **template)
    for reference, changes in zip(check.references.in_order(), sheets, strict=True):
        client = Client()
        assert client.post(enter(client, reference), sent(**changes)).status_code == 302
    check.refresh_from_db()
    return check


def read(check: Check) -> str:
    client = Client()
    client.force_login(make_user(check.organization), backend="accounts.backends.RoleBackend")
    page = BeautifulSoup(client.get(reverse("report", args=[check.public_id])).content, "html.parser")
    return " ".join(only(page, "article").get_text(" ").split())


def found(check: Check) -> Report:
    return Report.from_json(check.report_data)


def own(check: Check, **answers: Given) -> None:
    given = {key.replace("_", "-"): answer for key, answer in answers.items()}
    assert SelfAssessment.keep(check, given, timezone.now(), submit=True)


def test_all_of_it_is_stored_and_read_back() -> None:
    check = answered({}, {"work_again": "no", "in_the_way": "The hours."})
    assert report.compute(check) == found(check)
    assert "in-the-way" in str(check.report_data)


def test_several_choices_are_counted_for_each_answer() -> None:
    check = answered({}, {"seen": ["Hiring"]})
    (seen,) = [tally for tally in found(check).choices if tally.key == "seen"]
    assert (seen.options, seen.counts) == (("Planning", "Budgets", "Hiring"), (1, 0, 2))
    assert "Several answers could be chosen. Planning: 1 of 2." in read(check)


def test_which_fits_better_is_counted() -> None:
    check = answered({}, {"better": "Decides fast"})
    (better,) = [tally for tally in found(check).choices if tally.key == "better"]
    assert (better.options, better.counts) == (("Decides fast", "Weighs long"), (1, 1))


def test_how_often_is_a_scale() -> None:
    check = answered({}, {"on_time": "unseen"})
    (scale,) = [scale for scale in found(check).scales if scale.key == "on-time"]
    assert (scale.labels[-1], scale.figures.n, scale.figures.unobserved) == ("Always", 1, 1)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"period": "right"}, "Eileen Farrow, manager: “April 2020 to May 2023” is right"),
        ({"period_reason": "To June"}, "Eileen Farrow, manager: “To June”, where Marcus gave “April 2020 to May 2023”"),
        ({"period": "cannot-say"}, "Eileen Farrow, manager: cannot say whether “April 2020 to May 2023” is right"),
    ],
)
def test_a_fact_is_right_or_has_two_versions_or_is_not_known(answer: dict[str, str], sentence: str) -> None:
    assert sentence in read(answered(answer))


def test_a_fact_that_differs_is_talked_about_first() -> None:
    (topic,) = conversation.topics(found(answered({})), "Marcus")
    assert topic.heading == "Eileen Farrow, manager puts it differently"
    assert topic.positions == [
        ("When they worked together", "“Until June 2023”, where Marcus gave “April 2020 to May 2023”"),
    ]


def test_a_fact_of_which_the_candidate_said_nothing_stands_alone() -> None:
    check = make_full_check()
    check.references.update(title="", worked_from=None)
    client = Client()
    data = sent(title="Second Officer", period="2020 to 2023", period_reason=None)
    client.post(enter(client, check.references.get()), data)
    check.refresh_from_db()
    assert "“Second Officer”; Marcus gave nothing to compare it with" in read(check)


def test_a_follow_up_stands_under_its_question_and_says_what_led_to_it() -> None:
    text = read(answered({}, {"work_again": "no", "in_the_way": "The hours."}))
    after = text.index("What would stand in the way? Asked only after “unsure” or “no” to “Would you work with Marcus")
    assert text.index("Work with Marcus again?") < after < text.index("Against others in the same job")
    assert text.count("“The hours.”") == 1


def test_who_was_not_asked_a_follow_up_did_not_leave_it_open() -> None:
    check = answered({}, {"work_again": "no", "in_the_way": "The hours."})
    (asked,) = [each for each in found(check).words if each.key == "in-the-way"]
    assert [said.text for said in asked.said] == ["The hours."]
    assert not [sentence for sentence in missing.missing(found(check), "Marcus") if "stand in the way" in sentence]


def test_a_question_that_nobody_answered_is_missing() -> None:
    assert "Nobody answered “What does Marcus do best?”" in read(answered({"strength": ""}))


def test_what_was_read_in_another_language_is_told_in_the_surveys_own() -> None:
    check = make_full_check()
    check.references.update(language="de")
    client = Client()
    client.post(enter(client, check.references.get()), sent())
    check.refresh_from_db()
    text = read(check)
    assert "Where does Marcus work best? Alone: 0 of 1 With Marcus’s team: 1 of 1" in text
    assert "Wo arbeitet" not in text


# --- dates only ------------------------------------------------------------------------------------------


def test_who_gave_dates_only_has_answered_and_is_in_no_figure() -> None:
    check = make_full_check(("manager", "manager"))
    first, second = check.references.in_order()
    first.keep({"overall": Given(score=1)}, timezone.now())
    check.references.filter(pk=first.pk).update(gives_dates_only=True)
    for reference, data in ((first, {"q-title": "right", "q-period": "right"}), (second, sent())):
        client = Client()
        client.post(enter(client, reference), data)
    check.refresh_from_db()
    (overall,) = [scale for scale in found(check).scales if scale.key == "overall"]
    assert (found(check).answered, overall.figures.n, overall.figures.asked) == (2, 1, 1)
    assert "Eileen Farrow (manager) gave dates only" in read(check)


def test_facts_that_the_survey_does_not_ask_for_are_told_as_well() -> None:
    check = make_full_check()
    check.frozen_template["questions"] = [each for each in check.frozen_template["questions"] if each["key"] == "pace"]
    check.save()
    check.references.update(gives_dates_only=True)
    client = Client()
    client.post(enter(client, check.references.get()), {"q-dates-only-title": "right", "q-dates-only-period": "right"})
    check.refresh_from_db()
    assert "Eileen Farrow, manager: “Chief Officer” is right" in read(check)


# --- the candidate's own view ----------------------------------------------------------------------------


def test_the_own_mark_stands_beside_and_in_no_mean() -> None:
    check = make_full_check(asks_candidate=True)
    own(check, overall=Given(score=5), setbacks=Given(is_unobserved=True), better=Given(choice="Decides fast"))
    client = Client()
    client.post(enter(client, check.references.get()), sent(overall="2"))
    check.refresh_from_db()
    overall, setbacks, on_time = found(check).scales
    assert (overall.own and overall.own.score, overall.figures.mean, overall.figures.n) == (5, 2, 1)
    assert (setbacks.own and setbacks.own.is_unobserved, on_time.own and on_time.own.score) == (True, None)
    text = read(check)
    assert "Marcus, own view" in text
    assert "Marcus’s own answer: “Decides fast”" in text


def test_the_own_words_stand_beside_the_others() -> None:
    check = make_full_check(asks_candidate=True)
    own(check, strength=Given(text="I stay calm."))
    client = Client()
    client.post(enter(client, check.references.get()), sent())
    check.refresh_from_db()
    (strength,) = [each for each in found(check).words if each.key == "strength"]
    assert (strength.own, len(strength.said)) == (Said("candidate", text="I stay calm."), 1)
    assert "“I stay calm.” Marcus, own view" in read(check)


@pytest.mark.parametrize("is_begun", [True, False])
def test_a_self_assessment_that_was_not_handed_in_is_missing(is_begun: bool) -> None:
    check = make_full_check(asks_candidate=True)
    if is_begun:
        SelfAssessment.keep(check, {"overall": Given(score=5)}, timezone.now())
    client = Client()
    client.post(enter(client, check.references.get()), sent())
    check.refresh_from_db()
    assert not found(check).has_own
    assert "No self-assessment: Marcus was invited to one" in read(check)


def test_where_none_was_asked_for_none_is_missing() -> None:
    assert "self-assessment" not in read(answered({}))


# --- older reports ---------------------------------------------------------------------------------------


def test_a_report_from_before_these_kinds_is_still_drawn() -> None:
    check = answered({})
    new = ("facts", "asks_candidate", "has_own")
    old = {name: value for name, value in check.report_data.items() if name not in new}
    for group in ("scales", "yes_no", "choices", "words"):
        for each in old[group]:
            for name in ("own", "after", "kind"):
                each.pop(name, None)
            for said in each.get("said", ()):
                said.pop("choices", None)
    for person in old["people"]:
        person.pop("title"), person.pop("gives_dates_only")
    Check.objects.update(report_data=old)
    check.refresh_from_db()
    text = read(check)
    assert "Work with Marcus again?" in text
    assert "Titles and dates" not in text


def test_a_scale_that_follows_an_answer_says_so_beside_its_name() -> None:
    check = make_full_check()
    for each in check.frozen_template["questions"]:
        if each["key"] == "on-time":
            each["shown_if"], each["shown_for"] = "setbacks", ["2", "3"]
    check.save()
    client = Client()
    client.post(enter(client, check.references.get()), sent())
    check.refresh_from_db()
    assert "Asked only after “Says so” or “Says so and mends it” to “When something goes wrong" in read(check)
