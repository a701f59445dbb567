"""The account's open jobs, and which template each would get."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checks.said import number
from integrations.account import lever
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Posting
from integrations.models import Connection
from templates_app.matching import Match, Matcher, tidy
from templates_app.models import ReferenceTemplate

AT_MOST = 500  # jobs that are read
PATIENCE = (2.0, 3.0)  # seconds to connect, and to wait for an answer: somebody sits before the page
LONGEST = 5.0  # seconds after which no further page is asked for; with the last call's patience ten in all


@dataclass(frozen=True)
class Job:
    """An open posting. `tags` are as Lever shows them, each with whether a template has it."""

    id: str
    title: str
    tags: tuple[tuple[str, bool], ...]
    match: Match
    posting: Posting

    @property
    def problem(self) -> str:
        """Why a candidate for this job would get no check; empty when one would."""
        return why_no_check(self.match)

    @property
    def is_default(self) -> bool:
        """No tag chose the template; it stood in."""
        return self.match.template is not None and not self.match.matching


@dataclass
class OpenJobs:
    """All that were read: troubles first, then by title. `problem` says in a sentence what Lever did not tell."""

    matcher: Matcher
    jobs: list[Job] = field(default_factory=list)
    problem: str = ""
    is_cut: bool = False  # there are more than AT_MOST
    is_late: bool = False  # time was up before all were read
    with_confidential: bool = False

    @cached_property
    def troubles(self) -> int:
        return sum(bool(job.problem) for job in self.jobs)

    @property
    def title(self) -> str:
        """The news."""
        if not self.jobs:
            return _("Lever did not say which jobs are open") if self.problem else _("No job is open in Lever")
        words = {"few": capfirst(number(self.troubles)), "all": number(len(self.jobs))}
        if not self.troubles:
            return (
                ngettext("The open job would get a check", "All %(all)s open jobs would get a check", len(self.jobs))
                % words
            )
        if self.troubles == len(self.jobs):
            return (
                ngettext(
                    "The open job would get no check", "None of the %(all)s open jobs would get a check", len(self.jobs)
                )
                % words
            )
        return _("%(few)s of %(all)s open jobs would get no check") % words

    @property
    def idle(self) -> list[ReferenceTemplate]:
        """Templates that none of these jobs would get."""
        used = {job.match.template.pk for job in self.jobs if job.match.template}
        return [template for template in self.matcher.templates if template.pk not in used]


def why_no_check(match: Match) -> str:
    """In a sentence; empty when there would be one."""
    if match.template is None:
        return match.reason
    if not match.template.requests.all():
        return _("“%(name)s” asks for no reference.") % {"name": match.template.name}
    return ""


def open_jobs(connection: Connection) -> OpenJobs:
    """Ask Lever. Never raises for what Lever does: whoever is at the page reads a sentence."""
    found = OpenJobs(Matcher(connection.organization))
    if not connection.api_key:
        found.problem = _("There is no API token yet. Enter it on the connection’s page.")
        return found
    try:
        with lever(connection, timeout=PATIENCE) as account:
            _read(account, found, with_confidential=bool(connection.sees_confidential))
    except LeverError as error:
        found.problem = in_vain(error)
    found.jobs.sort(key=lambda job: (not job.problem, job.title.casefold(), job.id))
    return found


def _read(account: Lever, found: OpenJobs, *, with_confidential: bool) -> None:
    """A key that lost its access to confidential data is refused them; then the others are asked for."""
    found.with_confidential = with_confidential
    begun, known = time.monotonic(), {job.id for job in found.jobs}
    try:
        for posting in account.open_postings(with_confidential=with_confidential):
            if len(known) == AT_MOST:
                found.is_cut = True
                return
            if posting.id not in known:
                known.add(posting.id)
                found.jobs.append(job(posting, found.matcher))
            if time.monotonic() - begun > LONGEST:
                found.is_late = True
                return
    except LeverError as error:
        if not (with_confidential and error.kind is Kind.FORBIDDEN):
            raise
        _read(account, found, with_confidential=False)


def job(posting: Posting, matcher: Matcher) -> Job:
    """With all tags that its candidates will bear; those that Lever inherits are shown only if they decide."""
    match = matcher.match(all_tags(posting))
    own, inherited = marked(posting.tags, match), marked(posting.inherited_tags, match)
    shown = own + tuple(pair for pair in inherited if pair[1])
    return Job(posting.id, posting.title or posting.id, shown, match, posting)


def marked(tags: Iterable[str], match: Match) -> tuple[tuple[str, bool], ...]:
    """Each tag, and whether a template that matched has it."""
    chosen = {template.ats_tag for template in match.matching}
    return tuple((tag, not chosen.isdisjoint(tidy([tag]))) for tag in tags)


def all_tags(posting: Posting) -> tuple[str, ...]:
    return (*posting.tags, *posting.inherited_tags)


def in_vain(error: LeverError) -> str:
    """What a person reads who asked Lever and got no answer. Nothing is tried again behind a page's back."""
    if error.permanent:
        return _(error.words)
    return _("Lever does not answer at the moment. Ask again in a minute.")
