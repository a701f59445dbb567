"""People without two managers: another kind of person, or a place left empty with a reason. Nobody is refused."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check
from checks.timeline import lines
from notifications.models import Message
from tests.checks.visits import enter, names_for, only, read, visit, words
from tests.factories import answers_for, make_check, make_organization, make_template

pytestmark = pytest.mark.django_db

TEACHER = {
    "reference-1-place": "other",
    "reference-1-relationship": "teacher",
    "reference-1-why_other": "I have worked for myself since school.",
}
EMPTY = {"reference-1-place": "empty", "fewer_because": "I cared for my father for six years."}


@pytest.fixture
def check() -> Check:
    return make_check(template=make_template(make_organization(), ("manager", "manager")))


def send(client: Client, check: Check, **more: Any) -> Any:
    return client.post(enter(client, check), names_for(check) | more)


def test_another_kind_of_person_is_named_with_a_reason(client: Client, check: Check) -> None:
    send(client, check, **TEACHER)
    first = check.references.in_order()[0]
    assert (first.relationship, first.asked_relationship) == ("teacher", "manager")
    assert first.why_other == "I have worked for myself since school."


@pytest.mark.parametrize("missing", ["relationship", "why_other"])
def test_another_kind_needs_a_word_on_who_and_why(client: Client, check: Check, missing: str) -> None:
    page = read(send(client, check, **TEACHER | {f"reference-1-{missing}": ""}))
    assert str(only(page, "[role=alert] a")["href"]) == f"#id_reference-1-{missing}"
    assert only(page, "fieldset.one .place[open] input[checked]")["value"] == "other"


def test_what_belongs_to_another_choice_is_left_alone(client: Client, check: Check) -> None:
    send(client, check, **TEACHER | {"reference-1-place": ""})
    first = check.references.in_order()[0]
    assert (first.relationship, first.why_other) == ("manager", "")


def test_a_place_is_left_empty_with_a_reason(client: Client, check: Check) -> None:
    send(client, check, **EMPTY)
    check.refresh_from_db()
    assert [person.position for person in check.references.in_order()] == [1]
    assert check.fewer_because == EMPTY["fewer_because"]
    assert check.counts() == (0, 1)


def test_the_candidate_and_the_recruiter_see_that_a_place_is_empty(client: Client, check: Check) -> None:
    send(client, check, **EMPTY)
    assert "You left one place empty." in words(visit(client, check))
    assert "Marcus Webb left 1 place empty, and said why" in [line.words for line in lines(check)]


def test_an_empty_place_needs_one_reason_for_all(client: Client, check: Check) -> None:
    page = read(send(client, check, **EMPTY | {"fewer_because": " "}))
    assert str(only(page, "[role=alert] a")["href"]) == "#id_fewer_because"
    assert not check.references.exists()


def test_nothing_else_is_asked_of_an_empty_place(client: Client, check: Check) -> None:
    assert send(client, check, **EMPTY | {"reference-1-email": "half", "reference-1-name": ""}).status_code == 302


def test_at_least_one_person_is_named(client: Client, check: Check) -> None:
    page = read(send(client, check, **EMPTY | {"reference-2-place": "empty"}))
    assert "Please name at least one person." in words(page.select_one("[role=alert]"))
    assert page.select_one(str(only(page, "[role=alert] a")["href"]))


def test_where_one_is_asked_for_the_place_cannot_be_empty(client: Client) -> None:
    alone = make_check(template=make_template(make_organization(), ("any",)))
    page = visit(client, alone)
    assert not page.select("[name$=-place], [name=fewer_because]")
    send(client, alone, **EMPTY)
    assert alone.references.count() == 1


def test_nobody_is_waited_for_at_an_empty_place(client: Client) -> None:
    template = make_template(make_organization(), ("manager", "peer", "peer"), minimum=1)
    template.requests.filter(relationship="manager").update(is_needed=True)
    check = make_check(template=template)
    send(client, check, **EMPTY)
    check.refresh_from_db()
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())
    check.refresh_from_db()
    assert check.status == Check.Status.COMPLETED


def test_the_candidates_line_stands_in_the_letter_as_theirs(client: Client, check: Check) -> None:
    line = {"reference-1-personal_line": "Thank you,\r\n\r\nEileen. {link} <b>M.</b>"}
    send(client, check, **line)
    letter = Message.objects.filter(kind="reference-request").order_by("pk")[0]
    assert "Marcus Webb writes to you: “Thank you, Eileen. {link} <b>M.</b>”" in " ".join(letter.text.split())
    assert "&lt;b&gt;M.&lt;/b&gt;" in letter.html


def test_it_stands_in_no_other_letter(client: Client, check: Check) -> None:
    send(client, check, **{"reference-1-personal_line": "Remember the storm."})
    check.cancel(timezone.now())
    texts = Message.objects.exclude(kind="reference-request").values_list("text", flat=True)
    assert not any("storm" in text for text in texts)
