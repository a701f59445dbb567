"""A dry run, asked for: the job or the candidacy is read from Lever, then it is played, and nothing is left of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from checks.candidacy import Candidacy
from checks.models import Check
from integrations.account import lever
from integrations.candidates import candidacy, posting_of, tags_of
from integrations.jobs import PATIENCE, all_tags, marked, why_no_check
from integrations.lever.objects import Opportunity
from integrations.models import Connection
from integrations.rehearsal import Rehearsal, begin_now, rehearse, stand_in
from templates_app.matching import Match, match
from templates_app.promises import promises

ID = re.compile(r"[\w-]{1,100}")
IN_ADDRESS = re.compile(r"/(?P<kind>candidates|jobs)/(?P<id>[\w-]{1,100})(?:[/?#]|$)")
KINDS = {"candidates": "opportunity", "jobs": "posting"}


@dataclass(frozen=True)
class Subject:
    """What it is about: a "posting" or an "opportunity", and Lever's id of it."""

    kind: str
    id: str

    @classmethod
    def read(cls, kind: str, text: str) -> "Subject | None":
        """An id of that kind, or the address of a page in Lever, which says itself what it is about."""
        text = text.strip()
        if ID.fullmatch(text):
            return cls(kind, text)
        found = IN_ADDRESS.search(text)
        return cls(KINDS[found["kind"]], found["id"]) if found else None

    @property
    def is_person(self) -> bool:
        return self.kind == "opportunity"


@dataclass(frozen=True)
class DryRun:
    """`obstacles` are sentences: what stands in the way now. `start` is what would be done now in spite of them."""

    title: str
    match: Match
    tags: tuple[tuple[str, bool], ...]  # each with whether a template that matched has it
    rehearsal: Rehearsal
    obstacles: tuple[str, ...] = ()
    start: Rehearsal | None = None

    @property
    def is_hopeless(self) -> bool:
        """What `start` shows is all that would ever happen."""
        return bool(self.start and self.start.scenes and self.rehearsal.problem)

    @property
    def promised(self) -> tuple[str, ...]:
        """Who would read the answers."""
        return tuple(promises(self.match.template)) if self.match.template else ()


def dry_run(connection: Connection, subject: Subject, now: datetime) -> DryRun:
    """Read from Lever, which may raise LeverError, and then play it: no call is made while rows are locked."""
    return (_of_candidate if subject.is_person else _of_job)(connection, subject.id, now)


def _of_job(connection: Connection, posting_id: str, now: datetime) -> DryRun:
    with lever(connection, timeout=PATIENCE) as account:
        posting = account.posting(posting_id)
    somebody = stand_in(" ".join(posting.title.split()))
    tags = all_tags(posting)
    found = match(connection.organization, tags)
    played = rehearse(connection.organization, somebody, found, now)
    title = (
        _("A candidate for %(position)s would get no check")
        if played.problem
        else _("What happens with a candidate for %(position)s")
    )
    return DryRun(
        title=title % {"position": somebody.position or posting_id},
        match=found,
        tags=marked(tags, found),
        rehearsal=played,
        obstacles=(*_switched_off(connection), *_problem(played.problem, somebody, found)),
    )


def _of_candidate(connection: Connection, opportunity_id: str, now: datetime) -> DryRun:
    with lever(connection, timeout=PATIENCE) as account:
        opportunity = account.opportunity(opportunity_id)
        posting = posting_of(account, opportunity)
    somebody, tags = candidacy(opportunity, posting), tags_of(opportunity, posting)
    found = match(connection.organization, tags)
    start = _begin(connection, opportunity, somebody, found, now)
    obstacles = (*_in_the_way(connection, opportunity, somebody), *_refused(start, somebody, found))
    title = _("No check would begin for %(name)s now") if obstacles else _("A check would begin for %(name)s now")
    return DryRun(
        title=title % {"name": somebody.candidate_name or opportunity_id},
        match=found,
        tags=marked(dict.fromkeys(tags), found),
        rehearsal=rehearse(connection.organization, somebody, found, now),
        obstacles=obstacles,
        start=replace(start, scenes=start.scenes if start.problem else ()),
    )


def _begin(
    connection: Connection, opportunity: Opportunity, somebody: Candidacy, found: Match, now: datetime
) -> Rehearsal:
    if opportunity.stage_id != connection.stage_id:
        somebody = replace(somebody, entered_at_ms=None)  # of another stage: the move that counts is yet to come
    again = connection.starts_after_completion
    return begin_now(connection.organization, somebody, found, now, after_completion=again)


# --- what stands in the way -------------------------------------------------------------------------------------


def _switched_off(connection: Connection) -> Iterator[str]:
    if not connection.is_active:
        words = {"state": connection.get_status_display()}
        yield _("The connection is not active (%(state)s). Nothing begins until it is.") % words


def _in_the_way(connection: Connection, opportunity: Opportunity, somebody: Candidacy) -> Iterator[str]:
    yield from _switched_off(connection)
    words = {
        "name": somebody.candidate_name or _("The candidate"),
        "stage": connection.stage_name or connection.stage_id or "?",
    }
    if opportunity.is_archived:
        yield _("In Lever %(name)s is archived.") % words
    elif opportunity.stage_id != connection.stage_id:
        yield _("In Lever %(name)s is not in the stage “%(stage)s”. A check begins on coming there.") % words


def _refused(start: Rehearsal, somebody: Candidacy, found: Match) -> Iterator[str]:
    if start.refusal:
        yield start.refusal
    yield from _problem(start.problem, somebody, found)


def _problem(problem: str, somebody: Candidacy, found: Match) -> Iterator[str]:
    words = {"name": somebody.candidate_name or _("the candidate")}
    if problem == Check.Problem.NO_TEMPLATE:
        yield why_no_check(found)
    elif problem == Check.Problem.NO_EMAIL:
        yield _("Lever holds no address for %(name)s to which a mail can be sent.") % words
    elif problem == Check.Problem.NO_CONTACT:
        yield _("Lever says that %(name)s may not be contacted.") % words
