"""B8: prospects by real choice: unticked, after sending, with period and topics, confirmed, revocable for ever."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from checks.keeping import months_from
from checks.models import Reference
from notifications.tasks import send_due
from prospects.models import Prospect, Suppression
from prospects.tending import tend
from tests.checks.visits import enter, only, read, visit, words
from tests.factories import answers_for, make_awaiting_check, make_connection, make_organization

pytestmark = pytest.mark.django_db

YES = {"jobs-agrees": "on", "jobs-months": "12", "jobs-topics": "Shore jobs"}
WORDS = (
    "Northmoor Ferries may write to me at {address} about jobs for 12 months from today. I wish to hear about: Shore "
    "jobs. I can take this back at any time. It has nothing to do with the reference."
)


@pytest.fixture
def reference() -> Reference:
    """One who is asked, at an organization that exports new prospects."""
    organization = make_organization(name="Northmoor Ferries")
    make_connection(organization, exports_new_prospects=True, exports_new_since=timezone.now())
    return make_awaiting_check(organization).references.in_order()[0]


def answer(reference: Reference) -> Reference:
    reference.submit(answers_for(reference), timezone.now())
    return Reference.objects.get(pk=reference.pk)


def tick(client: Client, reference: Reference, **said: str) -> None:
    client.post(f"{enter(client, reference)}jobs/", said or YES)


def link_in_the_mail(address: str) -> str:
    send_due()
    newest = [one for one in mail.outbox if address in one.to[0] and "was it you?" in one.subject][-1]
    (link,) = re.findall(r"http\S+(/p/\S+)", str(newest.body))
    return str(link)


def follow(link: str) -> tuple[Client, str]:
    """In the browser of whoever reads the mail."""
    reader = Client()
    return reader, str(reader.get(link).headers["Location"])


def due(now: datetime) -> int:
    prospect = Prospect.objects.get()
    return int(prospect.errands.due(now).filter(kind="export").count())


def test_b8_it_is_asked_only_after_sending_and_nothing_is_ticked(client: Client, reference: Reference) -> None:
    assert not visit(client, reference).select("[name=jobs-agrees]")
    box = only(visit(client, answer(reference)), "[name=jobs-agrees]")
    assert not box.has_attr("checked")
    assert not Prospect.objects.exists()


def test_b8_from_the_tick_to_the_end_by_the_link_in_the_mail(client: Client, reference: Reference) -> None:
    tick(client, answer(reference))
    link, words_said = link_in_the_mail(reference.email), WORDS.format(address=reference.email)
    prospect = Prospect.objects.get()
    assert (prospect.state, prospect.months, prospect.topics) == ("unconfirmed", 12, "Shore jobs")

    reader, page = follow(link)
    assert words(only(read(reader.get(page)), "blockquote")) == words_said
    assert due(timezone.now()) == 0  # a scanner that follows the link has said nothing
    reader.post(page, {"choice": "yes", "name": "Eileen Farrow"})
    assert due(timezone.now()) == 1
    assert words_said in words(read(reader.get(page)))

    reader, page = follow(link)
    reader.post(page, {"choice": "no"})
    assert due(timezone.now()) == 0
    assert "Nothing is held about you here" in words(read(reader.get(page)))
    told = " ".join(map(str, Prospect.objects.values().get().values()))
    assert not [word for word in ("Eileen", reference.email, "Shore") if word in told]
    assert Suppression.holds(prospect.organization, reference.email)


def test_b8_a_no_to_was_it_you_forgets_at_once(client: Client, reference: Reference) -> None:
    tick(client, answer(reference))
    reader, page = follow(link_in_the_mail(reference.email))
    reader.post(page, {"choice": "no"})
    assert (Prospect.objects.get().email, Suppression.objects.count()) == ("", 1)


def test_b8_the_tick_taken_out_on_the_page_ends_it_and_set_again_it_is_asked_again(
    client: Client, reference: Reference
) -> None:
    tick(client, answer(reference))
    Prospect.objects.get().confirm(timezone.now())
    tick(client, reference, **{"jobs-months": "12"})
    assert Prospect.objects.get().state == "withdrawn"
    tick(client, reference)
    reader, page = follow(link_in_the_mail(reference.email))
    reader.post(page, {"choice": "yes"})
    assert Prospect.objects.get().state == "waiting"
    assert not Suppression.objects.exists()


def test_b8_it_ends_by_itself_and_the_link_still_says_so(client: Client, reference: Reference) -> None:
    tick(client, answer(reference))
    prospect, now = Prospect.objects.get(), timezone.now()
    prospect.confirm(now)
    tend(months_from(now, 12))
    reader, page = follow(f"/p/{prospect.token}/")
    assert "What you agreed to ended on" in words(read(reader.get(page)))
    assert Prospect.objects.get().email == ""


@pytest.mark.parametrize("reader", ["get", "head"])
def test_b8_what_opens_links_says_neither_yes_nor_no(client: Client, reference: Reference, reader: str) -> None:
    tick(client, answer(reference))
    link, before = link_in_the_mail(reference.email), Prospect.objects.values().get()
    scanner: Any = Client()
    for address in (link, f"{link}stop/"):
        getattr(scanner, reader)(address, follow=True)
    assert Prospect.objects.values().get() == before
