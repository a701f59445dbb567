import pytest
from bs4 import BeautifulSoup, Tag

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import Json
from integrations.sandbox.server import SandboxServer
from tests.integrations.sandbox.visitors import HIRED, TRIGGER, Lever, Receiver, ask, person


def page(sandbox: SandboxServer, path: str = "/") -> BeautifulSoup:
    answer = ask(sandbox, "GET", path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def text_of(soup: Tag, selector: str) -> str:
    found = soup.select_one(selector)
    assert found is not None, selector
    return " ".join(found.get_text(" ").split())


def test_there_is_a_lane_for_every_stage_and_one_for_the_archive(sandbox: SandboxServer) -> None:
    titles = [title.get_text() for title in page(sandbox).select(".lane h2")]
    assert titles == [*(stage.text for stage in sandbox.world.stages.values()), "Archived"]


def test_every_page_says_that_this_is_not_lever(sandbox: SandboxServer) -> None:
    for path in ("/", "/mailbox/", "/nothing"):
        assert "It is not Lever" in ask(sandbox, "GET", path).text


def test_no_page_allows_anything_from_elsewhere(sandbox: SandboxServer) -> None:
    policy = ask(sandbox, "GET", "/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    soup = page(sandbox)
    assert not soup.select("[style], style, script:not([src])")


def test_the_form_of_a_card_moves_its_person(sandbox: SandboxServer, marcus: Opportunity) -> None:
    card = page(sandbox).select_one(f".card:has([value='{marcus.id}'])")
    assert card is not None
    assert text_of(card, "option[selected]") == "Reference check"
    answer = ask(sandbox, "POST", "/move", data={"opportunity": marcus.id, "to": TRIGGER})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/?person={marcus.id}#profile")
    assert marcus.stage.id == TRIGGER


def test_the_likely_next_step_is_chosen_beforehand(sandbox: SandboxServer, marcus: Opportunity) -> None:
    for stage, step in ((TRIGGER, "Offer"), ("offer", "Archive: Hired")):
        sandbox.world.move(marcus.id, stage)
        assert text_of(page(sandbox), f"[id='to-{marcus.id}'] [selected]") == step


def test_a_card_can_be_archived_and_brought_back(sandbox: SandboxServer, marcus: Opportunity) -> None:
    ask(sandbox, "POST", "/move", data={"opportunity": marcus.id, "to": HIRED})
    assert "Marcus Webb" in text_of(page(sandbox), "#lane-archived")
    ask(sandbox, "POST", "/move", data={"opportunity": marcus.id, "to": "offer"})
    assert marcus.archived is None
    assert "Marcus Webb" in text_of(page(sandbox), "#lane-offer")


def test_the_profile_shows_what_vouch_wrote(sandbox: SandboxServer, lever: Lever, marcus: Opportunity) -> None:
    lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["Vouch - Completed"]})
    lever.post(f"/opportunities/{marcus.id}/addLinks", {"links": ["https://vouch.example/r/1/"]})
    lever.post(f"/opportunities/{marcus.id}/notes", {"value": "<b>Read</b> https://vouch.example/r/2/ please."})
    soup = page(sandbox, f"/?person={marcus.id}")
    profile = soup.select_one(f"[id='live-{marcus.id}']")
    assert profile is not None
    assert text_of(profile, ".tag") == "Vouch - Completed"
    assert [link["href"] for link in profile.select("a")] == [f"https://vouch.example/r/{n}/" for n in (1, 2)]
    assert "<b>Read</b>" in profile.get_text()
    assert "written as Ruth Adeyemi" in profile.get_text()


def test_the_profile_of_a_lead_shows_all_that_was_sent(sandbox: SandboxServer, lever: Lever) -> None:
    body: Json = {
        "name": "Sol Varga",
        "emails": ["sol@post.example"],
        "tags": ["Vouch - Prospect"],
        "sources": ["Vouch"],
    }
    body |= {"headline": "Mate, Solent Lines", "phones": [{"type": "mobile", "value": "+47 991 99 042"}]}
    made = lever.post("/opportunities", body | {"links": ["https://vouch.example/p/1/"]}).json()["data"]
    lever.post(f"/opportunities/{made['id']}/notes", {"value": "I agree to hear of jobs."})
    shown = text_of(page(sandbox, f"/?person={made['id']}"), f"[data-person='{made['id']}']")
    for words in (
        "Mate, Solent Lines",
        "+47 991 99 042",
        "Sourced. Source: Vouch",
        "Vouch - Prospect",
        "I agree to hear",
    ):
        assert words in shown
    assert "https://vouch.example/p/1/" in shown


def test_a_lane_shows_those_who_came_last(sandbox: SandboxServer) -> None:
    for number in range(60):
        sandbox.world.add_person(f"Lead {number}", stage="lead-new", origin="sourced")
    lane = page(sandbox).select_one("#lane-lead-new")
    assert lane is not None
    assert text_of(lane, "p") == "60 people"
    assert (len(lane.select(".card")), "Only the last 50" in lane.get_text()) == (50, True)
    assert text_of(lane, ".card:last-of-type strong") == "Lead 59"


def test_without_a_choice_the_profile_is_of_whoever_changed_last(sandbox: SandboxServer) -> None:
    sandbox.world.retag(person(sandbox, "Tess Amari").id, add=["seen"])
    assert text_of(page(sandbox), "#profile") == "Tess Amari"


def test_an_address_can_be_added_changed_and_taken_away(sandbox: SandboxServer) -> None:
    noah = person(sandbox, "Noah Lind")
    for typed, kept in (("noah@post.example", ["noah@post.example"]), ("", [])):
        assert ask(sandbox, "POST", "/email", data={"opportunity": noah.id, "email": typed}).status_code == 303
        assert noah.contact.emails == kept


def test_what_is_no_address_stays_in_the_field_with_a_message(sandbox: SandboxServer) -> None:
    noah = person(sandbox, "Noah Lind")
    answer = ask(sandbox, "POST", "/email", data={"opportunity": noah.id, "email": "noah at post"})
    field = BeautifulSoup(answer.text, "html.parser").select_one("#email")
    assert answer.status_code == 400
    assert field is not None
    assert noah.contact.emails == []
    assert (field["value"], field["aria-invalid"], field["aria-describedby"]) == (
        "noah at post",
        "true",
        "email-error",
    )


def test_webhooks_show_their_last_answer_and_can_be_tested(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity
) -> None:
    webhook = sandbox.world.add_webhook("candidateStageChange", receiver.url)
    assert ask(sandbox, "POST", f"/webhooks/{webhook.id}/test").status_code == 303
    assert len(receiver.received) == 1
    assert "answered 200" in text_of(page(sandbox), "#live-webhooks")
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert "candidateStageChange" in text_of(page(sandbox, f"/?person={marcus.id}"), f"[id='live-{marcus.id}']")


def test_api_calls_are_listed(sandbox: SandboxServer, lever: Lever) -> None:
    lever.get("/stages")
    assert "GET /v1/stages" in text_of(page(sandbox), "#live-calls")


def test_starting_over_deletes_aloud_and_brings_new_people(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity
) -> None:
    sandbox.world.add_webhook("candidateDeleted", receiver.url)
    assert ask(sandbox, "POST", "/start-over").status_code == 303
    assert sandbox.sender.idle()
    assert len(receiver.received) == 11
    assert marcus.id not in sandbox.world.opportunities
    assert person(sandbox, "Marcus Webb").stage == marcus.stage


def test_someone_can_be_deleted_until_nobody_is_left(sandbox: SandboxServer) -> None:
    for opportunity_id in list(sandbox.world.opportunities):
        assert ask(sandbox, "POST", "/delete", data={"opportunity": opportunity_id}).status_code == 303
    assert "Nobody is here" in text_of(page(sandbox), ".empty")


@pytest.mark.parametrize("path", ["/move", "/email", "/delete", "/start-over"])
def test_looking_changes_nothing(sandbox: SandboxServer, marcus: Opportunity, path: str) -> None:
    assert ask(sandbox, "GET", path, params={"opportunity": marcus.id, "to": TRIGGER}).status_code == 405
    assert marcus.id in sandbox.world.opportunities
    assert marcus.updated_at is None


@pytest.mark.parametrize("kind", [("css/vouch.css", "text/css"), ("js/sandbox.js", "text/javascript")])
def test_it_serves_its_own_files(sandbox: SandboxServer, kind: tuple[str, str]) -> None:
    answer = ask(sandbox, "GET", f"/static/{kind[0]}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == f"{kind[1]}; charset=utf-8"


@pytest.mark.parametrize("name", ["%2e%2e/manage.py", "css/../../pyproject.toml", "/etc/passwd", "css", "no.css"])
def test_it_serves_no_other_files(sandbox: SandboxServer, name: str) -> None:
    assert ask(sandbox, "GET", f"/static/{name}").status_code == 404


def test_a_link_leads_to_vouch(sandbox: SandboxServer) -> None:
    assert "Vouch’s side" not in ask(sandbox, "GET", "/").text
    sandbox.sandbox.vouch_url = "http://127.0.0.1:8000/desk/"
    assert 'href="http://127.0.0.1:8000/desk/"' in ask(sandbox, "GET", "/").text


def test_a_person_who_is_gone_is_not_an_error(sandbox: SandboxServer) -> None:
    assert ask(sandbox, "GET", "/?person=gone").status_code == 200
    for form in ({"opportunity": "gone", "to": "offer"}, {}):
        gone = ask(sandbox, "POST", "/move", data=form)
        assert gone.status_code == 404
        assert "Nothing is kept at this address" in gone.text
