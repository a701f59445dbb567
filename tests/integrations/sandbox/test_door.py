import time

import pytest

from integrations.sandbox import cast
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from tests.integrations.sandbox.visitors import Lever, person


@pytest.mark.parametrize("auth", [None, ("nobody", ""), ("", ""), (DEMO_API_KEY, "a password")])
def test_it_asks_for_a_known_key_with_an_empty_password(lever: Lever, auth: tuple[str, str] | None) -> None:
    lever.session.auth = auth
    answer = lever.get("/stages")
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message"}


@pytest.mark.parametrize("value", [f"Bearer {DEMO_API_KEY}", "Basic %%%", "Basic /w==", "Basic"])
def test_any_other_authorization_is_refused(lever: Lever, value: str) -> None:
    lever.session.auth = None
    lever.session.headers["Authorization"] = value
    assert lever.get("/stages").status_code == 401


def test_a_revoked_key_is_refused(sandbox: SandboxServer, lever: Lever) -> None:
    assert lever.get("/stages").status_code == 200
    sandbox.world.keys[DEMO_API_KEY].revoked = True
    assert lever.get("/stages").status_code == 401


def test_a_key_reaches_only_what_it_has_permission_for(sandbox: SandboxServer, marcus: Opportunity) -> None:
    sandbox.world.add_key("narrow", ["stages:read", "notes:write"])
    lever = Lever(sandbox, "narrow")
    assert lever.get("/stages").status_code == 200
    assert lever.get(f"/opportunities/{marcus.id}/notes").status_code == 200
    answer = lever.get(f"/opportunities/{marcus.id}")
    assert answer.status_code == 403
    assert "Super Admin" in answer.json()["message"]


def test_a_key_without_confidential_access_sees_nothing_confidential(sandbox: SandboxServer) -> None:
    sandbox.world.add_key("plain", confidential=False)
    lever, hidden = Lever(sandbox, "plain"), person(sandbox, "Hélène Marchetti").id
    assert lever.get("/opportunities").status_code == 200
    assert lever.get("/opportunities", confidentiality="all").status_code == 403
    assert lever.get(f"/opportunities/{hidden}").status_code == 403
    assert lever.post(f"/opportunities/{hidden}/addTags", {"tags": ["x"]}).status_code == 403
    assert lever.get(f"/postings/{cast.id_of('posting', 'Finance Director')}").status_code == 403


@pytest.mark.parametrize("path", ["/nothing", "/stages/", "/candidates"])
def test_an_unknown_path_is_a_missing_resource(lever: Lever, path: str) -> None:
    answer = lever.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "ResourceNotFound")


def test_a_method_that_a_path_does_not_know_is_one_too(lever: Lever, marcus: Opportunity) -> None:
    assert lever.post(f"/opportunities/{marcus.id}/stage", {"stage": "offer"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "stage", {"stage": "offer"}),
        ("PUT", "archived", {"reason": None}),
        ("POST", "addTags", {"tags": []}),
        ("POST", "removeTags", {"tags": []}),
        ("POST", "addLinks", {"links": []}),
        ("POST", "removeLinks", {"links": []}),
        ("POST", "notes", {"value": "x"}),
    ],
)
def test_a_write_names_the_user_it_is_for(
    sandbox: SandboxServer, lever: Lever, marcus: Opportunity, method: str, path: str, body: object
) -> None:
    answer = lever.write(method, f"/opportunities/{marcus.id}/{path}", body, by=None)
    assert answer.status_code == 400
    assert answer.json() == {"code": "BadRequestError", "message": "Missing required parameter: perform_as"}
    sandbox.sandbox.perform_as_required = False
    assert lever.write(method, f"/opportunities/{marcus.id}/{path}", body, by=None).ok


@pytest.mark.parametrize("by", ["nobody", cast.id_of("user", "piotr@northmoor.example")])
def test_the_user_must_be_known_and_active(lever: Lever, marcus: Opportunity, by: str) -> None:
    assert lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["x"]}, by=by).status_code == 400
    assert "x" not in marcus.tags


def test_even_an_interviewer_will_do(lever: Lever, marcus: Opportunity) -> None:
    assert lever.post(f"/opportunities/{marcus.id}/addTags", {"tags": ["x"]}, by=cast.SAMUEL).status_code == 200


def test_twenty_calls_may_come_at_once_and_then_ten_a_second(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.sandbox.rate = 0.001
    statuses = [lever.get("/stages/offer").status_code for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    sandbox.sandbox.rate = 100.0
    time.sleep(0.05)
    assert lever.get("/stages/offer").status_code == 200


def test_each_key_has_a_rate_of_its_own(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.sandbox.rate, sandbox.sandbox.burst = 0.001, 1.0
    sandbox.world.add_key("second")
    assert [lever.get("/stages").status_code for _ in range(2)] == [200, 429]
    assert Lever(sandbox, "second").get("/stages").status_code == 200


def test_it_says_when_to_come_back_only_if_told_to(sandbox: SandboxServer, lever: Lever) -> None:
    sandbox.sandbox.rate, sandbox.sandbox.burst = 0.001, 0.0
    assert "Retry-After" not in lever.get("/stages").headers
    sandbox.sandbox.retry_after = 3
    assert lever.get("/stages").headers["Retry-After"] == "3"


def test_a_body_that_is_no_json_is_a_bad_request(lever: Lever, marcus: Opportunity) -> None:
    url = f"{lever.root}/opportunities/{marcus.id}/addTags?perform_as={cast.RUTH}"
    assert lever.session.post(url, data="tags=x", timeout=30).status_code == 400


def test_answers_carry_lever_s_headers(lever: Lever) -> None:
    headers = lever.get("/stages").headers
    assert headers["server"] == "lever-data-api"
    assert headers["content-type"] == "application/json; charset=utf-8"


def test_calls_are_logged_without_query_and_with_four_characters_of_the_key(
    sandbox: SandboxServer, lever: Lever
) -> None:
    lever.get("/opportunities", email="marcus.webb@post.example")
    call = sandbox.calls.last(1)[0]
    assert (call.method, call.path, call.status, call.key) == (
        "GET",
        "/v1/opportunities",
        200,
        DEMO_API_KEY[-4:],
    )
