"""What we say at each moment where an organization has no words of its own."""

from collections.abc import Callable

from notifications.letters import Letter
from templates_app.builtin import candidates, references, staff, texts
from templates_app.builtin.occasion import Occasion
from templates_app.moments import Moment

__all__ = ["LETTERS", "TEXTS", "Occasion"]

# Each gives what is said between greeting and signature, in the language that is active.
LETTERS: dict[str, Callable[[Occasion], Letter]] = {
    Moment.CANDIDATE_REQUEST: candidates.request,
    Moment.CANDIDATE_REMINDER: candidates.reminder,
    Moment.CANDIDATE_ANOTHER: candidates.another,
    Moment.REFERENCE_REQUEST: references.request,
    Moment.REFERENCE_REMINDER: references.reminder,
    Moment.REFERENCE_THANKS: references.thanks,
    Moment.REFERENCE_DECLINED: references.declined,
    Moment.REFERENCE_RELEASED: references.released,
    Moment.MANAGER_TOLD: staff.manager_told,
    Moment.OWNER_TOLD: staff.owner_told,
    Moment.OWNER_OVERDUE: staff.owner_overdue,
    Moment.OUTCOME_ASKED: staff.outcome_asked,
}
TEXTS: dict[str, Callable[[Occasion], str]] = {
    Moment.CANDIDATE_REQUEST: texts.candidate_request,
    Moment.CANDIDATE_REMINDER: texts.candidate_reminder,
    Moment.CANDIDATE_ANOTHER: texts.candidate_another,
    Moment.REFERENCE_REQUEST: texts.reference_request,
    Moment.REFERENCE_REMINDER: texts.reference_reminder,
}
