from integrations.sandbox import cast
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from tests.integrations.sandbox.visitors import HIRED, TRIGGER, WITHDREW, Lever, person


def names(answer: object) -> set[str]:
    assert isinstance(answer, dict)
    return {each["name"] for each in answer["data"]}


def test_an_opportunity_carries_its_posting_as_tags(lever: Lever, marcus: Opportunity) -> None:
    shown = lever.get(f"/opportunities/{marcus.id}").json()["data"]
    assert {"Chief Officer", "Bridge", "Rotterdam", "Full-time", "deck-officer"} <= set(shown["tags"])
    assert shown["updatedAt"] is None
    assert shown["archived"] is None
    assert "userId" not in shown["stageChanges"][0]
    assert "userId" in shown["stageChanges"][1]


def test_tags_follow_a_posting_that_is_renamed(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    sandbox.world.posting_named("Chief Officer").text = "First Mate"
    tags = lever.get(f"/opportunities/{marcus.id}").json()["data"]["tags"]
    assert "First Mate" in tags
    assert "Chief Officer" not in tags


def test_ids_are_expanded_on_demand(lever: Lever, marcus: Opportunity) -> None:
    wanted = ["applications", "owner", "stage", "contact", "followers", "sourcedBy"]
    shown = lever.get(f"/opportunities/{marcus.id}", expand=wanted).json()["data"]
    assert shown["applications"][0]["posting"] == cast.id_of("posting", "Chief Officer")
    assert shown["applications"][0]["postingHiringManager"] == cast.SAMUEL
    assert shown["owner"]["email"] == "mirjam@northmoor.example"
    assert (shown["stage"]["text"], shown["contact"]["name"]) == ("On-site interview", "Marcus Webb")
    assert shown["followers"][0]["id"] == shown["owner"]["id"]
    assert shown["sourcedBy"] is None


def test_a_posting_is_not_expandable(lever: Lever, marcus: Opportunity) -> None:
    answer = lever.get(f"/opportunities/{marcus.id}", expand="posting")
    assert (answer.status_code, answer.json()["message"]) == (400, "posting is not expandable")


def test_include_leaves_only_what_is_named(lever: Lever, marcus: Opportunity) -> None:
    assert set(lever.get(f"/opportunities/{marcus.id}", include=["id", "name"]).json()["data"]) == {
        "id",
        "name",
    }


def test_filters_are_unions_of_repeated_values(lever: Lever) -> None:
    found = lever.get("/opportunities", stage_id=["lead-reached-out", "applicant-new"]).json()
    assert names(found) == {"Tomás Echeverría", "Ines Duarte"}


def test_a_tag_is_matched_to_the_letter(lever: Lever) -> None:
    assert names(lever.get("/opportunities", tag="night shift").json()) == {"Tess Amari"}
    assert names(lever.get("/opportunities", tag="Night shift").json()) == set()


def test_an_address_is_matched_without_regard_to_case(lever: Lever) -> None:
    assert len(lever.get("/opportunities", email="INES.duarte@post.example").json()["data"]) == 2
    assert lever.get("/opportunities", email="ines").json()["message"] == "Email address is not valid"


def test_archived_ones_are_in_the_list_unless_left_out(lever: Lever) -> None:
    everyone = names(lever.get("/opportunities").json())
    present = names(lever.get("/opportunities", archived="false").json())
    assert everyone - present == names(lever.get("/opportunities", archived="true").json()) == {"Bram de Wit"}


def test_arrivals_since_a_time_are_found(lever: Lever, marcus: Opportunity) -> None:
    lever.put(f"/opportunities/{marcus.id}/stage", {"stage": TRIGGER})
    found = lever.get("/opportunities", stage_id=TRIGGER, advanced_at_start=marcus.advanced_at).json()
    assert names(found) == {"Marcus Webb"}
    assert names(lever.get("/opportunities", advanced_at_start=marcus.advanced_at + 1).json()) == set()


def test_what_never_changed_is_outside_every_range_of_updates(lever: Lever, marcus: Opportunity) -> None:
    assert names(lever.get("/opportunities", updated_at_start=0).json()) == set()
    lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["seen"]})
    assert names(lever.get("/opportunities", updated_at_start=0).json()) == {"Marcus Webb"}


def test_confidential_ones_are_shown_only_on_demand(lever: Lever) -> None:
    assert "Hélène Marchetti" not in names(lever.get("/opportunities").json())
    assert names(lever.get("/opportunities", confidentiality="confidential").json()) == {"Hélène Marchetti"}
    assert "Hélène Marchetti" in names(lever.get("/opportunities", confidentiality="all").json())


def test_a_posting_is_asked_for_apart_from_its_archive(lever: Lever) -> None:
    deckhand = cast.id_of("posting", "Deckhand")
    assert names(lever.get("/opportunities", posting_id=deckhand).json()) == {"Tess Amari", "Noah Lind"}
    assert names(lever.get("/opportunities", archived_posting_id=deckhand).json()) == {"Bram de Wit"}


def test_a_confidentiality_that_lever_lacks_is_a_bad_request(lever: Lever) -> None:
    assert lever.get("/opportunities", confidentiality="secret").status_code == 400


def test_a_time_that_is_no_number_is_a_bad_request(lever: Lever) -> None:
    assert lever.get("/opportunities", updated_at_start="yesterday").status_code == 400


def test_a_move_answers_with_the_whole_opportunity(lever: Lever, marcus: Opportunity) -> None:
    answer = lever.put(f"/opportunities/{marcus.id}/stage", {"stage": TRIGGER})
    shown = answer.json()["data"]
    assert (answer.status_code, shown["stage"]) == (200, TRIGGER)
    assert shown["stageChanges"][-1]["userId"] == cast.RUTH
    assert shown["stageChanges"][-1]["toStageIndex"] == 7
    assert shown["lastAdvancedAt"] == shown["updatedAt"]
    assert "opportunityLocation" not in shown


def test_an_archived_opportunity_moves_and_stays_archived(sandbox: SandboxServer, lever: Lever) -> None:
    bram = person(sandbox, "Bram de Wit")
    shown = lever.put(f"/opportunities/{bram.id}/stage", {"stage": "offer"}).json()["data"]
    assert shown["stage"] == "offer"
    assert shown["archived"]["reason"] == WITHDREW


def test_a_move_to_an_unknown_stage_is_a_bad_request(lever: Lever, marcus: Opportunity) -> None:
    answer = lever.put(f"/opportunities/{marcus.id}/stage", {"stage": "moon"})
    assert (answer.status_code, answer.json()["message"]) == (400, "stages moon was not found")


def test_a_hire_is_an_archive_and_null_takes_it_back(lever: Lever, marcus: Opportunity) -> None:
    hired = lever.put(f"/opportunities/{marcus.id}/archived", {"reason": HIRED}).json()["data"]
    assert hired["archived"] == {"reason": HIRED, "archivedAt": hired["updatedAt"]}
    assert lever.put(f"/opportunities/{marcus.id}/archived", {"reason": None}).json()["data"]["archived"] is None


def test_tags_are_added_at_the_end_and_each_once(lever: Lever, marcus: Opportunity) -> None:
    lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["Vouch - Completed"]})
    shown = lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["Vouch - Completed"]}).json()["data"]
    assert shown["tags"][-1] == "Vouch - Completed"
    assert shown["tags"].count("Vouch - Completed") == 1
    left = lever.post(f"/opportunities/{marcus.id}/removeTags", {"tags": ["Vouch - Completed", "none such"]})
    assert left.status_code == 200
    assert "Vouch - Completed" not in left.json()["data"]["tags"]


def test_a_tag_of_the_posting_cannot_be_taken_away(lever: Lever, marcus: Opportunity) -> None:
    shown = lever.post(f"/opportunities/{marcus.id}/removeTags", {"tags": ["deck-officer"]}).json()["data"]
    assert "deck-officer" in shown["tags"]


def test_tags_must_be_a_list(lever: Lever, marcus: Opportunity) -> None:
    assert lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": "one"}).status_code == 400
    assert lever.post(f"/opportunities/{marcus.id}/addTags", ["one"]).status_code == 400


def test_links_belong_to_the_person_and_show_on_every_opportunity(sandbox: SandboxServer, lever: Lever) -> None:
    contact = person(sandbox, "Ines Duarte").contact
    first, second = sandbox.world.opportunities_of(contact)
    lever.post(f"/opportunities/{first.id}/addLinks", {"links": ["https://vouch.example/r/1/"]})
    assert "https://vouch.example/r/1/" in lever.get(f"/opportunities/{second.id}").json()["data"]["links"]
    lever.post(f"/opportunities/{second.id}/removeLinks", {"links": ["https://vouch.example/r/1/"]})
    shown = lever.get(f"/opportunities/{first.id}").json()["data"]
    assert shown["links"] == ["linkedin.example/in/ines-duarte"]
    assert shown["updatedAt"] is not None


def test_all_candidacies_of_a_person_are_found_by_contact(sandbox: SandboxServer, lever: Lever) -> None:
    contact = person(sandbox, "Ines Duarte").contact
    found = lever.get("/opportunities", contact_id=contact.id, expand="contact").json()["data"]
    assert len(found) == 2
    assert found[0]["contact"] == found[1]["contact"] == lever.get(f"/contacts/{contact.id}").json()["data"]


def test_the_cast_has_every_awkward_case(sandbox: SandboxServer, lever: Lever) -> None:
    def read(name: str) -> dict[str, object]:
        shown = lever.get(f"/opportunities/{person(sandbox, name).id}").json()["data"]
        assert isinstance(shown, dict)
        return shown

    assert read("Noah Lind")["emails"] == []
    assert read("Oskar Lindqvist")["dataProtection"] == {
        "store": {"allowed": True, "expiresAt": None},
        "contact": {"allowed": False, "expiresAt": None},
    }
    assert read("Tomás Echeverría")["applications"] == []
    assert read("Kofi Mensah")["headline"] == ""


def test_applications_can_be_listed_by_themselves(lever: Lever, marcus: Opportunity) -> None:
    found = lever.get(f"/opportunities/{marcus.id}/applications").json()["data"]
    assert [each["candidateId"] for each in found] == [marcus.id]


def test_a_note_answers_with_itself_and_its_id_twice(lever: Lever, marcus: Opportunity) -> None:
    answer = lever.post(f"/opportunities/{marcus.id}/notes", {"value": "Started.", "secret": True})
    note = answer.json()["data"]
    assert answer.status_code == 201
    assert note["id"] == note["noteId"]
    assert note["secret"] is True
    assert note["fields"][0]["value"] == "Started."
    assert note["fields"][0]["user"] == cast.RUTH
    listed = lever.get(f"/opportunities/{marcus.id}/notes").json()["data"]
    assert [each["id"] for each in listed][-1] == note["id"]
    assert len(listed) == 2
    assert "noteId" not in lever.get(f"/opportunities/{marcus.id}/notes/{note['id']}").json()["data"]


def test_a_note_in_a_thread_is_a_comment(lever: Lever, marcus: Opportunity) -> None:
    first = lever.post(f"/opportunities/{marcus.id}/notes", {"value": "One."}).json()["data"]["id"]
    lever.session.params = {"note_id": first}
    thread = lever.post(f"/opportunities/{marcus.id}/notes", {"value": "Two."}).json()["data"]
    assert thread["id"] == first
    assert [each["value"] for each in thread["fields"]] == ["One.", "Two."]


def test_a_note_without_a_value_is_refused(lever: Lever, marcus: Opportunity) -> None:
    assert lever.post(f"/opportunities/{marcus.id}/notes", {"value": ""}).status_code == 400


def test_only_notes_made_through_the_api_are_deleted_through_it(lever: Lever, marcus: Opportunity) -> None:
    by_hand = marcus.notes[0].id
    ours = lever.post(f"/opportunities/{marcus.id}/notes", {"value": "Ours."}).json()["data"]["id"]
    assert lever.write("DELETE", f"/opportunities/{marcus.id}/notes/{by_hand}", by=None).status_code == 403
    answer = lever.write("DELETE", f"/opportunities/{marcus.id}/notes/{ours}", by=None)
    assert (answer.status_code, answer.content) == (204, b"")
    assert [note.id for note in marcus.notes] == [by_hand]


def test_nobody_has_files(lever: Lever, marcus: Opportunity) -> None:
    assert lever.get(f"/opportunities/{marcus.id}/files").json() == {"data": [], "hasNext": False}


def test_an_archive_needs_a_reason(lever: Lever, marcus: Opportunity) -> None:
    assert lever.put(f"/opportunities/{marcus.id}/archived", {}).status_code == 400
    assert lever.put(f"/opportunities/{marcus.id}/archived", {"reason": "moon"}).status_code == 400


def test_what_is_deleted_is_not_found_and_listed_apart(
    sandbox: SandboxServer, lever: Lever, marcus: Opportunity
) -> None:
    sandbox.world.delete(marcus.id, by=cast.RUTH)
    assert lever.get(f"/opportunities/{marcus.id}").status_code == 404
    assert lever.get(f"/contacts/{marcus.contact.id}").status_code == 404
    found = lever.get("/opportunities/deleted", deleted_at_start=marcus.deleted_at).json()["data"]
    assert [(each["id"], each["deletedBy"]) for each in found] == [(marcus.id, cast.RUTH)]
