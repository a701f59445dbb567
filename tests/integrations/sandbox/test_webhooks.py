import itertools

import pytest

from integrations.sandbox import cast
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.webhooks import sign
from tests.integrations.sandbox.visitors import HIRED, TRIGGER, WITHDREW, Lever, Receiver


def test_the_signature_is_lever_s() -> None:
    key = "0123456789abcdef0123456789abcdef0123456789abcdef"
    token = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a59687"
    signed = sign(key, token, 1767225661234)
    assert signed == "1ae10b39649902a76687d50761f5bcc603690286cb671e5319baac16c3727138"


def subscribe(sandbox: SandboxServer, receiver: Receiver, *events: str) -> None:
    for event in events:
        sandbox.world.add_webhook(event, receiver.url, token="the signature token")


def test_a_move_is_told_with_ids_and_no_names(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    left = marcus.stage.id
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    body = receiver.received[0]
    assert (body["event"], len(body["token"])) == ("candidateStageChange", 48)
    assert body["signature"] == sign("the signature token", body["token"], body["triggeredAt"])
    assert body["data"] == {
        "opportunityId": marcus.id,
        "candidateId": marcus.id,
        "contactId": marcus.contact.id,
        "toStageId": TRIGGER,
        "fromStageId": left,
    }
    assert receiver.headers[0]["User-Agent"] == "Lever-Webhooks"
    assert receiver.headers[0]["Content-Type"] == "application/json"


def test_a_move_to_the_same_stage_is_not_told(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    sandbox.world.move(marcus.id, marcus.stage.id)
    assert sandbox.sender.idle()
    assert receiver.received == []


def test_what_the_api_does_is_told_as_well(
    sandbox: SandboxServer, lever: Lever, receiver: Receiver, marcus: Opportunity
) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    lever.put(f"/opportunities/{marcus.id}/stage", {"stage": "offer"})
    assert sandbox.sender.idle()
    assert receiver.received[0]["data"]["toStageId"] == "offer"


def test_a_hire_is_told_twice(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateHired", "candidateArchiveChange")
    sandbox.world.archive(marcus.id, HIRED)
    assert sandbox.sender.idle()
    told = {body["event"]: body["data"] for body in receiver.received}
    assert set(told) == {"candidateHired", "candidateArchiveChange"}
    assert told["candidateArchiveChange"]["fromArchived"] is None
    assert told["candidateArchiveChange"]["toArchived"] == marcus.archived


def test_another_reason_is_no_hire_and_the_way_back_is_told(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity
) -> None:
    subscribe(sandbox, receiver, "candidateHired", "candidateArchiveChange")
    sandbox.world.archive(marcus.id, WITHDREW)
    assert sandbox.sender.idle()
    sandbox.world.place(marcus.id, marcus.stage.id)
    assert sandbox.sender.idle()
    assert [body["event"] for body in receiver.received] == ["candidateArchiveChange"] * 2
    assert receiver.received[1]["data"]["toArchived"] is None


def test_a_deletion_is_told(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateDeleted")
    sandbox.world.delete(marcus.id)
    assert sandbox.sender.idle()
    assert receiver.received[0]["data"]["opportunityId"] == marcus.id


def test_an_application_is_told(sandbox: SandboxServer, receiver: Receiver) -> None:
    subscribe(sandbox, receiver, "applicationCreated", "contactCreated")
    made = sandbox.world.add_person("Sol Varga", posting=cast.id_of("posting", "Deckhand"))
    assert sandbox.sender.idle()
    assert made.application
    told = {body["event"]: body["data"] for body in receiver.received}
    assert told["applicationCreated"]["applicationId"] == made.application.id
    assert told["contactCreated"] == {"contactId": made.contact.id}


def test_a_webhook_may_want_only_some_origins(
    sandbox: SandboxServer, lever: Lever, receiver: Receiver, marcus: Opportunity
) -> None:
    wanted = {"configuration": {"conditions": {"origins": ["referred"]}}}
    lever.post("/webhooks", {"event": "candidateStageChange", "url": receiver.url} | wanted, by=None)
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert receiver.received == []
    marcus.origin = "referred"
    sandbox.world.move(marcus.id, "offer")
    assert sandbox.sender.idle()
    assert len(receiver.received) == 1


def test_every_second_event_has_an_id(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    for stage in (TRIGGER, "offer"):
        sandbox.world.move(marcus.id, stage)
        assert sandbox.sender.idle()
    assert ["id" in body for body in receiver.received] == [False, True]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_anything_but_success_is_tried_again(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity, status: int
) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    receiver.answers = [status, status, 204]
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert [(each.attempt, each.status) for each in sandbox.sender.attempts()] == [
        (1, status),
        (2, status),
        (3, 204),
    ]


def test_it_gives_up_after_five_more_tries_each_after_a_longer_wait(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity
) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    sandbox.sender.retry_wait = 0.02
    receiver.answers = [500] * 10
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    times = [each.at for each in sandbox.sender.attempts()]
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(waits) == 5
    assert all(wait >= 20 * 2**number - 3 for number, wait in enumerate(waits))


def test_a_retry_repeats_its_token(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    receiver.answers = [500]
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert receiver.received[0] == receiver.received[1]


def test_a_retry_can_have_a_fresh_token(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    sandbox.sender.retry_keeps_token = False
    receiver.answers = [500]
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    first, second = receiver.received
    assert first["token"] != second["token"]
    assert first["data"] == second["data"]
    assert second["signature"] == sign("the signature token", second["token"], second["triggeredAt"])


def test_nobody_listening_is_a_failure_with_a_reason(sandbox: SandboxServer, marcus: Opportunity) -> None:
    sandbox.world.add_webhook("candidateStageChange", "http://127.0.0.1:9/")
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    attempts = sandbox.sender.attempts()
    assert [(each.status, each.error) for each in attempts] == [(None, "ConnectionError")] * 6


def test_a_test_request_is_signed_and_empty_and_tried_once(sandbox: SandboxServer, receiver: Receiver) -> None:
    subscribe(sandbox, receiver, "candidateHired")
    receiver.answers = [403]
    attempt = sandbox.sender.verify(next(iter(sandbox.world.webhooks.values())))
    body = receiver.received[0]
    assert (attempt.status, attempt.succeeded, len(receiver.received)) == (403, False, 1)
    assert (body["event"], body["data"]) == ("candidateHired", {})
    assert body["signature"] == sign("the signature token", body["token"], body["triggeredAt"])


def test_a_webhook_can_be_lost(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    sandbox.faults.add(Fault("drop_webhook"))
    sandbox.world.move(marcus.id, TRIGGER)
    sandbox.world.move(marcus.id, "offer")
    assert sandbox.sender.idle()
    assert [body["data"]["toStageId"] for body in receiver.received] == ["offer"]


def test_a_webhook_can_come_twice(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    subscribe(sandbox, receiver, "candidateStageChange")
    sandbox.faults.add(Fault("duplicate_webhook", path="StageChange"))
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert len(receiver.received) == 2
    assert receiver.received[0] == receiver.received[1]
