"""What is said of a signal: a plain reason in one or two sentences, and how much it weighs. Never a verdict."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks.integrity import IntegritySignal, Kind, Weight
from checks.references import Reference

WEIGHTS = {
    Weight.LIGHT: gettext_lazy("Weighs little."),
    Weight.SOME: gettext_lazy("Has some weight."),
    Weight.HEAVY: gettext_lazy("Weighs much."),
}
REASONS = {
    Kind.SAME_ADDRESS: gettext_lazy(
        "Sent over the same internet connection that %(other)s used. People of one office or household share one."
    ),
    Kind.SAME_DEVICE: gettext_lazy(
        "Sent from the same kind of device, browser and languages that %(other)s used. Many people have the same."
    ),
    Kind.FAST: gettext_lazy(
        "Opened and sent within %(seconds)s, where such answers take about %(minutes)s. "
        "Somebody who had read the questions before is quick, too."
    ),
    Kind.FREE_MAIL: gettext_lazy(
        "Named as a manager, with a private address at %(domain)s: nothing in it ties them to an employer. "
        "Managers who have left often have no other."
    ),
    Kind.THROWAWAY: gettext_lazy(
        "The address is at %(domain)s, where addresses are made for a short time. It does not tell whose it is."
    ),
    Kind.SAME_ANSWERS: gettext_lazy(
        "The same mark as %(other)s on each of the %(scales)s scales that both answered, and the same words or nearly. "
        "They may have written them together."
    ),
}
IN_ONE_PLACE = gettext_lazy(
    "Sent over the same internet connection and from the same kind of device that %(other)s used. "
    "People of one office or household may share both."
)


@dataclass(frozen=True)
class Reason:
    """A signal as it is read. Of one that is cleared: who did so, when, and in which words."""

    pk: int
    words: str
    weight: str
    cleared_by: str = ""
    cleared_at: datetime | None = None
    cleared_because: str = ""

    @property
    def is_cleared(self) -> bool:
        return self.cleared_at is not None


def reason_of(signal: IntegritySignal, person: Reference, other: Reference | None) -> Reason:
    """As it is said of `person`; `other` is the second of two references, None where it is the candidate or nobody."""
    detail = signal.detail
    sentence = IN_ONE_PLACE if detail.get("in_place") else REASONS[Kind(signal.kind)]
    words = {
        "other": other.name if other else person.for_check.first_name,
        "domain": detail.get("domain", ""),
        "scales": detail.get("scales", 0),
        "seconds": _seconds(detail.get("seconds", 0)),
        "minutes": _minutes(detail.get("minutes", 0)),
    }
    return Reason(
        pk=signal.pk,
        words=str(sentence % words),
        weight=str(WEIGHTS[Weight(signal.weight)]),
        cleared_by=detail.get("cleared_by", "") or _("somebody"),
        cleared_at=signal.cleared_at,
        cleared_because=signal.cleared_because,
    )


def _seconds(count: int) -> str:
    return ngettext("%(count)d second", "%(count)d seconds", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
