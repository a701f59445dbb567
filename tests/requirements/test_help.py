"""R1, R5, R6, R10, R12, R15, R42 to R45, R54, R57: what the help says, and that what it names is there."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from accounts.roles import Role
from config.help import PARTS, SIX
from docs.help_pictures import SHOTS
from integrations.doctor.account import PERMISSIONS
from integrations.managed import Step
from integrations.models import StepTaken
from integrations.pages import ADDRESS_LABELS
from tests.portal.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def soup(world: World, address: str) -> BeautifulSoup:
    return BeautifulSoup(world.visitor(Role.SUPER_ADMIN).get(address, follow=True).text, "html.parser")


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


def section(world: World, slug: str, anchor: str) -> Tag:
    found = soup(world, f"/admin/help/{slug}/").find(id=anchor)
    assert found is not None
    assert found.parent is not None
    return found.parent


def in_order(text: str, *pieces: str) -> bool:
    """Whether the text says them all, one after the other."""
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
    return True


def lever_page(world: World) -> str:
    """What stands on the page that the help leads to."""
    return words(soup(world, f"/admin/integrations/connection/{world.ours.connection.pk}/change/"))


def test_r1_help_has_six_parts_with_pictures_of_our_own_pages(world: World) -> None:
    index = soup(world, "/admin/help/")
    assert [str(link["href"]) for link in index.select(".parts-list a")] == [f"/admin/help/{p.slug}/" for p in SIX]
    assert [part.slug for part in SIX] == ["connect", "templates", "outcome", "request", "report", "prospects"]
    shown = {img["src"] for part in PARTS for img in soup(world, f"/admin/help/{part.slug}/").select("article img")}
    assert shown == {f"/static/img/help/{name}.png" for name in SHOTS}


def test_r5_it_says_where_to_switch_the_app_on_in_lever(world: World) -> None:
    text = words(section(world, "connect", "key"))
    assert in_order(text, "switched on by a key", "Settings", "Integrations and API", "API credentials", "Generate new")
    assert [link.get_text() for link in section(world, "connect", "key").select("li a")][-1].endswith("Connections")


def test_r6_it_says_what_works_with_and_without_confidential_data(world: World) -> None:
    text = words(section(world, "connect", "confidential"))
    assert in_order(text, "Vouch works both ways", "With it", "get their checks", "Without it", "start no check")
    assert "Everything else works" in text


def test_the_permissions_that_a_key_needs_are_those_that_the_doctor_tries(world: World) -> None:
    rows = [words(row) for row in section(world, "connect", "permissions").select("tbody th")]
    assert rows == [str(permission.title) for permission in PERMISSIONS]


def test_r10_it_walks_through_levers_dialog_for_stage_changes(world: World) -> None:
    steps = [words(step) for step in section(world, "connect", "by-hand").select("ol li")]
    said = ["Lever webhook URL", "Webhooks", "Candidate Stage Change", "Add webhook", "signature token", "Verify"]
    assert [piece in step for piece, step in zip(said, steps, strict=True)] == [True] * len(said)
    assert all(piece in lever_page(world) for piece in ("Lever webhook URL", "Candidate Stage Change", "Copy"))


def test_r12_it_says_where_each_signature_token_is_found(world: World) -> None:
    rows = [words(row) for row in section(world, "connect", "tokens").select("tbody tr")]
    assert len(rows) == len(ADDRESS_LABELS)
    for row, address in zip(rows, ADDRESS_LABELS.values(), strict=True):
        assert str(address) in row
        assert str(address) in lever_page(world)
    assert "below the switch of its event" in words(section(world, "connect", "tokens"))


def test_r15_it_walks_through_candidate_hired(world: World) -> None:
    text = words(section(world, "outcome", "hired"))
    assert in_order(text, "Lever webhook hired URL", "Candidate Hired", "Add webhook", "signature token", "Save")
    assert "Webhook hired signature token" in text
    assert "Webhook hired signature token" in lever_page(world)


def test_the_help_says_whom_vouch_asks_and_what_it_writes_back(world: World) -> None:
    assert "It goes to the owner of the opportunity in Lever." in words(section(world, "outcome", "asked"))
    assert "Ours - Hired or Ours - Not hired" in words(section(world, "outcome", "back"))


@pytest.mark.parametrize(("slug", "anchor"), [("connect", "needed"), ("managed", "who")])
def test_r42_it_names_the_lever_packages(world: World, slug: str, anchor: str) -> None:
    text = words(section(world, slug, anchor))
    assert in_order(text, "LeverTRM", "LeverTRM for Enterprise", "Lever Basic")


def test_r43_a_check_is_for_a_candidate_who_advances(world: World) -> None:
    assert "a candidate who has come far enough" in words(section(world, "request", "start"))
    after = section(world, "managed", "after")
    assert "A candidate who advances to the stage" in words(after)
    assert after.select_one('a[href="/admin/help/request/"]')


def test_r44_it_walks_through_the_key_which_is_shown_once(world: World) -> None:
    key, _token = section(world, "managed", "lever").select("ol li")
    assert in_order(words(key), "Integrations and API", "API credentials", "Generate new key", "shown once")


def test_r45_it_walks_through_the_token_that_lever_gives_before_any_address_is_known(world: World) -> None:
    _key, token = section(world, "managed", "lever").select("ol li")
    assert in_order(words(token), "Webhooks", "Add webhook", "Candidate Stage Change", "copy the token")
    assert "The address stays empty for now" in words(token)


def test_r54_it_walks_through_the_last_step_in_lever(world: World) -> None:
    steps = [words(step) for step in section(world, "managed", "address").select("ol li")]
    said = ["hands out the webhook address", "paste the address", "Move the switch", "Verify connection"]
    assert [piece in step for piece, step in zip(said, steps, strict=True)] == [True] * len(said)


def test_r57_it_links_to_the_connectors_own_page(world: World, settings: Any) -> None:
    settings.CONNECTION_MODE = "managed"
    link = section(world, "managed", "request").select_one("li a")
    assert link is not None
    StepTaken.objects.all().delete()
    world.ours.connection.forget()
    assert "Request connection" in words(soup(world, str(link["href"])))


def test_the_managed_steps_are_told_in_the_order_in_which_they_are_taken(world: World) -> None:
    told = [words(step) for step in section(world, "managed", "who").select("ol li b")]
    assert told == [str(step.label) for step in Step]
