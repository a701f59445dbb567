"""Writing to people: to whom, when, once, in which language, in whose words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from checks.models import Check, Reference
from checks.writing import in_own_words, write
from notifications.letters import Letter, Link
from notifications.models import Message, Quiet
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.moments import Moment
from templates_app.notices import Words
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_named,
    make_organization,
    make_template,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts_on")]

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MANAGER: dict[str, Any] = {
    "tells_hiring_manager": True,
    "hiring_manager_name": "Ida Lund",
    "hiring_manager_email": "ida@x.example",
}
OURS = Letter("Ours", "Ours", opening=("Ours",), action=Link("Open", "http://x/"), closing=("Ours",))


def first(check: Check) -> Reference:
    return check.references.in_order()[0]


def sent(kind: str, channel: str = "email") -> list[str]:
    rows = Message.objects.filter(kind=kind, channel=channel).exclude(state="canceled")
    return sorted(rows.values_list("to_address", flat=True))


def own(template: ReferenceTemplate, moment: str, text: str, *, for_all: bool = False, **fields: Any) -> None:
    values = {"subject": f"Own {text}", "organization": template.organization, **fields}
    CustomNotification.objects.create(moment=moment, text=text, template=None if for_all else template, **values)


def paragraphs(message: Message) -> list[str]:
    return [each.get_text(" ", strip=True) for each in BeautifulSoup(message.html, "html.parser").select(".mail-p")]


# --- whom, and when ---------------------------------------------------------------------------------


def test_whoever_answers_is_thanked_once() -> None:
    reference = first(make_awaiting_check())
    assert reference.submit(answers_for(reference), NOW)
    assert not reference.submit(answers_for(reference), NOW)
    assert sent("reference-thanks") == [reference.email]


def test_whoever_declines_reads_that_it_is_heard() -> None:
    reference = first(make_awaiting_check())
    reference.decline("No time", NOW)
    reference.decline("No time", NOW)
    assert sent("reference-declined") == [reference.email]
    assert "No time" not in Message.objects.get(kind="reference-declined").text


def test_on_completion_the_hiring_manager_and_the_owner_are_told() -> None:
    check = make_completed_check(template=make_template(make_organization(), tells_owner=True, **MANAGER))
    assert sent("manager-told") == ["ida@x.example"]
    assert sent("owner-told") == [check.owner_email]


def test_where_the_template_tells_nobody_nobody_is_told() -> None:
    template = make_template(make_organization(), hiring_manager_email="ida@x.example")
    make_completed_check(template=template)
    assert sent("manager-told") == sent("owner-told") == []


def test_a_hiring_manager_without_an_address_is_nobody_to_write_to() -> None:
    make_completed_check(template=make_template(make_organization(), tells_hiring_manager=True))
    assert sent("manager-told") == []


def test_the_owner_is_told_once_that_it_is_overdue() -> None:
    check = make_awaiting_check(template=make_template(make_organization(), tells_owner=True), now=NOW)
    late = check.due_at + timedelta(minutes=1)
    assert check.become_overdue(late)
    assert not Check.objects.get(pk=check.pk).become_overdue(late)
    assert sent("owner-overdue") == [check.owner_email]
    assert "We still wait for: Eileen Farrow, Bao Nguyen, Margit Larsen." in " ".join(
        Message.objects.get(kind="owner-overdue").text.split()
    )


def test_what_is_written_to_the_owner_is_forgotten_with_the_check() -> None:
    check = make_completed_check(template=make_template(make_organization(), tells_owner=True))
    Message.objects.update(state="done")
    check.erase(NOW)
    assert sent("owner-told") == [""]


def test_a_key_is_written_to_once() -> None:
    check = make_check()
    assert write(Moment.CANDIDATE_REMINDER, check, NOW, key="x") == write(
        Moment.CANDIDATE_REMINDER, check, NOW, key="x"
    )
    assert len(sent("candidate-reminder")) == 1


def test_whom_nothing_was_sent_to_is_not_told_that_it_is_not_needed() -> None:
    check = make_awaiting_check()
    check.cancel(NOW)
    assert sent("reference-released") == []


def test_whoever_got_the_mail_is_told_although_a_reminder_still_waits() -> None:
    check = make_awaiting_check()
    reference = first(check)
    Message.objects.filter(pk=reference.invitation_id).update(state="done")
    write(Moment.REFERENCE_REMINDER, check, NOW, reference=reference, key="x")
    check.cancel(NOW)
    assert sent("reference-released") == [reference.email]
    assert sent("reference-reminder") == []


def test_a_moment_of_a_reference_needs_one() -> None:
    with pytest.raises(ValueError, match="one reference"):
        write(Moment.REFERENCE_REMINDER, make_check(), NOW, key="x")


# --- language ---------------------------------------------------------------------------------------


def test_everybody_is_written_to_in_their_language() -> None:
    template = make_template(make_organization(), ("any",), language="fr", tells_owner=True)
    check = make_check(template=template)
    check.name_references([make_named(language="de")], "I agree.", NOW)
    reference = first(check)
    reference.submit(answers_for(reference), NOW)
    found = dict(Message.objects.values_list("kind", "language"))
    assert (found["candidate-request"], found["reference-request"], found["owner-told"]) == ("fr", "de", "fr")


def test_the_mail_says_which_language_it_is_in() -> None:
    make_check(template=make_template(make_organization(), language="de"))
    assert '<html lang="de"' in Message.objects.get(kind="candidate-request").html


# --- own words --------------------------------------------------------------------------------------


def test_own_words_of_the_template_come_before_those_of_all_and_those_before_ours() -> None:
    template = make_template(make_organization())
    other = make_template(template.organization)
    own(template, Moment.CANDIDATE_REQUEST, "of all", for_all=True)
    own(template, Moment.CANDIDATE_REQUEST, "of the template")
    ours = make_check()
    found = {each: make_check(template=each).invitation for each in (template, other)}
    assert [found[template].subject, found[other].subject] == ["Own of the template", "Own of all"]
    assert ours.invitation is not None
    assert ours.invitation.subject.startswith("Your references")


def test_own_words_are_said_in_their_language_only() -> None:
    template = make_template(make_organization())
    own(template, Moment.CANDIDATE_REQUEST, "Guten Tag", language="de")
    assert "Guten Tag" not in make_check(template=template).invitation.text


def test_greeting_signature_reason_and_button_are_there_in_own_words_too() -> None:
    template = make_template(make_organization(contact_phone="+44 20 7946 0991"))
    own(template, Moment.REFERENCE_REQUEST, "Hello.\n\n{link}\n\nBye.")
    check = make_awaiting_check(template=template)
    message = first(check).invitation
    assert message is not None
    dear, hello, bye, thanks = paragraphs(message)
    assert (dear[:5], hello, bye, thanks[:10]) == ("Dear ", "Hello.", "Bye.", "Thank you,")
    assert "gave us your name" in message.html
    assert "/pause/" in message.html
    assert BeautifulSoup(message.html, "html.parser").select_one(".mail-button")


@pytest.mark.parametrize(
    ("text", "opening", "closing"),
    [
        ("One.\n\n{link}\n\nTwo.", ("One.",), ("Two.",)),
        ("One.\n {link} \nTwo.", ("One.",), ("Two.",)),
        ("One.\r\n\r\n{link}\r\nTwo.", ("One.",), ("Two.",)),
        ("{link}", (), ()),
        ("One.\n\nTwo.", ("One.", "Two."), ()),
        ("Open {link} now.", ("Open http://x/ now.",), ()),
        ("One.\n\n{link}\n\nTwo.\n\n{link}", ("One.",), ("Two.",)),
        ("One\nand more.\n\n\n\nTwo.", ("One\nand more.", "Two."), ()),
    ],
)
def test_the_button_stands_where_a_line_holds_only_the_link_or_last(
    text: str, opening: tuple[str, ...], closing: tuple[str, ...]
) -> None:
    letter = in_own_words(OURS, Words("Own", text), {"link": "http://x/"})
    assert (letter.opening, letter.closing, letter.action) == (opening, closing, OURS.action)
    assert (letter.subject, letter.heading) == ("Own", "Own")


def test_a_value_is_never_html_nor_a_header_nor_a_field() -> None:
    template = make_template(make_organization())
    own(template, Moment.CANDIDATE_REQUEST, "Dear {candidate}.", subject="For {candidate}")
    message = make_check(template=template, candidate_name="<b>x</b>\nBcc: all@x.example{company}").invitation
    assert message is not None
    assert message.subject == "For <b>x</b> Bcc: all@x.example{company}"
    assert "Dear &lt;b&gt;x&lt;/b&gt; Bcc: all@x.example{company}." in message.html
    assert "<b>" not in message.html
    assert "Dear <b>x</b> Bcc: all@x.example{company}." in " ".join(message.text.split())


def test_html_in_own_words_is_shown_as_it_was_typed() -> None:
    template = make_template(make_organization())
    own(template, Moment.CANDIDATE_REQUEST, "<script>alert(1)</script>")
    message = make_check(template=template).invitation
    assert message is not None
    assert "<script>" not in message.html


# --- text messages ----------------------------------------------------------------------------------


@pytest.fixture
def texting() -> ReferenceTemplate:
    return make_template(make_organization(), ("any",), sends_texts=True)


def test_where_the_template_sends_texts_who_gave_a_number_gets_one_beside_the_mail(texting: ReferenceTemplate) -> None:
    check = make_check(template=texting, candidate_phone="+442071838750")
    assert (sent("candidate-request"), sent("candidate-request", "text")) == (
        [check.candidate_email],
        ["+442071838750"],
    )
    text = Message.objects.get(channel="text")
    assert (text.subject, text.html, text.topic) == ("", "", check.topic)
    assert f"/c/{check.token}/" in text.text


def test_without_a_number_there_is_no_text_message(texting: ReferenceTemplate) -> None:
    make_awaiting_check(template=texting)
    assert not Message.objects.filter(channel="text").exists()


def test_where_the_template_sends_no_texts_a_number_changes_nothing() -> None:
    make_check(candidate_phone="+442071838750")
    assert not Message.objects.filter(channel="text").exists()


def test_a_number_that_wants_no_more_text_messages_gets_none_and_the_mail_goes(texting: ReferenceTemplate) -> None:
    Quiet.ask(texting.organization, "+442071838750", NOW)
    check = make_check(template=texting, candidate_phone="+442071838750")
    assert (sent("candidate-request"), sent("candidate-request", "text")) == ([check.candidate_email], [])


def test_a_reference_gets_it_in_own_words_too(texting: ReferenceTemplate) -> None:
    own(texting, Moment.REFERENCE_REQUEST, "{candidate} {link}", channel="text", subject="")
    check = make_check(template=texting)
    check.name_references([make_named(phone="+4930123456")], "I agree.", NOW)
    text = Message.objects.get(channel="text")
    assert text.text.startswith("Marcus Webb http")
    assert (text.to_address, text.topic) == ("+4930123456", first(check).topic)


def test_a_thank_you_comes_by_mail_alone(texting: ReferenceTemplate) -> None:
    check = make_check(template=texting)
    check.name_references([make_named(phone="+4930123456")], "I agree.", NOW)
    first(check).submit(answers_for(first(check)), NOW)
    assert (len(sent("reference-thanks")), sent("reference-thanks", "text")) == (1, [])


@pytest.mark.parametrize(
    ("moment", "has_stop"),
    [(Moment.REFERENCE_REQUEST, True), (Moment.REFERENCE_REMINDER, True), (Moment.REFERENCE_THANKS, False)],
)
def test_mail_programs_are_given_a_way_to_stop_where_more_may_come(moment: str, has_stop: bool) -> None:
    check = make_awaiting_check()
    message = write(moment, check, NOW, reference=first(check), key="x")
    assert message is not None
    assert message.stop_url.endswith(f"/stop/{first(check).token}/") == has_stop
