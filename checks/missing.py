"""What a report lacks, in its words: who did not answer, what was not observed, and what is not shown therefore."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks import withheld
from checks.findings import Person, Report, Tally, Words
from checks.references import DeclineKind, Reference
from checks.said import number
from checks.wording import relation

_ABSENT: dict[str, Any] = {
    Reference.Status.ASKED: gettext_lazy("%(who)s has not answered yet. Asked on %(date)s."),
    Reference.Status.STARTED: gettext_lazy("%(who)s has begun and not sent the answers yet. Asked on %(date)s."),
    Reference.Status.DECLINED: gettext_lazy(
        "%(who)s chose not to give a reference. That happens, and no conclusion can be drawn from it."
    ),
    Reference.Status.BOUNCED: gettext_lazy("%(who)s could not be reached: our mail came back."),
    Reference.Status.REPLACED: gettext_lazy(
        "%(who)s could not or would not answer, and %(name)s named somebody else instead."
    ),
    Reference.Status.CANCELED: gettext_lazy(
        "%(who)s did not answer and was not waited for. Asked on %(date)s. No conclusion can be drawn from that."
    ),
}


_WHY: dict[str, Any] = {
    DeclineKind.STRANGER: gettext_lazy("They say that they do not know %(name)s’s work well enough."),
    DeclineKind.POLICY: gettext_lazy("They say that their employer does not allow it."),
    DeclineKind.TIME: gettext_lazy("They say that they have no time for it."),
}


def missing(report: Report, name: str) -> list[str]:
    """Who did not answer, what was not observed, and what is not shown for that reason; each a sentence or two."""
    people = report.answerers
    return [
        *_empty_places(report, name),
        *(_absent(person, name) for person in report.people if person.status in _ABSENT),
        *(_why_other(person, name) for person in people if person.why_other),
        *(_dates_only(person) for person in people if person.gives_dates_only),
        *(_written_down(person) for person in people if person.written_down_by),
        *_own(report, name),
        *_gaps(report),
        *_unanswered(report),
        *(withheld.sentences(report) if report.is_averages_only else _not_apart(report)),
    ]


def _empty_places(report: Report, name: str) -> Iterator[str]:
    empty = report.wanted - report.asked
    if not report.asked or empty <= 0:
        return
    words = {"name": name, "empty": number(empty), "why": report.fewer_because}
    left = ngettext(
        "%(name)s left %(empty)s place empty.",
        "%(name)s left %(empty)s places empty.",
        empty,
    )
    yield left % words + (" " + _("%(name)s says why: “%(why)s”") % words if report.fewer_because else "")


def _why_other(person: Person, name: str) -> str:
    words = {"who": _who(person), "name": name, "why": person.why_other}
    return _("%(who)s is not the kind of person that was asked for. %(name)s says why: “%(why)s”") % words


def _dates_only(person: Person) -> str:
    words = {"who": _who(person)}
    return _("%(who)s gave dates only, as their employer allows no more. No mark is theirs.") % words


def _written_down(person: Person) -> str:
    words = {"who": _who(person), "by": person.written_down_by}
    return _("%(who)s answered on the telephone. %(by)s wrote the answers down.") % words


def _own(report: Report, name: str) -> Iterator[str]:
    if report.asks_candidate and not report.has_own:
        yield _("No self-assessment: %(name)s was invited to one and did not hand it in.") % {"name": name}


def _unanswered(report: Report) -> Iterator[str]:
    """Questions that stand nowhere else, as nobody has answered them."""
    asked: tuple[Tally | Words, ...] = (*report.yes_no, *report.choices, *report.words)
    for question in asked:
        if not (question.everybody or question.is_withheld):
            yield _("Nobody answered “%(question)s”") % {"question": question.question}


def _absent(person: Person, name: str) -> str:
    if person.is_erased:
        return _("Somebody who was asked had deleted what was held about them.")
    date = formats.date_format(person.asked_at, "DATE_FORMAT") if person.asked_at else ""
    words = {"who": _who(person), "name": name, "date": date}
    why = _WHY.get(person.decline_kind, "") if person.status == Reference.Status.DECLINED else ""
    return " ".join(str(sentence) % words for sentence in (_ABSENT[person.status], why) if sentence)


def _who(person: Person) -> str:
    """Such as: Henrik Lund (manager)."""
    return f"{person.name} ({relation(person)})" if relation(person) else person.name


def _gaps(report: Report) -> Iterator[str]:
    figures = [scale.figures for scale in report.scales]
    unobserved, left_open = sum(f.unobserved for f in figures), sum(f.left_open for f in figures)
    total = sum(f.asked for f in figures)
    if unobserved:
        yield ngettext(
            "%(count)s rating of %(total)d was not observed.",
            "%(count)s ratings of %(total)d were not observed.",
            unobserved,
        ) % {"count": capfirst(number(unobserved)), "total": total}
    if left_open:
        yield ngettext(
            "%(count)s rating of %(total)d was left open.", "%(count)s ratings of %(total)d were left open.", left_open
        ) % {"count": capfirst(number(left_open)), "total": total}


def _not_apart(report: Report) -> Iterator[str]:
    """Why managers, colleagues and so on are one group; nothing to say where they are apart, or all the same."""
    counts = Counter(relation(person) for person in report.answerers if not person.gives_dates_only)
    if len(counts) < 2 or any(scale.apart for scale in report.scales):
        return
    found = ", ".join(f"{name} {count}" for name, count in counts.items() if name)
    yield _(
        "Managers, colleagues and others are not shown apart: that takes two answers from each of two groups. "
        "Here are: %(found)s."
    ) % {"found": found}
