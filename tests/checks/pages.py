"""Every page of candidates and references, in every state that it comes to."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks.models import Check, Reference
from checks.urls import urlpatterns
from tests.checks.every_kind import first, make_full_check
from tests.checks.visits import link_to, only, read, words
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_completed_check,
    make_organization,
    make_template,
)

SENT = {"save": "1"}  # with nothing else in it: the page comes back, with what is missing


def checks() -> Iterator[Check]:
    """One in every state, and references in every state of theirs."""
    organization, now = make_organization(), timezone.now()
    template = make_template(organization, asks_candidate=True, sends_texts=True)
    yield make_check(template=template)
    check = make_awaiting_check(template=template)
    asked, gone, away = check.references.in_order()
    asked.keep(answers_for(asked), now)
    gone.bounce(now)
    away.decline("", now)
    yield check
    yield make_completed_check(template=template)
    for end in ("cancel", "expire", "lose_the_candidate"):
        ended = make_check(template=template)
        getattr(ended, end)(now)
        yield ended
    released = make_awaiting_check(template=template)
    first(released).give_dates_only(now)
    yield released
    released.cancel(now)
    yield released


def pages_of(row: Check | Reference) -> Iterator[str]:
    """Every address behind a door, as far as it needs no more than the row and one of its references."""
    kind = "candidate" if isinstance(row, Check) else "reference"
    others = list(row.references.all()) if isinstance(row, Check) else []
    for pattern in urlpatterns:
        if str(pattern.name).startswith(kind) and "token" not in pattern.pattern.converters:
            named = {str(row._meta.model_name): row.public_id}
            if not pattern.pattern.converters.keys() - named.keys():
                yield reverse(str(pattern.name), kwargs=named)
            else:
                yield from (reverse(str(pattern.name), kwargs={**named, "reference": one.public_id}) for one in others)


def opened(client: Client, row: Check | Reference) -> Iterator[tuple[str, Any]]:
    """Each page that the row has now."""
    client.get(link_to(row))
    for address in pages_of(row):
        response = client.get(address)
        if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
            yield address, response


def distinct(client: Client) -> Iterator[tuple[Check | Reference, str]]:
    """Each page once, however many people come to it: by its address's name and its title."""
    seen: set[Any] = set()
    for check in (*checks(), make_full_check()):
        for row in (check, *check.references.all()):
            for address, response in opened(client, row):
                page = (response.resolver_match.view_name, words(only(read(response), "h1")))
                if page not in seen:
                    yield row, address
                seen.add(page)
