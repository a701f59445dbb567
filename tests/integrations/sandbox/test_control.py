import pytest

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.integrations.sandbox.visitors import HIRED, TRIGGER, WITHDREW, Lever, Receiver, ask


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


@pytest.mark.parametrize(
    "setting", [{"colour": 1}, {"rate": "fast"}, {"retry_keeps_token": None}, {"deduped": "perhaps"}]
)
def test_a_setting_that_makes_no_sense_is_refused(sandbox: SandboxServer, setting: object) -> None:
    assert ask(sandbox, "POST", "/sandbox/settings", json=setting).status_code == 400


def test_a_key_is_revoked_from_outside(sandbox: SandboxServer, lever: Lever) -> None:
    ask(sandbox, "POST", "/sandbox/keys", json={"key": DEMO_API_KEY, "revoked": True})
    assert lever.get("/stages").status_code == 401


def test_another_process_makes_people_as_awkward_as_they_come(sandbox: SandboxServer) -> None:
    crew = {"email": "crew@solent.example", "apart": True, "sources": ["Vouch"], "headline": "Mate"}
    made = [ask(sandbox, "POST", "/sandbox/people", json=crew | {"name": name}).json() for name in ("Bao", "Eileen")]
    assert made[0]["contact"] != made[1]["contact"]
    assert (made[0]["sources"], made[0]["headline"]) == (["Vouch"], "Mate")
    gone = ask(sandbox, "POST", "/sandbox/anonymize", json={"opportunity": made[0]["id"]}).json()
    assert (gone["isAnonymized"], gone["emails"]) == (True, [])


def test_colleagues_leave_come_back_and_lose_their_address(sandbox: SandboxServer) -> None:
    left = ask(sandbox, "POST", "/sandbox/users", json={"user": "Ruth Adeyemi", "active": False, "email": ""}).json()
    assert (left["deactivatedAt"] is None, left["email"]) == (False, "")
    back = ask(sandbox, "POST", "/sandbox/users", json={"user": left["id"], "active": True}).json()
    assert back["deactivatedAt"] is None
    assert ask(sandbox, "POST", "/sandbox/users", json={"user": "Nobody"}).status_code == 404


def test_a_reason_is_retired_and_taken_away(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    lever.put(f"/opportunities/{marcus.id}/archived", {"reason": HIRED})
    ask(sandbox, "POST", "/sandbox/reasons", json={"reason": "Withdrew"})
    refused = lever.put(f"/opportunities/{marcus.id}/archived", {"reason": WITHDREW})
    assert (refused.status_code, refused.json()["message"]) == (400, f"archive_reasons {WITHDREW} is not active")
    ask(sandbox, "DELETE", "/sandbox/reasons", json={"reason": "Hired"})
    assert "Hired" not in {each["text"] for each in lever.get("/archive_reasons").json()["data"]}
    assert HIRED in ask(sandbox, "GET", f"/?person={marcus.id}").text


def test_a_job_is_closed_and_hidden(sandbox: SandboxServer) -> None:
    changes = {"posting": "Deckhand", "state": "closed", "confidentiality": "confidential"}
    shown = ask(sandbox, "POST", "/sandbox/postings", json=changes).json()
    assert (shown["state"], shown["confidentiality"]) == ("closed", "confidential")


def test_calls_are_added_up_by_kind_and_by_key(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.sandbox.rate, sandbox.sandbox.burst = 0.0, 1.0
    lever.get("/stages")
    lever.get("/stages")
    told = ask(sandbox, "GET", "/sandbox/calls").json()
    assert told["counts"] == {"GET v1/stages": 1, "GET unknown": 1}
    [tally] = told["keys"].values()
    assert (tally["calls"], tally["refused"], tally["counts"]) == (2, 1, told["counts"])
    assert tally["first"] <= tally["last"]


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
