"""`POST /opportunities`: what Lever makes of somebody new, and of somebody whom it knows."""

import pytest
import requests

from integrations.sandbox import cast
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import CONFIDENTIAL, Json
from integrations.sandbox.server import SandboxServer
from tests.integrations.sandbox.visitors import Lever

DECKHAND, FINANCE = (cast.id_of("posting", name) for name in ("Deckhand", "Finance Director"))
PIOTR = cast.id_of("user", "piotr@northmoor.example")  # left two months ago
SOL: Json = {"name": "Sol Varga", "emails": ["sol@post.example"]}


def message(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["message"]


def found(lever: Lever, email: str, **more: str) -> list[Json]:
    listed: list[Json] = lever.get("/opportunities", email=email, **more).json()["data"]
    return listed


def test_somebody_new_has_all_that_was_said_of_them(lever: Lever) -> None:
    phones, links = [{"type": "mobile", "value": "+47 991 99 042"}], ["https://vouch.example/p/1/"]
    body = SOL | {"phones": phones, "headline": "Second Mate, Solent Lines", "links": links, "sources": ["Vouch"]}
    answer = lever.post("/opportunities", body)
    [made] = found(lever, "sol@post.example")
    assert (answer.status_code, answer.json()["data"]["id"]) == (201, made["id"])
    assert (made["phones"], made["links"], made["headline"]) == (phones, links, "Second Mate, Solent Lines")
    assert (made["sources"], made["origin"], made["stage"]) == (["Vouch"], "sourced", "lead-new")
    assert made["owner"] == made["sourcedBy"] == cast.RUTH


def test_a_known_address_makes_another_opportunity_of_the_same_contact(lever: Lever, marcus: Opportunity) -> None:
    body = {"name": "M. Webb", "headline": "Captain", "emails": [" Marcus.Webb@POST.example"], "links": ["one.example"]}
    answer = lever.post("/opportunities", body).json()
    made = answer["data"]
    assert (answer["deduped"], made["contact"], made["name"]) == (True, marcus.contact.id, "Marcus Webb")
    assert (made["headline"], made["links"]) == ("Second Officer, Solent Lines", ["one.example"])
    assert marcus.contact.emails == ["marcus.webb@post.example"]


def test_a_known_contact_can_be_named_and_gets_what_is_new(lever: Lever, marcus: Opportunity) -> None:
    made = lever.post("/opportunities", {"contact": marcus.contact.id, "emails": ["m@webb.example"]}).json()
    assert made["data"]["name"] == "Marcus Webb"
    assert marcus.contact.emails == ["marcus.webb@post.example", "m@webb.example"]
    assert len(found(lever, "m@webb.example")) == 2


@pytest.mark.parametrize(
    ("setting", "new", "known"), [("true", None, True), ("always", False, True), ("never", None, None)]
)
def test_whether_lever_says_that_it_knew_somebody_is_a_setting(
    sandbox: SandboxServer, lever: Lever, setting: str, new: bool | None, known: bool | None
) -> None:
    sandbox.sandbox.deduped = setting
    answers = [lever.post("/opportunities", SOL).json() for _ in range(2)]
    assert [answer.get("deduped") for answer in answers] == [new, known]


def test_a_new_person_gets_the_tags_of_the_posting_after_their_own(lever: Lever) -> None:
    body = SOL | {"postings": [DECKHAND], "tags": ["prospect"]}
    answer = lever.post("/opportunities", body).json()
    assert answer["data"]["tags"][:2] == ["prospect", "Deckhand"]
    assert lever.post("/opportunities", body | {"postings": [DECKHAND, DECKHAND]}).status_code == 400


REFUSED: list[tuple[Json, int, str]] = [
    ({"contact": "nobody"}, 400, "contacts nobody was not found"),
    ({"origin": "moon"}, 400, "origin is not valid"),
    ({"postings": ["moon"]}, 400, "postings moon was not found"),
    ({"stage": "moon"}, 400, "stages moon was not found"),
    ({"owner": PIOTR}, 400, f"users {PIOTR} was not found"),
    ({"emails": ["sol"]}, 400, "Email address is not valid"),
    ({"phones": ["+47"]}, 400, "Missing or malformed parameter: phones"),
]


@pytest.mark.parametrize(("more", "status", "words"), REFUSED)
def test_what_makes_no_sense_is_refused_and_makes_nobody(
    sandbox: SandboxServer, lever: Lever, more: Json, status: int, words: str
) -> None:
    before = len(sandbox.world.contacts)
    assert message(lever.post("/opportunities", SOL | more)) == (status, words)
    assert len(sandbox.world.contacts) == before


@pytest.mark.parametrize("by", [None, PIOTR, "nobody"])
def test_nobody_is_made_without_somebody_at_work(sandbox: SandboxServer, lever: Lever, by: str | None) -> None:
    sandbox.sandbox.perform_as_required = False
    assert lever.post("/opportunities", SOL, by=by).status_code == 400


def test_a_closed_job_takes_nobody(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.world.postings[DECKHAND].state = "closed"
    assert message(lever.post("/opportunities", SOL | {"postings": [DECKHAND]})) == (
        400,
        f"postings {DECKHAND} is closed",
    )


def test_a_confidential_job_is_shut_to_a_key_that_may_not_see_it(sandbox: SandboxServer, lever: Lever) -> None:
    body = SOL | {"postings": [FINANCE]}
    stranger = Lever(sandbox, sandbox.world.add_key("no-secrets", confidential=False).key)
    with stranger.session:
        assert stranger.post("/opportunities", body).status_code == 403
        made = lever.post("/opportunities", body).json()["data"]
        assert made["confidentiality"] == CONFIDENTIAL
        assert found(stranger, "sol@post.example") == []
        assert stranger.get("/opportunities", confidentiality="all").status_code == 403
        assert stranger.get(f"/opportunities/{made['id']}").status_code == 403
    assert [each["id"] for each in found(lever, "sol@post.example", confidentiality="all")] == [made["id"]]


def test_who_was_anonymised_is_not_tied_to_anything_new(
    sandbox: SandboxServer, lever: Lever, marcus: Opportunity
) -> None:
    sandbox.world.anonymize(marcus.id, keeps_address=True)
    [shown] = found(lever, "marcus.webb@post.example")
    assert (shown["isAnonymized"], shown["name"], shown["phones"]) == (True, "Anonymized Candidate", [])
    assert lever.post("/opportunities", {"contact": marcus.contact.id}).status_code == 400
    made = lever.post("/opportunities", {"emails": ["marcus.webb@post.example"]}).json()
    assert "deduped" not in made
    assert made["data"]["contact"] != marcus.contact.id


def test_who_was_anonymised_is_found_under_no_address(
    lever: Lever, sandbox: SandboxServer, marcus: Opportunity
) -> None:
    sandbox.world.anonymize(marcus.id)
    assert found(lever, "marcus.webb@post.example") == []


def test_an_address_that_several_share_finds_all_of_them(sandbox: SandboxServer, lever: Lever) -> None:
    for name in ("Bao Nguyen", "Eileen Farrow"):
        sandbox.world.add_person(name, emails=["crew@solent.example"], apart=True)
    assert {each["name"] for each in found(lever, "Crew@Solent.example")} == {"Bao Nguyen", "Eileen Farrow"}
    assert lever.post("/opportunities", {"emails": ["crew@solent.example"]}).json()["data"]["name"] == "Bao Nguyen"


def test_who_changed_address_is_found_under_the_new_one(lever: Lever, marcus: Opportunity) -> None:
    marcus.contact.emails = ["marcus@solent.example"]
    assert found(lever, "marcus.webb@post.example") == []
    assert [each["id"] for each in found(lever, "marcus@solent.example")] == [marcus.id]


def test_who_was_deleted_is_found_no_more(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.world.delete(marcus.id)
    assert found(lever, "marcus.webb@post.example") == []
    assert "deduped" not in lever.post("/opportunities", {"emails": ["marcus.webb@post.example"]}).json()


def test_an_answer_may_be_lost_after_the_person_was_made(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.faults.add(Fault("reset", method="POST", path="/opportunities$", after=True))
    with pytest.raises(requests.ConnectionError):
        lever.post("/opportunities", SOL)
    assert [each["name"] for each in found(lever, "sol@post.example")] == ["Sol Varga"]
