"""Which tags the account's open jobs carry, remembered for a few minutes: whoever makes templates asks often."""

from collections import Counter
from dataclasses import dataclass

from django.core.cache import cache

from integrations.jobs import all_tags, open_jobs
from integrations.models import Connection
from templates_app.matching import Match, Matcher, tidy
from templates_app.models import ReferenceTemplate

KEPT = 300  # seconds
KEPT_IN_VAIN = 60  # seconds in which Lever is not asked again when it did not answer
MOST = 300  # tags that are offered


@dataclass(frozen=True)
class OpenJob:
    title: str
    own: tuple[str, ...]  # the posting's own tags, as they are compared
    tags: tuple[str, ...]  # with those that Lever makes of its title, team and place


@dataclass(frozen=True)
class Carried:
    jobs: tuple[OpenJob, ...] = ()
    is_whole: bool = False  # these are all open jobs

    def counts(self) -> list[tuple[str, int]]:
        """Each tag with the number of jobs that carry it: the jobs' own first, then the most frequent."""
        own = {tag for job in self.jobs for tag in job.own}
        counted = Counter(tag for job in self.jobs for tag in job.tags)
        return sorted(counted.items(), key=lambda pair: (pair[0] not in own, -pair[1], pair[0]))

    def losing(self, template: ReferenceTemplate) -> list[tuple[OpenJob, Match]]:
        """The jobs that get a template now, and what they would get without it."""
        matcher = Matcher(template.organization)
        others = matcher.without(template)
        return [(job, others.match(job.tags)) for job in self.jobs if matcher.match(job.tags).template == template]


def carried(connection: Connection | None) -> Carried:
    """Nothing when there is no connection or Lever does not answer. Never raises for what Lever does."""
    if connection is None or not connection.api_key:
        return Carried()
    key = f"carried-tags:{connection.pk}:{connection.environment}:{connection.key_digest}"
    found: Carried | None = cache.get(key)
    if found is None:
        found = _ask(connection)
        cache.set(key, found, KEPT if found.is_whole else KEPT_IN_VAIN)
    return found


def _ask(connection: Connection) -> Carried:
    answer = open_jobs(connection)
    jobs = tuple(
        OpenJob(job.title, tuple(tidy(job.posting.tags)), tuple(tidy(all_tags(job.posting)))) for job in answer.jobs
    )
    return Carried(jobs, is_whole=not (answer.problem or answer.is_cut or answer.is_late))
