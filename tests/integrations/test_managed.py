"""The managed way: every step, in order, out of order, and what the first event does."""

from typing import Any

import pytest
from django.utils import timezone

from integrations import hand_over
from integrations.hints import OUR_TEST
from integrations.managed import CUSTOMERS, Step
from integrations.models import Connection, Delivery, StepTaken
from integrations.sandbox.cast import TRIGGER
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.factories import make_template
from tests.integrations.signing import payload
from tests.integrations.walk import STEPS, Walk, before, browser_of, notices, soup, words

pytestmark = pytest.mark.django_db


# --- the whole way ------------------------------------------------------------------------------------------


def test_from_the_request_to_the_first_check(walk: Walk, lever: SandboxServer, marcus: Any) -> None:
    make_template(walk.organization, ats_tag="deck-officer")
    walk.to(Step.ADDRESS)
    assert walk.connection.status == "incomplete"
    walk.hear(payload("candidateStageChange", opportunityId=marcus.id, toStageId=marcus.stage.id))
    assert walk.connection.is_active
    assert walk.organization.checks.get().candidate_name == "Marcus Webb"


def test_each_step_is_dated_and_has_its_person(walk: Walk) -> None:
    walk.to(Step.ACTIVATE)
    by = dict(StepTaken.objects.values_list("step", "by__name"))
    assert by == {step: "Ruth Adeyemi" if step in CUSTOMERS else "Olu Bright" for step in STEPS}
    lines = [words(line) for line in walk.steps().select(".steps > li")]
    assert all(line.startswith("Done:") and " on " in line for line in lines)


def test_a_stage_is_stored_as_it_was_named_until_there_is_a_key(walk: Walk) -> None:
    walk.to(Step.STAGE, stage="  reference   CHECK ")
    assert (walk.connection.stage_name, walk.connection.stage_id) == ("reference CHECK", "")
    walk.take(Step.ENABLE)
    walk.take(Step.SETTINGS)
    assert (walk.connection.stage_name, walk.connection.stage_id != "") == (TRIGGER, True)


def test_a_stage_may_be_named_by_its_id(walk: Walk) -> None:
    walk.to(Step.SETTINGS, stage="lead-new")
    assert (walk.connection.stage_id, walk.connection.stage_name) == ("lead-new", "New lead")


def test_a_stage_that_the_account_lacks_is_said_with_those_it_has(walk: Walk) -> None:
    walk.to(Step.SETTINGS, stage="Referees")
    assert walk.connection.stage_id == ""
    assert "no stage “Referees”. It has: New lead, " in words(walk.steps())


def test_without_a_stage_nobody_activates(walk: Walk) -> None:
    walk.to(Step.ADDRESS, stage="Referees")
    page = walk.take(Step.ACTIVATE)
    assert notices(page) == ["Not yet. Still missing: The stage that starts checks."]
    assert (walk.standing[-1], walk.connection.status) == (Step.ADDRESS, "incomplete")


def test_where_a_key_is_known_the_stage_must_be_the_accounts(walk: Walk) -> None:
    Connection.objects.create(organization=walk.organization, api_key=DEMO_API_KEY)
    walk.take(Step.REQUEST)
    page = walk.take(Step.STAGE, stage="Referees")
    assert "The Lever account has no stage “Referees”. It has: New lead, " in notices(page)[0]
    assert walk.standing == [Step.REQUEST]
    walk.take(Step.STAGE, stage=TRIGGER.upper())
    assert (walk.connection.stage_name, walk.standing[-1]) == (TRIGGER, Step.STAGE)


def test_a_stage_without_words_is_not_stored(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    assert notices(walk.take(Step.STAGE, stage="  ")) == ["Write the stage as the customer names it."]
    assert walk.standing == [Step.REQUEST]


def test_vouch_writes_as_whoever_saved_the_key(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    assert walk.connection.perform_as_name == "Ruth Adeyemi"
    assert "writes in Lever as Ruth Adeyemi, who saved them" in words(walk.steps())


def test_whoever_is_no_user_of_the_account_is_said_to_be_none(walk: Walk) -> None:
    walk.ruth.email = "ruth@elsewhere.example"
    walk.ruth.save()
    walk.to(Step.ADDRESS)
    assert "is no user of that Lever account, so nobody is chosen yet" in words(walk.steps())
    assert notices(walk.take(Step.ACTIVATE)) == ["Not yet. Still missing: Whom Vouch writes as."]


# --- order --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [None, *STEPS])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_after_the_one_before_it_and_no_sooner(walk: Walk, standing: str | None, step: str) -> None:
    Connection.objects.create(organization=walk.organization)
    if standing:
        walk.to(standing)
    taken = walk.standing
    page = walk.take(step)
    if before(step) == standing:
        assert walk.standing == [*taken, step]
    elif step in taken:
        assert walk.standing == taken
    else:
        first = Step(STEPS[len(taken)]).label
        assert (walk.standing, notices(page)[0]) == (taken, f"Not yet. What comes first: {first}.")


@pytest.mark.parametrize("step", STEPS)
def test_the_last_step_is_taken_back_and_stays_on_record(walk: Walk, step: str) -> None:
    walk.to(step)
    page = walk.take_back(step)
    assert walk.standing == STEPS[: STEPS.index(step)]
    row = StepTaken.objects.get(step=step)
    assert (row.undone_by, row.undone_at is not None) == (walk.operator, True)
    assert f"Taken back: {Step(step).label}." in notices(page)
    assert "Taken back by Olu Bright." in words(walk.steps().select_one("details"))


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_step_stays_while_a_later_one_stands(walk: Walk, step: str) -> None:
    walk.to(Step.ACTIVATE)
    page = walk.take_back(step)
    assert walk.standing == STEPS
    assert notices(page)[0] == f"Not yet. Take this back first: {Step.ACTIVATE.label}."


@pytest.mark.parametrize("step", STEPS)
def test_what_was_taken_back_is_taken_and_mailed_anew(walk: Walk, step: str) -> None:
    walk.to(step)
    mails = len(walk.mails(step))
    walk.take_back(step)
    walk.take(step)
    assert walk.standing[-1] == step
    assert len(walk.mails(step)) == 2 * mails


def test_a_step_taken_twice_is_one_step_and_one_mail(walk: Walk) -> None:
    walk.to(Step.ENABLE)
    page = walk.take(Step.ENABLE)
    assert notices(page) == ["Nothing was changed: things have moved on since the page was shown."]
    assert (StepTaken.objects.filter(step=Step.ENABLE).count(), len(walk.mails("enable"))) == (1, 1)


def test_a_step_that_never_was_is_not_taken_back(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    assert "Nothing was changed" in notices(walk.take_back(Step.STAGE))[0]


def test_looking_at_what_taking_back_does_changes_nothing(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    page = soup(browser_of(walk.operator).get(walk.url("step_back", Step.SETTINGS)))
    assert "are erased here" in words(page)
    assert page.select_one(".button.danger.sure") is not None
    assert (walk.standing[-1], walk.connection.api_key) == (Step.SETTINGS, DEMO_API_KEY)


# --- the first event ----------------------------------------------------------------------------------------


def test_a_verified_webhook_is_a_first_event(walk: Walk) -> None:
    walk.to(Step.ADDRESS)
    walk.hear(payload("ping"))
    row = StepTaken.objects.get(step=Step.ACTIVATE)
    assert (row.by, walk.connection.is_active) == (None, True)
    assert "By the first event from Lever" in words(walk.steps())
    assert [mail.reply_to for mail in walk.mails("activate")] == [walk.operator.email]


def test_before_the_address_is_handed_out_no_event_activates(walk: Walk) -> None:
    walk.to(Step.SETTINGS)
    walk.hear(payload("ping"))
    assert (walk.standing[-1], walk.connection.status) == (Step.SETTINGS, "incomplete")


def test_while_something_is_missing_no_event_activates(walk: Walk) -> None:
    walk.to(Step.ADDRESS, stage="Referees")
    walk.hear(payload("ping"))
    assert (walk.standing[-1], walk.connection.status) == (Step.ADDRESS, "incomplete")


def test_what_vouch_sends_itself_as_a_test_activates_nothing(walk: Walk) -> None:
    walk.to(Step.ADDRESS)
    walk.hear({"event": OUR_TEST, "data": {}})
    assert Delivery.objects.get().source == Delivery.Source.TEST
    assert (walk.standing[-1], walk.connection.status) == (Step.ADDRESS, "incomplete")


def test_in_self_service_no_event_activates(walk: Walk, settings: Any) -> None:
    walk.to(Step.ADDRESS)
    settings.CONNECTION_MODE = "self-service"
    walk.hear(payload("ping"))
    assert walk.connection.status == "incomplete"


def test_an_event_that_another_worker_was_faster_with_is_not_lost(walk: Walk) -> None:
    walk.to(Step.ADDRESS)
    at_the_worker = walk.connection
    hand_over.note_first_event(walk.connection, timezone.now())
    hand_over.note_first_event(at_the_worker, timezone.now())
    assert at_the_worker.is_active
    assert StepTaken.objects.filter(step=Step.ACTIVATE).count() == 1
