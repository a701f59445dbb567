"""What makes a reader look twice: when it is found, how much it weighs, and how it is cleared."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from checks import held
from checks.integrity import IntegritySignal, Kind, Weight
from checks.models import Check, Reference, Visit
from checks.readership import make_private
from checks.references import Given
from checks.timeline import lines
from templates_app.kinds import Kind as Asked
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_completed_check,
    make_organization,
    make_survey,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OFFICE, HOME = "a" * 64, "b" * 64
LAPTOP, PHONE = "1" * 64, "2" * 64
WORDS = "She keeps calm when the engine stops, and tells everybody what comes next."


def seen(check: Check, reference: Reference | None, address: str, device: str) -> None:
    Visit.keep(check, reference, address, device, NOW)


def answer(reference: Reference, **given: Given) -> None:
    assert reference.submit(answers_for(reference, **given), NOW)


def found(check: Check) -> list[tuple[str, str, str, int]]:
    """Kind, whose, with whom, weight."""
    signals = check.integrity_signals.select_related("reference", "other")
    in_order = sorted(signals, key=lambda signal: (signal.reference_id, signal.kind, signal.other_id or 0))
    return [(s.kind, s.reference.name, s.other.name if s.other else "", s.weight) for s in in_order]


# --- connection and device --------------------------------------------------------------------------


def test_the_candidates_connection_weighs_more_than_a_colleagues() -> None:
    check = make_awaiting_check()
    eileen, bao, _margit = check.references.in_order()
    for person, device in ((None, PHONE), (eileen, LAPTOP), (bao, "3" * 64)):
        seen(check, person, OFFICE, device)
    answer(eileen)
    answer(bao)
    assert found(check) == [
        (Kind.SAME_ADDRESS, "Eileen Farrow", "", Weight.SOME),
        (Kind.SAME_ADDRESS, "Bao Nguyen", "", Weight.SOME),
        (Kind.SAME_ADDRESS, "Bao Nguyen", "Eileen Farrow", Weight.LIGHT),
    ]


def test_the_same_device_weighs_little_from_elsewhere_and_more_from_the_same_place() -> None:
    check = make_awaiting_check()
    eileen, bao, _margit = check.references.in_order()
    for person, address in ((None, OFFICE), (eileen, HOME), (bao, OFFICE)):
        seen(check, person, address, LAPTOP)
    answer(eileen)
    answer(bao)
    assert found(check) == [
        (Kind.SAME_DEVICE, "Eileen Farrow", "", Weight.LIGHT),
        (Kind.SAME_DEVICE, "Bao Nguyen", "", Weight.SOME),
        (Kind.SAME_DEVICE, "Bao Nguyen", "Eileen Farrow", Weight.LIGHT),
    ]


def test_a_device_weighs_more_once_it_is_seen_in_the_same_place() -> None:
    check = make_awaiting_check()
    eileen, bao, _margit = check.references.in_order()
    seen(check, None, HOME, LAPTOP)
    seen(check, eileen, OFFICE, LAPTOP)
    answer(eileen)
    seen(check, None, OFFICE, LAPTOP)
    answer(bao)
    assert found(check) == [(Kind.SAME_DEVICE, "Eileen Farrow", "", Weight.SOME)]
    assert check.integrity_signals.get().detail == {"in_place": True}


def test_what_is_not_known_is_not_the_same() -> None:
    check = make_awaiting_check()
    seen(check, None, "", LAPTOP)
    seen(check, check.references.in_order()[0], "", PHONE)
    answer(check.references.in_order()[0])
    assert found(check) == []


def test_nothing_is_found_of_those_who_have_not_answered() -> None:
    check = make_awaiting_check()
    for person in (None, *check.references.in_order()[:2]):
        seen(check, person, OFFICE, LAPTOP)
    answer(check.references.in_order()[0])
    assert {signal[1] for signal in found(check)} == {"Eileen Farrow"}


def test_what_the_candidate_sends_last_is_found_on_completion() -> None:
    check = make_awaiting_check()
    first = check.references.in_order()[0]
    seen(check, first, OFFICE, LAPTOP)
    answer(first)
    seen(check, None, OFFICE, PHONE)
    assert found(check) == []
    check.complete(NOW)
    assert found(check) == [(Kind.SAME_ADDRESS, "Eileen Farrow", "", Weight.SOME)]
    assert not Visit.objects.exists()


def test_an_answer_on_the_telephone_tells_nothing_of_device_or_pace() -> None:
    check = make_awaiting_check()
    ruth, first = make_user(check.organization), check.references.in_order()[0]
    for person in (None, first):
        seen(check, person, OFFICE, LAPTOP)
    first.note_opening(NOW - timedelta(seconds=3))
    assert first.submit(answers_for(first), NOW, by=ruth)
    assert found(check) == []


# --- pace -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "is_fast"), [(16, True), (17, False), (0, True)])
def test_a_tenth_of_the_time_that_the_answers_take_is_too_fast(seconds: int, is_fast: bool) -> None:
    check = make_awaiting_check()  # two scales, a yes, a choice and a text: 165 seconds
    first = check.references.in_order()[0]
    first.note_opening(NOW - timedelta(seconds=seconds))
    answer(first)
    assert [signal[0] for signal in found(check)] == [Kind.FAST] * is_fast
    if is_fast:
        assert check.integrity_signals.get().detail == {"seconds": seconds, "minutes": 3}


def test_what_was_left_open_takes_no_time() -> None:
    check = make_awaiting_check()
    first = check.references.in_order()[0]
    first.note_opening(NOW - timedelta(seconds=10))
    answer(first, strength=Given())  # 90 seconds for the others
    assert found(check) == []


def test_with_averages_only_the_pace_does_not_tell_what_was_answered() -> None:
    template = make_template(make_organization(), confidentiality="averages")
    check = make_awaiting_check(template=template)
    everything, some, dates = check.references.in_order()
    dates.give_dates_only(NOW)
    for person in (everything, some, dates):
        person.note_opening(NOW - timedelta(seconds=1))
        answer(person, **({"strength": Given()} if person is some else {}))
    details = check.integrity_signals.order_by("reference").values_list("reference", "detail")
    assert list(details) == [(each.pk, {"seconds": 1, "minutes": 2}) for each in (everything, some)]


def test_without_an_opening_there_is_no_pace() -> None:
    check = make_awaiting_check()
    answer(check.references.in_order()[0])
    assert found(check) == []


# --- addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "email", "signal"),
    [
        (0, "eileen@gmail.com", (Kind.FREE_MAIL, Weight.LIGHT)),  # a manager
        (1, "bao@gmail.com", None),  # a colleague
        (1, "bao@mailinator.com", (Kind.THROWAWAY, Weight.HEAVY)),
        (0, "eileen@mailinator.com", (Kind.THROWAWAY, Weight.HEAVY)),
        (0, "eileen@solent.example", None),
        (0, "", None),
    ],
)
def test_addresses_are_noted_by_what_they_tell(place: int, email: str, signal: tuple[str, int] | None) -> None:
    check = make_awaiting_check()
    check.references.filter(position=place).update(email=email)
    answer(check.references.get(position=place))
    assert [(kind, weight) for kind, _who, _other, weight in found(check)] == ([signal] if signal else [])


# --- answers ----------------------------------------------------------------------------------------


def many_scales(count: int = 6, **fields: Any) -> Check:
    """Questions with so many scales, and one for words."""
    organization = make_organization()
    survey = make_survey(organization)
    survey.questions.all().delete()
    for number in range(count):
        text = f"How good is {{name}} at {number}?"
        scale = {"kind": Asked.SCALE, "competency": f"{number}", "labels": ["1", "2", "3", "4"], "text": text}
        survey.questions.create(position=number, key=f"s{number}", **scale)
    survey.questions.create(position=count, key="words", kind=Asked.TEXT, text="What else?", is_required=False)
    return make_awaiting_check(template=make_template(organization, ("any",) * 3, survey=survey, **fields))


def both_say(check: Check, one: Mapping[str, Given], other: Mapping[str, Given]) -> list[tuple[str, str, str, int]]:
    first, second, _third = check.references.in_order()
    answer(first, **one)
    answer(second, **other)
    return found(check)


def test_the_same_marks_and_words_are_noted_once_for_both() -> None:
    said = {"words": Given(text=WORDS)}
    check = many_scales()
    assert both_say(check, said, {"words": Given(text=f" {WORDS.upper()} ")}) == [
        (Kind.SAME_ANSWERS, "Bao Nguyen", "Eileen Farrow", Weight.HEAVY)
    ]
    assert check.integrity_signals.get().detail == {"scales": 6}


@pytest.mark.parametrize(
    ("count", "one", "other"),
    [
        (5, {"words": Given(text=WORDS)}, {"words": Given(text=WORDS)}),
        (6, {"words": Given(text=WORDS)}, {"words": Given(text=WORDS), "s0": Given(score=4)}),
        (6, {"words": Given(text=WORDS)}, {"words": Given(text="He is often late, but I would hire him again.")}),
        (6, {"words": Given(text=WORDS)}, {"words": Given()}),
        (6, {"words": Given(text="Nothing.")}, {"words": Given(text="Nothing.")}),
        (6, {"words": Given()}, {"words": Given()}),
    ],
    ids=["five scales", "another mark", "other words", "no words", "few words", "no words at all"],
)
def test_less_is_no_likeness(count: int, one: Mapping[str, Given], other: Mapping[str, Given]) -> None:
    assert both_say(many_scales(count), one, other) == []


def test_averages_only_tell_nothing_of_two_peoples_answers() -> None:
    said = {"words": Given(text=WORDS)}
    assert both_say(many_scales(confidentiality="averages"), said, said) == []


def test_likeness_goes_when_the_answers_are_changed_but_not_when_it_was_cleared() -> None:
    said = {"words": Given(text=WORDS)}
    check = many_scales()
    both_say(check, said, said)
    second = check.references.in_order()[1]
    second.change({"words": Given(text="Something else.")}, NOW)
    assert found(check) == []
    second.change({"words": Given(text=WORDS)}, NOW)
    check.integrity_signals.get().clear(make_user(check.organization), "One wrote for both.", NOW)
    second.change({"words": Given(text="Something else.")}, NOW)
    assert len(found(check)) == 1


def test_long_words_are_compared_quickly() -> None:
    said = {"words": Given(text="word " * 10_000)}
    assert len(both_say(many_scales(), said, said)) == 1


# --- nothing is stopped, and nothing is found twice -------------------------------------------------


def test_signals_stop_nothing_and_change_no_figure() -> None:
    clean, check = make_completed_check(), make_awaiting_check()
    check.references.update(email="x@mailinator.com", opened_at=NOW)
    for person in (None, *check.references.in_order()):
        seen(check, person, OFFICE, LAPTOP)
    for person in check.references.in_order():
        answer(person)
    check.refresh_from_db()
    assert len(found(check)) > 10
    assert check.status == "completed"
    assert clean.report_data
    assert check.report_data
    assert check.report_data["scales"][0]["figures"] == clean.report_data["scales"][0]["figures"]


def test_what_is_found_again_is_there_once_and_stays_cleared() -> None:
    check = make_awaiting_check()
    check.references.update(email="x@mailinator.com")
    answer(check.references.in_order()[0])
    signal = check.integrity_signals.get()
    signal.clear(make_user(check.organization), "A club of sailors.", NOW)
    answer(check.references.in_order()[1])
    check.complete(NOW)
    assert check.integrity_signals.count() == 2
    signal.refresh_from_db()
    assert signal.cleared_because == "A club of sailors."


# --- clearing ---------------------------------------------------------------------------------------


def with_a_signal(**fields: Any) -> tuple[Check, IntegritySignal]:
    check = make_awaiting_check(**fields)
    check.references.update(email="x@mailinator.com")
    answer(check.references.in_order()[0])
    return check, check.integrity_signals.get()


def address(signal: IntegritySignal) -> str:
    return reverse("clear-signal", args=[signal.for_check.public_id, signal.pk])


def browser(check: Check, role: str = Role.TEAM_MEMBER, **fields: Any) -> Client:
    client = Client()
    client.force_login(make_user(check.organization, role, **fields), backend="accounts.backends.RoleBackend")
    return client


def test_a_reader_clears_it_with_a_reason_that_stays_with_name_and_time() -> None:
    check, signal = with_a_signal()
    answered = browser(check, name="Jonas Keller").post(
        address(signal), {"because": "He <called> us from work."}, follow=True
    )
    signal.refresh_from_db()
    assert (str(signal.cleared_by), signal.cleared_because) == ("Jonas Keller", "He <called> us from work.")
    assert signal.cleared_at is not None
    assert "Your name and your reason stand beside it." in answered.text
    assert "He &lt;called&gt; us from work." in answered.text
    last = lines(check)[-1]
    assert (last.words, last.note) == (
        "Jonas Keller cleared a signal about Eileen Farrow",
        "“He <called> us from work.”",
    )


def test_a_person_is_not_told_what_was_found_out_about_another() -> None:
    check = make_awaiting_check()
    eileen, bao, _margit = check.references.in_order()
    for person, device in ((None, PHONE), (eileen, LAPTOP), (bao, "3" * 64)):
        seen(check, person, OFFICE, device)
    answer(eileen)
    answer(bao)
    for signal in check.integrity_signals.all():
        signal.clear(make_user(check.organization), "They share a house.", NOW)
    told = [str(held.about(person)) for person in (check, eileen, bao)]
    assert all("Somebody has looked into it since." in text for text in told)
    assert not [text for text in told if "They share a house." in text]


def test_what_was_found_out_about_one_person_is_told_to_them() -> None:
    check, signal = with_a_signal()
    signal.clear(make_user(check.organization), "A club of sailors.", NOW)
    assert "A club of sailors." in str(held.about(signal.reference))


def test_the_name_stays_when_the_account_goes() -> None:
    check, signal = with_a_signal()
    user = make_user(check.organization, name="Jonas Keller")
    signal.clear(user, "Known.", NOW)
    user.delete()
    signal.refresh_from_db()
    assert (signal.cleared_by, signal.detail["cleared_by"]) == (None, "Jonas Keller")


def test_it_is_cleared_once() -> None:
    check, signal = with_a_signal()
    assert signal.clear(make_user(check.organization), "First.", NOW)
    assert not IntegritySignal.objects.get(pk=signal.pk).clear(make_user(check.organization), "Second.", NOW)
    answered = browser(check).post(address(signal), {"because": "Third."}, follow=True)
    assert "It was cleared before." in answered.text
    assert IntegritySignal.objects.get(pk=signal.pk).cleared_because == "First."
    assert check.events.filter(kind="cleared").count() == 1


@pytest.mark.parametrize("because", ["", "   ", "x" * 501])
def test_without_a_reason_it_stays(because: str) -> None:
    check, signal = with_a_signal()
    answered = browser(check).post(address(signal), {"because": because})
    assert answered.status_code == 200
    assert 'class="notice bad"' in answered.text
    assert not IntegritySignal.objects.get(pk=signal.pk).cleared_at


def test_looking_at_the_page_clears_nothing() -> None:
    check, signal = with_a_signal()
    page = browser(check).get(address(signal))
    assert "mailinator.com" in page.text
    assert not IntegritySignal.objects.get(pk=signal.pk).cleared_at


def test_only_those_who_read_the_report_and_may_change_the_check_can_clear() -> None:
    check, signal = with_a_signal(owner_email="lina@northmoor.example")
    stranger = make_awaiting_check()
    limited = browser(check, Role.LIMITED, email="lina@northmoor.example")
    assert limited.post(address(signal), {"because": "Mine."}).status_code == 403
    assert browser(stranger).post(address(signal), {"because": "Ours."}).status_code == 404
    assert Client().post(address(signal), {"because": "No."}).status_code == 302
    Check.objects.filter(pk=check.pk).update(is_private=True)
    assert browser(check).post(address(signal), {"because": "Private."}).status_code == 403
    assert not IntegritySignal.objects.get(pk=signal.pk).cleared_at


def test_a_signal_of_another_check_is_not_there() -> None:
    (check, _ours), (_check, theirs) = with_a_signal(), with_a_signal()
    url = reverse("clear-signal", args=[check.public_id, theirs.pk])
    assert browser(check).post(url, {"because": "No."}).status_code == 404


def test_why_it_was_cleared_is_for_the_readers_of_a_private_report_on_the_desk_too() -> None:
    check, signal = with_a_signal()
    admin = make_user(check.organization, Role.ADMIN)
    signal.clear(admin, "He called us from work.", NOW)
    desk = reverse("admin:checks_check_change", args=[check.pk])
    assert "He called us from work." in browser(check).get(desk).text
    make_private(check, NOW, admin)
    assert "He called us from work." not in browser(check).get(desk).text
