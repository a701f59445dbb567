"""The sandbox's settings, as a super admin finds them in Lever: keys, groups of events, webhooks made by hand."""

import re

import pytest
from bs4 import BeautifulSoup

from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.settings_pages import GROUPS, PERMISSIONS
from tests.integrations.sandbox.visitors import TRIGGER, Lever, Receiver, ask

STAGE_CHANGE = "candidateStageChange"


def made_key(sandbox: SandboxServer, *permissions: str, **more: str) -> str:
    page = ask(sandbox, "POST", "/settings/keys", data={"permission": permissions, **more})
    return BeautifulSoup(page.text, "html.parser").select_one("#new-key").get_text()


def add_webhook(sandbox: SandboxServer, event: str = STAGE_CHANGE) -> str:
    """Its id."""
    ask(sandbox, "POST", f"/settings/events/{event}/webhooks")
    return list(sandbox.world.webhooks)[-1]


def test_a_new_key_works_and_is_shown_once(sandbox: SandboxServer) -> None:
    key = made_key(sandbox, "stages:read")
    assert Lever(sandbox, key).get("/stages").status_code == 200
    assert key not in ask(sandbox, "GET", "/settings").text
    assert key[-4:] in ask(sandbox, "GET", "/settings").text


def test_a_key_may_do_what_was_ticked_and_no_more(sandbox: SandboxServer) -> None:
    client = Lever(sandbox, made_key(sandbox, "stages:read"))
    assert [client.get(path).status_code for path in ("/stages", "/users")] == [200, 403]


@pytest.mark.parametrize(("more", "status"), [({}, 403), ({"confidential": "yes"}, 200)])
def test_confidential_data_is_a_tick_of_its_own(sandbox: SandboxServer, more: dict[str, str], status: int) -> None:
    client = Lever(sandbox, made_key(sandbox, *PERMISSIONS, **more))
    assert client.get("/opportunities", confidentiality="all").status_code == status


def test_a_revoked_key_is_refused(sandbox: SandboxServer) -> None:
    key = made_key(sandbox, *PERMISSIONS)
    ask(sandbox, "POST", f"/settings/keys/{key[-4:]}/revoke")
    assert Lever(sandbox, key).get("/stages").status_code == 401


def test_a_webhook_has_its_token_before_it_has_an_address(sandbox: SandboxServer) -> None:
    webhook = sandbox.world.webhooks[add_webhook(sandbox)]
    assert webhook.url == ""
    assert re.search(rf"<code[^>]*>{webhook.token}</code>", ask(sandbox, "GET", "/settings").text)


def test_a_webhook_with_an_address_is_told(sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity) -> None:
    webhook = add_webhook(sandbox)
    sandbox.world.move(marcus.id, "offer")
    ask(sandbox, "POST", f"/settings/webhooks/{webhook}", data={"url": receiver.url})
    sandbox.world.move(marcus.id, TRIGGER)
    assert sandbox.sender.idle()
    assert [each["data"]["toStageId"] for each in receiver.received] == [TRIGGER]


def test_what_is_no_web_address_is_refused(sandbox: SandboxServer) -> None:
    webhook = add_webhook(sandbox)
    answer = ask(sandbox, "POST", f"/settings/webhooks/{webhook}", data={"url": "vouch.example/hook"})
    assert (answer.status_code, sandbox.world.webhooks[webhook].url) == (400, "")


def test_nothing_is_sent_of_a_group_that_is_off(
    sandbox: SandboxServer, receiver: Receiver, marcus: Opportunity
) -> None:
    sandbox.world.add_webhook(STAGE_CHANGE, receiver.url, by_api=True)
    for _ in range(2):
        ask(sandbox, "POST", f"/settings/events/{STAGE_CHANGE}/switch")
        sandbox.world.move(marcus.id, TRIGGER)
        sandbox.world.move(marcus.id, "offer")
    assert sandbox.sender.idle()
    assert len(receiver.received) == 2


def test_a_test_comes_back_to_the_settings(sandbox: SandboxServer, receiver: Receiver) -> None:
    webhook = sandbox.world.add_webhook(STAGE_CHANGE, receiver.url)
    answer = ask(sandbox, "POST", f"/webhooks/{webhook.id}/test", data={"settings": "yes"})
    assert answer.headers["Location"] == f"/settings#{STAGE_CHANGE}"
    assert receiver.received[0]["data"] == {}


def test_what_the_api_made_can_be_changed_there_only(sandbox: SandboxServer, receiver: Receiver) -> None:
    made = sandbox.world.add_webhook(STAGE_CHANGE, receiver.url, by_api=True)
    answer = ask(sandbox, "POST", f"/settings/webhooks/{made.id}", data={"url": "https://elsewhere.example/"})
    assert (answer.status_code, made.url) == (403, receiver.url)
    assert made.token not in ask(sandbox, "GET", "/settings").text


def test_a_webhook_made_by_hand_can_be_removed(sandbox: SandboxServer) -> None:
    ask(sandbox, "POST", f"/settings/webhooks/{add_webhook(sandbox)}/remove")
    assert sandbox.world.webhooks == {}


@pytest.mark.parametrize("path", ["/settings/events/nothing/switch", "/settings/keys/none/revoke"])
def test_what_is_not_there_is_not_found(sandbox: SandboxServer, path: str) -> None:
    assert ask(sandbox, "POST", path).status_code == 404


def test_every_group_stands_on_the_page(sandbox: SandboxServer) -> None:
    page = BeautifulSoup(ask(sandbox, "GET", "/settings").text, "html.parser")
    assert [each["id"] for each in page.select("fieldset.hook")] == list(GROUPS)
