"""What a report lacks, in its words: who did not answer, what was not observed, and what is not shown therefore."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks.findings import Person, Report, Tally, Words
from checks.references import Reference
from checks.wording import number, relation

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


def missing(report: Report, name: str) -> list[str]:
    """Who did not answer, what was not observed, and what is not shown for that reason; each a sentence or two."""
    return [
        *(_absent(person, name) for person in report.people if person.status in _ABSENT),
        *(_dates_only(person) for person in report.answerers if person.gives_dates_only),
        *_own(report, name),
        *_gaps(report),
        *_unanswered(report),
        *_not_apart(report),
    ]


def _dates_only(person: Person) -> str:
    words = {"who": _who(person)}
    return _("%(who)s gave dates only, as their employer allows no more. No mark is theirs.") % words


def _own(report: Report, name: str) -> Iterator[str]:
    if report.asks_candidate and not report.has_own:
        yield _("No self-assessment: %(name)s was invited to one and did not hand it in.") % {"name": name}


def _unanswered(report: Report) -> Iterator[str]:
    """Questions that stand nowhere else, as nobody has answered them."""
    asked: tuple[Tally | Words, ...] = (*report.yes_no, *report.choices, *report.words)
    for question in asked:
        if not question.said:
            yield _("Nobody answered “%(question)s”") % {"question": question.question}


def _absent(person: Person, name: str) -> str:
    date = formats.date_format(person.asked_at, "j F Y") if person.asked_at else ""
    return str(_ABSENT[person.status]) % {"who": _who(person), "name": name, "date": date}


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
