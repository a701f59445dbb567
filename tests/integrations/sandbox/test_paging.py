import json
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World
from tests.integrations.sandbox.visitors import Lever


@pytest.fixture
def crowd() -> Iterator[SandboxServer]:
    world = World.empty()
    for number in range(205):
        stage = list(world.stages)[number % 10]
        world.add_person(f"Person {number}", stage=stage, at=1_700_000_000_000 + number)
    with SandboxServer(world) as server:
        yield server


def all_pages(lever: Lever, **params: object) -> list[list[str]]:
    pages, answer = [], lever.get("/opportunities", **params).json()
    while True:
        pages.append([each["id"] for each in answer["data"]])
        if not answer["hasNext"]:
            return pages
        answer = lever.get("/opportunities", **params, offset=answer["next"]).json()


def test_every_opportunity_is_seen_once(crowd: SandboxServer) -> None:
    pages = all_pages(Lever(crowd))
    assert [len(page) for page in pages] == [100, 100, 5]
    assert {each for page in pages for each in page} == set(crowd.world.opportunities)


def test_the_order_is_by_stage_and_the_latest_arrival_first(crowd: SandboxServer) -> None:
    found = [crowd.world.opportunities[each] for page in all_pages(Lever(crowd)) for each in page]
    ranks = [(crowd.world.rank(each.stage), -each.advanced_at) for each in found]
    assert ranks == sorted(ranks)


def test_a_token_is_percent_encoded_and_names_the_first_of_the_next_page(crowd: SandboxServer) -> None:
    answer = Lever(crowd).get("/opportunities").json()
    assert answer["next"].startswith("%5B")
    assert "[" not in answer["next"]
    following = Lever(crowd).get("/opportunities", offset=answer["next"]).json()["data"][0]
    assert json.loads(unquote(answer["next"]))[1:] == [following["lastAdvancedAt"], following["id"]]


def test_the_limit_and_filters_hold_on_every_page(crowd: SandboxServer) -> None:
    pages = all_pages(Lever(crowd), limit=8, stage_id="offer")
    assert [len(page) for page in pages] == [8, 8, 4]


@pytest.mark.parametrize("spoilt", ["0", "%5B1%5D", "{}x", "x{}"])
def test_an_altered_token_is_refused(crowd: SandboxServer, spoilt: str) -> None:
    token = Lever(crowd).get("/opportunities").json()["next"]
    answer = Lever(crowd).get("/opportunities", offset=spoilt.format(token))
    assert answer.status_code == 400
    assert "Invalid offset token" in answer.json()["message"]


def test_a_token_pasted_without_encoding_is_refused(crowd: SandboxServer) -> None:
    lever = Lever(crowd)
    token = lever.get("/opportunities").json()["next"]
    answer = lever.session.get(f"{crowd.api_url}/opportunities?offset={token}", timeout=30)
    assert "Invalid offset token" in answer.json()["message"]


@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_limit_out_of_range_is_refused(crowd: SandboxServer, limit: str) -> None:
    assert Lever(crowd).get("/opportunities", limit=limit).status_code == 400


def test_someone_who_moves_meanwhile_can_be_missed(crowd: SandboxServer) -> None:
    lever = Lever(crowd)
    first = lever.get("/opportunities").json()
    missed = lever.get("/opportunities", offset=first["next"]).json()["data"][-1]["id"]
    crowd.world.move(missed, "lead-new")
    rest = lever.get("/opportunities", offset=first["next"]).json()["data"]
    assert missed not in [each["id"] for each in first["data"] + rest]


def test_users_are_paged_too(crowd: SandboxServer) -> None:
    first = Lever(crowd).get("/users", limit=3).json()
    second = Lever(crowd).get("/users", limit=3, offset=first["next"]).json()
    assert len({user["id"] for user in first["data"] + second["data"]}) == 5
    assert not second["hasNext"]
