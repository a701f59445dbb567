"""Every line of the doctor, seen well, and seen amber or red for its own reason."""

import time
from datetime import timedelta
from typing import Any

import pytest
import requests
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.doctor import examination
from integrations.doctor.examination import QUESTIONS, Own, asked_line, own_line, whole
from integrations.doctor.lines import Level, Line
from integrations.doctor.verdict import how_many_are_well, verdict
from integrations.lever.permissions import PROBES
from integrations.listed_hooks import EVENTS
from integrations.models import CallBudget, Connection, Decision, Heartbeat, Refusal
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import SandboxServer
from notifications.models import Message
from templates_app.models import ReferenceTemplate
from tests.factories import TOKEN, make_connection
from tests.integrations.ailments import (
    BROKEN,
    CASES,
    DAY,
    HOUR,
    LOOK,
    OPEN,
    WELL,
    Sick,
    came,
    fault,
    found,
    given_up,
    key,
    never_heard,
    refused,
    set_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(connection: Connection, lever: SandboxServer) -> Connection:
    """In perfect health: connected, heard from at each address, with a default template and a worker."""
    for webhook, event in EVENTS.items():
        lever.world.add_webhook(event.name, connection.webhook_url(webhook), f"{TOKEN}-{webhook}")
        came(connection, webhook, timezone.now() - HOUR, event=event.name, decision=Decision.OTHER_STAGE)
    ReferenceTemplate.objects.update(is_default=True)
    Heartbeat.beat(timezone.now())
    set_to(attaches_pdf=True)(connection, lever)
    return connection


def line(connection: Connection, name: str) -> Line:
    question = QUESTIONS[name]
    if isinstance(question, Own):
        return own_line(question, connection, timezone.now())
    return asked_line(question, connection)


def test_the_table_of_cases_names_every_line() -> None:
    """All but those that are only ever left open are seen amber or red."""
    assert {name for name, _sick, level, _words in CASES if level in (LOOK, BROKEN)} == set(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_is_well(patient: Connection, name: str) -> None:
    seen = line(patient, name)
    assert (seen.level, seen.finding.remedy) == (WELL, None), seen


@pytest.mark.parametrize(("name", "sick", "level", "words"), CASES, ids=[f"{n}-{w}" for n, _s, _l, w in CASES])
def test_it_says_what_is_amiss(
    patient: Connection, lever: SandboxServer, name: str, sick: Sick, level: Level, words: str
) -> None:
    sick(patient, lever)
    seen = line(patient, name)
    assert seen.level == level, seen
    assert words in seen.finding.sentence


@pytest.mark.parametrize(("name", "sick", "level", "words"), CASES, ids=[f"{n}-{w}" for n, _s, _l, w in CASES])
def test_nothing_else_turns_red_with_it_that_does_not_hang_on_it(
    patient: Connection, lever: SandboxServer, name: str, sick: Sick, level: Level, words: str
) -> None:
    """Our own lines: each tells of its own trouble alone."""
    sick(patient, lever)
    own = [line(patient, each) for each, question in QUESTIONS.items() if isinstance(question, Own)]
    red = {each.name for each in own if each.level == BROKEN}
    assert red <= {name, "failures"}


def test_a_line_that_hangs_is_given_up_in_time(patient: Connection, lever: SandboxServer) -> None:
    lever.faults.add(Fault("hang", seconds=30))
    started = time.monotonic()
    seen = asked_line(examination.KEY, patient, (0.3, 0.3))
    assert seen.level == BROKEN
    assert time.monotonic() - started < 3


def test_a_wrong_key_is_red_on_one_line_and_nowhere_else(patient: Connection, lever: SandboxServer) -> None:
    patient.api_key = "wrong"
    seen = [each for _part, lines in whole(patient, timezone.now()) for each in lines]
    assert [each.name for each in seen if each.level in (BROKEN, LOOK)] == ["key"]
    assert {each.finding.sentence for each in seen if each.level == OPEN} == {"Not asked: the key comes first."}


def test_without_a_key_lever_is_not_called(patient: Connection, lever: SandboxServer) -> None:
    patient.api_key = ""
    assert [each.level for _part, lines in whole(patient, timezone.now()) for each in lines].count(BROKEN) == 1
    assert not lever.calls.last()


@pytest.mark.parametrize("sick", [fault("hang", seconds=30), fault("reset")])
def test_a_dead_lever_holds_the_whole_up_for_a_moment(patient: Connection, lever: SandboxServer, sick: Sick) -> None:
    sick(patient, lever)
    started = time.monotonic()
    seen = [each for _part, lines in whole(patient, timezone.now(), within=2) for each in lines]
    assert time.monotonic() - started < 4
    assert {each.finding.sentence for each in seen if each.level == OPEN} == {
        "Not asked: Lever did not answer a moment ago."
    }
    assert [each.name for each in seen if each.level == BROKEN] == ["key"]


def test_a_slow_lever_ends_in_time_too(patient: Connection, lever: SandboxServer) -> None:
    lever.faults.add(Fault("hang", times=99, seconds=0.4))
    started = time.monotonic()
    list(whole(patient, timezone.now(), within=2))
    assert time.monotonic() - started < 5


def test_once_lever_answers_again_all_lines_are_asked_again(patient: Connection, lever: SandboxServer) -> None:
    lever.faults.add(Fault("reset"))
    assert line(patient, "stages").level == LOOK
    assert line(patient, "stages").finding.sentence == "Not asked: Lever did not answer a moment ago."
    assert line(patient, "key").level == WELL
    assert line(patient, "stages").level == WELL


def test_lever_is_the_same_before_and_after(patient: Connection, lever: SandboxServer) -> None:
    """Nothing is changed by looking, whatever the key may do; and no call that writes has an effect to speak of."""
    lever.world.add_person("Marcus Webb", emails=["marcus@post.example"])
    before = state_of(lever)
    list(whole(patient, timezone.now()))
    assert state_of(lever) == before
    writes = [call for call in lever.calls.last() if call.method != "GET"]
    assert {call.status for call in writes} == {400, 404}
    assert len(writes) == sum(probe.method != "GET" for probe in PROBES.values())


def state_of(lever: SandboxServer) -> Any:
    """All that the practice Lever knows, but for the calls that were made."""
    shown = requests.get(f"{lever.url}/sandbox/state", timeout=5).json()
    return {name: part for name, part in shown.items() if name != "calls"}


def test_a_look_needs_no_more_calls_than_a_burst(patient: Connection, lever: SandboxServer) -> None:
    set_to(attaches_pdf=False)(patient, lever)  # or else it is one more, which waits for a tenth of a second
    list(whole(patient, timezone.now()))
    assert len(lever.calls.last()) <= CallBudget.BURST


def test_it_remembers_whether_the_key_sees_confidential_jobs(patient: Connection, lever: SandboxServer) -> None:
    line(patient, "confidential")
    assert Connection.objects.get(pk=patient.pk).sees_confidential is True
    key(confidential=False)(patient, lever)
    line(patient, "confidential")
    assert Connection.objects.get(pk=patient.pk).sees_confidential is False


def test_what_an_old_key_saw_is_not_said_of_a_new_one(patient: Connection) -> None:
    Connection.objects.filter(pk=patient.pk).update(key_digest="another")
    line(patient, "confidential")
    assert Connection.objects.get(pk=patient.pk).sees_confidential is None


def test_the_key_tells_whose_account_answers(patient: Connection) -> None:
    assert line(patient, "key").finding.sentence == "Accepted by Lever. The account of northmoor.example answers."


def test_another_connection_with_the_same_key_is_not_named(patient: Connection) -> None:
    other = make_connection(api_key=patient.api_key)
    assert other.organization.name not in line(patient, "same-key").finding.sentence


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_line_tells_a_secret(patient: Connection, lever: SandboxServer, name: str) -> None:
    set_to(api_key="a-key-that-nobody-may-see")(patient, lever)
    sentence = line(patient, name).finding.sentence
    assert patient.api_key not in sentence
    assert TOKEN not in sentence


def test_levers_own_test_is_heard(patient: Connection) -> None:
    came(patient, "hired", event="candidateHired", decision=Decision.TEST)
    assert "Lever’s own test arrived" in line(patient, "hired").finding.sentence


@pytest.mark.parametrize("source", ["test", "found", "desk"])
def test_what_lever_did_not_send_is_not_heard_from_it(patient: Connection, source: str) -> None:
    never_heard("stage-change")(patient, None)
    came(patient, source=source, event="vouch.test", decision=Decision.TEST)
    assert "Nothing has come yet" in line(patient, "stage-change").finding.sentence


def test_a_test_of_ours_that_nobody_has_read_is_not_taken_for_levers(patient: Connection) -> None:
    never_heard("stage-change")(patient, None)
    came(patient, state="waiting", event="")
    assert "Nothing has come yet" in line(patient, "stage-change").finding.sentence


def test_a_good_event_after_a_refusal_makes_well_again(patient: Connection, lever: SandboxServer) -> None:
    refused("hired")(patient, lever)
    came(patient, "hired", timezone.now() + timedelta(seconds=1), event="candidateHired")
    assert line(patient, "hired").level == WELL


def test_refusals_from_before_the_last_good_one_are_not_counted_again(patient: Connection) -> None:
    Refusal.objects.create(
        connection=patient, webhook="hired", count=9, first_at=timezone.now() - DAY, last_at=timezone.now()
    )
    assert "The last request was refused a moment ago." in line(patient, "hired").finding.sentence


def test_an_arrival_found_just_now_is_no_sign_yet(patient: Connection) -> None:
    found(patient, 0.01, 0.02)
    assert line(patient, "stage-change").level == WELL


def test_one_arrival_is_enough_where_lever_was_never_heard(patient: Connection) -> None:
    never_heard("stage-change")(patient, None)
    found(patient, 0.5)
    assert line(patient, "stage-change").level == BROKEN


def test_who_is_found_before_lever_speaks_again_is_forgotten(patient: Connection) -> None:
    found(patient, 2, 0.5)
    came(patient)
    assert line(patient, "stage-change").level == WELL


def test_a_test_in_between_does_not_hide_failures_in_a_row(patient: Connection) -> None:
    given_up(3)(patient, None)
    came(patient, source="test", decision=Decision.TEST)
    given_up(2)(patient, None)
    assert line(patient, "failures").level == BROKEN


def test_the_rows_of_another_connection_change_nothing(patient: Connection) -> None:
    other = make_connection()
    given_up(5)(other, None)
    found(other, 3, 2, 1)
    came(other, at=timezone.now() - DAY, state="waiting")
    Refusal.objects.create(connection=other, webhook="hired", first_at=timezone.now(), last_at=timezone.now())
    Message.objects.update(state="failed")
    own = [each for each, question in QUESTIONS.items() if isinstance(question, Own)]
    assert {line(patient, each).level for each in own} == {WELL}


def test_our_own_lines_ask_the_database_a_fixed_number_of_times(patient: Connection) -> None:
    def asked() -> int:
        with CaptureQueriesContext(database) as captured:
            for question in QUESTIONS.values():
                if isinstance(question, Own):
                    own_line(question, patient, timezone.now())
        return len(captured)

    few = asked()
    given_up(20)(patient, None)
    found(patient, *range(1, 20))
    assert asked() <= few + 1  # one more, because candidates were found
    assert few < 40


VERDICTS = {
    (0, 0): "All is well",
    (1, 0): "One thing is broken",
    (2, 0): "Two things are broken",
    (0, 1): "One thing deserves a look",
    (0, 3): "Three things deserve a look",
    (1, 1): "One thing is broken, one deserves a look",
    (2, 12): "Two things are broken, 12 deserve a look",
}


@pytest.mark.parametrize(("broken", "look"), VERDICTS)
def test_the_verdict_is_a_sentence(broken: int, look: int) -> None:
    assert verdict({BROKEN: broken, LOOK: look}) == VERDICTS[broken, look]


def test_it_says_how_many_lines_are_well() -> None:
    said = [how_many_are_well({WELL: count}) for count in (0, 1, 8)]
    assert said == ["No line is well yet.", "One line is well.", "Eight lines are well."]
