"""How far to trust a report: what stands there of each person who answered."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from checks import integrity, trust
from checks.models import Check, Reference
from checks.references import Given
from checks.report_parts import report_of
from checks.trust import Known
from templates_app.kinds import Kind
from tests.factories import answers_for, make_awaiting_check, make_organization, make_survey, make_template, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TOLD = {
    "relationship": "manager",
    "company": "Solent Lines",
    "title": "Mate",
    "worked_from": date(2020, 4, 1),
    "worked_until": date(2023, 5, 1),
}


def answered(check: Check | None = None, given: dict[str, Given] | None = None, **told: Any) -> Check:
    """A check whose first reference has answered, of whom the candidate told this."""
    check = check or make_awaiting_check(now=NOW)
    Reference.objects.filter(pk=check.references.in_order()[0].pk).update(**{**TOLD, **told})
    first = check.references.in_order()[0]
    assert first.submit(answers_for(first, **(given or {})), NOW + timedelta(hours=30))
    return check


def people(check: Check) -> list[Known]:
    return trust.people(check, report_of(check))


def first(check: Check) -> Known:
    return people(check)[0]


def said(check: Check) -> dict[str, str]:
    """The words of each line of the first person, and their shape."""
    return {line.words: line.shape for line in first(check).lines}


# --- what is known ----------------------------------------------------------------------------------


def test_relation_how_long_and_until_when() -> None:
    known = first(answered())
    assert (known.name, known.relation) == ("Eileen Farrow", "Manager at Solent Lines")
    assert known.span == "Worked together for 3 years, until May 2023"


@pytest.mark.parametrize(
    ("begin", "end", "span"),
    [
        (date(2025, 3, 1), None, "Have worked together for 15 months, and still do"),
        (date(2020, 4, 1), date(2020, 4, 1), "Worked together for 1 month, until April 2020"),
        (None, None, ""),
    ],
)
def test_months_are_counted_with_the_first_and_the_last(begin: date | None, end: date | None, span: str) -> None:
    assert first(answered(worked_from=begin, worked_until=end)).span == span


def test_recency_is_worth_a_look_from_five_years_on_or_as_the_template_says() -> None:
    assert said(answered())["Last worked together 3 years before the answers"] == "stopped"
    assert said(answered(worked_until=date(2021, 4, 1)))["Last worked together 5 years before the answers"] == "warn"
    template = make_template(make_organization())
    template.requests.update(recent_years=2)
    asks_for_two = answered(make_awaiting_check(template=template, now=NOW))
    assert said(asks_for_two)["Last worked together 3 years before the answers"] == "warn"
    assert not [words for words in said(answered(worked_until=None)) if "Last worked" in words]


def test_the_address_the_link_went_to_is_told_by_its_domain_alone() -> None:
    at_work = "Asked by mail, at an address of solent.example"
    assert said(answered(email="e.farrow@solent.example"))[at_work] == "done"
    private = "Asked by mail, at a private address of gmail.com"
    assert said(answered(email="eileen.farrow.1961@gmail.com", relationship="peer"))[private] == "stopped"
    assert private not in said(answered(email="eileen.farrow.1961@gmail.com"))  # a manager: a signal says it
    assert not [words for words in said(answered(email="")) if "mail" in words]


def test_when_they_answered() -> None:
    assert said(answered())["Answered on 5 May 2026, within 2 days"] == "stopped"


def test_closeness_is_told_in_their_own_answer() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    labels = ["Every day", "Less often"]
    survey.questions.create(key="closeness", kind=Kind.CHOICE, text="How often did you see {name}?", labels=labels)
    check = make_awaiting_check(template=make_template(organization, survey=survey), now=NOW)
    words = "“How often did you see Marcus?” “Every day”"
    assert said(answered(check))[words] == "stopped"


def test_a_call_is_told_with_who_wrote_it_down() -> None:
    check = make_awaiting_check(now=NOW)
    person = check.references.in_order()[0]
    assert person.submit(answers_for(person), NOW, by=make_user(check.organization, name="Jonas Keller"))
    assert said(check)["Told on the telephone, and written down by Jonas Keller"] == "stopped"


def test_why_it_is_somebody_else_than_was_asked_for() -> None:
    words = "Asked for: manager. Marcus says why it is somebody else: “My manager has died.”"
    assert words in said(answered(relationship="client", why_other="My manager has died."))


# --- what differs -----------------------------------------------------------------------------------


def test_what_a_reference_puts_right_stands_beside_what_was_told() -> None:
    corrections = {"relationship": "peer", "title": "Second mate", "worked_from": "2020-07-01", "worked_until": ""}
    check = answered(corrections=corrections)
    differing = [words for words, shape in said(check).items() if shape == "warn"]
    assert differing == [
        "Relation: “colleague”, where Marcus gave “manager”",
        "Title: “Second mate”, where Marcus gave “Mate”",
        "Beginning of their work together: “July 2020”, where Marcus gave “April 2020”",
        "End of their work together: “until now”, where Marcus gave “May 2023”",
    ]
    assert first(check).relation == "Colleague at Solent Lines"
    assert first(check).span.startswith("Have worked together for 5 years")


def test_what_the_candidate_left_out_is_said() -> None:
    check = answered(title="", corrections={"title": "Mate"})
    assert "Title: “Mate”, where Marcus gave nothing" in said(check)


def test_a_fact_that_is_not_quite_so_is_told() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.create(key="title", kind=Kind.FACT, fact="title", text="What was the title?")
    check = make_awaiting_check(template=make_template(organization, survey=survey), now=NOW)
    said_so = {"title": Given(choice="not-quite", text="Bosun")}
    assert said(answered(check, said_so))["Title: “Bosun”, where Marcus gave “Mate”"] == "warn"


def test_nothing_put_right_is_said_where_there_was_something_to_put_right() -> None:
    words = "Corrected nothing of what Marcus says about their work together"
    assert said(answered())[words] == "done"
    nothing: dict[str, Any] = {"company": "", "title": "", "worked_from": None, "worked_until": None}
    assert words not in said(answered(**nothing))


# --- signals ----------------------------------------------------------------------------------------


def signal(check: Check, kind: str, weight: int, place: int = 0, other: int | None = None, **detail: Any) -> Any:
    everybody = list(check.references.in_order())
    return check.integrity_signals.create(
        reference=everybody[place],
        other=None if other is None else everybody[other],
        kind=kind,
        weight=weight,
        detail=detail,
        found_at=NOW,
    )


def test_a_shared_signal_stands_with_both_and_names_the_other() -> None:
    check = answered()
    second = check.references.in_order()[1]
    second.submit(answers_for(second), NOW)
    signal(check, "same-address", 1, place=1, other=0)
    eileen, bao = people(check)
    assert "connection that Bao Nguyen used" in eileen.reasons[0].words
    assert "connection that Eileen Farrow used" in bao.reasons[0].words
    assert eileen.reasons[0].weight == "Weighs little."


def test_the_heaviest_comes_first_and_what_is_cleared_last() -> None:
    check = answered()
    signal(check, "same-address", 2)
    signal(check, "same-device", 1)
    signal(check, "throwaway", 3, domain="mailinator.com").clear(make_user(check.organization), "A club.", NOW)
    signal(check, "fast", 2, seconds=41, minutes=8)
    assert [reason.weight for reason in first(check).reasons] == [
        "Has some weight.",
        "Has some weight.",
        "Weighs little.",
        "Weighs much.",
    ]


@pytest.mark.parametrize("kind", integrity.Kind.values)
def test_each_kind_has_a_plain_reason(kind: str) -> None:
    check = answered()
    second = check.references.in_order()[1]
    second.submit(answers_for(second), NOW)
    detail: dict[str, Any] = {"domain": "post.example", "seconds": 41, "minutes": 8, "scales": 7}
    signal(check, kind, 2, other=1, **detail)
    words = first(check).reasons[0].words
    assert words.endswith(".")
    assert "%" not in words
    assert not {"fraud", "fake", "suspicious", "cheat", "false"} & set(words.lower().split())


def test_a_signal_about_somebody_who_took_the_answers_back_is_not_shown() -> None:
    check = answered()
    signal(check, "same-address", 2)
    check.references.in_order()[0].withdraw(NOW)
    assert people(check) == []


def test_the_page_says_weight_and_clearing_in_words() -> None:
    check = answered()
    signal(check, "fast", 2, seconds=1, minutes=1)
    signal(check, "throwaway", 3, domain="mailinator.com").clear(
        make_user(check.organization, name="Jonas Keller"), "A <club>.", NOW
    )
    page = " ".join(render_to_string("checks/report_trust.html", {"about": people(check), "check": check}).split())
    assert "within 1 second, where such answers take about 1 minute." in page
    assert "<b>Has some weight.</b>" in page
    assert "Cleared by Jonas Keller on 4 May 2026: “A &lt;club&gt;.”" in page
    assert "/signals/" not in page  # a reader outside the portal can clear nothing


# --- averages only ----------------------------------------------------------------------------------


def test_averages_only_have_nothing_that_a_person_said() -> None:
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.create(key="closeness", kind=Kind.CHOICE, text="How often?", labels=["Daily", "Rarely"])
    template = make_template(organization, survey=survey, confidentiality="averages")
    corrections = {"relationship": "client", "title": "Bosun", "worked_until": "2019-01-01"}
    check = answered(make_awaiting_check(template=template, now=NOW), corrections=corrections, gives_dates_only=False)
    for place in (1, 2):
        person = check.references.in_order()[place]
        person.submit(answers_for(person), NOW, by=make_user(organization, name="Jonas Keller"))
    signal(check, "same-address", 2)
    known = first(check)
    everything = " ".join(str(person) for person in people(check))
    assert not [each for each in ("Bosun", "2019", "Daily", "telephone", "Corrected") if each in everything]
    assert (known.relation, len(known.reasons)) == ("Manager at Solent Lines", 1)
    assert "What they said is not here." in trust.note(check)


# --- cost -------------------------------------------------------------------------------------------


def test_ten_people_take_as_many_queries_as_one() -> None:
    def taken(count: int) -> int:
        template = make_template(make_organization(), ("any",) * count)
        check = make_awaiting_check(template=template, now=NOW)
        for person in check.references.in_order():
            person.submit(answers_for(person), NOW)
        check = Check.objects.select_related("organization").get(pk=check.pk)
        report = report_of(check)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(trust.people(check, report)) == count
        return len(queries)

    assert taken(1) == taken(10) == 2
