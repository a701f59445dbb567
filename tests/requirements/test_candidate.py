"""The candidate's pages: what is asked of whom (R24 to R26), fair paths (B10), and that nothing typed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Message
from tests.checks.visits import enter, names_for, read, visit, words
from tests.factories import make_awaiting_check, make_check, make_organization, make_template

pytestmark = pytest.mark.django_db


def test_r24_the_page_asks_for_as_many_people_as_the_template_does_and_of_which_kind(client: Client) -> None:
    template = make_template(make_organization(), ())
    template.requests.create(relationship="manager", how_many=2)
    template.requests.create(relationship="client")
    page = visit(client, make_check(template=template))
    asked = [words(line) for line in page.select("fieldset.one > .help")]
    assert asked == ["Someone who was your manager.", "Someone who was your manager.", "A client of yours."]


def test_r25_any_lets_the_candidate_decide_and_a_kind_that_is_fixed_stands(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("manager", "any")))
    client.post(enter(client, check), names_for(check, reference_1_relationship="peer"))
    assert [person.relationship for person in check.references.in_order()] == ["manager", "client"]


def test_r26_the_note_stands_with_the_person_it_is_about(client: Client) -> None:
    template = make_template(make_organization(), ("peer",))
    template.requests.update(note="From the night shift, please.")
    page = visit(client, make_check(template=template))
    assert words(page.select_one("fieldset.one > .help")).endswith("From the night shift, please.")


def test_b10_nobody_is_shut_out_for_not_having_two_managers(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("manager", "manager", "peer")))
    paths = {
        "reference-1-place": "other",
        "reference-1-relationship": "volunteer",
        "reference-1-why_other": "I come from voluntary work.",
        "reference-2-place": "empty",
        "fewer_because": "There was one manager only.",
    }
    client.post(enter(client, check), names_for(check) | paths)
    check.refresh_from_db()
    people = [(person.position, person.relationship) for person in check.references.in_order()]
    assert (check.status, people) == ("awaiting", [(0, "volunteer"), (2, "peer")])
    assert check.fewer_because == "There was one manager only."


def test_candidate_consent_is_kept_with_its_text_its_language_and_its_time(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("any",), language="de"))
    shown = words(visit(client, check))
    client.post(enter(client, check), names_for(check))
    check.refresh_from_db()
    assert check.consent_text in shown
    assert (check.consent_language, check.consented_at.date()) == ("de", timezone.now().date())


def test_candidate_goes_on_where_they_stopped_on_any_device(client: Client) -> None:
    check = make_check()
    client.post(enter(client, check), {"reference-1-name": "Eileen Farrow", "save": "1"})
    page = visit(Client(), check)
    assert page.select('[name="reference-1-name"][value="Eileen Farrow"]')


def test_candidate_is_no_reference_of_their_own(client: Client) -> None:
    check = make_check(candidate_email="marcus@post.example", candidate_phone="+442071838750")
    own = {"reference-1-email": "Marcus+ref@post.example", "reference-2-phone": "+44 20 7183 8750"}
    told = words(read(client.post(enter(client, check), names_for(check) | own)).select_one("[role=alert]"))
    assert "This is your own address. Please give theirs." in told
    assert "This is your own number. Please give theirs." in told


def test_candidate_reminds_corrects_and_replaces_from_one_page(client: Client) -> None:
    check = make_awaiting_check(now=timezone.now() - timedelta(days=4))
    first, second, third = check.references.in_order()
    home = enter(client, check)
    client.post(f"{home}remind/{first.public_id}/")
    client.post(f"{home}correct/{second.public_id}/", {"email": "bao@new.example"})
    other = {"name": "Joanna Bell", "email": "jo@sea.example", "worked_from": "2020", "relationship": "client"}
    client.post(f"{home}instead-of/{third.public_id}/", other | {"worked_from": "2020-01"})
    assert Message.objects.filter(topic=first.topic, kind="reference-reminder").exists()
    assert set(check.references.counted().values_list("email", flat=True)) == {
        first.email,
        "bao@new.example",
        "jo@sea.example",
    }


def test_candidate_sees_who_answered_and_never_what() -> None:
    check = make_awaiting_check()
    second = check.references.in_order()[1]
    second.decline("They were always late.", timezone.now(), "policy")
    page = visit(Client(), check)
    assert [words(state) for state in page.select(".items .state")] == ["Asked", "Rather not", "Asked"]
    assert "late" not in words(page.select_one("main"))
