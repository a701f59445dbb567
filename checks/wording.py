"""The report's sentences, made from its figures at the moment they are read, so that they speak the reader's language.

Nothing here judges, and nobody is "he" or "she": we do not know. People are named; what somebody is to the
candidate stands beside the name.
"""

import math
from collections.abc import Iterator

from django.utils import formats
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks.asking import CANNOT_SAY, NOT_QUITE, RIGHT
from checks.findings import After, Person, Report, Scale, Tally
from checks.said import number
from templates_app.kinds import NO, RELATIONS, UNSURE, YES

YES_NO = {YES: gettext_lazy("yes"), UNSURE: gettext_lazy("unsure"), NO: gettext_lazy("no")}
FACTS = {
    RIGHT: gettext_lazy("that is right"),
    NOT_QUITE: gettext_lazy("not quite"),
    CANNOT_SAY: gettext_lazy("cannot say"),
}

LONGEST_HEADING = 60  # characters of the two answers in it


def answer(choice: str) -> str:
    """As it is read: our own answers have short names, all others are their own."""
    return str(YES_NO.get(choice) or FACTS.get(choice) or choice)


def after(found: After) -> str:
    """What led to a follow-up."""
    answers = [f"“{answer(each)}”" for each in found.answers]
    words = {"answers": get_text_list(answers, _("or")), "question": found.question}
    return _("Asked only after %(answers)s to “%(question)s”") % words


def relation(person: Person) -> str:
    return str(RELATIONS.get(person.relationship, ""))


def with_relation(person: Person) -> str:
    """Such as: Henrik Lund, manager."""
    return ", ".join(filter(None, (person.name, relation(person))))


# --- the summary ------------------------------------------------------------------------------------


def say(report: Report, name: str, *, is_live: bool = False) -> str:
    """The report in two or three sentences, of counts alone. `name` is the candidate's first name."""
    if not report.asked:
        return _("%(name)s has not named anybody yet.") % {"name": name} if is_live else _("No reference was asked.")
    sentences = [_asked_and_answered(report, is_live=is_live), _again(report, name), _far_apart(report)]
    return " ".join(filter(None, sentences))


def _asked_and_answered(report: Report, *, is_live: bool) -> str:
    if is_live or not report.answered:
        words = {"count": capfirst(number(report.asked))}
        asked = ngettext("%(count)s person was asked.", "%(count)s people were asked.", report.asked) % words
        return f"{asked} {_answered_so_far(report.answered) if is_live else _('Nobody answered.')}"
    sentence = ngettext(
        "%(asked)s person was asked and %(answered)s answered, %(when)s.",
        "%(asked)s people were asked and %(answered)s answered, %(when)s.",
        report.asked,
    )
    words = {"asked": capfirst(number(report.asked)), "answered": number(report.answered)}
    return sentence % {**words, "when": _within(report.days or 1)}


def _answered_so_far(count: int) -> str:
    if not count:
        return _("Nobody has answered yet.")
    words = {"count": capfirst(number(count))}
    return ngettext("%(count)s has answered so far.", "%(count)s have answered so far.", count) % words


def _within(days: int) -> str:
    words = {"count": number(days)}
    return ngettext("within %(count)s day", "within %(count)s days", days) % words


def _again(report: Report, name: str) -> str:
    """Whether they would work with the candidate again; empty where nobody was asked that."""
    tally = report.work_again
    if tally is None or not tally.everybody:
        return ""
    yes, everybody = tally.count(YES), tally.everybody
    if yes == everybody:
        return _all_would(yes, name)
    parts = [_would(yes, name), *_would_not(tally)]
    return capfirst("; ".join(parts)) + "."


def _all_would(count: int, name: str) -> str:
    words = {"count": number(count), "name": name}
    if count == 1:
        return _("This person would work with %(name)s again.") % words
    if count == 2:
        return _("Both would work with %(name)s again.") % words
    return _("All %(count)s would work with %(name)s again.") % words


def _would(count: int, name: str) -> str:
    if not count:
        return _("nobody said yes to working with %(name)s again") % {"name": name}
    words = {"count": number(count), "name": name}
    return (
        ngettext("%(count)s would work with %(name)s again", "%(count)s would work with %(name)s again", count) % words
    )


def _would_not(tally: Tally) -> Iterator[str]:
    unsure, no = tally.count(UNSURE), tally.count(NO)
    if unsure:
        yield ngettext("%(count)s is unsure", "%(count)s are unsure", unsure) % {"count": number(unsure)}
    if no:
        yield ngettext("%(count)s would not", "%(count)s would not", no) % {"count": number(no)}


def _far_apart(report: Report) -> str:
    names = [scale.competency for scale in report.far_apart]
    if not names:
        return ""
    if len(names) > 3:
        return _("Their answers are far apart on %(count)s subjects.") % {"count": number(len(names))}
    return _("Their answers are far apart on %(names)s.") % {"names": get_text_list(names, _("and"))}


# --- each person ------------------------------------------------------------------------------------


def known(person: Person) -> str:
    """Such as: Manager at Tern Mapping, from March 2021 until June 2024."""
    words = {"relation": capfirst(relation(person)), "company": person.company}
    what = _("%(relation)s at %(company)s") % words if all(words.values()) else "".join(words.values())
    return ", ".join(filter(None, (what, _months(person))))


def _months(person: Person) -> str:
    if not person.worked_from:
        return ""
    start = formats.date_format(person.worked_from, "F Y")
    if not person.worked_until:
        return _("from %(start)s until now") % {"start": start}
    return _("from %(start)s until %(end)s") % {"start": start, "end": formats.date_format(person.worked_until, "F Y")}


# --- what to talk about first -----------------------------------------------------------------------


def difference(scale: Scale) -> str:
    """How far apart: in the scale's own words, unless they are too long for a heading."""
    low, high, spread = scale.figures.low or 1, scale.figures.high or 1, scale.figures.spread or 0
    if not spread:
        return _("%(name)s: the answers are far apart") % {"name": scale.competency}
    words = {"name": scale.competency, "low": scale.labels[low - 1], "high": scale.labels[high - 1]}
    if len(words["low"] + words["high"]) > LONGEST_HEADING:
        apart = ngettext("%(name)s: %(count)s step apart", "%(name)s: %(count)s steps apart", spread)
        return apart % {**words, "count": number(spread)}
    return _("%(name)s: from “%(low)s” to “%(high)s”") % words


def positions(report: Report, scale: Scale) -> list[tuple[str, str]]:
    """Who stands where: an answer and the people who gave it, from the lowest step up; then who did not observe it."""
    lines = [(label, _who(report, scale, score)) for score, label in enumerate(scale.labels, start=1)]
    unseen = [with_relation(report.person(mark.person)) for mark in scale.marks if mark.is_unobserved]
    return [*((label, who) for label, who in lines if who), *_line(_("Not observed"), "; ".join(unseen))]


def _who(report: Report, scale: Scale, score: int) -> str:
    return "; ".join(with_relation(report.person(mark.person)) for mark in scale.marks if mark.score == score)


def _line(label: str, who: str) -> list[tuple[str, str]]:
    return [(label, who)] if who else []


def own_view() -> str:
    return _("The candidate’s own view")


def own_mark(scale: Scale, name: str) -> str:
    """What the candidate answered about themselves; empty where they gave no mark. `name` is their first name."""
    if not scale.own_score:
        return ""
    return _("%(name)s’s own mark: “%(label)s”.") % {"name": name, "label": scale.labels[scale.own_score - 1]}


def own_and_mean(scale: Scale, name: str) -> str:
    """The candidate's own mark beside that of the others; both are there."""
    shown = scale.figures.shown if scale.figures.shown is not None else 1
    below, above = scale.labels[math.floor(shown) - 1], scale.labels[math.ceil(shown) - 1]
    words = {"own": own_mark(scale, name), "below": below, "above": above}
    if below == above:
        return _("%(own)s The mean of the references is at “%(below)s”.") % words
    return _("%(own)s The mean of the references is between “%(below)s” and “%(above)s”.") % words


def of_people(count: int, everybody: int) -> str:
    return _("%(count)d of %(everybody)d") % {"count": count, "everybody": everybody}
