"""What a reference may do beside answering: put right, change, take back, say why not, be called, hear of jobs."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from checks.models import Check, JobInterest, Reference
from checks.references import Given
from checks.timeline import lines
from notifications.models import Message
from tests.checks.visits import answers, dangling, enter, only, read, unlabelled, visit, words
from tests.factories import (
    answers_for,
    make_check,
    make_named,
    make_organization,
    make_survey,
    make_template,
)

pytestmark = pytest.mark.django_db

NUMBER = "+442071838750"
SAID = {"right-relationship": "manager", "right-company": "Solent Lines", "right-title": "Mate"}
MONTHS = {"right-worked_from": "2020-04", "right-worked_until": "2023-09"}


@pytest.fixture
def reference() -> Reference:
    """One of two, whose candidate has said everything."""
    return named(relationship="manager")


def named(**fields: Any) -> Reference:
    organization = make_organization(time_zone="UTC")
    survey = make_survey(organization)
    survey.questions.create(
        position=8, key="led", kind="line", text="How did you lead {name}?", relationships=["manager"]
    )
    survey.questions.create(position=9, key="beside", kind="line", text="Beside {name}?", relationships=["peer"])
    check = make_check(template=make_template(organization, ("any", "any"), survey=survey))
    known = {"worked_from": date(2020, 4, 1), "worked_until": date(2023, 9, 1), "company": "Solent Lines"}
    people = [make_named(1, title="Mate", **known, **fields), make_named(2)]
    check.name_references(people, "I agree.", timezone.now())
    return check.references.in_order()[0]


def post(client: Client, reference: Reference, data: dict[str, Any], page: str = "", **headers: str) -> Any:
    return client.post(f"{enter(client, reference)}{page}", data, headers=headers)


def fresh(reference: Reference) -> Reference:
    return Reference.objects.get(pk=reference.pk)


def happened(reference: Reference) -> list[str]:
    return list(reference.events.order_by("pk").values_list("kind", flat=True))


def answered(reference: Reference) -> Reference:
    reference.submit(answers_for(reference), timezone.now())
    return fresh(reference)


def conclude(reference: Reference) -> None:
    Check.objects.get(pk=reference.for_check_id).complete(timezone.now())


# --- is this right? -------------------------------------------------------------------------------------


def test_it_shows_what_the_candidate_said(client: Client, reference: Reference) -> None:
    facts = words(visit(client, reference).select_one(".is-this-right .facts"))
    assert facts == (
        "What you were to Marcus Manager Where you worked together Solent Lines Marcus’s title then Mate "
        "When you worked together April 2020 to September 2023"
    )


def test_what_is_put_right_is_kept_beside_the_candidates_word(client: Client, reference: Reference) -> None:
    changed = {**SAID, **MONTHS, "right-title": "Second Mate", "right-worked_until": "", "correct": "1"}
    page = read(post(client, reference, changed))
    assert fresh(reference).corrections == {"title": "Second Mate", "worked_until": ""}
    assert (fresh(reference).title, happened(reference)) == ("Mate", ["corrected"])
    assert "Second Mate Marcus said: Mate" in words(page.select_one(".is-this-right .facts"))
    assert "April 2020 until now Marcus said: April 2020 to September 2023" in words(page)


def test_what_is_set_back_is_no_correction(client: Client, reference: Reference) -> None:
    for title in ("Second Mate", "Mate", "Mate"):
        post(client, reference, {**SAID, **MONTHS, "right-title": title, "correct": "1"})
    assert fresh(reference).corrections == {}
    assert happened(reference) == ["corrected", "corrected"]


def test_what_another_window_put_right_meanwhile_stays(reference: Reference) -> None:
    here, there = fresh(reference), fresh(reference)
    assert here.correct({"title": "Second Mate"}, timezone.now())
    assert there.correct({"company": "Solent Ferries"}, timezone.now())
    assert fresh(reference).corrections == {"title": "Second Mate", "company": "Solent Ferries"}


def test_a_month_that_cannot_be_read_is_said_and_all_stays(client: Client, reference: Reference) -> None:
    wrong = {**SAID, **MONTHS, "right-worked_from": "in spring", "right-title": "Cook", "q-strength": "Calm."}
    page = read(post(client, reference, {**wrong, "save": "1"}))
    assert page.select('[role=alert] a[href="#id_right-worked_from"]')
    assert only(page, "[name=right-title]")["value"] == "Cook"
    assert only(page, ".is-this-right details").has_attr("open")
    assert reference.given() == {"strength": Given(text="Calm.")}
    assert not dangling(page)


def test_an_end_before_the_beginning_is_said(client: Client, reference: Reference) -> None:
    page = read(post(client, reference, {**SAID, **MONTHS, "right-worked_until": "2019-01", "correct": "1"}))
    assert "before the month in which you began" in words(page.select_one("[role=alert]"))


def test_another_relationship_brings_its_questions_and_keeps_what_was_answered(
    client: Client, reference: Reference
) -> None:
    typed = {"q-led": "By ear.", "q-strength": "Calm.", "asked": "overall setbacks work-again pace strength led"}
    page = read(post(client, reference, {**SAID, **MONTHS, **typed, "right-relationship": "peer", "correct": "1"}))
    assert page.select("[name=q-beside]")
    assert not page.select("[name=q-led]")
    assert only(page, "[name=q-strength]").get_text().strip() == "Calm."
    back = {"q-beside": "Often.", "q-strength": "Calm.", "asked": "overall setbacks work-again pace strength beside"}
    page = read(post(client, reference, {**SAID, **MONTHS, **back, "correct": "1"}))
    assert only(page, "[name=q-led]")["value"] == "By ear."
    assert reference.given()["beside"] == Given(text="Often.")


def test_answers_to_what_is_not_asked_any_more_are_not_sent(client: Client, reference: Reference) -> None:
    reference.keep({"led": Given(text="By ear.")}, timezone.now())
    post(client, reference, {**answers(reference), **SAID, "right-relationship": "peer", "q-beside": "Often."})
    assert fresh(reference).status == "submitted"
    assert "led" not in reference.given()


def test_what_the_survey_asks_for_itself_is_not_asked_twice(client: Client, reference: Reference) -> None:
    reference.give_dates_only(timezone.now())
    fields = [str(field["name"]) for field in visit(client, reference).select('[name^="right-"]')]
    assert fields == ["right-relationship", "right-company"]


# --- saved as they go -----------------------------------------------------------------------------------


def saved(client: Client, reference: Reference, data: dict[str, Any]) -> Any:
    return post(client, reference, {"save": "1", **data}, **{"X-Save": "yes"})


def test_the_page_saves_itself_and_says_when(client: Client, reference: Reference) -> None:
    answer = saved(client, reference, {"q-strength": "Calm.", "touched": "q-strength"})
    assert answer.text.strip().startswith("Saved at ")
    assert "<" not in answer.text
    assert reference.given() == {"strength": Given(text="Calm.")}


def test_of_two_windows_the_newer_word_wins_and_nothing_else_is_lost(client: Client, reference: Reference) -> None:
    saved(client, reference, {"q-strength": "Calm.", "q-led": "By ear.", "touched": ["q-strength", "q-led"]})
    saved(client, reference, {"q-strength": "Calm, and kind.", "q-led": "", "touched": "q-strength"})
    assert reference.given() == {"strength": Given(text="Calm, and kind."), "led": Given(text="By ear.")}


def test_what_cannot_be_saved_is_said(client: Client, reference: Reference) -> None:
    answer = saved(client, reference, {"q-strength": "x" * 50_001, "touched": "q-strength"})
    assert "except this: What does Marcus do best? This has 50001 characters" in answer.text


def test_once_it_is_sent_another_window_saves_nothing(client: Client, reference: Reference) -> None:
    answered(reference)
    answer = saved(client, reference, {"q-strength": "Late.", "touched": "q-strength"})
    assert answer.status_code == 409
    assert "sent already, from another window" in answer.text
    assert reference.given()["strength"].text != "Late."


@pytest.mark.parametrize(("then", "page"), [("later", "pause"), ("call", "call"), ("decline", "decline")])
def test_no_way_out_of_the_page_loses_what_was_typed(
    client: Client, reference: Reference, then: str, page: str
) -> None:
    answer = post(client, reference, {"q-strength": "Calm.", "then": then})
    assert answer.headers["Location"] == f"/reference/{reference.public_id}/{page}/"
    assert reference.given() == {"strength": Given(text="Calm.")}


def test_dates_only_is_a_button_on_the_page_itself(client: Client, reference: Reference) -> None:
    post(client, reference, {"q-strength": "Calm.", "then": "dates-only"})
    assert fresh(reference).gives_dates_only
    post(client, reference, {"then": "in-full"})
    assert not fresh(reference).gives_dates_only
    assert "Calm." in words(visit(client, reference))


def test_going_elsewhere_with_nothing_typed_is_no_beginning(client: Client, reference: Reference) -> None:
    post(client, reference, {"then": "later"})
    assert fresh(reference).status == "asked"


# --- why not --------------------------------------------------------------------------------------------


def test_no_reason_is_chosen_beforehand(client: Client, reference: Reference) -> None:
    page = read(client.get(f"{enter(client, reference)}decline/"))
    assert len(page.select("input[type=radio][name=kind]")) == 5
    assert not page.select("[checked]")
    assert not unlabelled(page)


def test_the_reason_goes_to_staff_and_not_to_the_candidate(client: Client, reference: Reference) -> None:
    post(client, reference, {"kind": "policy", "reason": "Legal says no."}, "decline/")
    assert fresh(reference).why_declined == "My employer does not allow it. Legal says no."
    told = Message.objects.get(kind="candidate-another")
    page = words(visit(client, reference.for_check))
    assert not [text for text in (told.text, told.html, page) if "employer does not" in text or "Legal" in text]


# --- after sending --------------------------------------------------------------------------------------


def changes(reference: Reference, **more: str) -> dict[str, str]:
    return answers(reference, **more) | {"q-led": "By ear."}


def test_answers_are_changed_in_place(client: Client, reference: Reference) -> None:
    answered(reference)
    before = Message.objects.count()
    page = read(client.get(f"{enter(client, reference)}change/"))
    assert only(page, "[name=q-strength]").get_text().strip() == "Calm when others are not."
    assert post(client, reference, changes(reference, strength="Kind."), "change/").status_code == 302
    assert (fresh(reference).status, reference.given()["strength"].text) == ("submitted", "Kind.")
    assert happened(reference) == ["answered", "changed"]
    assert Message.objects.count() == before
    assert reference.for_check.counts() == (1, 2)
    assert "You changed them on" in words(visit(client, reference))


def test_saving_without_a_change_is_no_event(client: Client, reference: Reference) -> None:
    answered(reference)
    for _twice in range(2):
        post(client, reference, changes(reference), "change/")
    assert happened(reference) == ["answered", "changed"]


def test_a_gap_in_a_change_is_said_and_changes_nothing(client: Client, reference: Reference) -> None:
    answered(reference)
    page = read(post(client, reference, changes(reference, setbacks=None, strength="Kind."), "change/"))
    assert page.select("[role=alert]")
    assert only(page, "[name=q-strength]").get_text().strip() == "Kind."
    assert reference.given()["strength"].text != "Kind."


def test_what_an_older_window_sends_is_shown_and_can_be_put_in_place(client: Client, reference: Reference) -> None:
    answered(reference)
    page = read(post(client, reference, changes(reference, strength="From before.")))
    assert words(page.h1) == "Your answers were sent already"
    assert only(page, "[name=q-strength]").get_text().strip() == "From before."
    assert reference.given()["strength"].text != "From before."


@pytest.mark.parametrize("page", ["", "change/"])
def test_after_the_conclusion_a_change_is_refused_and_given_back(
    client: Client, reference: Reference, page: str
) -> None:
    answered(reference)
    conclude(reference)
    answer = post(client, reference, changes(reference, strength="Kind. \U0001f600"), page)
    assert answer.status_code == 409
    assert "What you sent earlier stands" in words(read(answer))
    assert "Kind. \U0001f600" in [words(each) for each in read(answer).select(".as-typed")]
    assert reference.given()["strength"].text != "Kind. \U0001f600"
    thanks = visit(client, reference)
    assert "The check is concluded" in words(thanks)
    assert not thanks.select('a[href$="/change/"], a[href$="/take-back/"]')


def test_answers_are_taken_back_once_that_is_said_on_a_page(client: Client, reference: Reference) -> None:
    answered(reference)
    assert words(read(client.get(f"{enter(client, reference)}take-back/")).h1) == "Take your answers back?"
    assert fresh(reference).status == "submitted"
    post(client, reference, {}, "take-back/")
    assert (fresh(reference).status, reference.answers.count()) == ("declined", 0)
    assert reference.for_check.counts() == (0, 2)
    assert Message.objects.filter(kind="candidate-another").count() == 1
    assert fresh(reference).may_be_replaced(timezone.now())


def test_after_the_conclusion_nothing_is_taken_back(client: Client, reference: Reference) -> None:
    answered(reference)
    conclude(reference)
    post(client, reference, {}, "take-back/")
    assert (fresh(reference).status, fresh(reference).withdraw(timezone.now())) == ("submitted", False)
    assert reference.answers.exists()


# --- to be called ---------------------------------------------------------------------------------------


def test_a_number_and_a_time_are_left_and_reminders_stop(client: Client, reference: Reference) -> None:
    page = read(client.get(f"{enter(client, reference)}call/"))
    assert not unlabelled(page)
    post(client, reference, {"number": "+44 20 7183 8750", "when": "After four"}, "call/")
    found = fresh(reference)
    assert (found.phone, found.call_when, found.remind_at) == (NUMBER, "After four", None)
    assert found.wants_call_at
    assert found.may_be_called
    assert "You asked to be called at +44 20 7183 8750" in words(visit(client, reference))


def test_a_number_without_its_country_is_said_and_stays(client: Client, reference: Reference) -> None:
    page = read(post(client, reference, {"number": "020 7183", "when": "After four"}, "call/"))
    assert page.select('[role=alert] a[href="#id_number"]')
    assert [field["value"] for field in page.select("[name=number], [name=when]")] == ["020 7183", "After four"]
    assert fresh(reference).wants_call_at is None


def test_a_call_can_be_changed_and_taken_back(client: Client, reference: Reference) -> None:
    for when in ("After four", "Never on Mondays"):
        post(client, reference, {"number": NUMBER, "when": when}, "call/")
    assert fresh(reference).call_when == "Never on Mondays"
    for _twice in range(2):
        post(client, reference, {"choice": "write"}, "call/")
    found = fresh(reference)
    assert (found.wants_call_at, found.call_when) == (None, "")
    assert found.remind_at == reference.remind_at
    assert happened(reference) == ["call-wanted", "no-call"]


def test_another_number_is_an_event_of_its_own_and_another_time_is_none(client: Client, reference: Reference) -> None:
    for number, when in ((NUMBER, "After four"), (NUMBER, "At five"), ("+442071838751", "At five")):
        post(client, reference, {"number": number, "when": when}, "call/")
    assert happened(reference) == ["call-wanted", "call-wanted"]


def test_after_the_end_nobody_asks_to_be_called(client: Client, reference: Reference) -> None:
    address = f"{enter(client, reference)}call/"
    reference.for_check.cancel(timezone.now())
    assert client.post(address, {"number": NUMBER}).status_code == 302
    assert fresh(reference).wants_call_at is None
    assert not reference.ask_for_call(NUMBER, "", timezone.now())


# --- hearing of jobs ------------------------------------------------------------------------------------

YES = {"jobs-agrees": "on", "jobs-months": "24", "jobs-topics": "Shore jobs"}


def jobs(client: Client, reference: Reference, **changes: str) -> Any:
    return post(client, reference, {**YES, **changes}, "jobs/")


def test_the_question_about_jobs_comes_after_sending_and_is_not_ticked(client: Client, reference: Reference) -> None:
    assert not visit(client, reference).select("[name=jobs-agrees]")
    page = visit(client, answered(reference))
    assert not only(page, "[name=jobs-agrees]").has_attr("checked")
    assert [option["value"] for option in page.select("[name=jobs-months] option")] == ["6", "12", "24"]


def test_a_yes_is_kept_with_its_words_and_shown_again(client: Client, reference: Reference) -> None:
    jobs(client, answered(reference))
    kept = JobInterest.objects.get()
    assert (kept.months, kept.topics) == (24, "Shore jobs")
    assert f"may write to me at {reference.email} about jobs for 24 months from today" in kept.consent_text
    page = visit(client, reference)
    assert kept.consent_text in words(page)
    assert only(page, "[name=jobs-agrees]").has_attr("checked")


def test_the_words_are_in_the_readers_language(client: Client, reference: Reference) -> None:
    Reference.objects.filter(pk=reference.pk).update(language="de")
    jobs(client, answered(reference))
    page: BeautifulSoup = visit(client, reference)
    assert only(page, "html")["lang"] == "de"
    assert JobInterest.objects.get().consent_text in words(page)


def test_it_is_taken_back_and_given_anew_on_the_same_page(client: Client, reference: Reference) -> None:
    answered(reference)
    jobs(client, reference)
    post(client, reference, {"jobs-months": "24"}, "jobs/")
    assert JobInterest.objects.get().withdrawn_at
    assert not only(visit(client, reference), "[name=jobs-agrees]").has_attr("checked")
    jobs(client, reference, **{"jobs-months": "6"})
    assert (JobInterest.objects.get().months, JobInterest.objects.get().withdrawn_at) == (6, None)


def test_an_empty_box_keeps_nothing(client: Client, reference: Reference) -> None:
    post(client, answered(reference), {"jobs-months": "6", "jobs-topics": "Any"}, "jobs/")
    assert not JobInterest.objects.exists()


def test_another_length_than_offered_is_said(client: Client, reference: Reference) -> None:
    page = read(jobs(client, answered(reference), **{"jobs-months": "600"}))
    assert page.select('[role=alert] a[href="#id_jobs-months"]')
    assert not JobInterest.objects.exists()


@pytest.mark.parametrize("before", ["nothing", "decline"])
def test_nobody_is_asked_who_has_not_answered(client: Client, reference: Reference, before: str) -> None:
    if before == "decline":
        reference.decline("", timezone.now())
    jobs(client, reference)
    assert not JobInterest.objects.exists()
    assert not visit(client, reference).select("[name=jobs-agrees]")


def test_what_happened_can_be_read_by_staff(client: Client, reference: Reference) -> None:
    post(client, reference, {"number": NUMBER}, "call/")
    post(client, reference, {**SAID, "right-title": "Cook", "correct": "1"})
    answered(reference)
    post(client, reference, changes(reference), "change/")
    post(client, reference, {}, "take-back/")
    told = [line.words for line in lines(reference.for_check)]
    assert told[-5:] == [
        "Eileen Farrow would rather be called",
        "Eileen Farrow put right what Marcus Webb had said",
        "Eileen Farrow answered",
        "Eileen Farrow changed some answers",
        "Eileen Farrow took the answers back",
    ]


def test_a_change_that_meets_the_conclusion_is_refused(reference: Reference) -> None:
    late = answered(reference)
    conclude(reference)
    assert not late.change({"strength": Given(text="Late.")}, timezone.now())
    assert reference.given()["strength"].text != "Late."
