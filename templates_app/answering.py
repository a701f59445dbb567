"""The answers to choose from: as a form sends them, and as they are read."""

from django.utils.translation import gettext as _

from templates_app.frozen import FrozenQuestion
from templates_app.kinds import NO, UNSURE, YES, Kind

UNSEEN = "unseen"  # what a form sends for "I did not see this"
LONGEST = 300  # characters of an answer to choose from, as much as the column of answers holds
# After answers to these kinds another question may follow.
LEADING = (Kind.SCALE, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.FORCED)


def yes_or_no() -> list[tuple[str, str]]:
    return [(YES, _("Yes")), (UNSURE, _("Unsure")), (NO, _("No"))]


def answers_of(question: FrozenQuestion) -> list[tuple[str, str]]:
    """The answers after which another question may follow: as a form sends them, and as they are read."""
    if question.kind not in LEADING:
        return []
    if question.kind == Kind.YES_NO:
        return yes_or_no()
    if question.kind != Kind.SCALE:
        return [(label[:LONGEST], label) for label in question.labels]
    unseen = [(UNSEEN, _("I did not see this"))] if question.may_be_unobserved else []
    return [(str(number), label) for number, label in enumerate(question.labels, start=1)] + unseen
