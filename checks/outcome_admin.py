"""How it ended, among the checks of the portal: a column and a filter, four buttons, and a part of the check's page."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_verbs import Button, verb
from accounts.scoped_admin import reader
from checks.models import Check, Outcome, OutcomeQuestion
from checks.outcome_asking import NOBODY
from checks.outcome_question import Ended
from checks.querysets import how_it_ended

SHAPES: dict[str, str] = {Ended.HIRED: "done", Ended.NOT_HIRED: "stopped"}
AT_MOST = 20  # questions on a check's page, the newest
Answer = OutcomeQuestion.Answer

NOT_KNOWN = Q(status="completed") & (Q(outcome=None) | Q(outcome__in_ats="", outcome__said=""))

EndedFilter = choice_filter(
    "ended",
    gettext_lazy("how it ended"),
    (
        *Ended.choices,
        ("differs", gettext_lazy("Two answers that differ")),
        ("unknown", gettext_lazy("Not known yet")),
    ),
    where=lambda value: NOT_KNOWN if value == "unknown" else how_it_ended(value, "outcome__"),
)


def standing(check: Check) -> SafeString | str:
    """As a shape and a word; nothing of a check that is not complete, and of which nothing was heard."""
    outcome = Outcome.known_of(check)
    if outcome and outcome.is_conflict:
        return state("warn", _("Two answers that differ"))
    if outcome and outcome.ended:
        return state(SHAPES[outcome.ended], outcome.get_ended_display())
    return state("", _("Not known yet")) if check.status == Check.Status.COMPLETED and not check.erased_at else ""


# --- when a button is there ---------------------------------------------------------------------------


def _can_be_said(ended: str) -> Callable[[Any], bool]:
    """It would be news, of a candidate whose check is complete or of whom something was heard."""

    def may(check: Any) -> bool:
        outcome = Outcome.known_of(check)
        if check.erased_at or outcome is None or outcome.said == ended or outcome.ended == ended:
            return False
        return check.status == Check.Status.COMPLETED or bool(outcome.is_known)

    return may


def _can_be_asked(check: Any) -> bool:
    """As far as the row says; whether somebody was written to within the last day is found out by the verb."""
    outcome = Outcome.known_of(check)
    return bool(outcome and not outcome.is_known and check.status == Check.Status.COMPLETED and not check.erased_at)


def _is_to_be_asked(check: Any) -> bool:
    outcome = Outcome.known_of(check)
    return bool(outcome and outcome.ask_at)


# --- the half of the checks' admin ----------------------------------------------------------------------


PUT_DOWN = gettext_lazy(
    "It is put down with your name and today’s date, and written to Lever in the way that the connection says. "
    "Nobody is asked any more. Where Lever says something else, both are kept, and the desk shows it."
)


class WithOutcome:
    """Its verbs are named in the admin's `verbs`."""

    @admin.display(description=gettext_lazy("how it ended"))
    def how_it_ended(self, check: Check) -> SafeString | str:
        return standing(check)

    @verb(
        gettext_lazy("Was hired"),
        says=PUT_DOWN,
        when=_can_be_said(Ended.HIRED),
        asks=True,
    )
    def hired(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        return _say(request, check, Ended.HIRED, now)

    @verb(
        gettext_lazy("Was not hired"),
        says=PUT_DOWN,
        when=_can_be_said(Ended.NOT_HIRED),
        asks=True,
    )
    def not_hired(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        return _say(request, check, Ended.NOT_HIRED, now)

    @verb(
        gettext_lazy("Ask now how it ended"),
        says=gettext_lazy(
            "Lever is looked at first. If it says nothing, the owner gets a mail within some minutes, else whoever is "
            "next in line: the owner of the job, the hiring manager, your contact person."
        ),
        when=_can_be_asked,
        asks=True,
    )
    def ask_now(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        if Outcome.of(check).hasten(now, reader(request)):
            return _("Somebody is asked within some minutes, unless Lever knows it.")
        messages.info(request, _("Nothing was sent: somebody was asked within the last day, or is asked now."))
        return ""

    @verb(
        gettext_lazy("Ask nobody how it ended"),
        says=gettext_lazy(
            "No mail about it is sent any more, and one that waits is taken back. Links that were sent stay open, and "
            "what Lever says is still heard."
        ),
        when=_is_to_be_asked,
        asks=True,
    )
    def ask_nobody(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        return _("Nobody is asked any more.") if Outcome.of(check).stop_asking(now, reader(request)) else None


def _say(request: HttpRequest, check: Check, ended: str, now: datetime) -> str | None:
    user = reader(request)
    if not Outcome.of(check).say(ended, now, name=str(user), email=user.email, user=user):
        return None
    return _("It is put down.")


# --- the part of the page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ending:
    """What the part says, as pairs, and what can be done. `conflict` says what to do about one."""

    pairs: list[tuple[str, str]]
    conflict: str
    trouble: str
    buttons: list[Button]


OF_ENDING = ("hired", "not-hired", "ask-now", "ask-nobody")


def ending(check: Check, buttons: Iterable[Button]) -> Ending | None:
    """None where there is nothing to say and nothing to do."""
    outcome, mine = Outcome.known_of(check), [button for button in buttons if button.name in OF_ENDING]
    if outcome is None or not (outcome.is_known or mine):
        return None
    pairs = [(label, words) for label, words in _pairs(outcome) if words]
    return Ending(pairs, conflict(outcome) if outcome.is_conflict else "", _trouble(outcome), mine)


def conflict(outcome: Outcome) -> str:
    words = {
        "ats": outcome.get_in_ats_display(),
        "said": outcome.get_said_display(),
        "name": outcome.who_said,
    }
    return (
        _(
            "Lever says “%(ats)s”, and %(name)s said “%(said)s”. Both are kept. Find out which is right, and correct "
            "the other: here, or in Lever."
        )
        % words
    )


def _trouble(outcome: Outcome) -> str:
    if outcome.trouble != NOBODY:
        return ""
    return _(
        "There was nobody to ask: neither an owner nor a hiring manager nor your contact person has an address that "
        "mail reaches. Say here how it ended, or name a contact person in the organization’s settings."
    )


def _pairs(outcome: Outcome) -> Iterator[tuple[str, str]]:
    yield _("Lever says"), _in_ats(outcome)
    yield _("Somebody said"), _said(outcome)
    questions = list(outcome.questions.order_by("-asked_at", "-pk")[:AT_MOST])
    for question in reversed(questions):
        yield _("Asked on %(day)s") % {"day": _day(question.asked_at)}, _asked(question)
    yield _("Asked next"), _next(outcome)


def _in_ats(outcome: Outcome) -> str:
    if not outcome.in_ats:
        return _("Nothing yet") if not outcome.for_check.is_by_hand else ""
    words = {"ended": outcome.get_in_ats_display(), "reason": outcome.ats_reason, "day": _day(outcome.ats_since)}
    if outcome.ats_reason:
        return _("%(ended)s, since %(day)s (“%(reason)s”)") % words
    return _("%(ended)s, since %(day)s") % words


def _said(outcome: Outcome) -> str:
    if not outcome.said:
        return ""
    words = {"ended": outcome.get_said_display(), "name": outcome.who_said, "day": _day(outcome.said_at)}
    return _("%(ended)s, said by %(name)s on %(day)s") % words


def _asked(question: OutcomeQuestion) -> str:
    name = question.called or _("somebody")
    if not question.answer:
        return _("%(name)s has not answered") % {"name": name}
    words = {"name": name, "answer": question.get_answer_display(), "day": _day(question.answered_at)}
    return _("%(name)s, on %(day)s: %(answer)s") % words


def _next(outcome: Outcome) -> str:
    if outcome.is_known or outcome.for_check.status != Check.Status.COMPLETED:
        return ""
    return _day(outcome.ask_at) if outcome.ask_at else _("Nobody")


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""
