"""References who wish to hear of jobs, and the way that their mails lead them."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from checks.models import JobInterest, Reference
from prospects.models import Prospect
from tests.factories import answers_for, make_check, make_named, make_organization

WORDS = "Northmoor Ferries may write to me at eileen@solent.example about jobs for 12 months from today."


def answered(organization: Organization | None = None, *, now: datetime | None = None, **named: Any) -> Reference:
    """One of a check that goes on, who has answered; the candidate knows them as Eileen."""
    known = {"name": "Eileen Farrow", "email": "Eileen@solent.example", "company": "Solent Lines", "title": "Mate"}
    check = make_check(organization or make_organization(), now=now)
    people = [make_named(1, **{**known, "phone": "+442071838750", **named}), make_named(2), make_named(3)]
    check.name_references(people, "I agree.", now or timezone.now())
    reference = check.references.in_order()[0]
    reference.submit(answers_for(reference), now or timezone.now())
    return Reference.objects.get(pk=reference.pk)


def choose(reference: Reference, now: datetime | None = None, **said: Any) -> Prospect:
    """What the form on their page does."""
    agreed = {"months": 12, "topics": "Shore jobs", "consent_text": WORDS, **said}
    assert JobInterest.give(reference, now=now or timezone.now(), **agreed)
    return Prospect.objects.latest("pk")


def chosen(now: datetime | None = None, **named: Any) -> Prospect:
    return choose(answered(now=now, **named), now)


def confirmed(now: datetime | None = None, **named: Any) -> Prospect:
    prospect = chosen(now, **named)
    assert prospect.confirm(now or timezone.now())
    return prospect


def fresh(prospect: Prospect) -> Prospect:
    return Prospect.objects.get(pk=prospect.pk)


def enter(client: Client, prospect: Prospect) -> str:
    """Follow the link in the mail; the address of the page behind it."""
    return str(client.get(f"/p/{prospect.token}/").headers["Location"])


def decide(client: Client, prospect: Prospect, choice: str, **details: str) -> Any:
    return client.post(enter(client, prospect), {"choice": choice, **details})
