"""What we say where nobody has own words: every moment, one or several, and in which frame."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from checks.letters import occasion_of
from checks.models import Check, Reference
from checks.writing import write
from notifications.addresses import address_of
from notifications.models import Message
from templates_app.builtin import LETTERS, TEXTS, Occasion
from templates_app.builtin.samples import as_written
from templates_app.kinds import Channel, Language
from templates_app.merging import problem
from templates_app.moments import ABOUT, Moment
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_organization,
    make_template,
)

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EVERY = [(moment, channel) for moment, about in ABOUT.items() for channel in about.channels]
ONES = {"count": "1", "minutes": "1"}


def occasion(count: int = 2, **more: Any) -> Occasion:
    names = ("candidate", "name", "reference", "position", "company", "reader", "date", "link", "relationship")
    values = {name: f"<{name}>" for name in names} | {"count": str(count), "minutes": "8"}
    return Occasion(values, count=count, **more)


def said(moment: str, about: Occasion) -> str:
    letter = LETTERS[moment](about)
    return " ".join((letter.subject, letter.heading, *letter.opening, *letter.closing))


def mail(kind: str, check: Check) -> Message:
    return Message.objects.get(kind=kind, channel="email", organization=check.organization)


# --- every moment -----------------------------------------------------------------------------------


def test_there_is_a_built_in_text_for_every_moment_and_way() -> None:
    assert list(LETTERS) == list(Moment)
    assert set(TEXTS) == {moment for moment, channel in EVERY if channel == Channel.TEXT}


@pytest.mark.parametrize(("moment", "channel"), EVERY)
def test_the_built_in_text_can_be_saved_as_own_words(moment: str, channel: str) -> None:
    """It names no field that the moment does not know, and has the link wherever there is one."""
    words = as_written(moment, channel, "en")
    assert problem(words.text, ABOUT[moment].fields) == problem(words.subject, ABOUT[moment].fields) == ""
    assert ("{link}" in words.text) == ABOUT[moment].needs_link
    assert "%" not in words.text


@pytest.mark.parametrize("moment", TEXTS)
@pytest.mark.parametrize("language", Language.values)
def test_a_text_message_fits_into_two_parts(moment: str, language: str) -> None:
    link = f"https://references.northmoor.example/r/{'x' * 32}/"
    values = {**occasion().values, "company": "Northmoor Ferries", "candidate": "Marcus Webb", "link": link}
    with override(language):
        text = TEXTS[moment](Occasion({**values, "position": "Chief Officer", "reference": "Eileen Farrow"}))
    assert text.endswith(link)
    assert len(text) <= 2 * 153


@pytest.mark.parametrize("moment", TEXTS)
def test_a_text_message_has_only_characters_of_which_many_fit_into_a_part(moment: str) -> None:
    for trouble in ("", "silent"):
        assert TEXTS[moment](occasion(trouble=trouble)).isascii()


@pytest.mark.parametrize("moment", LETTERS)
def test_a_subject_is_short_and_is_no_nagging(moment: str) -> None:
    names = {"candidate": "Marcus Webb", "company": "Northmoor Ferries"}
    subject = LETTERS[moment](Occasion({**occasion().values, **names})).subject
    assert len(subject) < 60
    assert not any(word in subject for word in ("Reminder", "Re:", "!", "required"))


@pytest.mark.parametrize(
    ("request_", "reminder"),
    [(Moment.CANDIDATE_REQUEST, Moment.CANDIDATE_REMINDER), (Moment.REFERENCE_REQUEST, Moment.REFERENCE_REMINDER)],
)
def test_a_reminder_has_the_subject_of_what_it_reminds_of(request_: str, reminder: str) -> None:
    assert LETTERS[request_](occasion()).subject == LETTERS[reminder](occasion()).subject


@pytest.mark.parametrize(
    ("moment", "one"),
    [
        (Moment.CANDIDATE_REQUEST, "1 person who knows"),
        (Moment.CANDIDATE_REMINDER, "you name 1 person."),
        (Moment.REFERENCE_REQUEST, "1 question?"),
        (Moment.REFERENCE_REMINDER, "is 1 question and"),
        (Moment.MANAGER_TOLD, "1 person has answered"),
        (Moment.OWNER_TOLD, "1 person has answered"),
        (Moment.OWNER_OVERDUE, "1 person has answered"),
    ],
)
def test_one_is_not_spoken_of_as_several(moment: str, one: str) -> None:
    assert one in said(moment, occasion(1))
    assert one not in said(moment, occasion(2))


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("bounced", "there seems to be no such address"),
        ("declined", "would rather not give a reference"),
        ("silent", "has not answered our mails so far"),
        ("", "will not answer"),
    ],
)
def test_the_candidate_reads_why_somebody_else_is_asked_for(trouble: str, words: str) -> None:
    assert words in said(Moment.CANDIDATE_ANOTHER, occasion(trouble=trouble))


def test_the_owner_reads_who_has_not_answered_and_when_it_ends() -> None:
    words = said(Moment.OWNER_OVERDUE, occasion(0, waiting="Eileen Farrow, Bao Nguyen", until="2 December"))
    assert "Nobody has answered yet. We still wait for: Eileen Farrow, Bao Nguyen." in words
    assert "it ends on 2 December" in words


def test_the_owner_reads_that_nobody_is_named() -> None:
    assert "<name> has not named anybody yet" in said(Moment.OWNER_OVERDUE, occasion(0, trouble="unnamed"))


# --- what fields stand for --------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "day"), [("en", "9 November"), ("de", "9. November"), ("fr", "9 novembre")])
def test_a_day_is_written_as_in_its_language(db: None, language: str, day: str) -> None:
    check = make_check(now=NOW)
    with override(language):
        assert occasion_of(Moment.CANDIDATE_REQUEST, check, None, "", NOW).values["date"] == day


def test_a_day_is_that_of_the_organization(db: None) -> None:
    organization = make_organization(time_zone="Pacific/Auckland")
    check = make_check(template=make_template(organization), now=datetime(2026, 11, 2, 20, 0, tzinfo=UTC))
    assert occasion_of(Moment.CANDIDATE_REQUEST, check, None, "", NOW).values["date"] == "10 November"


def test_when_it_is_overdue_the_day_is_the_last_one(db: None) -> None:
    check = make_check(now=NOW)
    late = occasion_of(Moment.CANDIDATE_REMINDER, check, None, "", check.due_at + timedelta(hours=1))
    assert late.values["date"] == "2 December"


def test_a_value_is_one_line_whatever_is_in_it(db: None) -> None:
    check = make_check(candidate_name="Nia\r\nBcc: all@x.example\n\nMorgan")
    about = occasion_of(Moment.CANDIDATE_REQUEST, check, None, "", NOW)
    assert about.values["candidate"] == "Nia Bcc: all@x.example Morgan"


def test_the_relationship_reads_well_within_a_sentence(db: None) -> None:
    reference = make_awaiting_check().references.in_order()[0]
    about = occasion_of(Moment.REFERENCE_REQUEST, reference.for_check, reference, "", NOW)
    assert about.values["relationship"] == "manager"


# --- the frame --------------------------------------------------------------------------------------


def test_a_reference_reads_why_they_are_written_to_and_how_to_get_fewer_mails(db: None) -> None:
    check = make_awaiting_check(make_organization(postal_address="Pier 4, Leith"))
    reference = check.references.in_order()[0]
    text = Message.objects.get(topic=reference.topic).text
    _body, foot = text.split("\n-- \n")
    assert "Marcus Webb gave us your name" in foot
    assert "Pier 4, Leith" in foot
    assert f"/r/{reference.token}/pause/" in foot


def test_a_candidates_reminder_can_be_put_off_too(db: None) -> None:
    check = make_check()
    message = write(Moment.CANDIDATE_REMINDER, check, NOW, key="x")
    assert message is not None
    assert f"/c/{check.token}/pause/" in message.text
    assert message.stop_url.endswith(f"/stop/{check.token}/")


def test_who_has_answered_reads_how_to_change_it_and_what_is_held(db: None) -> None:
    check = make_awaiting_check()
    first, second, third = check.references.in_order()
    for reference in (first, second, third):
        reference.submit(answers_for(reference), NOW)
    thanks = {each.topic: each.text for each in Message.objects.filter(kind="reference-thanks")}
    assert f"Read or change your answers:\n\n{address_of('reference-door', token=first.token)}" in thanks[first.topic]
    assert f"Your data and your rights:\n\n{rights_of(first)}" in thanks[first.topic]
    assert "Read or change your answers" not in thanks[third.topic]  # with it the check was complete
    assert rights_of(third) in thanks[third.topic]


def test_who_would_rather_not_reads_what_is_held_all_the_same(db: None) -> None:
    check = make_awaiting_check()
    reference = check.references.in_order()[0]
    reference.decline("", NOW)
    letter = mail("reference-declined", check)
    assert rights_of(reference) in letter.text
    assert "change your answers" not in letter.text


def rights_of(reference: Reference) -> str:
    return address_of("reference-rights-door", token=reference.token)


def test_the_hiring_manager_is_greeted_and_led_to_the_report(db: None) -> None:
    template = make_template(
        make_organization(), tells_hiring_manager=True, hiring_manager_name="Ida", hiring_manager_email="i@x.example"
    )
    check = make_completed_check(template=template)
    found = mail(Moment.MANAGER_TOLD, check)
    assert found.text.startswith("Dear Ida,")
    assert f"/reports/{check.public_id}/" in found.text
    assert (found.from_name, "Thank you," in found.text) == (check.organization.name, False)


def test_no_letter_to_staff_holds_a_key(db: None) -> None:
    template = make_template(
        make_organization(), tells_owner=True, tells_hiring_manager=True, hiring_manager_email="i@x.example"
    )
    check = make_completed_check(template=template)
    tokens = [check.token, *(reference.token for reference in check.references.all())]
    texts = [mail(kind, check).text + mail(kind, check).html for kind in (Moment.MANAGER_TOLD, Moment.OWNER_TOLD)]
    assert not any(token in text for token in tokens for text in texts)
