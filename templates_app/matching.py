"""Which template a job gets: its tags against the templates', without regard to case."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organization
from templates_app.models import ReferenceTemplate


@dataclass(frozen=True)
class Match:
    """The template that won (None when there is none) and, in words for the desk and for Lever, why."""

    template: ReferenceTemplate | None
    reason: str
    is_ambiguous: bool = False


def match(organization: Organization, tags: Iterable[str]) -> Match:
    """One match wins; of several the lowest priority, then name; else the default; else nothing."""
    lower = {tag.strip().lower() for tag in tags} - {""}
    in_order = ReferenceTemplate.objects.filter(organization=organization).select_related("survey").in_order()
    matching = list(in_order.filter(ats_tag__in=lower).exclude(ats_tag=""))
    if matching:
        return _winner(matching)
    default = in_order.filter(is_default=True).first()
    if default:
        return Match(default, _("“%(name)s”, the default: no template has a tag of this job.") % {"name": default.name})
    if not lower:
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
        return Match(first, _("“%(name)s”, because the job is tagged %(tag)s.") % words)
    reason = _("“%(name)s”, because the job is tagged %(tag)s and it comes before %(others)s by priority, then name.")
    return Match(first, reason % words, is_ambiguous=True)
