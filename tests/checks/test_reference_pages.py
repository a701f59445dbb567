"""Where a reference answers, stops half-way, or says no."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from checks.models import Answer, Check, Reference
from checks.references import Given
from notifications.models import Message
from tests.checks.visits import answers, dangling, enter, only, read, unlabelled, visit, words
from tests.factories import make_awaiting_check, make_named, make_organization, make_survey, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def reference() -> Reference:
    return make_awaiting_check().references.in_order()[0]


def asked(*questions: dict[str, Any], relationship: str = "manager", **check: Any) -> Reference:
    """A reference who is asked just these questions."""
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.all().delete()
    for position, question in enumerate(questions):
        survey.questions.create(position=position, **{"key": f"question-{position}", "text": "?", **question})
    template = make_template(organization, ("any",), survey=survey)
    started = make_awaiting_check(template=template, **check)
    started.references.update(relationship=relationship)
    return started.references.get()


def send(client: Client, reference: Reference, data: dict[str, Any]) -> Any:
    return client.post(enter(client, reference), data)


def fresh(reference: Reference) -> Reference:
    return Reference.objects.get(pk=reference.pk)


def checked(page: BeautifulSoup) -> dict[str, str]:
    return {str(box["name"]): str(box["value"]) for box in page.select("input[type=radio][checked]")}


# --- what the reference is asked ------------------------------------------------------------------------


def test_it_says_about_whom_for_whom_and_how_long(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert words(page.h1) == "Marcus at work, as you saw it"
    text = words(page)
    assert "Marcus Webb has applied to" in text
    assert "5 questions. About 3 minutes." in text
    assert "Ruth Adeyemi and the people at" in text
    assert page.select('a[href="mailto:ruth@northmoor.example"]')


def test_it_asks_all_questions_in_order_with_the_first_name(client: Client, reference: Reference) -> None:
    assert [words(legend) for legend in visit(client, reference).select("legend")] == [
        "Against others in this job, where is Marcus?",
        "When something goes wrong, what does Marcus do?",
        "Would you work with Marcus again?",
        "Where does Marcus work best?",
        "What does Marcus do best? (only if you like)",
    ]


def test_only_the_name_is_put_into_a_question(client: Client) -> None:
    question = {"kind": "text", "text": "{name} {0} {name.__class__} %(name)s {{ x }}?", "help": "{name}"}
    page = visit(client, asked(question, candidate_name="<i>{name}</i>"))
    assert words(page.legend) == "<i>{name}</i> {0} {name.__class__} %(name)s {{ x }}?"
    assert not page.select("legend i")


def test_it_asks_only_what_is_for_this_relationship(client: Client) -> None:
    questions = ({"kind": "text", "relationships": ["manager"]}, {"kind": "text", "relationships": ["peer"]})
    page = visit(client, asked(*questions, relationship="peer"))
    assert [area["name"] for area in page.select("textarea")] == ["q-question-1"]


def test_a_scale_is_numbered_from_the_bottom_and_not_seen_stands_apart(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    values = [box["value"] for box in page.select("input[name=q-setbacks]")]
    assert values == ["1", "2", "3", "4", "unseen"]
    assert [words(line) for line in page.select(".choice.apart")] == ["I did not see this"] * 2


def test_bands_are_drawn_where_the_look_says_so(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    bands = [(band["x"], band["width"]) for band in page.select("rect.band")]
    assert bands == [("0%", "50%"), ("50%", "25%"), ("75%", "15%"), ("90%", "7%"), ("97%", "3%")]
    assert not page.select("input[name=q-setbacks] ~ svg")


def test_every_field_has_a_label(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert len(page.select("input[type=radio]")) == 6 + 5 + 3 + 2
    assert not unlabelled(page)
    assert not dangling(page)


def test_nothing_is_answered_beforehand(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert not checked(page)
    assert words(page.select_one("#progress-words")) == "0 of 5 answered"


@pytest.mark.parametrize("count", [1, 12])
def test_the_page_takes_four_queries(client: Client, count: int, django_assert_num_queries: Any) -> None:
    reference = asked(*[{"kind": "text"}] * count)
    reference.keep({"question-0": Given(text="So far.")}, timezone.now())
    page = enter(client, reference)
    with django_assert_num_queries(4):
        client.get(page)


# --- answering ------------------------------------------------------------------------------------------


def test_answers_are_kept_as_they_were_meant(client: Client, reference: Reference) -> None:
    send(
        client,
        reference,
        answers(reference, setbacks="unseen", work_again="unsure") | {"q-work-again.reason": "Tired."},
    )
    assert fresh(reference).status == Reference.Status.SUBMITTED
    assert reference.given() == {
        "overall": Given(score=4),
        "setbacks": Given(is_unobserved=True),
        "work-again": Given(choice="unsure", text="Tired."),
        "pace": Given(choice="In a team"),
        "strength": Given(text="Calm."),
    }


def test_after_sending_the_page_says_thanks(client: Client, reference: Reference) -> None:
    response = send(client, reference, answers(reference))
    assert (response.status_code, response.headers["Location"]) == (302, f"/reference/{reference.public_id}/")
    page = visit(client, reference)
    assert words(page.h1) == "Thank you, Eileen. It is sent."
    assert "Ruth Adeyemi reads it next" in words(page)
    assert not unlabelled(page)


def test_a_second_click_or_tab_changes_nothing(client: Client, reference: Reference) -> None:
    for _click in range(2):
        assert send(client, reference, answers(reference, strength="First.")).status_code == 302
    assert send(client, reference, answers(reference, strength="Second.")).status_code == 409
    assert send(client, reference, answers(reference, strength="Third.") | {"save": "1"}).status_code == 409
    assert reference.given()["strength"].text == "First."
    assert reference.for_check.events.filter(kind="answered").count() == 1


def test_the_last_answer_completes_the_check_and_wakes_a_worker(client: Client) -> None:
    check = make_awaiting_check()
    before = OrmQ.objects.count()
    for reference in check.references.in_order():
        send(client, reference, answers(reference))
    check.refresh_from_db()
    assert check.status == Check.Status.COMPLETED
    assert OrmQ.objects.count() > before


def test_what_is_optional_and_left_empty_is_no_answer(client: Client, reference: Reference) -> None:
    send(client, reference, answers(reference, strength="  \r\n "))
    assert fresh(reference).status == Reference.Status.SUBMITTED
    assert "strength" not in reference.given()


def test_a_missing_answer_is_named_and_everything_typed_stays(client: Client, reference: Reference) -> None:
    page = read(send(client, reference, answers(reference, setbacks=None, strength="Calm <b>&amp;</b>")))
    link = page.select_one("[role=alert] a")
    assert words(link) == "When something goes wrong, what does Marcus do? Please choose an answer."
    assert checked(page) == {"q-overall": "4", "q-work-again": "yes", "q-pace": "In a team"}
    assert only(page, "textarea[name=q-strength]").get_text().strip() == "Calm <b>&amp;</b>"
    assert words(page.select_one("#progress-words")) == "4 of 5 answered"
    assert not dangling(page)


def test_what_was_sent_too_early_is_kept(client: Client, reference: Reference) -> None:
    send(client, reference, answers(reference, work_again=None) | {"q-work-again.reason": "Because."})
    assert fresh(reference).status == Reference.Status.STARTED
    page = visit(client, reference)
    assert checked(page)["q-overall"] == "4"
    assert words(page.select_one('[name="q-work-again.reason"]')) == "Because."


@pytest.mark.parametrize("field", ["q-strength", "q-work-again.reason"])
def test_a_text_that_is_too_long_is_said_and_not_cut(client: Client, reference: Reference, field: str) -> None:
    page = read(send(client, reference, answers(reference) | {field: "é" * 50_001}))
    assert "This has 50001 characters, and 50000 fit." in words(page.select_one("[role=alert]"))
    assert only(page, f'[name="{field}"]').get_text().strip() == "é" * 50_001
    assert fresh(reference).status == Reference.Status.STARTED
    assert reference.given()["pace"] == Given(choice="In a team")


def test_a_text_of_the_full_length_is_taken(client: Client, reference: Reference) -> None:
    send(client, reference, answers(reference, strength="\U0001f600" * 49_998 + "\r\n!"))
    assert len(reference.given()["strength"].text) == 50_000


def test_any_script_is_taken_and_null_characters_are_not(client: Client, reference: Reference) -> None:
    send(client, reference, answers(reference, strength=" רגוע\0\r\n静か \U0001f600 "))
    assert reference.given()["strength"].text == "רגוע\n静か \U0001f600"


def test_an_answer_that_was_not_offered_is_refused(client: Client, reference: Reference) -> None:
    for wrong in ({"overall": "6"}, {"overall": "0"}, {"work_again": "perhaps"}, {"pace": "At night"}):
        page = read(send(client, reference, answers(reference, **wrong)))
        assert len(page.select("[role=alert] a")) == 1
    assert not reference.answers.filter(score=6).exists()


def test_not_seen_is_refused_where_it_is_not_offered(client: Client) -> None:
    scale = {"kind": "scale", "labels": ["Low", "High"], "competency": "Pace", "may_be_unobserved": False}
    reference = asked(scale)
    assert read(send(client, reference, {"q-question-0": "unseen"})).select("[role=alert]")


def test_a_choice_called_as_we_call_not_seen_is_a_choice(client: Client) -> None:
    reference = asked({"kind": "choice", "labels": ["unseen", "seen"]})
    send(client, reference, {"q-question-0": "unseen"})
    assert reference.given() == {"question-0": Given(choice="unseen")}


def test_a_form_from_elsewhere_is_refused(reference: Reference) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, reference, answers(reference)).status_code == 403
    assert not Answer.objects.exists()


# --- stopping half-way ----------------------------------------------------------------------------------


def test_saving_keeps_what_is_there_and_asks_for_nothing(client: Client, reference: Reference) -> None:
    page = read(send(client, reference, {"q-overall": "2", "save": "1"}))
    assert "come back with the same link" in words(page.select_one(".notice.good"))
    assert "UTC" in words(page.select_one(".notice.good"))
    assert not page.select("[role=alert]")
    assert fresh(reference).status == Reference.Status.STARTED
    assert reference.given() == {"overall": Given(score=2)}


def test_a_draft_is_there_on_return(client: Client, reference: Reference) -> None:
    draft = {"q-setbacks": "unseen", "q-work-again": "no", "q-work-again.reason": "Why not.", "q-strength": "Calm."}
    send(client, reference, draft | {"save": "1"})
    page = visit(Client(), reference)
    assert checked(page) == {"q-setbacks": "unseen", "q-work-again": "no"}
    assert [words(area) for area in page.select("textarea")] == ["Why not.", "Calm."]
    assert only(page, "progress")["value"] == "3"


def test_what_was_saved_and_then_emptied_is_empty(client: Client, reference: Reference) -> None:
    send(client, reference, {"q-strength": "Calm.", "save": "1"})
    send(client, reference, answers(reference, strength=""))
    assert reference.given()["strength"].is_empty


def test_what_has_a_fault_stays_as_it_was_kept_before(client: Client, reference: Reference) -> None:
    send(client, reference, {"q-strength": "Calm.", "save": "1"})
    page = read(send(client, reference, {"q-strength": "x" * 50_001, "q-overall": "1", "save": "1"}))
    assert "Saved at" in words(page)
    assert page.select("[role=alert]")
    assert reference.given() == {"strength": Given(text="Calm."), "overall": Given(score=1)}


# --- saying no ------------------------------------------------------------------------------------------


def test_no_is_asked_about_before_it_counts(client: Client, reference: Reference) -> None:
    onward = send(client, reference, {"then": "decline"}).headers["Location"]
    page = read(client.get(onward))
    assert words(page.h1) == "Give no reference about Marcus Webb?"
    assert not unlabelled(page)
    assert fresh(reference).status == Reference.Status.ASKED


def test_no_is_an_answer(client: Client, reference: Reference) -> None:
    response = client.post(f"{enter(client, reference)}decline/", {"reason": "I left too\0 long ago."})
    assert response.headers["Location"] == f"/reference/{reference.public_id}/"
    assert (fresh(reference).status, fresh(reference).decline_reason) == ("declined", "I left too long ago.")
    assert words(visit(client, reference).h1) == "That is fine, Eileen."
    assert Message.objects.filter(kind="candidate-another").count() == 1


def test_no_needs_no_reason_and_counts_once(client: Client, reference: Reference) -> None:
    address = f"{enter(client, reference)}decline/"
    for reason in ("", "Too late."):
        assert client.post(address, {"reason": reason}).status_code == 302
    assert fresh(reference).decline_reason == ""
    assert reference.for_check.events.filter(kind="declined").count() == 1


def test_a_reason_can_be_too_long(client: Client, reference: Reference) -> None:
    page = read(client.post(f"{enter(client, reference)}decline/", {"reason": "x" * 50_001}))
    assert page.select('[role=alert] a[href="#id_reason"]')
    assert fresh(reference).status == Reference.Status.ASKED


def test_after_a_no_no_answers_are_taken(client: Client, reference: Reference) -> None:
    reference.decline("", timezone.now())
    page = read(send(client, reference, answers(reference)))
    assert "You said that you give no reference about Marcus Webb" in words(page)
    assert not reference.answers.exists()


def test_who_has_answered_is_not_asked_whether_they_would_rather_not(client: Client, reference: Reference) -> None:
    send(client, reference, answers(reference))
    address = f"/reference/{reference.public_id}/decline/"
    assert client.get(address).status_code == client.post(address).status_code == 302
    assert fresh(reference).status == Reference.Status.SUBMITTED


# --- when it is over ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["cancel", "expire", "complete"])
def test_after_the_end_answers_are_no_longer_needed(client: Client, reference: Reference, end: str) -> None:
    page = enter(client, reference)
    getattr(reference.for_check, end)(timezone.now())
    assert words(read(client.get(page)).h1) == "Your answers are no longer needed"
    late = client.post(page, answers(reference, strength="Calm <b>&amp;</b> \U0001f600 רגוע"))
    assert late.status_code == 409
    assert words(only(read(late), ".as-typed")) == "Calm <b>&amp;</b> \U0001f600 רגוע"
    assert not reference.answers.exists()


def test_who_was_replaced_is_no_longer_needed(client: Client, reference: Reference) -> None:
    reference.decline("", timezone.now())
    reference.replace(make_named(), timezone.now())
    assert words(visit(client, reference).h1) == "Your answers are no longer needed"
