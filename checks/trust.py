"""How far a report can be trusted: of each person who answered, what is known, what differs, and what was noticed.

Reasons that a reader weighs, and no score. Where a report has averages only, nothing stands here that the person has
said: what the candidate told of them does, and what we saw ourselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks.asking import NOT_QUITE, request_of
from checks.findings import Report
from checks.integrity import IntegritySignal
from checks.mail_domains import domain_of, is_free, is_throwaway
from checks.reasons import Reason, reason_of
from checks.references import Reference
from checks.replying import FACTS
from checks.said import told
from templates_app.kinds import RELATIONS, Fact, Relationship

if TYPE_CHECKING:
    from checks.models import Check

CLOSENESS = "closeness"  # the key of the question how much they saw of each other
LONG_AGO = 5  # years, where the template does not say how recent it is to be
MONTH = 365.25 / 12  # days

# What the candidate told, and the reference may have otherwise.
TOLD = {
    "relationship": gettext_lazy("Relation"),
    "company": gettext_lazy("Where they worked together"),
    "title": gettext_lazy("Title"),
    "worked_from": gettext_lazy("Beginning of their work together"),
    "worked_until": gettext_lazy("End of their work together"),
    Fact.PERIOD: gettext_lazy("When they worked together"),
}


@dataclass(frozen=True)
class Line:
    """Something that is known. Its shape says whether it speaks for itself, is worth a look, or is neither."""

    shape: str  # done, warn, stopped
    words: str


@dataclass(frozen=True)
class Known:
    """One person who answered: who they are to the candidate, what is known, and what was noticed."""

    name: str
    relation: str
    span: str
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...]


def people(check: "Check", shown: Report) -> list[Known]:
    """Everybody who answered, in the order in which they were named. Two queries."""
    everybody = list(check.references.in_order().select_related("written_down_by"))
    answered = {each.pk: each for each in everybody if each.status == Reference.Status.SUBMITTED and each.name}
    signals = [
        signal
        for signal in check.integrity_signals.order_by("-weight", "pk")
        if signal.reference_id in answered and (signal.other_id is None or signal.other_id in answered)
    ]
    return [_known(check, shown, person, _reasons(person, signals, answered)) for person in answered.values()]


def note(check: "Check") -> str:
    words = {"name": check.first_name}
    if check.frozen.is_averages_only:
        return (
            _("Reasons, not a score: what %(name)s says of each, and what we saw. What they said is not here.") % words
        )
    return _("Reasons, not a score. Nobody has checked what %(name)s and the references say of each other.") % words


def _known(check: "Check", shown: Report, person: Reference, reasons: tuple[Reason, ...]) -> Known:
    is_open = not check.frozen.is_averages_only
    said = Said.by_both(person) if is_open else Said.by_candidate(person)
    lines = [*_address(person), *_time(person), *_recency(person, said)]
    if is_open:
        lines += [*_ways(person), *_closeness(shown, person), *_differences(shown, person, check.first_name)]
    return Known(person.name, said.relation, said.span(person), (*lines, *_why_other(person, check)), reasons)


def _reasons(
    person: Reference, signals: list[IntegritySignal], answered: Mapping[int, Reference]
) -> tuple[Reason, ...]:
    """Those that are theirs alone, shared with the candidate, or shared with somebody else, named for whom it is."""
    found = []
    for signal in signals:
        if person.pk in (signal.reference_id, signal.other_id):
            other = signal.other_id if person.pk == signal.reference_id else signal.reference_id
            found.append(reason_of(signal, person, answered[other] if other else None))
    return tuple(sorted(found, key=lambda reason: reason.is_cleared))


# --- who they are to each other ---------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """How they know each other, as far as it may be told."""

    relationship: str
    company: str
    start: date | None
    end: date | None

    @classmethod
    def by_candidate(cls, person: Reference) -> "Said":
        return cls(person.relationship, person.company, person.worked_from, person.worked_until)

    @classmethod
    def by_both(cls, person: Reference) -> "Said":
        """The candidate's word, where the reference has not put it right."""
        put_right = person.corrections
        return cls(
            relationship=person.relation,
            company=put_right.get("company") or person.company,
            start=_day(put_right["worked_from"]) if "worked_from" in put_right else person.worked_from,
            end=_day(put_right["worked_until"]) if "worked_until" in put_right else person.worked_until,
        )

    @property
    def relation(self) -> str:
        """Such as: Manager at Tern Mapping."""
        words = {"relation": capfirst(str(RELATIONS.get(self.relationship, ""))), "company": self.company}
        return _("%(relation)s at %(company)s") % words if all(words.values()) else "".join(words.values())

    def span(self, person: Reference) -> str:
        """How long, and until when."""
        if not self.start:
            return ""
        last = self.end or (person.submitted_at or person.asked_at).date()
        words = {"long": _how_long(last - self.start), "end": _month(self.end)}
        if self.end:
            return _("Worked together for %(long)s, until %(end)s") % words
        return _("Have worked together for %(long)s, and still do") % words


def _day(stored: str) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _month(day: date | None) -> str:
    return formats.date_format(day, "YEAR_MONTH_FORMAT") if day else _("until now")


def _how_long(time: timedelta) -> str:
    """In months, the first and the last included; from two years on in years."""
    months = max(1, round(time.days / MONTH) + 1)
    if months < 24:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}


# --- lines ------------------------------------------------------------------------------------------


def _address(person: Reference) -> Iterator[Line]:
    """Where it tells something. Of other addresses a signal speaks."""
    domain = domain_of(person.email)
    if domain and not is_free(person.email) and not is_throwaway(person.email):
        yield Line("done", _("Asked by mail, at an address of %(domain)s") % {"domain": domain})
    elif domain and person.relationship != Relationship.MANAGER and is_free(person.email):
        yield Line("stopped", _("Asked by mail, at a private address of %(domain)s") % {"domain": domain})


def _time(person: Reference) -> Iterator[Line]:
    if person.submitted_at:
        days = max(1, -(-(person.submitted_at - person.asked_at) // timedelta(days=1)))
        words = ngettext(
            "Answered on %(date)s, within %(count)d day", "Answered on %(date)s, within %(count)d days", days
        )
        yield Line("stopped", words % {"date": formats.date_format(person.submitted_at, "j F Y"), "count": days})


def _ways(person: Reference) -> Iterator[Line]:
    """How they answered, otherwise than most."""
    if person.written_down_by:
        yield Line("stopped", _("Told on the telephone, and written down by %(who)s") % {"who": person.written_down_by})
    if person.gives_dates_only:
        yield Line("stopped", _("Gave dates only: their employer allows no more"))


def _recency(person: Reference, said: Said) -> Iterator[Line]:
    if not said.end or not person.submitted_at:
        return
    years = (person.submitted_at.date() - said.end).days // 365
    is_long_ago = years >= (request_of(person).recent_years or LONG_AGO)
    words = ngettext(
        "Last worked together %(count)d year before the answers",
        "Last worked together %(count)d years before the answers",
        years,
    )
    if years > 0:
        yield Line("warn" if is_long_ago else "stopped", words % {"count": years})


def _closeness(shown: Report, person: Reference) -> Iterator[Line]:
    for tally in shown.choices:
        for said in tally.said if tally.key == CLOSENESS else ():
            if said.person == str(person.public_id) and said.choice:
                yield Line(
                    "stopped", _("“%(question)s” “%(answer)s”") % {"question": tally.question, "answer": said.choice}
                )


def _why_other(person: Reference, check: "Check") -> Iterator[Line]:
    if person.why_other:
        words = {
            "asked": RELATIONS.get(person.asked_relationship, ""),
            "name": check.first_name,
            "why": person.why_other,
        }
        yield Line("stopped", _("Asked for: %(asked)s. %(name)s says why it is somebody else: “%(why)s”") % words)


# --- what differs -----------------------------------------------------------------------------------


def _differences(shown: Report, person: Reference, name: str) -> Iterator[Line]:
    """In short; in full they stand among the facts. `name` is the candidate's first name."""
    found = [*_corrections(person), *_denials(shown, person)]
    for what, said, before in found:
        words = {"what": TOLD[what], "said": said, "told": before, "name": name}
        both = _("%(what)s: “%(said)s”, where %(name)s gave “%(told)s”")
        yield Line("warn", (both if before else _("%(what)s: “%(said)s”, where %(name)s gave nothing")) % words)
    if not found and (person.company or person.title or person.worked_from):
        yield Line("done", _("Corrected nothing of what %(name)s says about their work together") % {"name": name})


def _corrections(person: Reference) -> Iterator[tuple[str, str, str]]:
    said_of = person.corrections
    for what, said in ((what, said_of[what]) for what in FACTS if what in said_of):  # JSON keeps no order
        yield what, _in_words(what, said), _in_words(what, getattr(person, what))


def _in_words(what: str, value: Any) -> str:
    if what == "relationship":
        return str(RELATIONS.get(value, value))
    if what in ("worked_from", "worked_until"):
        day = _day(value) if isinstance(value, str) else value
        return _month(day) if day or what == "worked_until" else ""
    return str(value)


def _denials(shown: Report, person: Reference) -> Iterator[tuple[str, str, str]]:
    """Of the questions that put a fact before them, those to which they answered that it is not quite so."""
    for fact in shown.facts:
        for said in fact.said:
            if said.person == str(person.public_id) and said.choice == NOT_QUITE:
                yield fact.fact, said.text.strip() or _("not quite"), told(person, fact.fact)
