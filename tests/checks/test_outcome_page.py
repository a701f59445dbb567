"""The page behind the mail that asks how it ended: what opens it, what it shows, and what each answer does."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from checks import outcome_views
from checks.models import Outcome, OutcomeQuestion
from checks.outcome_people import Asked
from notifications.models import Message
from notifications.tasks import send_due
from tests.checks.visits import read, words
from tests.factories import make_completed_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def asked(now: datetime | None = None, language: str = "en", **candidacy: Any) -> OutcomeQuestion:
    """Jonas is asked how it ended with Marcus Webb, whose check was completed fifteen days ago."""
    now = now or timezone.now()
    organization = make_organization()
    template = make_template(organization, ("manager",), language=language)
    check = make_completed_check(template=template, now=now - 15 * DAY, **candidacy)
    question = Outcome.of(check).ask(Asked("Jonas Lind", "jonas@northmoor.example", "owner"), now)
    assert question
    return question


def mailed_links(question: OutcomeQuestion) -> list[str]:
    text = Message.objects.get(kind="outcome-asked", to_address=question.email).text
    return [urlsplit(line).path for line in text.splitlines() if line.startswith("http")]


def enter(client: Client, question: OutcomeQuestion, chosen: str = "") -> str:
    link = f"/o/{question.token}/{chosen}/" if chosen else f"/o/{question.token}/"
    return str(client.get(link).headers["Location"])


def see(client: Client, question: OutcomeQuestion, chosen: str = "") -> BeautifulSoup:
    return read(client.get(enter(client, question, chosen)))


def send(client: Client, question: OutcomeQuestion, answer: str) -> Any:
    """What a person does: look, and press the button."""
    page = enter(client, question)
    seen = read(client.get(page)).select("input[name=seen]")
    return client.post(page, {"answer": answer, "seen": seen[0]["value"] if seen else ""}, follow=True)


def outcome_of(question: OutcomeQuestion) -> Outcome:
    return Outcome.objects.get(questions=question)


# --- the mail ---------------------------------------------------------------------------------------


def test_the_mail_has_three_links_each_whole_on_a_line_of_its_own() -> None:
    question = asked()
    start = f"/o/{question.token}/"
    assert mailed_links(question) == [f"{start}hired/", f"{start}not-hired/", f"{start}later/"]
    html = BeautifulSoup(Message.objects.get(kind="outcome-asked").html, "html.parser")
    assert [urlsplit(str(button["href"])).path for button in html.select("a.mail-button")] == mailed_links(question)


def test_the_mail_says_why_this_person_gets_it_and_when_it_stops() -> None:
    asked()
    text = " ".join(Message.objects.get(kind="outcome-asked").text.split())
    assert "because you are the owner of Marcus Webb in Lever" in text
    assert "three times in all, a week apart. It stops once it is known" in text


def test_the_mail_speaks_the_language_of_the_template() -> None:
    asked(language="de")
    assert Message.objects.get(kind="outcome-asked").language == "de"


def test_own_words_keep_the_three_links() -> None:
    question = asked()
    own = question.outcome.for_check.organization.notifications.create(
        moment="outcome-asked", subject="What became of {candidate}?", text="Please tell us:\n\n{link}\n\nBest, Ruth"
    )
    other = question.hand_on("Amal Haddad", "amal@northmoor.example", timezone.now())
    assert own
    assert other
    message = Message.objects.get(kind="outcome-asked", to_address=other.email)
    assert message.subject == "What became of Marcus Webb?"
    assert len(mailed_links(other)) == 3
    assert "because Jonas Lind has handed this question on to you" in " ".join(message.text.split())


# --- the door ---------------------------------------------------------------------------------------


def test_a_scanner_that_follows_every_link_changes_nothing(client: Client) -> None:
    question = asked()
    before = Outcome.objects.values().get(), OutcomeQuestion.objects.values().get()
    for link in mailed_links(question):
        client.head(link, follow=True)
        assert client.get(link, follow=True).status_code == 200
    assert (Outcome.objects.values().get(), OutcomeQuestion.objects.values().get()) == before


def test_the_answer_of_the_link_is_chosen_and_not_saved(client: Client) -> None:
    question = asked()
    for chosen, value in (("hired", "hired"), ("not-hired", "not-hired"), ("later", "later-1")):
        (checked,) = see(client, question, chosen).select("input[name=answer][checked]")
        assert checked["value"] == value
    assert not see(client, question).select("input[name=answer][checked]")
    assert not see(client, question, "maybe").select("input[name=answer][checked]")


def test_the_page_shows_who_it_is_about_and_no_way_to_the_report(client: Client) -> None:
    question = asked(candidate_name="Amina Okafor", position="Senior Data Engineer")
    page = see(client, question)
    assert words(page.h1) == "Was Amina Okafor hired?"
    completed = question.outcome.for_check.completed_at
    assert completed
    assert "Senior Data Engineer" in words(page.main)
    assert str(completed.year) in words(page.main)
    assert "/reports/" not in str(page)
    assert "Farrow" not in str(page)


def test_without_a_name_and_a_job_the_sentences_are_whole(client: Client) -> None:
    question = asked(candidate_name="", position="")
    page = see(client, question)
    assert words(page.h1) == "Was the candidate hired?"
    assert f"applied to {question.outcome.for_check.organization}. The references were" in words(page.main)


def test_no_cache_keeps_the_page_and_no_engine_lists_it(client: Client) -> None:
    question = asked()
    link = client.get(f"/o/{question.token}/hired/")
    page = client.get(link.headers["Location"])
    for response in (link, page):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert question.token not in page.request["PATH_INFO"]


def test_an_altered_an_expired_and_an_erased_link_end_alike(client: Client) -> None:
    question = asked()
    altered = question.token[:-1] + ("A" if question.token[-1] != "A" else "B")
    page = enter(client, question)
    gone = [client.get(f"/o/{altered}/hired/")]
    OutcomeQuestion.objects.update(expires_at=timezone.now())
    gone += [client.get(f"/o/{question.token}/"), client.get(page), client.post(page, {"answer": "hired"})]
    OutcomeQuestion.objects.update(expires_at=timezone.now() + DAY)
    question.outcome.for_check.erase(timezone.now())
    gone += [client.get(f"/o/{question.token}/"), client.get("/o/nonsense/")]
    assert {response.status_code for response in gone} == {404}
    assert len({words(read(response).main) for response in gone}) == 1
    assert not outcome_of(question).said


def test_a_link_opens_its_own_question_only(client: Client) -> None:
    first, second = asked(), asked()
    enter(client, first)
    assert client.get(f"/outcome/{second.public_id}/").status_code == 404


def test_the_link_is_good_for_forty_five_days() -> None:
    now = timezone.now()
    question = asked(now)
    assert OutcomeQuestion.behind(question.token, now + 44 * DAY)
    assert OutcomeQuestion.behind(question.token, now + 46 * DAY) is None


# --- the answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "said"), [("hired", "Hired"), ("not-hired", "Not hired")])
def test_an_answer_is_saved_with_who_and_when(client: Client, answer: str, said: str) -> None:
    question = asked()
    page = read(send(client, question, answer))
    outcome = outcome_of(question)
    assert (outcome.said, outcome.said_name) == (answer, "Jonas Lind")
    assert words(page.h1) == "Thank you, it is saved"
    assert f": {said}." in words(page.main)


def test_a_button_that_is_pressed_twice_says_that_it_is_saved(client: Client) -> None:
    question = asked()
    address = enter(client, question)
    form = {"answer": "hired", "seen": "open::"}
    pages = [words(read(client.post(address, form, follow=True)).main) for _ in range(2)]
    assert pages[0] == pages[1]
    assert "Thank you, it is saved" in pages[1]
    assert question.outcome.for_check.events.filter(kind="said-hired").count() == 1


def test_not_decided_yet_says_when_we_ask_again(client: Client) -> None:
    question = asked()
    page = read(send(client, question, "later-4"))
    outcome = outcome_of(question)
    assert outcome.ask_at
    assert timedelta(days=27) < outcome.ask_at - timezone.now() < timedelta(days=29)
    assert "We ask you again on" in words(page.main)
    assert page.select("input[value=hired]")


def test_nothing_chosen_is_said_above_and_at_the_answers(client: Client) -> None:
    question = asked()
    page = read(send(client, question, ""))
    assert words(page.title).startswith("To correct:")
    assert "Please choose one of the answers." in words(page.select_one("#answer-error"))
    assert not outcome_of(question).said


def test_an_answer_that_was_not_offered_is_none(client: Client) -> None:
    question = asked()
    send(client, question, "later-99")
    assert not outcome_of(question).said
    assert outcome_of(question).times_asked == 1


def test_the_same_person_sees_what_they_said_and_corrects_it(client: Client) -> None:
    question = asked()
    send(client, question, "hired")
    page = see(client, question, "hired")
    assert "You said on" in words(page.main)
    assert "Correct my answer" in words(page.main)
    send(client, question, "not-hired")
    assert outcome_of(question).said == "not-hired"


def test_an_older_link_of_the_same_person_knows_what_they_said(client: Client) -> None:
    question = asked()
    again = question.outcome.ask(Asked("Jonas Lind", "Jonas@northmoor.example", "owner"), timezone.now() + 7 * DAY)
    assert again
    assert again.say("hired", timezone.now())
    assert "You said on" in words(see(client, question).main)


def test_once_somebody_else_has_settled_it_there_is_nothing_to_send(client: Client) -> None:
    question = asked()
    ruth = make_user(question.outcome.for_check.organization)
    question.outcome.say("hired", timezone.now(), name=str(ruth), email=ruth.email, user=ruth)
    page = see(client, question, "not-hired")
    assert "Ruth Adeyemi said on" in words(page.main)
    assert not page.select("form")
    client.post(enter(client, question), {"answer": "not-hired", "seen": "settled::hired"})
    assert outcome_of(question).said == "hired"


def test_what_lever_knows_by_now_is_said_and_the_other_answer_is_a_conflict(client: Client) -> None:
    question = asked()
    question.outcome.hear("not-hired", "Withdrew", timezone.now(), timezone.now())
    page = see(client, question, "hired")
    assert "Lever says: Not hired (“Withdrew”)" in words(page.main)
    assert [box["value"] for box in page.select("input[name=answer]")] == ["hired", "not-hired"]
    page = read(send(client, question, "hired"))
    assert outcome_of(question).is_conflict
    assert "The two differ. Both are kept" in words(page.main)


def test_what_lever_says_between_look_and_click_is_shown_first(client: Client) -> None:
    question = asked()
    address = enter(client, question)
    seen = read(client.get(address)).select_one("input[name=seen]")
    question.outcome.hear("not-hired", "", timezone.now(), timezone.now())
    page = read(client.post(address, {"answer": "hired", "seen": seen["value"] if seen else ""}))
    assert "so your answer is not saved yet" in words(page.main)
    assert "Lever says: Not hired" in words(page.main)
    assert not outcome_of(question).said


# --- handing on -------------------------------------------------------------------------------------


def hand_on(client: Client, question: OutcomeQuestion, email: str) -> Any:
    page = f"{enter(client, question)}hand-on/"
    return client.post(page, {"name": "Amal Haddad", "email": email}, follow=True)


def test_handing_on_asks_the_next_person_at_once_and_the_old_link_says_so(client: Client) -> None:
    question = asked()
    page = read(hand_on(client, question, "amal@elsewhere.example"))
    assert words(page.h1) == "You have handed this question on"
    assert "Amal Haddad is asked now" in words(page.main)
    assert not page.select("form")
    send_due()
    assert mail.outbox[-1].to == ["Amal Haddad <amal@elsewhere.example>"]


@pytest.mark.parametrize("whose", ["their own", "the candidate’s", "a reference’s"])
def test_it_is_not_handed_to_themselves_nor_to_whom_the_check_is_about(client: Client, whose: str) -> None:
    question = asked()
    check = question.outcome.for_check
    reference = check.references.in_order()[0]
    emails = {"their own": question.email, "the candidate’s": check.candidate_email, "a reference’s": reference.email}
    page = read(hand_on(client, question, emails[whose].upper()))
    assert page.select(".error")
    assert question.outcome.questions.count() == 1


def test_what_is_missing_to_hand_it_on_is_said_of_each_field_by_itself(client: Client) -> None:
    page = read(client.post(f"{enter(client, asked())}hand-on/", {"name": "", "email": ""}))
    said = [words(link) for link in page.select("[role=alert] a")]
    assert len(said) == len(set(said)) == 2


def test_an_organization_hands_on_so_many_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome_views, "HANDED_ON_A_DAY", 0)
    question = asked()
    assert "Please try again tomorrow" in words(read(hand_on(client, question, "amal@elsewhere.example")).main)
    assert question.outcome.questions.count() == 1


def test_a_settled_question_is_not_handed_on(client: Client) -> None:
    question = asked()
    question.outcome.hear("hired", "", timezone.now(), timezone.now())
    assert "hand-on" not in str(see(client, question))
    hand_on(client, question, "amal@elsewhere.example")
    assert question.outcome.questions.count() == 1
