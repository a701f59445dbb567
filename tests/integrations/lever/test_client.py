"""What goes out to Lever, and what is made of the answers."""

import pytest

from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Note, Stage
from tests.integrations.lever.fake import FakeLever, payload

OPPORTUNITY = "7f3b1c52-9f0e-4d58-a1c4-2f6d0f7e9a11"


def test_it_lists_the_stages_in_their_order(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(payload("stages"))

    stages = lever.stages()

    assert fake.last.target == "/v1/stages"
    assert stages[0] == Stage("lead-new", "New lead")
    assert [stage.text for stage in stages][-2:] == ["Reference check", "Offer"]


def test_it_sends_the_key_as_user_name_and_says_who_calls(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(payload("stages"))

    lever.stages()

    assert fake.last.headers["Authorization"] == "Basic azN5LW9mLXRoZS1hY2NvdW50Ky89Og=="
    assert fake.last.headers["User-Agent"] == "Vouch/1.2"


def test_it_sends_a_key_that_is_not_latin(fake: FakeLever) -> None:
    fake.answers_with(payload("stages"))

    with Lever("ключ", fake.url) as lever:
        lever.stages()

    assert fake.last.headers["Authorization"] == "Basic 0LrQu9GO0Yc6"


def test_it_lists_users_who_can_sign_in(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(payload("users"))

    users = lever.users()

    assert [user.name for user in users] == ["Ines Cabral", "Tomasz Wilk", "Vouch"]
    assert users[0].role == "super admin"


def test_it_reads_one_user(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with({"data": payload("users")["data"][3]})

    user = lever.user("petra")

    assert fake.last.target == "/v1/users/petra"
    assert user.email == "petra.novak@example.com"
    assert not user.is_active


@pytest.mark.parametrize("wrapped", [True, False])
def test_it_reads_archive_reasons_also_when_there_is_only_one(fake: FakeLever, lever: Lever, wrapped: bool) -> None:
    reason = {"id": "r1", "text": "Hired", "status": "active", "type": "hired"}
    fake.answers_with({"data": [reason] if wrapped else reason})

    [found] = lever.archive_reasons()

    assert (found.id, found.is_hired, found.is_active) == ("r1", True, True)


def test_it_reads_an_opportunity_with_owner_and_application(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(payload("opportunity_expanded"))

    opportunity = lever.opportunity(OPPORTUNITY)

    assert fake.last.path == f"/v1/opportunities/{OPPORTUNITY}"
    assert fake.last.query == [("expand", "applications"), ("expand", "owner"), ("expand", "followers")]
    assert opportunity.owner is not None
    assert opportunity.owner.email == "ines.cabral@example.com"


def test_it_reads_a_posting(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(payload("posting"))

    posting = lever.posting("p1")

    assert fake.last.target == "/v1/postings/p1"
    assert posting.title == "Data Engineer"


@pytest.mark.parametrize(
    ("verb", "method", "field"),
    [
        ("addTags", "add_tags", "tags"),
        ("removeTags", "remove_tags", "tags"),
        ("addLinks", "add_links", "links"),
        ("removeLinks", "remove_links", "links"),
    ],
)
def test_it_changes_tags_and_links_in_the_name_of_a_user(
    fake: FakeLever, lever: Lever, verb: str, method: str, field: str
) -> None:
    fake.answers_with(payload("opportunity"))

    getattr(lever, method)("o1", ("Vouch - Überfällig", "b"), "u1")

    assert (fake.last.method, fake.last.target) == ("POST", f"/v1/opportunities/o1/{verb}?perform_as=u1")
    assert fake.last.headers["Content-Type"] == "application/json"
    assert fake.last.json == {field: ["Vouch - Überfällig", "b"]}


def test_a_change_may_be_answered_with_nothing(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b"", 204)

    lever.add_tags("o1", ["a"], "u1")

    assert len(fake.seen) == 1


@pytest.mark.parametrize("data", [{"noteId": "n1"}, {"id": "n1", "noteId": "n1", "text": "Note"}, {"id": "n1"}])
def test_it_writes_a_note_and_knows_its_id(fake: FakeLever, lever: Lever, data: dict[str, str]) -> None:
    fake.answers_with({"data": data}, 201)

    assert lever.add_note("o1", "Three of three have answered.", "u1") == "n1"

    assert (fake.last.method, fake.last.target) == ("POST", "/v1/opportunities/o1/notes?perform_as=u1")
    assert fake.last.json == {"value": "Three of three have answered."}


def test_a_note_without_an_id_may_or_may_not_have_been_written(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with({"data": {}}, 201)

    with pytest.raises(LeverError) as raised:
        lever.add_note("o1", "text", "u1")

    assert raised.value.kind is Kind.UNREADABLE
    assert not raised.value.permanent


def test_it_reads_notes_with_their_comments(fake: FakeLever, lever: Lever) -> None:
    fields = [{"type": "note", "text": "Comment", "value": value} for value in ("First.", "Second.", None)]
    fake.answers_with({"data": [{"id": "n1", "text": "Note", "fields": fields}], "hasNext": False})

    assert lever.notes("o1") == [Note("n1", "First.\nSecond.")]


@pytest.mark.parametrize(
    ("odd", "sent"),
    [
        ("../x", "..%2Fx"),
        ("a/b", "a%2Fb"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("..;", "..%3B"),
        ("ä b", "%C3%A4%20b"),
        ("http://elsewhere.example", "http%3A%2F%2Felsewhere.example"),
        ("a\r\nX: y", "a%0D%0AX%3A%20y"),
    ],
)
def test_an_id_does_not_leave_its_place_in_the_path(fake: FakeLever, lever: Lever, odd: str, sent: str) -> None:
    fake.answers_with({"data": {"id": "o"}})

    lever.opportunity(odd)

    assert fake.last.path == f"/v1/opportunities/{sent}"


@pytest.mark.parametrize("odd", ["", ".", "..", "a\x00", "\ud800"])
def test_an_id_that_no_path_can_hold_is_not_asked_for(fake: FakeLever, lever: Lever, odd: str) -> None:
    with pytest.raises(LeverError) as raised:
        lever.opportunity(odd)

    assert raised.value.kind is Kind.NOT_FOUND
    assert not fake.seen


@pytest.mark.parametrize("answer", [{"data": {}}, {"data": None}, {"data": []}, {}, [], None, 5, "x"])
def test_an_answer_without_the_object_is_unreadable(fake: FakeLever, lever: Lever, answer: object) -> None:
    fake.answers_with(answer)

    with pytest.raises(LeverError) as raised:
        lever.opportunity("o1")

    assert raised.value.kind is Kind.UNREADABLE
