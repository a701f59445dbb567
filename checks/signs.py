"""A check at a glance, for the portal's lists: the shape and the word of its state, and how far it is."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import state
from checks.models import Check, Reference
from checks.pausing import Pausing
from checks.said import number
from notifications.models import Quiet

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


def next_turns(check: Check, references: Iterable[Reference], now: datetime) -> dict[str, str]:
    """By topic, of those who are waited for: when they are reminded next. One query for all."""
    rows: list[Pausing] = [row for row in (check, *references) if row.may_be_reminded]
    quiet = Quiet.objects.among(check.organization_id, [row.address for row in rows], now) if rows else set()
    return {row.topic: _("Wants no more reminders") if row.address in quiet else _turn(row) for row in rows}


def _turn(row: Pausing) -> str:
    """Such as: Next reminder 9 Nov, 09:20."""
    if isinstance(row, Reference) and row.silent_since:
        return _("No answer after the last reminder")
    if row.remind_at is None:
        return ""
    words = {"when": date_format(timezone.localtime(row.remind_at), "SHORT_DATETIME_FORMAT")}
    if row.has_had_the_last:
        return _("Reminded for the last time; taken for silent %(when)s") % words
    return _("Next reminder %(when)s") % words
