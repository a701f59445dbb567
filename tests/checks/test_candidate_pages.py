"""Where a candidate agrees, names references, and sees who has answered."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from checks.models import Check, Reference
from notifications.models import Message
from tests.checks.visits import dangling, enter, names_for, only, read, unlabelled, visit, words
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_organization,
    make_template,
)

pytestmark = pytest.mark.django_db


def send(client: Client, check: Check, data: dict[str, str]) -> Any:
    return client.post(enter(client, check), data)


# --- what the candidate is asked ------------------------------------------------------------------------


def test_it_says_who_asks_for_how_many_and_for_which_job(client: Client) -> None:
    page = visit(client, make_check())
    assert words(page.h1) == "Marcus, who can speak for your work?"
    assert "Ruth Adeyemi asks for three references for the job Chief Officer." in words(page)


def test_it_speaks_to_a_candidate_without_a_name(client: Client) -> None:
    page = visit(client, make_check(candidate_name="", position="", owner_name=""))
    assert words(page.h1) == "Who can speak for your work?"


def test_it_asks_for_each_reference_in_words_and_with_the_note(client: Client) -> None:
    page = visit(client, make_check())
    legends = [words(legend) for legend in page.select("legend:not(.hide)")]
    assert legends == ["First reference", "Second reference", "Third reference"]
    assert words(page.select_one("fieldset .help")) == "Someone who was your manager. Note 1"


def test_the_candidate_chooses_the_relationship_where_any_will_do_or_nobody_fits(client: Client) -> None:
    page = visit(client, make_check())
    in_place_of = [str(select["name"]) for select in page.select('.of-other [name$="-relationship"]')]
    assert in_place_of == ["reference-1-relationship", "reference-2-relationship"]
    assert not page.select('[name="reference-1-relationship"] option[value="manager"]')
    options = page.select('[name="reference-3-relationship"] option')
    assert [option["value"] for option in options][:3] == ["", "manager", "peer"]
    assert not page.select('option[value="any"]')


def test_it_asks_for_as_many_as_the_template_does(client: Client) -> None:
    template = make_template(make_organization(), ())
    template.requests.create(relationship="any", how_many=10)
    template.requests.create(relationship="peer", how_many=10)
    template.requests.create(relationship="manager", how_many=10)
    legends = [words(legend) for legend in visit(client, make_check(template=template)).select("legend:not(.hide)")]
    assert legends == [f"Reference {number}" for number in range(1, 31)]


def test_title_telephone_and_language_are_kept(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",), sends_texts=True))
    more = {"title": "Mate", "phone": "+44 (0)20 7183 8750", "language": "fr"}
    send(client, check, names_for(check) | {f"reference-1-{field}": value for field, value in more.items()})
    reference = check.references.get()
    assert (reference.title, reference.phone, reference.language) == ("Mate", "+442071838750", "fr")


@pytest.mark.parametrize(
    ("typed", "is_open"),
    [({}, False), ({"name": "Eileen"}, False), ({"title": "Mate"}, True), ({"personal_line": "www."}, True)],
)
def test_what_is_left_to_them_is_folded_away_until_there_is_something_in_it(
    client: Client, typed: dict[str, str], *, is_open: bool
) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",)))
    page = read(send(client, check, {f"reference-1-{field}": value for field, value in typed.items()}))
    folded = only(page, ".who > .more")
    assert folded.has_attr("open") == is_open
    assert not folded.select("[required]")


@pytest.mark.parametrize("number", ["020 7183 8750", "+44 12", "call me"])
def test_a_number_that_cannot_be_dialled_is_said_in_words(client: Client, number: str) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",), sends_texts=True))
    page = read(send(client, check, names_for(check) | {"reference-1-phone": number}))
    assert len(page.select('[role=alert] a[href="#id_reference-1-phone"]')) == 1
    assert not check.references.exists()


def test_the_language_is_the_templates_until_another_is_chosen(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",), language="de"))
    assert only(visit(client, check), "[name$=-language] option[selected]")["value"] == "de"
    send(client, check, names_for(check))
    assert check.references.get().language == "de"


def test_a_more_recent_reference_is_asked_for_and_not_insisted_on(client: Client) -> None:
    template = make_template(make_organization(), ("manager",))
    template.requests.update(recent_years=3)
    check = make_check(template=template)
    assert "You should have worked together within the last three years." in words(visit(client, check))
    send(client, check, names_for(check, reference_1_worked_until="2020-09"))
    assert "You worked together until September 2020;" in words(visit(client, check))
    assert check.references.count() == 1


def test_the_agreement_is_never_given_beforehand(client: Client) -> None:
    box = visit(client, make_check()).select_one("input[name=consent]")
    assert box is not None
    assert box.has_attr("required")
    assert not box.has_attr("checked")


def test_every_field_has_a_label(client: Client) -> None:
    page = visit(client, make_check())
    fields = page.select("main input:not([type=hidden]), main select, main textarea")
    assert len(fields) == 1 + (3 + 2 + 9) * 2 + (2 + 1 + 9) + 1
    assert not unlabelled(page)
    assert not dangling(page)


def test_it_promises_nothing_that_is_not_kept(client: Client) -> None:
    text = words(visit(client, make_check()))
    assert "reminder" not in text


def test_there_is_a_person_to_write_to(client: Client) -> None:
    assert visit(client, make_check()).select('a.button[href="mailto:ruth@northmoor.example"]')


def test_without_a_contact_the_mail_can_be_answered(client: Client) -> None:
    page = visit(client, make_check(make_organization(contact_email="", contact_name="")))
    assert not page.select('a[href^="mailto:"]')
    assert "Answer the mail that brought you here" in words(page)


@pytest.mark.parametrize("requests", [("manager",), ("manager", "peer", "any", "any", "client", "report", "teacher")])
def test_the_page_takes_two_queries(client: Client, requests: Any, django_assert_num_queries: Any) -> None:
    page = enter(client, make_check(template=make_template(make_organization(), requests)))
    with django_assert_num_queries(2):
        client.get(page)


# --- what the candidate sends ---------------------------------------------------------------------------


def test_naming_asks_everybody(client: Client) -> None:
    check = make_check()
    response = send(client, check, names_for(check))
    assert (response.status_code, response.headers["Location"]) == (302, f"/candidate/{check.public_id}/")
    check.refresh_from_db()
    assert check.status == Check.Status.AWAITING
    assert Message.objects.filter(kind="reference-request").count() == 3


def test_what_is_named_is_kept_as_it_was_meant(client: Client) -> None:
    check = make_check()
    send(client, check, names_for(check, reference_3_name="  Margit\r\n Larsen\0 "))
    first, _second, third = check.references.in_order()
    assert (first.relationship, first.email, first.company) == ("manager", "person1@solent.example", "Solent Lines")
    assert (first.worked_from, first.worked_until) == (date(2020, 4, 1), date(2023, 9, 1))
    assert (third.relationship, third.asked_relationship, third.name) == ("client", "any", "Margit Larsen")


def test_the_agreement_is_kept_word_for_word(client: Client) -> None:
    check = make_check()
    shown = words(visit(client, check))
    send(client, check, names_for(check))
    check.refresh_from_db()
    assert check.consent_text.startswith(f"{check.organization.name} may write to the people I name")
    assert check.consent_text in shown
    assert check.consented_at is not None


def test_sending_wakes_a_worker(client: Client) -> None:
    check = make_check()
    before = OrmQ.objects.count()
    send(client, check, names_for(check))
    assert OrmQ.objects.count() > before


def test_a_second_click_or_tab_leads_to_the_same_page_and_doubles_nothing(client: Client) -> None:
    check = make_check()
    first, second = (send(client, check, names_for(check)) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert check.references.count() == Message.objects.filter(kind="reference-request").count() == 3


def test_without_the_agreement_nobody_is_asked_and_everything_typed_stays(client: Client) -> None:
    check = make_check()
    data = names_for(check)
    del data["consent"]
    page = read(send(client, check, data))
    assert "Nobody is asked without your agreement." in words(page.select_one("[role=alert]"))
    typed = {str(i["name"]): i["value"] for i in page.select("main input.input[value]")}
    assert typed.items() <= data.items()
    assert len(typed) == 3 * 5
    assert only(page, "[name=reference-3-relationship] option[selected]")["value"] == "client"
    assert not check.references.exists()


@pytest.mark.parametrize(
    ("field", "value", "words_of_error"),
    [
        ("name", " ", "Please give the name"),
        ("email", "", "Please give an e-mail address or a telephone number."),
        ("email", "eileen at solent", "This is no whole e-mail address."),
        ("email", "a@solent.example\nBcc: b@c.example", "This is no whole e-mail address."),
        ("email", "MARCUS@post.example", "This is your own address. Please give theirs."),
        ("email", "Person1@Solent.Example", "You have named this address before."),
        ("phone", "020 7183 8750", "Begin the number with +"),
        ("name", "Marcus  WEBB", "This is your own name."),
        ("name", "person 1", "You have named person 1 before."),
        ("personal_line", "Look at https://solent.example", "Please leave web addresses out"),
        ("worked_from", "", "Please say since when"),
        ("worked_from", "2020", "Please write year and month"),
        ("worked_from", "2020-13", "Please write year and month"),
        ("worked_from", "0020-04", "Please write year and month"),
        ("worked_from", "Ju 2020", "Please write year and month"),
        ("worked_from", "last spring", "Please write year and month"),
        ("worked_until", "2999-01", "This month is still to come."),
        ("worked_until", "2020-03", "This is before the month in which you began."),
    ],
)
def test_it_says_what_to_correct_and_where(client: Client, field: str, value: str, words_of_error: str) -> None:
    check = make_check(candidate_email="marcus@post.example")
    page = read(send(client, check, names_for(check, **{f"reference_2_{field}": value})))
    links = page.select("[role=alert] a")
    assert [words(link).startswith(f"Second reference: {words_of_error}") for link in links] == [True]
    control = page.select_one(str(links[0]["href"]))
    assert control is not None
    assert (control["name"], control["aria-invalid"]) == (f"reference-2-{field}", "true")
    assert words_of_error in words(page.select_one(f"#id_reference-2-{field}_error"))
    assert not dangling(page)
    assert not check.references.exists()


def test_the_relationship_is_needed_where_it_is_asked(client: Client) -> None:
    check = make_check()
    for value in ("", "any", "boss"):
        page = read(send(client, check, names_for(check, reference_3_relationship=value)))
        assert words(page.select_one("[role=alert] a")).startswith("Third reference:")


def test_a_relationship_that_the_template_fixes_cannot_be_changed(client: Client) -> None:
    check = make_check()
    send(client, check, names_for(check, reference_1_relationship="peer"))
    assert check.references.in_order()[0].relationship == "manager"


@pytest.mark.parametrize(
    "written", ["2020-04", "2020/4", "202004", "04/2020", "4.2020", "April 2020", "apr. 2020", " 2020 04 ", "٢٠٢٠-٠٤"]
)
def test_it_understands_months_as_people_write_them(client: Client, written: str) -> None:
    check = make_check()
    send(client, check, names_for(check, reference_1_worked_from=written))
    assert check.references.in_order()[0].worked_from == date(2020, 4, 1)


def test_company_and_end_may_be_left_empty(client: Client) -> None:
    check = make_check()
    send(client, check, names_for(check, reference_1_company="", reference_1_worked_until=""))
    first = check.references.in_order()[0]
    assert (first.company, first.worked_until) == ("", None)


def test_a_name_is_never_taken_for_html(client: Client) -> None:
    check = make_check(candidate_name="<b>Marcus</b> Webb")
    send(client, check, names_for(check, reference_1_name="<script>alert(1)</script>"))
    page = visit(client, check)
    assert "<script>alert(1)</script>" in words(page)
    assert not page.select("main script, h1 b")


def test_a_form_from_elsewhere_is_refused(db: None) -> None:
    client, check = Client(enforce_csrf_checks=True), make_check()
    assert send(client, check, names_for(check)).status_code == 403
    assert not check.references.exists()


# --- how far it is --------------------------------------------------------------------------------------


@pytest.fixture
def under_way() -> Check:
    """One has answered, one would rather not, and one mail came back."""
    check, now = make_awaiting_check(), timezone.now()
    first, second, third = check.references.in_order()
    first.submit(answers_for(first), now)
    second.decline("They still work here.", now)
    third.bounce(now)
    check.refresh_from_db()
    return check


def test_right_after_sending_everybody_is_asked(client: Client) -> None:
    page = visit(client, make_awaiting_check())
    assert words(page.h1) == "Three people are asked"
    assert "There is nothing for you to do." in words(page.select_one(".lead"))
    assert [words(state) for state in page.select(".state")] == ["Asked", "Asked", "Asked"]


def test_the_title_is_the_news(client: Client, under_way: Check) -> None:
    page = visit(client, under_way)
    assert words(page.h1) == "One of three has answered"
    assert [words(state) for state in page.select(".state")] == ["Answered", "Rather not", "Mail came back"]


def test_it_never_tells_what_was_said(client: Client, under_way: Check) -> None:
    text = words(visit(client, under_way))
    assert "Calm when others are not." not in text
    assert "They still work here." not in text


def test_somebody_else_can_be_named_for_each_who_will_not_answer(client: Client, under_way: Check) -> None:
    links = [link["href"] for link in visit(client, under_way).select(".items a")]
    _first, second, third = under_way.references.in_order()
    assert links == [f"/candidate/{under_way.public_id}/instead-of/{gone.public_id}/" for gone in (second, third)]


@pytest.mark.parametrize("requests", [("manager",), ("manager", "peer", "any", "any", "client", "report", "teacher")])
def test_the_status_takes_five_queries(client: Client, requests: Any, django_assert_num_queries: Any) -> None:
    page = enter(client, make_awaiting_check(template=make_template(make_organization(), requests)))
    with django_assert_num_queries(5):
        client.get(page)


@pytest.mark.parametrize(
    ("end", "title"),
    [
        ("cancel", "Your references are no longer needed"),
        ("expire", "The time for references is over"),
        ("lose_the_candidate", "This reference check has stopped"),
    ],
)
def test_an_ended_check_says_so_and_takes_no_names(client: Client, end: str, title: str) -> None:
    check = make_check()
    getattr(check, end)(timezone.now())
    page = visit(client, check)
    assert words(page.h1) == title
    assert not page.select("main form")
    assert send(client, check, names_for(check)).status_code == 409
    assert not check.references.exists()


def test_a_completed_check_says_so(client: Client) -> None:
    page = visit(client, make_completed_check())
    assert words(page.h1) == "All three have answered"
    assert "There is nothing more for you to do." in words(page.select_one(".lead"))
    assert not page.select("main form, .items a")


def test_a_check_that_ended_early_asks_for_nobody_else(client: Client, under_way: Check) -> None:
    under_way.complete(timezone.now())
    page = visit(client, under_way)
    assert words(page.h1) == "One of three has answered"
    assert not page.select(".items a")


# --- somebody else --------------------------------------------------------------------------------------

SOMEBODY = {"name": "Joanna Bell", "email": "joanna@solent.example", "worked_from": "2019-01", "company": "Solent"}


def instead_of(client: Client, gone: Reference) -> str:
    return f"{enter(client, gone.for_check)}instead-of/{gone.public_id}/"


def test_naming_somebody_else_asks_them(client: Client, under_way: Check) -> None:
    second = under_way.references.in_order()[1]
    response = client.post(instead_of(client, second), SOMEBODY)
    assert response.headers["Location"] == f"/candidate/{under_way.public_id}/"
    replacement = under_way.references.get(name="Joanna Bell")
    assert (replacement.status, replacement.relationship, replacement.position) == ("asked", "peer", 1)
    assert Message.objects.filter(to_address="joanna@solent.example", kind="reference-request").count() == 1


def test_who_was_replaced_is_not_shown_any_more(client: Client, under_way: Check) -> None:
    client.post(instead_of(client, under_way.references.in_order()[1]), SOMEBODY)
    names = [words(name) for name in visit(client, under_way).select(".items h3")]
    assert names == ["Eileen Farrow", "Joanna Bell", "Margit Larsen"]


def test_a_second_click_names_nobody_twice(client: Client, under_way: Check) -> None:
    address = instead_of(client, under_way.references.in_order()[1])
    for _ in range(2):
        assert client.post(address, SOMEBODY).status_code == 302
    assert under_way.references.filter(name="Joanna Bell").count() == 1


def test_who_declined_is_not_suggested_again(client: Client, under_way: Check) -> None:
    page = read(client.get(instead_of(client, under_way.references.in_order()[1])))
    assert not page.select("main input.input[value]")
    assert not unlabelled(page)


def test_nobody_is_asked_a_second_time(client: Client, under_way: Check) -> None:
    first, second, third = under_way.references.in_order()
    for known in (first, second, third):
        page = read(
            client.post(instead_of(client, third), SOMEBODY | {"email": known.email.upper(), "relationship": "peer"})
        )
        assert "You have named this address before." in words(page.select_one("[role=alert]"))


def test_who_can_still_answer_is_not_replaced(client: Client) -> None:
    check = make_awaiting_check()
    address = instead_of(client, check.references.in_order()[0])
    assert client.get(address).status_code == 302
    assert "Joanna Bell" in words(read(client.post(address, SOMEBODY)).select_one("[role=alert]"))
    assert not check.references.filter(name="Joanna Bell").exists()


def test_nobody_of_another_check_is_replaced(client: Client, under_way: Check) -> None:
    mine = enter(client, make_awaiting_check())
    gone = under_way.references.in_order()[1]
    assert client.post(f"{mine}instead-of/{gone.public_id}/", SOMEBODY).status_code == 302
    assert not Reference.objects.filter(name="Joanna Bell").exists()


def test_nobody_is_named_after_the_end(client: Client, under_way: Check) -> None:
    address = instead_of(client, under_way.references.in_order()[1])
    under_way.cancel(timezone.now())
    assert "joanna@solent.example" in words(read(client.post(address, SOMEBODY)).select_one("[role=alert]"))
    assert not Reference.objects.filter(name="Joanna Bell").exists()
