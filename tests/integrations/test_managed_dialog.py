"""The dialog of the managed way: two values from Lever, right and wrong."""

from typing import Any

import pytest

from integrations.managed import Step
from integrations.models import Connection, Webhook
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.factories import make_user
from tests.integrations.walk import TOKEN, Walk, notices, words

pytestmark = pytest.mark.django_db


def test_a_wrong_key_is_said_at_its_field_and_the_dialog_stays_open(walk: Walk) -> None:
    walk.to(Step.ENABLE)
    page = walk.save("wrong-key", TOKEN)
    dialog = page.select_one(".dialog[data-open]:not([popover])")
    assert dialog is not None
    assert "Lever does not know this key." in words(dialog.select_one("#settings-api_key_error"))
    assert "wrong-key" not in str(page)
    assert TOKEN not in str(page)
    assert (walk.standing[-1], walk.connection.api_key) == (Step.ENABLE, "")


def test_a_wrong_key_on_the_plain_page_comes_back_to_the_plain_page(walk: Walk) -> None:
    walk.to(Step.ENABLE)
    page = walk.save("wrong-key", TOKEN, alone="yes")
    assert page.select_one(".dialog") is None
    assert page.select_one("#settings-api_key[aria-invalid=true]") is not None


@pytest.mark.parametrize(
    ("key", "token", "at", "sentence"),
    [
        ("", TOKEN, "api_key", "This field is required."),
        (DEMO_API_KEY, "", "signature_token", "This field is required."),
        ("half a key", TOKEN, "api_key", "There are spaces in it. Copy it from Lever again."),
        (DEMO_API_KEY, "half a token", "signature_token", "There are spaces in it. Copy it from Lever again."),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(walk: Walk, key: str, token: str, at: str, sentence: str) -> None:
    walk.to(Step.ENABLE)
    page = walk.save(key, token)
    assert words(page.select_one(f"#settings-{at}_error")) == sentence
    assert walk.standing[-1] == Step.ENABLE


def test_spaces_around_are_left_out(walk: Walk) -> None:
    walk.to(Step.ENABLE)
    walk.save(f"  {DEMO_API_KEY}\n", f" {TOKEN} ")
    assert (walk.connection.api_key, walk.connection.tokens_for(Webhook.STAGE_CHANGE)) == (DEMO_API_KEY, [TOKEN])


def test_when_lever_is_out_of_reach_the_key_is_stored_and_found_out_about_later(
    walk: Walk, lever: SandboxServer, settings: Any
) -> None:
    walk.to(Step.ENABLE)
    settings.LEVER_API_URL = "http://127.0.0.1:9/v1"
    page = walk.take(Step.SETTINGS)
    assert "The key is stored, but could not be tried: Vouch got no answer from Lever." in notices(page)[1]
    assert (walk.standing[-1], walk.connection.stage_id) == (Step.SETTINGS, "")
    settings.LEVER_API_URL = lever.api_url
    walk.take(Step.ADDRESS)
    assert (walk.connection.missing(), walk.connection.perform_as_name) == ([], "Ruth Adeyemi")


def test_the_values_can_be_entered_anew_and_empty_keeps_them(walk: Walk) -> None:
    walk.to(Step.ACTIVATE)
    walk.save("", "another-token")
    assert walk.connection.tokens_for(Webhook.STAGE_CHANGE) == ["another-token", TOKEN]
    assert (walk.connection.api_key, walk.connection.is_active) == (DEMO_API_KEY, True)
    assert len(walk.mails("settings")) == 2
    walk.save("", "")
    assert len(walk.mails("settings")) == 2


def test_a_refused_connection_is_tried_again_with_a_new_key(walk: Walk) -> None:
    walk.to(Step.ACTIVATE)
    walk.connection.fail("Lever does not know this API key.")
    assert "Lever does not know this API key." in words(walk.tile())
    walk.save(DEMO_API_KEY, "")
    assert walk.connection.is_active


def test_a_key_that_another_connection_has_is_taken_with_a_warning(walk: Walk) -> None:
    Connection.objects.create(organization=make_user().organization, api_key=DEMO_API_KEY)
    walk.to(Step.ENABLE)
    assert "Another connection on this installation has the same key." in notices(walk.take(Step.SETTINGS))[1]


@pytest.mark.django_db(transaction=True)
def test_lever_is_asked_outside_any_transaction(walk: Walk, in_transactions: list[bool]) -> None:
    walk.to(Step.ENABLE, stage="Referees")
    walk.save(DEMO_API_KEY, TOKEN)
    walk.take(Step.ADDRESS)
    walk.take(Step.ACTIVATE)
    assert len(in_transactions) == 9
    assert not any(in_transactions)
