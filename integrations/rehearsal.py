"""The dry run: a check goes its whole way, and whatever else may happen to one, in transactions that are taken back.

What is shown is read off the rows that the product itself writes, so there is no second description of it to go
stale. Nothing leaves: the mails and the changes in Lever are rows that no worker ever sees, nobody is woken, and
no network is touched. While one of the transactions lasts (about a tenth of a second) no check of the organization
can begin; on SQLite nothing else can be written. So there are several short ones: each turn of its own sets out
from the start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from checks.candidacy import Candidacy
from checks.concluding import day_of
from checks.models import Check, NotStarted, Outcome, Reference
from checks.references import Named
from checks.said import number
from integrations.scenes import Scene, read_off, taken_back
from integrations.waiting import time_passes
from notifications.letters import Letter, render
from templates_app.kinds import RELATIONS, Relationship
from templates_app.matching import Match

NOWHERE = "example.invalid"  # reserved: no mail can ever reach it (RFC 2606)
NO_NUMBER = "+442079460000"  # kept for stories: it is nobody's (Ofcom)
NO_BREAK = "\u00a0"  # so that no part of a stand-in's name is taken for a first name

# How far the check has come, by the number of scenes so far.
STARTED, NAMED, ANSWERED = 1, 2, 3

Move = Callable[[Check], object]
Play = Callable[[Check, datetime], Iterator[Scene]]


@dataclass(frozen=True)
class Turn:
    """How it may also go, from somewhere on the way."""

    heading: str
    scenes: tuple[Scene, ...]


@dataclass(frozen=True)
class Rehearsal:
    """`refusal` says why nothing begins; `problem`, one of Check.Problem, why nothing follows on the first scene."""

    scenes: tuple[Scene, ...] = ()
    turns: tuple[Turn, ...] = ()
    refusal: str = ""
    problem: str = ""


def begin_now(
    organization: Organization, candidacy: Candidacy, match: Match, now: datetime, *, after_completion: bool
) -> Rehearsal:
    """The first scene as things stand, or none."""
    with taken_back():
        try:
            check = Check.start(organization, candidacy, match, now, after_completion=after_completion)
        except NotStarted as reason:
            return Rehearsal(refusal=str(reason))
        return Rehearsal((read_off("", check, now),), problem=check.problem)


def rehearse(organization: Organization, candidacy: Candidacy, match: Match, now: datetime) -> Rehearsal:
    """The whole way of this candidate, as if nothing stood in it: for a missing address another one stands in."""
    candidacy = replace(
        candidacy,
        opportunity_id="rehearsal",
        candidate_email=candidacy.candidate_email or f"candidate@{NOWHERE}",
        may_contact=True,
    )
    start = partial(Check.start, organization, candidacy, match, now)
    render(Letter("", ""), organization)  # a process's first letter takes long: not while others wait for the lock
    with taken_back():
        check = start()
        scenes = tuple(_way(check, now))
    if check.problem:
        return Rehearsal(scenes, problem=check.problem)
    answers_needed = len(scenes) - NAMED
    others = [*_unnamed(check), *_unanswered(check), *(_half_answered(check) if answers_needed > 1 else ())]
    others += _unsaid(check, len(scenes))
    return Rehearsal(scenes, tuple(_turn(start, other, now) for other in others))


def stand_in(position: str) -> Candidacy:
    """Somebody who might apply for a job."""
    return Candidacy(
        opportunity_id="rehearsal",
        candidate_name=_("The candidate").replace(" ", NO_BREAK),
        candidate_email=f"candidate@{NOWHERE}",
        candidate_phone=NO_NUMBER,
        position=position,
        owner_name=_("The owner in Lever"),
        owner_email=f"owner@{NOWHERE}",
    )


def named_by(check: Check) -> list[Named]:
    """Whom the candidate names in the rehearsal, as the template asks; whom it leaves open is a colleague."""
    asked = (request.relationship for request in check.frozen.requests)
    known = (Relationship.PEER if each == Relationship.ANY else each for each in asked)
    return [_reference(place, relationship) for place, relationship in enumerate(known, start=1)]


def _reference(place: int, relationship: str) -> Named:
    words = {"place": place, "relation": RELATIONS[relationship]}
    name = _("Reference %(place)d, %(relation)s") % words
    return Named(name=name, email=f"reference-{place}@{NOWHERE}", phone=NO_NUMBER, relationship=relationship)


# --- the way that it should go ----------------------------------------------------------------------------------


def _way(check: Check, now: datetime) -> Iterator[Scene]:
    """Scene after scene: each is played when it is asked for."""
    yield read_off(_("When %(who)s comes to the stage") % {"who": _who(check)}, check, now)
    if check.is_live:
        check.name_references(named_by(check), "", now)
        yield read_off(_named(check), check, now)
        yield from _answers(check, now)


def _answers(check: Check, now: datetime) -> Iterator[Scene]:
    """One after the other, until they are enough."""
    for reference in check.references.in_order():
        if not check.is_live:
            return
        reference.for_check = check
        reference.submit({}, now)
        yield read_off(_answered(check), check, now)


def _who(check: Check) -> str:
    is_somebody = check.candidate_name and NO_BREAK not in check.candidate_name
    return check.first_name if is_somebody else _("the candidate")


def _named(check: Check) -> str:
    count = len(check.frozen.requests)
    words = {"count": number(count)}
    return ngettext("When %(count)s reference is named", "When %(count)s references are named", count) % words


def _answered(check: Check) -> str:
    answered, asked = check.counts()
    words = {"answered": number(answered), "asked": number(asked)}
    if answered == asked:
        return ngettext("When the reference has answered", "When all %(asked)s have answered", asked) % words
    if check.is_live:
        return ngettext("When the first has answered", "When %(answered)s of %(asked)s have answered", answered) % words
    return (
        ngettext(
            "When the first of %(asked)s has answered, which is enough",
            "When %(answered)s of %(asked)s have answered, which is enough",
            answered,
        )
        % words
    )


# --- how it may also go -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Other:
    """From which place on the way, and what is played from there."""

    heading: str
    place: int
    play: Play


def _moves(*moves: tuple[str, Move]) -> Play:
    """One after the other, each with its heading."""

    def play(check: Check, now: datetime) -> Iterator[Scene]:
        for heading, move in moves:
            move(check)
            yield read_off(heading, check, now)

    return play


def _unnamed(check: Check) -> Iterator[Other]:
    words = _words(check)
    yield Other(_("If %(who)s names nobody") % words, STARTED, time_passes)
    yield Other(_("If the mail to %(who)s comes back") % words, STARTED, _moves(("", _lose)))


def _unanswered(check: Check) -> Iterator[Other]:
    words = _words(check)
    instead = (_("When %(who)s names somebody else") % words, _replace)
    yield Other(_("If nobody answers within %(expired)s days") % words, NAMED, time_passes)
    yield Other(_("If somebody declines"), NAMED, _moves(("", _decline), instead))
    yield Other(_("If the mail to a reference comes back"), NAMED, _moves(("", _bounce), instead))
    yield Other(_("If it is canceled, or %(who)s is archived in Lever") % words, NAMED, _moves(("", _cancel)))


def _half_answered(check: Check) -> Iterator[Other]:
    minimum, day = check.frozen.minimum, day_of(check.frozen, check.created_at)
    if day and minimum < len(check.frozen.requests):
        words = {"days": (day - check.created_at).days}
        yield Other(
            _("If enough have answered after %(days)d days") % words, NAMED + minimum, _moves(("", _come_to_its_day))
        )
    early = _("If it is concluded early: by hand, after %(expired)s days, or because %(who)s is hired")
    yield Other(early % _words(check), ANSWERED, _moves(("", _complete)))


def _unsaid(check: Check, scenes: int) -> Iterator[Other]:
    days = check.organization.asks_outcome_after
    if days is not None:
        heading = ngettext(
            "If Lever does not say within %(days)d day whether %(who)s was hired",
            "If Lever does not say within %(days)d days whether %(who)s was hired",
            days,
        )
        yield Other(heading % {**_words(check), "days": days}, scenes, _moves(("", _ask_how_it_ended)))


def _words(check: Check) -> dict[str, Any]:
    frozen = check.frozen
    return {"who": _who(check), "due": frozen.days_until_overdue, "expired": frozen.days_until_expired}


def _turn(start: Callable[[], Check], other: Other, now: datetime) -> Turn:
    with taken_back():
        check = start()
        for _scene in islice(_way(check, now), other.place):
            pass
        return Turn(other.heading, tuple(other.play(check, now)))


def _come_to_its_day(check: Check) -> object:
    return check.conclude_at and check.come_to_its_day(check.conclude_at)


def _complete(check: Check) -> object:
    return check.complete(check.created_at)


def _ask_how_it_ended(check: Check) -> object:
    outcome = Outcome.of(check)
    return outcome.ask_at and outcome.ask_without_ats(outcome.ask_at)


def _lose(check: Check) -> object:
    return check.lose_the_candidate(check.created_at)


def _cancel(check: Check) -> object:
    return check.cancel(check.created_at)


def _decline(check: Check) -> object:
    return _first(check).decline("", check.created_at)


def _bounce(check: Check) -> object:
    return _first(check).bounce(check.created_at)


def _replace(check: Check) -> object:
    gone, place = _first(check), len(check.frozen.requests) + 1
    return gone.replace(_reference(place, gone.relationship), check.created_at)


def _first(check: Check) -> Reference:
    reference = check.references.in_order()[0]
    reference.for_check = check
    return reference
