"""Webhooks made, looked at and removed through Lever's API: a real practice Lever, and what goes wrong with it."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from integrations import hooks
from integrations.hooks import EVENTS, Busy, Deed
from integrations.models import Connection, Webhook
from integrations.sandbox.faults import Fault
from integrations.sandbox.records import Webhook as Made
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.factories import make_connection, make_organization

pytestmark = pytest.mark.django_db

ALL = list(EVENTS)


@pytest.fixture
def bare(connection: Connection) -> Connection:
    """Connected, and no webhook made or token entered yet."""
    connection.webhook_tokens.all().delete()
    return connection


def make(connection: Connection) -> dict[str, Deed]:
    """The deed for each webhook; the last word counts."""
    return {result.webhook: result.deed for result in hooks.make(connection, timezone.now())}


def sentences(results: list[hooks.Result]) -> str:
    return " ".join(result.sentence for result in results)


def standing(lever: SandboxServer) -> Counter[tuple[str, str]]:
    return Counter((made.url, made.event) for made in lever.world.webhooks.values())


def wanted(connection: Connection) -> Counter[tuple[str, str]]:
    return Counter((connection.webhook_url(webhook), event.name) for webhook, event in EVENTS.items())


def is_whole(connection: Connection, lever: SandboxServer) -> bool:
    """Each webhook once in Lever, and the token that Lever would sign with is the one that Vouch holds."""
    tokens = {row.lever_id: row.token for row in connection.webhook_tokens.filter(good_until=None)}
    known = {made.id: made.token for made in lever.world.webhooks.values()}
    return standing(lever) == wanted(connection) and tokens == known


def the_one(lever: SandboxServer, webhook: str) -> Made:
    return next(made for made in lever.world.webhooks.values() if made.event == EVENTS[webhook].name)


# --- making -----------------------------------------------------------------------------------------------


def test_it_makes_every_webhook_and_stores_its_token(bare: Connection, lever: SandboxServer) -> None:
    assert make(bare) == dict.fromkeys(ALL, Deed.MADE)
    assert is_whole(bare, lever)
    assert hooks.made_by_vouch(bare) == set(Webhook.values)


def test_what_lever_then_sends_is_accepted(
    bare: Connection, lever: SandboxServer, live_server: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    make(bare)

    sent = [lever.sender.verify(made) for made in lever.world.webhooks.values()]

    assert [attempt.status for attempt in sent] == [200] * 5


def test_a_second_time_nothing_is_made(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    before = dict(lever.world.webhooks)

    assert make(bare) == dict.fromkeys(ALL, Deed.LEFT)
    assert lever.world.webhooks == before
    assert lever.calls.as_json()["counts"]["POST v1/webhooks"] == 5


def test_a_missing_one_alone_is_made(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    del lever.world.webhooks[the_one(lever, Webhook.HIRED).id]

    assert make(bare) == dict.fromkeys(ALL, Deed.LEFT) | {Webhook.HIRED: Deed.MADE}
    assert is_whole(bare, lever)


def test_one_whose_token_is_not_known_is_made_anew(bare: Connection, lever: SandboxServer) -> None:
    lost = lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED), by_api=True)

    assert make(bare)[Webhook.HIRED] is Deed.MADE
    assert lost.id not in lever.world.webhooks
    assert is_whole(bare, lever)


def test_a_double_of_ours_is_removed(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED), by_api=True)

    assert make(bare) == dict.fromkeys(ALL, Deed.LEFT)
    assert is_whole(bare, lever)


def test_one_made_by_hand_is_left_and_told(bare: Connection, lever: SandboxServer) -> None:
    by_hand = lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED))

    results = hooks.make(bare, timezone.now())

    assert [result.webhook for result in results if result.deed is Deed.BY_HAND] == [Webhook.HIRED]
    assert "with a signature token to be copied" in sentences(results)
    assert by_hand.id in lever.world.webhooks
    assert standing(lever) == wanted(bare)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_however_lever_refuses_to_remove_what_was_made_by_hand(
    bare: Connection, lever: SandboxServer, status: int
) -> None:
    lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED))
    lever.faults.add(Fault("status", method="DELETE", status=status))

    assert make(bare)[Webhook.HIRED] is Deed.BY_HAND
    assert standing(lever) == wanted(bare)


def test_one_made_by_hand_whose_token_is_entered_is_not_touched(bare: Connection, lever: SandboxServer) -> None:
    by_hand = lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED))
    bare.set_token(Webhook.HIRED, by_hand.token, timezone.now())

    assert make(bare)[Webhook.HIRED] is Deed.LEFT
    assert bare.tokens_for(Webhook.HIRED) == [by_hand.token]
    assert "DELETE v1/webhooks/<webhook_id>" not in lever.calls.as_json()["counts"]


def test_a_second_one_made_by_hand_is_told(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED))

    assert make(bare)[Webhook.HIRED] is Deed.BY_HAND


def test_a_token_entered_over_ours_gives_way_to_it_again(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    bare.set_token(Webhook.HIRED, "entered-by-mistake", timezone.now())

    make(bare)

    assert is_whole(bare, lever)
    assert bare.tokens_for(Webhook.HIRED)[0] == the_one(lever, Webhook.HIRED).token


def test_at_a_new_address_they_are_made_anew(bare: Connection, lever: SandboxServer, settings: Any) -> None:
    make(bare)
    settings.SITE_URL = "https://vouch.example"

    assert make(bare) == dict.fromkeys(ALL, Deed.MADE)
    assert is_whole(bare, lever)
    assert len(bare.tokens_for(Webhook.HIRED)) == 2  # what is on its way from the old one is still accepted


def test_one_made_by_hand_for_another_address_or_event_is_told_and_left(
    bare: Connection, lever: SandboxServer, settings: Any
) -> None:
    path = bare.webhook_url(Webhook.HIRED).removeprefix(settings.SITE_URL)
    lever.world.add_webhook("candidateHired", f"https://before.example{path}", by_api=True)
    lever.world.add_webhook("candidateDeleted", bare.webhook_url(Webhook.HIRED))

    results = [result for result in hooks.make(bare, timezone.now()) if not result.webhook]

    assert "https://before.example" in results[0].sentence
    assert "on candidateDeleted, which leads nowhere" in results[1].sentence
    assert len(lever.world.webhooks) == 7


def test_the_webhooks_of_others_are_left_alone(bare: Connection, lever: SandboxServer) -> None:
    other = make_connection(make_organization(), api_key=DEMO_API_KEY)
    theirs = lever.world.add_webhook("candidateHired", other.webhook_url(Webhook.HIRED), by_api=True)
    script = lever.world.add_webhook("candidateHired", "https://warehouse.example/lever", by_api=True)

    results = hooks.make(bare, timezone.now())

    assert [result.deed for result in results] == [Deed.MADE] * 5
    assert {theirs.id, script.id} <= set(lever.world.webhooks)


# --- what goes wrong half-way -----------------------------------------------------------------------------

LOST = {
    "the answer is lost": Fault("reset", method="POST", path="/webhooks", after=True),
    "the request is lost": Fault("reset", method="POST", path="/webhooks"),
    "half the answer is lost": Fault("truncated", method="POST", path="/webhooks"),
    "made, and yet 500": Fault("status", method="POST", path="/webhooks", status=500, after=True),
    "503": Fault("status", method="POST", path="/webhooks", status=503),
    "too many calls": Fault("status", method="POST", path="/webhooks", status=429, retry_after=0),
    "no permission": Fault("status", method="POST", path="/webhooks", status=403),
}


@pytest.mark.parametrize("after", [0, 2, 4])
@pytest.mark.parametrize("case", LOST)
def test_what_was_made_is_kept_and_trying_again_completes_it(
    bare: Connection, lever: SandboxServer, case: str, after: int
) -> None:
    lever.faults.add(replace(LOST[case], skip=after))

    first = make(bare)

    assert first == {webhook: Deed.MADE if ALL.index(webhook) < after else Deed.FAILED for webhook in ALL}
    assert len(hooks.made_by_vouch(bare)) == after
    assert set(make(bare).values()) <= {Deed.MADE, Deed.LEFT}
    assert is_whole(bare, lever)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("the answer is lost", "no answer from Lever. Try again in a minute"),
        ("too many calls", "asks for fewer calls. Try again"),
        ("503", "not available at the moment. Try again"),
        ("no permission", "does not allow the API key to read and write webhooks. Enter a key that may, or paste"),
    ],
)
def test_the_sentence_says_what_was_wrong_and_what_to_do(
    bare: Connection, lever: SandboxServer, case: str, words: str
) -> None:
    lever.faults.add(replace(LOST[case]))

    assert words in hooks.make(bare, timezone.now())[0].sentence


def test_a_key_that_may_only_read_webhooks_makes_none(bare: Connection, lever: SandboxServer) -> None:
    lever.world.add_key(DEMO_API_KEY, ["webhooks:read"])

    assert make(bare) == dict.fromkeys(ALL, Deed.FAILED)


@pytest.mark.parametrize("fault", [Fault("reset", path="/webhooks"), Fault("html", path="/webhooks")])
def test_without_the_list_nothing_is_made(bare: Connection, lever: SandboxServer, fault: Fault) -> None:
    lever.faults.add(replace(fault))

    assert make(bare) == dict.fromkeys(ALL, Deed.FAILED)
    assert not lever.world.webhooks


def test_a_wrong_key_stops_the_connection_and_says_so(bare: Connection, lever: SandboxServer) -> None:
    lever.world.keys[DEMO_API_KEY].revoked = True

    results = hooks.make(bare, timezone.now())

    bare.refresh_from_db()
    assert bare.status == Connection.Status.FAILING
    assert "does not know this API key" in sentences(results)


def test_one_event_that_lever_refuses_keeps_nobody_from_the_others(bare: Connection, lever: SandboxServer) -> None:
    lever.faults.add(Fault("status", method="POST", path="/webhooks", status=400, skip=1))

    results = hooks.make(bare, timezone.now())

    assert [result.webhook for result in results if result.deed is Deed.FAILED] == [Webhook.HIRED]
    assert "“A fault was asked for.”" in sentences(results)
    assert len(lever.world.webhooks) == 4


def test_trouble_after_the_last_one_is_told_as_well(bare: Connection, lever: SandboxServer, settings: Any) -> None:
    make(bare)
    settings.SITE_URL = "https://vouch.example"
    last = the_one(lever, Webhook.APPLIED)
    lever.faults.add(Fault("status", method="DELETE", path=last.id, status=503))

    results = hooks.make(bare, timezone.now())

    assert [result.deed for result in results] == [*[Deed.MADE] * 5, Deed.FAILED]
    assert set(make(bare).values()) == {Deed.LEFT}
    assert is_whole(bare, lever)


def test_a_lever_that_takes_its_time_is_not_waited_for_without_end(
    bare: Connection, lever: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "ALTOGETHER", 0.3)
    lever.faults.add(Fault("hang", seconds=0.4, path="/webhooks", method="POST"))

    results = hooks.make(bare, timezone.now())

    assert [result.deed for result in results] == [Deed.MADE, *[Deed.FAILED] * 4]
    assert "takes long to answer" in results[-1].sentence


@pytest.mark.django_db(transaction=True)
def test_a_key_changed_meanwhile_gets_no_token_of_another_account(bare: Connection, lever: SandboxServer) -> None:
    add = lever.world.add_webhook

    def while_somebody_saves(*args: Any, **kwargs: Any) -> Made:
        at_the_page = Connection.objects.get(pk=bare.pk)
        at_the_page.api_key = "another-account"
        at_the_page.save()
        connections.close_all()
        return add(*args, **kwargs)

    lever.world.add_webhook = while_somebody_saves  # type: ignore[method-assign]  # the practice Lever, not the client
    results = hooks.make(bare, timezone.now())

    assert "The API key was changed meanwhile." in sentences(results)
    assert not bare.webhook_tokens.exists()
    assert not lever.world.webhooks


# --- two at once ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_make_no_double(bare: Connection, lever: SandboxServer) -> None:
    gate = threading.Barrier(4)
    found: list[Any] = []

    def press() -> None:
        mine = Connection.objects.get(pk=bare.pk)
        gate.wait()
        try:
            found.append(make(mine))
        except Busy as busy:
            found.append(str(busy))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert dict.fromkeys(ALL, Deed.MADE) in found
    assert is_whole(bare, lever)
    bare.refresh_from_db()
    assert bare.busy_until is None


def test_while_somebody_is_at_it_others_are_sent_away(bare: Connection, lever: SandboxServer) -> None:
    now = timezone.now()
    with bare.held(now), pytest.raises(Busy, match="Try again in two minutes"):
        hooks.make(bare, now)
    assert not lever.world.webhooks


def test_one_who_died_at_it_is_waited_for_two_minutes(bare: Connection, lever: SandboxServer) -> None:
    now = timezone.now()
    Connection.objects.filter(pk=bare.pk).update(busy_until=now + timedelta(minutes=2))
    with pytest.raises(Busy):
        hooks.make(bare, now + timedelta(seconds=119))

    assert len(hooks.make(bare, now + timedelta(minutes=2))) == 5


def test_a_hold_that_was_taken_over_is_not_given_back(bare: Connection) -> None:
    now = timezone.now()
    with bare.held(now):
        later = bare.held(now + timedelta(minutes=3))
        assert later.__enter__()
    assert Connection.objects.get(pk=bare.pk).busy_until is not None
    later.__exit__(None, None, None)
    assert Connection.objects.get(pk=bare.pk).busy_until is None


# --- looking ----------------------------------------------------------------------------------------------


def test_a_look_tells_what_stands_in_lever_and_changes_nothing(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    del lever.world.webhooks[the_one(lever, Webhook.HIRED).id]
    lever.world.add_webhook("candidateArchiveChange", bare.webhook_url(Webhook.ARCHIVED))
    bare.webhook_tokens.filter(webhook=Webhook.DELETED).update(lever_id="")
    bare.webhook_tokens.filter(webhook=Webhook.APPLIED).delete()
    before = dict(lever.world.webhooks)

    assert [result.sentence for result in hooks.look(bare)] == [
        "Made by Vouch.",
        "Not in Lever.",
        "In Lever more than once.",
        "Made by hand in Lever, with the token that is entered here.",
        "In Lever, with a signature token that is not known here.",
    ]
    assert lever.world.webhooks == before


def test_a_look_from_a_new_address_says_so(bare: Connection, lever: SandboxServer, settings: Any) -> None:
    make(bare)
    settings.SITE_URL = "https://vouch.example"

    assert {result.sentence for result in hooks.look(bare)} == {"In Lever with an address that Vouch had before."}


# --- removing ---------------------------------------------------------------------------------------------


def remove(connection: Connection) -> list[tuple[str, Deed]]:
    return [(result.webhook, result.deed) for result in hooks.remove(connection, timezone.now())]


def test_it_removes_what_vouch_made_and_nothing_else(bare: Connection, lever: SandboxServer) -> None:
    by_hand = lever.world.add_webhook("candidateHired", bare.webhook_url(Webhook.HIRED))
    bare.set_token(Webhook.HIRED, by_hand.token, timezone.now())
    script = lever.world.add_webhook("candidateHired", "https://warehouse.example/lever", by_api=True)
    make(bare)

    found = remove(bare)

    assert set(found) == {(each, Deed.REMOVED) for each in ALL if each != Webhook.HIRED} | {
        (Webhook.HIRED, Deed.BY_HAND)
    }
    assert set(lever.world.webhooks) == {by_hand.id, script.id}


def test_it_removes_those_at_a_former_address_too(bare: Connection, lever: SandboxServer, settings: Any) -> None:
    make(bare)
    settings.SITE_URL = "https://vouch.example"

    remove(bare)

    assert not lever.world.webhooks


def test_one_that_is_gone_already_is_no_trouble(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.world.webhooks.clear()

    assert remove(bare) == []


def test_what_lever_does_not_let_go_is_told(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.world.add_key(DEMO_API_KEY, ["webhooks:read"])

    assert remove(bare) == [(webhook, Deed.FAILED) for webhook in ALL]


def test_it_stops_as_soon_as_lever_does_not_answer(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.calls.clear()
    lever.faults.add(Fault("reset", method="DELETE", skip=1))

    assert remove(bare) == [(ALL[0], Deed.REMOVED), *((webhook, Deed.FAILED) for webhook in ALL[1:])]
    assert len(lever.calls.last()) == 3


def test_a_dead_lever_is_asked_once(bare: Connection, lever: SandboxServer) -> None:
    make(bare)
    lever.stop()
    try:
        assert remove(bare) == [(webhook, Deed.FAILED) for webhook in ALL]
    finally:
        lever.start()


def test_without_a_key_nothing_is_asked(bare: Connection, lever: SandboxServer) -> None:
    bare.forget()

    assert remove(bare) == []
    assert lever.calls.last() == []
