"""The page of a prospect: yes, no, what is held, and the link that works for ever."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from checks.models import JobInterest, Reference
from notifications.models import Message
from notifications.tasks import send_due
from prospects.models import Prospect, Suppression
from tests.checks.visits import dangling, only, read, unlabelled, words
from tests.checks.visits import enter as enter_reference
from tests.factories import make_connection
from tests.prospects.choosing import WORDS, answered, choose, chosen, confirmed, decide, enter, fresh

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def page(client: Client, prospect: Prospect) -> Any:
    return read(client.get(enter(client, prospect)))


def everything() -> list[Any]:
    """All rows that a look must not change."""
    models: Any = (Prospect, Suppression, JobInterest, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- was it you? ----------------------------------------------------------------------------------------


def test_the_page_shows_what_is_agreed_to_word_for_word(client: Client) -> None:
    prospect = chosen()
    shown = page(client, prospect)
    said = words(shown)
    assert words(shown.h1) == "Was it you?"
    assert words(only(shown, "blockquote")) == WORDS
    for told in (prospect.organization.name, "eileen@solent.example", "Shore jobs", "12 months: until"):
        assert told in said
    assert [words(each) for each in shown.select("button[name=choice]")] == ["Yes, it was me", "No, forget this"]
    assert not unlabelled(shown)
    assert not dangling(shown)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(client: Client, method: str) -> None:
    prospect = chosen()
    before = everything()
    for address in (f"/p/{prospect.token}/", f"/p/{prospect.token}/stop/", enter(client, prospect)):
        getattr(client, method)(f"{address}?choice=yes")
    assert everything() == before


def test_a_yes_takes_their_own_words_and_the_page_says_what_is_held(client: Client) -> None:
    prospect = chosen()
    decide(client, prospect, "yes", name="Eileen M. Farrow", company="Harbour Lines", title="Master", phone="")
    found = fresh(prospect)
    assert (found.state, found.name, found.company, found.title) == (
        "waiting",
        "Eileen M. Farrow",
        "Harbour Lines",
        "Master",
    )
    said = words(page(client, prospect))
    for told in ("may write to you about jobs", WORDS, "Harbour Lines", "It is not in Lever", "You confirmed it on"):
        assert told in said


def test_a_number_without_its_country_is_said_and_nothing_is_confirmed(client: Client) -> None:
    prospect = chosen()
    shown = read(decide(client, prospect, "yes", phone="020 7183"))
    assert shown.select('[role=alert] a[href="#id_phone"]')
    assert fresh(prospect).state == "unconfirmed"


def test_a_no_forgets_and_the_same_link_says_that_nothing_is_held(client: Client) -> None:
    prospect = chosen()
    decide(client, prospect, "no")
    assert (fresh(prospect).state, fresh(prospect).email) == ("withdrawn", "")
    shown = page(client, prospect)
    assert words(shown.h1) == "Nothing is held about you here"
    assert not shown.select("button[name=choice]")


def test_a_yes_after_a_no_in_an_older_window_changes_nothing(client: Client) -> None:
    prospect = chosen()
    decide(client, prospect, "no")
    decide(client, prospect, "yes")
    assert fresh(prospect).state == "withdrawn"


# --- for ever -------------------------------------------------------------------------------------------


def test_it_is_taken_back_on_the_same_page(client: Client) -> None:
    prospect = confirmed()
    decide(client, prospect, "no")
    decide(client, prospect, "no")
    assert (fresh(prospect).state, fresh(prospect).email) == ("withdrawn", "")


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("exported", "It was written into Lever"),
        ("known", "knew you already in Lever"),
        ("refused", "It is not in Lever"),
    ],
)
def test_it_says_whether_it_is_in_lever(client: Client, state: str, said: str) -> None:
    prospect = confirmed()
    Prospect.objects.update(state=state, exported_at=NOW, problem="Lever answered 400.")
    shown = words(page(client, prospect))
    assert said in shown
    assert "400" not in shown


def test_what_is_left_in_lever_is_said_after_the_end(client: Client) -> None:
    prospect = confirmed()
    make_connection(prospect.organization)
    Prospect.objects.update(state="exported", exported_at=NOW, opportunity_id="opportunity-1")
    decide(client, prospect, "no")
    assert "a person sees to it" in words(page(client, prospect))


def test_an_address_that_is_still_looked_for_is_not_hidden(client: Client) -> None:
    prospect = confirmed()
    make_connection(prospect.organization)
    prospect.want("export", NOW)
    prospect.errands.update(attempts=1)
    decide(client, prospect, "no")
    shown = page(client, prospect)
    assert words(shown.h1) == "You are not written to about jobs"
    assert "it may have been on its way to Lever" in words(shown)


def test_a_mail_programs_own_button_takes_it_back_without_cookies() -> None:
    prospect, nobody = confirmed(), Client(enforce_csrf_checks=True)
    for _twice in range(2):
        answer = nobody.post(f"/p/{prospect.token}/stop/", {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert fresh(prospect).state == "withdrawn"


def test_one_link_opens_one_page_only(client: Client) -> None:
    one, other = chosen(), chosen()
    enter(client, one)
    assert client.get(f"/prospect/{other.public_id}/").status_code == 404
    assert client.get("/p/nothing/").status_code == 404
    assert client.post("/p/nothing/stop/").status_code == 404


def test_the_page_speaks_the_language_that_is_chosen(client: Client) -> None:
    prospect = chosen()
    here = enter(client, prospect)
    assert client.post(f"{here}language/", {"language": "de"}).headers["Location"] == here
    assert only(read(client.get(here)), "html")["lang"] == "de"
    client.post(f"{here}language/", {"language": "xx"})
    assert fresh(prospect).language == "de"


# --- the mail -------------------------------------------------------------------------------------------


def test_the_mail_bears_one_link_and_the_way_out(settings: Any) -> None:
    prospect = chosen()
    Organization.objects.update(postal_address="Quay 1, Northmoor")
    send_due()
    (letter,) = [one for one in mail.outbox if "was it you?" in one.subject]
    assert set(re.findall(r"http\S+", str(letter.body))) == {f"{settings.SITE_URL}/p/{prospect.token}/"}
    assert letter.extra_headers["List-Unsubscribe"] == f"<{settings.SITE_URL}/p/{prospect.token}/stop/>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Shore jobs" not in str(letter.body)


# --- what a reference is told ---------------------------------------------------------------------------


def test_what_is_held_about_a_reference_has_what_is_held_about_the_prospect(client: Client) -> None:
    prospect = confirmed()
    assert prospect.reference
    shown = words(read(client.get(enter_reference(client, prospect.reference) + "rights/")))
    assert "You, as somebody to write to about jobs" in shown
    assert "It is not in Lever" in shown
    decide(Client(), prospect, "no")
    again = words(read(client.get(enter_reference(client, prospect.reference) + "rights/")))
    assert "You, as somebody to write to about jobs" not in again


def deletion(client: Client, reference: Reference, **more: str) -> Any:
    return client.post(enter_reference(client, reference) + "delete/", {"kind": "delete", **more})


def test_who_has_the_reference_deleted_is_told_that_the_yes_stays(client: Client) -> None:
    prospect = confirmed()
    assert prospect.reference
    form = read(client.get(enter_reference(client, prospect.reference) + "delete/"))
    assert not only(form, "[name=delete-ends_jobs]").has_attr("checked")
    said = words(read(deletion(client, prospect.reference)))
    found = fresh(prospect)
    assert (found.state, found.email, found.reference) == ("waiting", "eileen@solent.example", None)
    assert "is a choice of its own, and stays" in said
    assert "is a choice of its own, and stays" in " ".join(Message.objects.get(kind="reference-rights").text.split())


def test_who_ticks_it_ends_the_yes_as_well(client: Client) -> None:
    prospect = confirmed()
    assert prospect.reference
    said = words(read(deletion(client, prospect.reference, **{"delete-ends_jobs": "on"})))
    assert (fresh(prospect).state, fresh(prospect).email) == ("withdrawn", "")
    assert "stays" not in said


def test_after_the_check_has_ended_the_yes_ends_at_once_although_the_rest_is_asked_for(client: Client) -> None:
    prospect = confirmed()
    assert prospect.reference
    prospect.reference.for_check.complete(NOW)
    deletion(client, prospect.reference, **{"delete-ends_jobs": "on", "delete-words": ""})
    assert fresh(prospect).state == "withdrawn"
    assert prospect.reference.rights_requests.open().exists()


def test_a_check_that_is_erased_leaves_the_prospect_and_no_way_back() -> None:
    prospect = confirmed()
    assert prospect.reference
    prospect.reference.for_check.complete(NOW)
    prospect.reference.for_check.erase(NOW)
    found = fresh(prospect)
    assert (found.state, found.email, found.reference) == ("waiting", "eileen@solent.example", None)


def test_who_is_no_prospect_is_not_asked_about_it_when_deleting(client: Client) -> None:
    reference = answered()
    assert not read(client.get(enter_reference(client, reference) + "delete/")).select("[name=delete-ends_jobs]")
    choose(reference).withdraw(NOW)
    assert not read(client.get(enter_reference(client, reference) + "delete/")).select("[name=delete-ends_jobs]")
