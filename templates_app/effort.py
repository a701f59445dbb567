"""How long a survey takes, honestly: an upper guess, for each relationship that may be asked."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind, Relationship

# Reading the question, remembering, choosing or writing. A question that only some are asked counts in full.
SECONDS_PER_QUESTION: Mapping[str, int] = {
    Kind.SCALE: 25,
    Kind.YES_NO: 20,
    Kind.CHOICE: 20,
    Kind.CHOICES: 25,
    Kind.FORCED: 20,
    Kind.FACT: 20,
    Kind.LINE: 30,
    Kind.TEXT: 75,
}

# For whom a survey takes so long, within a sentence. All that a candidate can choose from.
WHOM: Mapping[str, Any] = {
    Relationship.MANAGER: gettext_lazy("a manager"),
    Relationship.PEER: gettext_lazy("a colleague"),
    Relationship.REPORT: gettext_lazy("a direct report"),
    Relationship.CLIENT: gettext_lazy("a client"),
    Relationship.TEACHER: gettext_lazy("a teacher or trainer"),
    Relationship.VOLUNTEER: gettext_lazy("a fellow volunteer"),
}


def minutes(questions: Iterable[FrozenQuestion]) -> int:
    """In whole minutes, rounded up."""
    return max(1, math.ceil(seconds(questions) / 60))


def seconds(questions: Iterable[FrozenQuestion]) -> int:
    return sum(SECONDS_PER_QUESTION[question.kind] for question in questions)


def questions_for(questions: Iterable[FrozenQuestion], relationship: str) -> list[FrozenQuestion]:
    return [question for question in questions if question.is_for(relationship)]


def without_questions(questions: Iterable[FrozenQuestion], relationships: Iterable[str]) -> list[str]:
    """Those of the relationships that would find nothing to answer: a follow-up alone is never reached."""
    first = [question for question in questions if not question.shown_if]
    return [value for value in relationships if not questions_for(first, value)]


def unasked(questions: Iterable[FrozenQuestion]) -> list[str]:
    """Who would find no question, in words."""
    return [str(WHOM[value]) for value in without_questions(questions, WHOM)]


def minutes_by_relationship(questions: Iterable[FrozenQuestion]) -> dict[str, int]:
    """Without those who would find no question."""
    known = list(questions)
    return {value: minutes(found) for value in WHOM if (found := questions_for(known, value))}


def in_words(questions: Iterable[FrozenQuestion]) -> str:
    """Such as: 8 minutes for a manager, 7 minutes for everybody else. Empty without questions."""
    counted = minutes_by_relationship(questions)
    groups = Counter(counted.values()).most_common()
    if not groups:
        return ""
    most = _minutes(groups[0][0])
    if len(groups) == 1:
        return most
    others = [_for(value, counted) for value, _count in sorted(groups[1:], reverse=True)]
    return _("%(others)s, %(most)s for everybody else") % {"others": ", ".join(others), "most": most}


def _for(value: int, counted: Mapping[str, int]) -> str:
    whom = get_text_list([str(WHOM[each]) for each, found in counted.items() if found == value], _("or"))
    return _("%(minutes)s for %(whom)s") % {"minutes": _minutes(value), "whom": whom}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
