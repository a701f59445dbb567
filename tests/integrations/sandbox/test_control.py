import pytest

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.integrations.sandbox.visitors import HIRED, TRIGGER, Lever, Receiver, ask


def test_the_state_shows_everything(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    lever.get(f"/opportunities/{marcus.id}")
    lever.get(f"/opportunities/{marcus.id}")
    state = ask(sandbox, "GET", "/sandbox/state").json()
    shown = next(each for each in state["opportunities"] if each["id"] == marcus.id)
    assert shown["notes"][0]["fields"][0]["value"].startswith("Calm on the bridge")
    assert state["calls"]["counts"] == {"GET v1/opportunities/<opportunity_id>": 2}
    assert state["calls"]["latest"][0]["path"] == f"/v1/opportunities/{marcus.id}"


def test_another_process_asks_for_faults_and_takes_them_back(sandbox: SandboxServer, lever: Lever) -> None:
    fault = {"kind": "status", "status": 503, "times": 5, "path": "/stages", "method": "GET"}
    assert ask(sandbox, "POST", "/sandbox/faults", json=fault).status_code == 200
    assert lever.get("/stages").status_code == 503
    assert ask(sandbox, "GET", "/sandbox/faults").json()["faults"][0]["times"] == 4
    ask(sandbox, "DELETE", "/sandbox/faults")
    assert lever.get("/stages").status_code == 200


@pytest.mark.parametrize("fault", [{"kind": "x"}, {"kind": "html", "path": "("}, {"sort": "html"}, {}])
def test_a_fault_that_makes_no_sense_is_refused(sandbox: SandboxServer, fault: object) -> None:
    assert ask(sandbox, "POST", "/sandbox/faults", json=fault).status_code == 400


def test_another_process_moves_people_by_id_or_name(sandbox: SandboxServer, marcus: Opportunity) -> None:
    for target, stage in (("Reference check", TRIGGER), ("offer", "offer")):
        moved = ask(sandbox, "POST", "/sandbox/move", json={"opportunity": marcus.id, "to": target}).json()
        assert moved["stage"] == stage
    hired = ask(sandbox, "POST", "/sandbox/move", json={"opportunity": marcus.id, "to": "Hired"}).json()
    assert hired["archived"]["reason"] == HIRED


def test_another_process_adds_and_deletes_people(sandbox: SandboxServer) -> None:
    body = {"name": "Sol Varga", "email": "sol@post.example", "posting": "Deckhand", "stage": "Offer"}
    made = ask(sandbox, "POST", "/sandbox/people", json=body).json()
    assert (made["stage"], made["tags"][0], made["emails"]) == ("offer", "Deckhand", ["sol@post.example"])
    assert ask(sandbox, "POST", "/sandbox/delete", json={"opportunity": made["id"]}).status_code == 200
    assert made["id"] not in sandbox.world.opportunities


@pytest.mark.parametrize("path", ["/sandbox/move", "/sandbox/delete", "/sandbox/nothing"])
def test_what_is_unknown_is_not_found(sandbox: SandboxServer, path: str) -> None:
    answer = ask(sandbox, "POST", path, json={"opportunity": "nobody", "to": "offer"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "ResourceNotFound"


def test_a_webhook_is_registered_by_hand_with_a_token_of_one_s_own(sandbox: SandboxServer, receiver: Receiver) -> None:
    body = {"event": "candidateHired", "url": receiver.url, "signatureToken": "chosen"}
    made = ask(sandbox, "POST", "/sandbox/webhooks", json=body)
    assert (made.status_code, made.json()["configuration"]["signatureToken"]) == (201, "chosen")
    tested = ask(sandbox, "POST", f"/sandbox/webhooks/{made.json()['id']}/verify")
    assert tested.json()["status"] == 200
    assert len(receiver.received) == 1
    assert ask(sandbox, "POST", "/sandbox/webhooks", json={"event": "none"}).status_code == 400


def test_settings_are_turned_from_outside(sandbox: SandboxServer) -> None:
    turned = {
        "retry_keeps_token": False,
        "retry_wait": 0.5,
        "perform_as_required": False,
        "retry_after": None,
    }
    shown = ask(sandbox, "POST", "/sandbox/settings", json=turned).json()
    assert shown.items() >= turned.items()
    assert (sandbox.sender.retry_keeps_token, sandbox.sandbox.perform_as_required) == (False, False)


@pytest.mark.parametrize("setting", [{"colour": 1}, {"rate": "fast"}, {"retry_keeps_token": None}])
def test_a_setting_that_makes_no_sense_is_refused(sandbox: SandboxServer, setting: object) -> None:
    assert ask(sandbox, "POST", "/sandbox/settings", json=setting).status_code == 400


def test_a_key_is_revoked_from_outside(sandbox: SandboxServer, lever: Lever) -> None:
    ask(sandbox, "POST", "/sandbox/keys", json={"key": DEMO_API_KEY, "revoked": True})
    assert lever.get("/stages").status_code == 401


def test_a_reset_brings_new_people_and_keeps_webhooks(
    sandbox: SandboxServer, lever: Lever, receiver: Receiver, marcus: Opportunity
) -> None:
    sandbox.world.add_webhook("candidateDeleted", receiver.url)
    lever.get("/stages")
    ask(sandbox, "POST", "/sandbox/faults", json={"kind": "html"})
    assert ask(sandbox, "POST", "/sandbox/reset").status_code == 200
    state = ask(sandbox, "GET", "/sandbox/state").json()
    assert marcus.id not in {each["id"] for each in state["opportunities"]}
    assert len(state["opportunities"]) == 11
    assert len(state["webhooks"]) == 1
    assert (state["faults"], state["calls"]["counts"], receiver.received) == ([], {}, [])
