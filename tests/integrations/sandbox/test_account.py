from integrations.sandbox import cast
from integrations.sandbox.server import SandboxServer
from tests.integrations.sandbox.visitors import TRIGGER, Lever, Receiver


def test_stages_come_in_pipeline_order_with_slugs_and_uuids(lever: Lever) -> None:
    answer = lever.get("/stages").json()
    assert answer["hasNext"] is False
    assert "next" not in answer
    assert answer["data"][0] == {"id": "lead-new", "text": "New lead"}
    assert {"id": TRIGGER, "text": "Reference check"} in answer["data"]
    assert [stage["id"] for stage in answer["data"]][8] == "offer"


def test_one_stage_has_an_envelope_of_its_own(lever: Lever) -> None:
    assert lever.get("/stages/offer").json() == {"data": {"id": "offer", "text": "Offer"}}


def test_an_unknown_stage_is_not_found_in_lever_s_words(lever: Lever) -> None:
    answer = lever.get("/stages/moon")
    assert answer.status_code == 404
    assert answer.json() == {"code": "ResourceNotFound", "message": "stages moon was not found"}


def test_users_who_left_are_shown_only_on_demand(lever: Lever) -> None:
    roles = {user["accessRole"] for user in lever.get("/users").json()["data"]}
    assert roles == {"super admin", "admin", "team member", "limited team member", "interviewer"}
    assert len(lever.get("/users", includeDeactivated="true").json()["data"]) == 6


def test_a_user_is_found_by_address(lever: Lever) -> None:
    found = lever.get("/users", email="Jonas@northmoor.example").json()["data"]
    assert [user["name"] for user in found] == ["Jonas Keller"]
    assert lever.get(f"/users/{found[0]['id']}").json()["data"] == found[0]


def test_hired_is_a_type_of_archive_reason(lever: Lever) -> None:
    hired = lever.get("/archive_reasons", type="hired").json()["data"]
    assert [reason["text"] for reason in hired] == ["Hired"]
    assert lever.get(f"/archive_reasons/{hired[0]['id']}").json()["data"]["status"] == "active"


def test_tags_are_counted(lever: Lever) -> None:
    counts = {tag["text"]: tag["count"] for tag in lever.get("/tags").json()["data"]}
    assert counts["deck-officer"] == 2
    assert counts["night shift"] == 1


def test_postings_have_nulls_where_nobody_filled_in(lever: Lever) -> None:
    postings = {each["text"]: each for each in lever.get("/postings").json()["data"]}
    assert postings["Crewing Manager"]["hiringManager"] is None
    assert postings["Crewing Manager"]["categories"]["department"] is None
    assert postings["Port Captain"]["urls"] is None
    assert postings["Engineering Manager"]["tags"] == ["engineering", "people-manager"]


def test_published_postings_mean_the_public_site_unless_channels_are_named(lever: Lever) -> None:
    public = {each["text"] for each in lever.get("/postings", state="published").json()["data"]}
    both = lever.get("/postings", state="published", distributionChannel=["public", "internal"]).json()["data"]
    assert {each["text"] for each in both} - public == {"Crewing Manager"}


def test_a_posting_can_be_expanded_by_its_people(lever: Lever) -> None:
    posting = cast.id_of("posting", "Chief Officer")
    found = lever.get(f"/postings/{posting}", expand=["owner", "hiringManager"]).json()["data"]
    assert found["owner"]["name"] == "Mirjam Bakker"
    assert found["hiringManager"]["name"] == "Samuel Osei"


def test_the_signature_token_is_told_once(lever: Lever, receiver: Receiver) -> None:
    made = lever.post("/webhooks", {"event": "candidateHired", "url": receiver.url}, by=None)
    assert made.status_code == 201
    assert len(made.json()["data"]["configuration"]["signatureToken"]) == 48
    listed = lever.get("/webhooks").json()
    assert list(listed) == ["data"]
    assert list(listed["data"][0]["configuration"]) == ["conditions"]


def test_a_webhook_registered_twice_stands_twice_until_it_is_deleted(lever: Lever, receiver: Receiver) -> None:
    body = {"event": "candidateHired", "url": receiver.url}
    first, second = (lever.post("/webhooks", body, by=None).json()["data"]["id"] for _ in range(2))
    assert lever.write("DELETE", f"/webhooks/{first}", by=None).status_code == 204
    assert [each["id"] for each in lever.get("/webhooks").json()["data"]] == [second]


def test_the_api_cannot_delete_a_webhook_made_by_hand(sandbox: SandboxServer, lever: Lever) -> None:
    made = sandbox.world.add_webhook("candidateHired", "http://127.0.0.1:9/")
    assert lever.write("DELETE", f"/webhooks/{made.id}", by=None).status_code == 403


def test_a_webhook_for_an_event_that_lever_lacks_is_refused(lever: Lever) -> None:
    made = lever.post("/webhooks", {"event": "tagAdded", "url": "https://vouch.example/"}, by=None)
    assert (made.status_code, made.json()["message"]) == (400, "tagAdded is not a valid event")
