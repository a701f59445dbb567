"""Keys, tokens and the words of private mails are on no page, for nobody."""

import re

import pytest

from accounts.roles import Role
from notifications.letters import Letter, Link, render
from notifications.models import Message
from tests.portal.test_access import TABLE
from tests.portal.world import World, address, pages

STYLE_OR_HANDLER = re.compile(rb"<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
INLINE = re.compile(rb"<style(?! nonce=)|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def every_page(world: World, visitor: str) -> dict[str, bytes]:
    browser = world.visitor(visitor)
    urls = ["/admin/", "/admin/password_change/", "/admin/password_change/done/"]
    urls += [url for label, row in world.rows().items() for url in pages(label, row).values()]
    urls += [address("checks.check", "verb", world.ours.check.pk, name) for name in ("cancel", "conclude")]
    urls += [address("integrations.connection", "verb", world.ours.connection.pk, "disconnect")]
    urls += [address("integrations.connection", "offers", world.ours.connection.pk)]
    return {url: browser.get(url, follow=True).content for url in urls}


@pytest.mark.parametrize("visitor", [Role.SUPER_ADMIN, Role.ADMIN, Role.TEAM_MEMBER, Role.LIMITED, "operator"])
def test_no_page_shows_a_secret(world: World, visitor: str) -> None:
    ours = world.ours
    tokens = [token.token for token in ours.connection.webhook_tokens.all()]
    doors = [ours.check.token, *(reference.token for reference in ours.check.references.all())]
    secrets = [ours.connection.api_key, *tokens, *doors, "secret-webhook-token", "secret-signature", "SECRETDOOR"]
    secrets += [ours.people[Role.SUPER_ADMIN].password, ours.check.token_hash]
    assert len(secrets) == 15
    found = {(url, s) for url, page in every_page(world, visitor).items() for s in secrets if s.encode() in page}
    assert found == set()


@pytest.mark.parametrize("visitor", [Role.SUPER_ADMIN, "operator"])
def test_no_page_breaks_the_rules_of_its_own_security_policy(world: World, visitor: str) -> None:
    broken = [
        url for url, page in every_page(world, visitor).items() if STYLE_OR_HANDLER.search(page) or INLINE.search(page)
    ]
    assert broken == []


def test_every_model_is_among_the_pages_looked_at(world: World) -> None:
    assert sorted(world.rows()) == sorted(TABLE)


def test_the_key_and_the_tokens_show_by_their_last_characters(world: World) -> None:
    page = world.visitor(Role.SUPER_ADMIN).get(address("integrations.connection", "change", world.ours.connection.pk))
    assert "Stored, ends in -key" in page.text
    assert page.text.count("Stored, ends in ") == 6


def test_a_letters_links_are_cut_short(world: World) -> None:
    page = world.visitor(Role.TEAM_MEMBER).get(address("notifications.message", "change", world.ours.message.pk))
    assert "http://vouch.example/c/…/" in page.text


@pytest.mark.parametrize("visitor", [Role.SUPER_ADMIN, "operator"])
def test_a_mail_that_signs_somebody_in_is_not_shown_at_all(world: World, visitor: str) -> None:
    letter = Letter(
        subject="Sign in", heading="", opening=("Nobody else reads this.",), action=Link("Go", "http://x/y/z")
    )
    message = Message.queue(
        world.ours.organization,
        key="sign-in",
        kind="sign-in",
        topic="",
        to=("Ruth", "ruth@northmoor.example"),
        letter=render(letter, world.ours.organization),
        now=world.ours.message.created_at,
    )
    page = world.visitor(visitor).get(address("notifications.message", "change", message.pk))
    assert page.status_code == 200
    assert "Nobody else reads this." not in page.text


def test_a_delivery_shows_its_body_without_what_signed_it(world: World) -> None:
    page = world.visitor(Role.ADMIN).get(address("integrations.delivery", "change", world.ours.delivery.pk)).text
    assert "Ours-opportunity" in page
    assert page.count("…") >= 2


@pytest.mark.parametrize("body", [b"\xff\xfe{", b'{"data": "\\ud800"}', b'{"a": "\\u0000"}', b"[" * 5000 + b"]" * 5000])
def test_a_delivery_of_any_body_has_a_page(world: World, body: bytes) -> None:
    world.ours.delivery.body = body
    world.ours.delivery.save()
    url = address("integrations.delivery", "change", world.ours.delivery.pk)
    assert world.visitor(Role.SUPER_ADMIN).get(url).status_code == 200


def test_an_error_in_the_form_gives_no_secret_back(world: World) -> None:
    url = address("integrations.connection", "change", world.ours.connection.pk)
    form = {"new_api_key": "typed-in-vain", "stage-change-token": "also in vain", "tag_prefix": ""}
    page = world.visitor(Role.SUPER_ADMIN).post(url, form)
    assert page.status_code == 200
    assert "in vain" not in page.text
    assert "typed-in-vain" not in page.text
