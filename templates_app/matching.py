"""Which template a job gets: its tags against the templates', without regard to case."""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from templates_app.models import ReferenceTemplate
from templates_app.tags import tidy

__all__ = ["Contest", "Match", "Matcher", "contest", "match", "tidy"]


@dataclass(frozen=True)
class Match:
    """The template that won (None when there is none) and, in words for the desk and for Lever, why.

    `matching` are all that have a tag of the job, the winner first; empty when the default stood in.
    """

    template: ReferenceTemplate | None
    reason: str
    is_ambiguous: bool = False
    matching: tuple[ReferenceTemplate, ...] = ()


def match(organization: Organization, tags: Iterable[str]) -> Match:
    """For one job; see `Matcher.match`."""
    tags = list(tags)
    kept = [tag for tag in tidy(tags) if "\0" not in tag]  # which PostgreSQL takes in no text, so no template has it
    return Matcher(organization, kept).match(tags)


class Matcher:
    """An organization's templates, read once, for any number of jobs; with `tags`, only those that matter for them."""

    def __init__(self, organization: Organization, tags: Collection[str] | None = None) -> None:
        rows = ReferenceTemplate.objects.filter(organization=organization).in_use().select_related("survey").in_order()
        if tags is not None:
            rows = rows.filter(Q(ats_tag__in=tags) | Q(is_default=True))
        self.templates = list(rows.prefetch_related("requests"))

    def without(self, template: ReferenceTemplate) -> "Matcher":
        """The same, as if that one were gone."""
        others = copy(self)
        others.templates = [each for each in self.templates if each.pk != template.pk]
        return others

    def match(self, tags: Iterable[str]) -> Match:
        """One match wins; of several the lowest priority, then name; else the default; else nothing."""
        known = set(tidy(tags))
        if matching := [template for template in self.templates if template.ats_tag in known]:
            return _winner(matching)
        if default := next((template for template in self.templates if template.is_default), None):
            words = _("“%(name)s”, the default: no template has a tag of this job.")
            return Match(default, words % {"name": default.name})
        if not known:
            return Match(None, _("The job has no tags, and there is no default template."))
        return Match(None, _("The job’s tags match no template, and there is no default."))


def _winner(matching: list[ReferenceTemplate]) -> Match:
    first, *others = matching
    words = {
        "name": first.name,
        "tag": first.ats_tag,
        "others": ", ".join(f"“{other.name}”" for other in others),
    }
    if not others:
        return Match(first, _("“%(name)s”, because the job is tagged %(tag)s.") % words, matching=(first,))
    reason = _("“%(name)s”, because the job is tagged %(tag)s and it comes before %(others)s by priority, then name.")
    return Match(first, reason % words, is_ambiguous=True, matching=tuple(matching))


# Whether the other wins, and whether the priorities are the same -> what is said.
_CONTEST = {
    (True, False): gettext_lazy(
        "“%(name)s” has this tag, too, and jobs get that one: its priority is %(other)d, and this one’s %(own)d."
    ),
    (True, True): gettext_lazy(
        "“%(name)s” has this tag, too, and jobs get that one: both have priority %(own)d, and it comes first by name."
    ),
    (False, False): gettext_lazy(
        "“%(name)s” has this tag, too. Jobs get this one: its priority is %(own)d, and the other’s %(other)d."
    ),
    (False, True): gettext_lazy(
        "“%(name)s” has this tag, too. Jobs get this one: both have priority %(own)d, and it comes first by name."
    ),
}


@dataclass(frozen=True)
class Contest:
    """Another template has the same tag: which of the two jobs get, in a sentence."""

    words: str
    is_lost: bool


def contest(template: ReferenceTemplate) -> Contest | None:
    """None when no other has its tag. The template may be one that is not saved yet."""
    same = ReferenceTemplate.objects.filter(organization=template.organization_id, ats_tag=template.ats_tag)
    rivals = same.in_use().exclude(pk=template.pk)
    if not template.ats_tag or template.is_archived or not (first := rivals.in_order().first()):
        return None
    is_even = first.priority == template.priority
    # Names are compared by the database, which puts them in order, too.
    by_name = rivals.filter(pk=first.pk, name__lt=template.name)
    is_lost = by_name.exists() if is_even else first.priority < template.priority
    words = {"name": first.name, "other": first.priority, "own": template.priority}
    return Contest(str(_CONTEST[is_lost, is_even]) % words, is_lost)
