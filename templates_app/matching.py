"""Which template a job gets: its tags against the templates', without regard to case."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organization
from templates_app.models import ReferenceTemplate


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
    return Matcher(organization).match(tags)


def tidy(tags: Iterable[str]) -> list[str]:
    """The tags as they are compared, each once, in their order."""
    return [tag for tag in dict.fromkeys(tag.strip().lower() for tag in tags) if tag]


class Matcher:
    """An organization's templates, read once, for any number of jobs."""

    def __init__(self, organization: Organization) -> None:
        rows = ReferenceTemplate.objects.filter(organization=organization).in_use().select_related("survey").in_order()
        self.templates = list(rows.prefetch_related("requests"))

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
