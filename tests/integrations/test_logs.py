"""What a person types to find a row of the log, and what of a delivery's body a person may read."""

import json
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from integrations import finding, payloads
from integrations.finding import find, opportunity_in
from integrations.payloads import readable
from tests.factories import make_check, make_operator, make_organization, make_user

ID = "5c86d32e-4f3a-4c1b-9a53-1d0a3e0c5b11"
MARCUS = {"opportunityId": ID, "contact": {"name": "Marcus Webb", "emails": ["marcus@post.example"]}}


@pytest.fixture
def ruth(db: None) -> User:
    return make_user(make_organization(), Role.SUPER_ADMIN)


# --- finding ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"  {ID} ",
        f"https://hire.lever.co/candidates/{ID}",
        f"https://hire.lever.co/candidates/{ID}/",
        f"https://hire.lever.co/candidates/{ID}?tab=notes#top",
        f"https://hire.eu.lever.co/x/y/{ID}",
        f"http://[broken/{ID}",
    ],
)
def test_an_opportunity_is_found_by_its_id_and_by_any_address_that_ends_in_it(text: str) -> None:
    assert opportunity_in(text) == ID


@pytest.mark.parametrize("text", ["", "   ", "/", "?", "#", "https://"])
def test_a_text_without_anything_in_it_names_nothing(ruth: User, text: str) -> None:
    assert find(text, ruth).opportunities <= {"https:"}
    assert not find(text, ruth).checks


@pytest.mark.parametrize("text", ["marcus", "Webb", "webb MARCUS", "Marcus Webb", "arcu"])
def test_a_candidate_is_found_by_any_part_of_the_name(ruth: User, text: str) -> None:
    check = make_check(ruth.organization)
    make_check(ruth.organization, candidate_name="Ada Obi")
    found = find(text, ruth)
    assert found.checks == {check.pk}
    assert found.opportunities == {check.opportunity_id, text}


def test_all_words_must_fit(ruth: User) -> None:
    make_check(ruth.organization)
    assert not find("Marcus Obi", ruth).checks


def test_nobody_finds_another_organizations_candidates(ruth: User) -> None:
    other = make_check()
    assert not find("Marcus", ruth).checks
    assert not find(other.opportunity_id, ruth).checks
    assert find(other.opportunity_id, make_operator()).checks == find("Marcus", make_operator()).checks == {other.pk}


def test_signs_of_the_databases_own_language_are_plain_letters(ruth: User) -> None:
    make_check(ruth.organization)
    assert not find("%", ruth).checks
    assert not find("M_rcus", ruth).checks


def test_an_address_or_an_id_is_not_looked_for_among_the_names(ruth: User, django_assert_num_queries: Any) -> None:
    for text in (ID, f"https://hire.lever.co/candidates/{ID}"):
        with django_assert_num_queries(1):
            find(text, ruth)


def test_names_are_looked_for_among_the_newest_checks_and_it_says_so(ruth: User, monkeypatch: Any) -> None:
    checks = [make_check(ruth.organization) for _ in range(3)]
    assert find("Marcus", ruth).limits == ()
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    found = find("Marcus", ruth)
    assert found.checks == {check.pk for check in checks[1:]}
    assert found.limits == ("Names are looked up among the newest 2 checks. An opportunity’s id finds any.",)


def test_of_many_who_bear_a_name_the_newest_are_taken_and_it_says_so(ruth: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(finding, "NAMED", 2)
    checks = [make_check(ruth.organization) for _ in range(3)]
    found = find("Marcus", ruth)
    assert found.checks == {check.pk for check in checks[1:]}
    assert found.limits == ("More than 2 checks bear that name; these are of the newest. Add another word.",)


# --- reading ----------------------------------------------------------------------------------------------


def body(**more: Any) -> bytes:
    signed = {"event": "candidateStageChange", "triggeredAt": 1790000000000, "token": "T0KEN", "signature": "S1GN"}
    return json.dumps({**signed, **more}).encode()


def hidden(value: Any) -> Any:
    return json.loads(readable(json.dumps(value).encode(), is_whole=False))


@pytest.mark.parametrize("is_whole", [True, False])
def test_nobody_sees_what_signed_it(is_whole: bool) -> None:
    text = readable(body(data={"token": ["T0KEN"], "signature": {"a": "S1GN"}}), is_whole=is_whole)
    assert "T0KEN" not in text
    assert "S1GN" not in text


def test_the_organizations_own_people_see_the_rest_whole() -> None:
    text = readable(body(data=MARCUS), is_whole=True)
    assert json.loads(text)["data"] == MARCUS


def test_the_operator_sees_ids_events_and_times() -> None:
    data = {
        "opportunityId": ID,
        "toStageId": "applicant-new",
        "toArchived": {"reason": ID, "archivedAt": 17},
        "to": None,
    }
    shown = hidden({"event": "candidateArchiveChange", "triggeredAt": 1790000000000, "data": data})
    assert shown == {"event": "candidateArchiveChange", "triggeredAt": 1790000000000, "data": data}


def test_the_operator_sees_of_a_person_that_something_is_there() -> None:
    assert hidden(MARCUS) == {"opportunityId": ID, "contact": {"name": "…", "emails": ["…"]}}


@pytest.mark.parametrize(
    "value",
    [
        "Marcus Webb",
        ["Marcus Webb", {"opportunityId": "Marcus Webb"}],
        {"opportunityId": {"opportunityId": ["marcus@post.example", ["Marcus"]]}},
        {"event": "Marcus"},
        {"candidateId": "Marcus-Webb", "contactId": "webb"},
        {"Marcus Webb": 1, "marcus@post.example": {"toStageId": "Marcus Webb"}},
        {"triggeredAt": "Marcus, yesterday"},
        {"telephone": 4479460000, "salary": 4479460000.5, "is_marcus": True, "x": [4479460000]},
        {"toStageId": 4479460000.5},
    ],
)
def test_however_odd_the_shape_the_operator_sees_nothing_of_a_person(value: Any) -> None:
    text = readable(json.dumps(value).encode(), is_whole=False)
    assert not [secret for secret in ("Marcus", "marcus@", "Webb", "webb", "4479460000") if secret in text]


@pytest.mark.parametrize("is_whole", [True, False])
@pytest.mark.parametrize("raw", [b"Marcus Webb", b"\xff\xfe{", b"{", b"[" * 50_000])
def test_of_what_is_no_json_only_the_size_is_told(raw: bytes, is_whole: bool) -> None:
    assert readable(raw, is_whole=is_whole) == f"{len(raw)} bytes that cannot be set out as JSON."


@pytest.mark.parametrize("is_whole", [True, False])
def test_a_delivery_without_a_body_shows_none(is_whole: bool) -> None:
    assert readable(b"", is_whole=is_whole) == ""


def test_what_no_page_can_hold_is_replaced() -> None:
    assert readable(b'{"a": "\\ud800"}', is_whole=True).encode()


def test_deep_brackets_make_no_endless_page(monkeypatch: Any) -> None:
    monkeypatch.setattr(payloads, "LONGEST", 500)
    deep: Any = list(range(1000))
    for _ in range(100):
        deep = [deep]
    text = readable(json.dumps(deep).encode(), is_whole=True)
    assert len(text) == 502
    assert text.endswith("\n…")
