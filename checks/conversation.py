"""What a report leads to: what to talk about first, and questions to take along.

How they are chosen (the page says the same): a subject counts as *split* where the lowest and the highest mark are
two or more steps apart, as *low* where two or more marks have a mean below the middle of the scale, and as
*seen otherwise* where the candidate's own mark is two or more steps from the mean. The widest apart come first, then
the lowest, then the candidate's own; five at most. The questions are ours, one of a few sentences for each reason,
and are worded so that they give nothing away of what anybody answered.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checks import facts, wording
from checks.findings import FAR_APART, Person, Report, Scale, Tally
from templates_app.kinds import NO, YES

AT_MOST = 5  # questions of each sort
ENOUGH_TO_BE_LOW = 2  # marks
SPLIT, LOW, HIGHER, LOWER = "split", "low", "higher", "lower"

# Several for each reason, so that one and the same is not asked of one subject after another.
INTERVIEW: dict[str, tuple[Any, ...]] = {
    SPLIT: (
        gettext_lazy("“%(subject)s”: tell me about a day when it went well, and about one when it did not."),
        gettext_lazy("“%(subject)s”: who would praise you for it, who would not, and what did each of them see?"),
        gettext_lazy("“%(subject)s”: what was different where it came to you easily?"),
        gettext_lazy("“%(subject)s”: what has somebody told you about it that surprised you?"),
        gettext_lazy("“%(subject)s”: which decision would you take again, and which not?"),
    ),
    LOW: (
        gettext_lazy("“%(subject)s”: which piece of work taught you most, and what have you done differently since?"),
        gettext_lazy("“%(subject)s”: what would have helped you to do it better?"),
    ),
    HIGHER: (gettext_lazy("“%(subject)s”: how would somebody who worked beside you describe it?"),),
    LOWER: (gettext_lazy("“%(subject)s”: what would you have to see in your own work to call it good?"),),
}
FIRST_WEEKS: dict[str, Any] = {
    SPLIT: gettext_lazy("Agree in the first week what good work looks like here, with an example each: %(subjects)s."),
    LOW: gettext_lazy("Say who works beside %(name)s on it at first, and when they look back on it: %(subjects)s."),
    HIGHER: gettext_lazy("Give an early piece of work in which it shows, and talk it over at once: %(subjects)s."),
    LOWER: gettext_lazy("Say early and plainly when it goes well: %(subjects)s."),
}


@dataclass(frozen=True)
class Topic:
    """Something to talk about first: an answer and who gave it, or a fact and both versions.

    `words` says what the candidate thinks of it, or all of it where nobody is named.
    """

    heading: str
    positions: list[tuple[str, str]]
    words: str = ""


@dataclass(frozen=True)
class Question:
    """A question of ours, and why it is there."""

    words: str
    why: str


# --- what to talk about first -----------------------------------------------------------------------


def topics(shown: Report, name: str) -> list[Topic]:
    """Where references disagree, with each other and then with the candidate. `name` is the candidate's first name."""
    return [
        *_all_split(shown, name),
        *(_torn(shown, tally) for tally in shown.yes_no if tally.count(YES) and tally.count(NO)),
        *(_own(scale, name) for scale in shown.scales if _reason(scale) in (HIGHER, LOWER)),
        *(_otherwise(person, lines) for person in shown.answerers if (lines := facts.differing(shown, person, name))),
    ]


def _all_split(shown: Report, name: str) -> Iterator[Topic]:
    """Each with who said what; where nobody is named there is no more to say of several than that they are."""
    if not shown.is_averages_only:
        yield from (_split(shown, scale, name) for scale in shown.far_apart)
    elif shown.far_apart:
        subjects = get_text_list([f"“{scale.competency}”" for scale in shown.far_apart], _("and"))
        yield Topic(_("The answers are far apart on %(subjects)s") % {"subjects": subjects}, [])


def _split(shown: Report, scale: Scale, name: str) -> Topic:
    own = wording.own_mark(scale, name)
    return Topic(wording.difference(scale), wording.positions(shown, scale), own)


def _torn(shown: Report, tally: Tally) -> Topic:
    """Some say yes, and some say no."""
    positions = [
        (
            wording.answer(option),
            "; ".join(wording.with_relation(shown.person(one.person)) for one in tally.said if one.chose(option))
            or wording.of_people(tally.count(option), tally.everybody),
        )
        for option in tally.options
        if tally.count(option)
    ]
    return Topic(tally.question, positions)


def _own(scale: Scale, name: str) -> Topic:
    words = {"subject": scale.competency, "name": name}
    higher = _("%(subject)s: %(name)s’s own mark is higher than the others’")
    lower = _("%(subject)s: %(name)s’s own mark is lower than the others’")
    reason = _reason(scale)
    heading = (higher if reason == HIGHER else lower) % words
    return Topic(heading, [], wording.own_and_mean(scale, name))


def _otherwise(person: Person, lines: list[tuple[str, str]]) -> Topic:
    return Topic(_("%(who)s puts it differently") % {"who": wording.with_relation(person)}, lines)


# --- questions to take along ------------------------------------------------------------------------


def questions(shown: Report, name: str) -> dict[str, list[Question]]:
    """For the interview one for each subject, for the first weeks one for each reason; empty where none stands out."""
    chosen = [(scale, _reason(scale)) for scale in _in_order(shown) if _reason(scale)][:AT_MOST]
    if not chosen:
        return {}
    return {"interview": list(_interview(chosen, name)), "first_weeks": list(_first_weeks(chosen, name))}


def _interview(chosen: list[tuple[Scale, str]], name: str) -> Iterator[Question]:
    turns: Counter[str] = Counter()
    for scale, reason in chosen:
        sentences = INTERVIEW[reason]
        words = sentences[turns[reason] % len(sentences)] % {"subject": scale.competency}
        turns[reason] += 1
        yield Question(words, _why(scale, reason, name))


def _first_weeks(chosen: list[tuple[Scale, str]], name: str) -> Iterator[Question]:
    for reason, sentence in FIRST_WEEKS.items():
        subjects = [f"“{scale.competency}”" for scale, its in chosen if its == reason]
        if subjects:
            yield Question(sentence % {"subjects": get_text_list(subjects, _("and")), "name": name}, "")


def _in_order(shown: Report) -> list[Scale]:
    order = (SPLIT, LOW, HIGHER, LOWER, "")
    return sorted(shown.scales, key=lambda scale: (order.index(_reason(scale)), *_how_much(scale)))


def _how_much(scale: Scale) -> Iterator[float]:
    """The widest apart first, then the lowest for their scale."""
    yield -(scale.figures.spread or 0)
    yield ((scale.figures.mean or 0) - 1) / max(len(scale.labels) - 1, 1)


def _reason(scale: Scale) -> str:
    """Why there is something to ask; empty where there is nothing."""
    mean, own = scale.figures.mean, scale.own_score
    if scale.is_far_apart:
        return SPLIT
    if mean is None:
        return ""
    if scale.figures.n >= ENOUGH_TO_BE_LOW and mean < (1 + len(scale.labels)) / 2:
        return LOW
    if own and abs(own - mean) >= FAR_APART:
        return HIGHER if own > mean else LOWER
    return ""


def _why(scale: Scale, reason: str, name: str) -> str:
    spread = scale.figures.spread or 0
    if reason == SPLIT and not spread:
        return _("The answers are far apart.")
    sentences = {
        SPLIT: ngettext("The answers are %(steps)d step apart.", "The answers are %(steps)d steps apart.", spread),
        LOW: _("The mean is below the middle of the scale."),
        HIGHER: _("%(name)s’s own mark is two or more steps above the mean."),
        LOWER: _("%(name)s’s own mark is two or more steps below the mean."),
    }
    return sentences[reason] % {"steps": spread, "name": name}
