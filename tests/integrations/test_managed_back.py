"""The managed way, backwards: what taking a step back undoes, and two people at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from integrations import hand_over
from integrations.managed import OutOfOrder, Step
from integrations.models import Connection
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.world import DEMO_API_KEY
from tests.integrations.signing import payload
from tests.integrations.walk import Walk, browser_of, buttons, notices

pytestmark = pytest.mark.django_db


# --- what taking back undoes --------------------------------------------------------------------------------


def test_taking_back_the_settings_erases_key_and_token(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    walk.take_back(Step.SETTINGS)
    connection = walk.connection
    assert (connection.api_key, connection.key_digest, connection.perform_as_id, connection.offer) == ("", "", "", {})
    assert not connection.webhook_tokens.exists()
    assert (connection.stage_name, connection.stage_id) == (TRIGGER, "")


def test_taking_back_the_stage_empties_it(walk: Walk) -> None:
    walk.to(Step.STAGE)
    walk.take_back(Step.STAGE)
    assert (walk.connection.stage_name, walk.connection.stage_id) == ("", "")


def test_taking_back_the_enabling_takes_the_button_away(walk: Walk) -> None:
    walk.to(Step.ENABLE)
    assert buttons(walk.tile()) == ["Settings"]
    walk.take_back(Step.ENABLE)
    assert buttons(walk.tile()) == []


def test_taking_back_the_last_step_switches_off_and_no_event_switches_on(walk: Walk) -> None:
    walk.to(Step.ACTIVATE)
    walk.take_back(Step.ACTIVATE)
    walk.hear(payload("candidateStageChange"))
    assert walk.connection.status == "disabled"
    walk.take(Step.ACTIVATE)
    assert walk.connection.is_active


def test_key_and_token_stay_while_webhooks_that_vouch_made_need_them(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    walk.connection.webhook_tokens.update(lever_id="a-webhook")
    assert "Disconnect: that removes them, too." in notices(walk.take_back(Step.SETTINGS))[0]
    assert walk.connection.api_key == DEMO_API_KEY


def test_a_mail_that_is_not_sent_yet_is_not_sent_when_its_step_is_taken_back(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    walk.take_back(Step.REQUEST, walk.ruth)
    assert [mail.state for mail in walk.mails("request")] == ["canceled"]


# --- two at once --------------------------------------------------------------------------------------------


def at_once(*deeds: Any) -> list[Any]:
    def run(deed: Any) -> Any:
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result() for each in [pool.submit(run, deed) for deed in deeds]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", ["managed", "self-service"])
def test_pressed_four_times_at_once_there_is_one_connection(walk: Walk, settings: Any, mode: str) -> None:
    settings.CONNECTION_MODE = mode
    page = "request" if mode == "managed" else "manage"
    codes = at_once(*[lambda: browser_of(walk.ruth).post(walk.url(page)).status_code] * 4)
    assert codes == [302] * 4
    assert Connection.objects.count() == 1
    assert (walk.standing, len(walk.mails("request"))) == (([Step.REQUEST], 1) if mode == "managed" else ([], 0))


@pytest.mark.django_db(transaction=True)
def test_a_step_and_its_taking_back_at_once_leave_no_gap(walk: Walk) -> None:
    walk.to(Step.STAGE)

    def enable() -> bool:
        return hand_over.take(walk.connection, Step.ENABLE, walk.operator, timezone.now())

    def empty() -> bool:
        try:
            return hand_over.take_back(walk.connection, Step.STAGE, walk.operator, timezone.now())
        except OutOfOrder:
            return False

    def ordered() -> bool:
        try:
            return enable()
        except OutOfOrder:
            return False

    assert sorted(at_once(ordered, empty)) == [False, True]
    assert walk.standing in ([Step.REQUEST], [Step.REQUEST, Step.STAGE, Step.ENABLE])


def test_a_step_whose_effect_fails_is_not_taken(walk: Walk) -> None:
    walk.to(Step.ADDRESS, stage="Referees")
    with pytest.raises(hand_over.Incomplete):
        hand_over.activate(walk.connection, walk.operator, timezone.now())
    assert walk.standing[-1] == Step.ADDRESS
    assert walk.mails("activate") == []
