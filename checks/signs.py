"""A check at a glance, for the portal's lists: the shape and the word of its state, and how far it is."""

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import state
from checks.models import Check, Reference
from checks.wording import number

SHAPES: dict[str, str] = {
    Check.Status.SUBMITTED: "",
    Check.Status.AWAITING: "moving",
    Check.Status.COMPLETED: "done",
    Check.Status.CANCELED: "stopped",
    Check.Status.EXPIRED: "stopped",
    Check.Status.ERROR: "bad",
}
REFERENCE_SHAPES: dict[str, str] = {
    Reference.Status.ASKED: "",
    Reference.Status.STARTED: "moving",
    Reference.Status.SUBMITTED: "done",
    Reference.Status.DECLINED: "stopped",
    Reference.Status.BOUNCED: "bad",
    Reference.Status.REPLACED: "stopped",
    Reference.Status.CANCELED: "stopped",
}


def standing(check: Check) -> SafeString:
    """Where a check stands, as a shape and a word; what is wrong with it comes before how far it is."""
    if check.problem:
        return state("bad", check.get_problem_display())
    if check.is_overdue and check.is_live:
        return state("warn", _("Overdue"))
    return state(SHAPES[check.status], check.get_status_display())


def how_far(answered: int, asked: int) -> str:
    """Such as: Two of three have answered."""
    if not answered:
        return _("Nobody has answered yet.")
    words = {"answered": number(answered), "asked": number(asked)}
    sentence = ngettext("%(answered)s of %(asked)s has answered.", "%(answered)s of %(asked)s have answered.", answered)
    return capfirst(sentence % words)
