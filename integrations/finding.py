"""What people type to find a delivery or an action: a candidate's name, an opportunity's id or address in Lever."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.admin_lists import grouped, newest
from accounts.models import Organization, User
from checks.models import Check

NAMED = 200  # checks that bear a name
LOOKED_THROUGH = 10_000  # checks whose names are read, the newest: no index helps to find a part of a name
WORDS = 5
NO_NAME = re.compile(r"https?://|[0-9a-f]{8}-[0-9a-f-]{27}\Z", re.IGNORECASE)  # an address; one of Lever's ids


@dataclass(frozen=True)
class Found:
    """What a text may mean, as far as this person may know. `limits` are sentences about what was not looked at."""

    opportunities: frozenset[str]
    checks: frozenset[int]
    limits: tuple[str, ...]


def find(text: str, user: User) -> Found:
    """By way of checks: most deliveries have none of their own, and few checks can be looked through quickly."""
    opportunity_id = opportunity_in(text)
    named, limits = ([], ()) if NO_NAME.match(text.strip()) else _named(text, user)
    of_it = _of(opportunity_id, user) if opportunity_id else []
    return Found(
        opportunities=frozenset([opportunity_id, *(opportunity for _pk, opportunity in named)]) - {""},
        checks=frozenset([*of_it, *(pk for pk, _opportunity in named)]),
        limits=limits,
    )


def opportunity_in(text: str) -> str:
    """The last part of an address, such as https://hire.lever.co/candidates/ID; what is no address is an id."""
    return text.strip().partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def _named(text: str, user: User) -> tuple[list[tuple[int, str]], tuple[str, ...]]:
    """The newest checks in whose candidate's name all words stand; their ids and their opportunities'."""
    rows, is_cut = newest(Check.objects.visible_to(user), LOOKED_THROUGH)
    for word in text.split()[:WORDS]:
        rows = rows.filter(candidate_name__icontains=word)
    found = list(rows.order_by("-pk").values_list("pk", "opportunity_id")[: NAMED + 1])
    limits = []
    if is_cut:
        words = {"count": grouped(LOOKED_THROUGH)}
        sentence = _("Names are looked up among the newest %(count)s checks. An opportunity’s id finds any.")
        limits.append(sentence % words)
    if len(found) > NAMED:
        sentence = _("More than %(count)d checks bear that name; these are of the newest. Add another word.")
        limits.append(sentence % {"count": NAMED})
    return found[:NAMED], tuple(limits)


def _of(opportunity_id: str, user: User) -> list[int]:
    """Its newest checks. The organizations are named, for the index begins with them."""
    organizations = Organization.objects.visible_to(user)
    rows = Check.objects.filter(organization__in=organizations, opportunity_id=opportunity_id)
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:NAMED])
