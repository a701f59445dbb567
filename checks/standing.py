"""How far a check is, in words for its candidate: who has answered, never what."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks.asking import request_of
from checks.hints import about_address
from checks.models import Check, Reference
from checks.nudging import Obstacle
from checks.reach_form import CorrectForm
from checks.said import number
from notifications.models import Quiet

# The class of the shape, the word beside it as the candidate would say it, and the sentence below the name.
SAID = {
    Reference.Status.ASKED: ("", _("Asked"), _("We have asked them. There is no answer yet.")),
    Reference.Status.STARTED: ("moving", _("Begun"), _("They have begun to answer.")),
    Reference.Status.SUBMITTED: ("done", _("Answered"), _("They have answered.")),
    Reference.Status.DECLINED: (
        "stopped",
        _("Rather not"),
        _("They would rather not. That happens, and says nothing about you."),
    ),
    Reference.Status.BOUNCED: ("bad", _("Mail came back"), _("Our mail to them came back. Is the address right?")),
    Reference.Status.CANCELED: ("stopped", _("Not needed"), _("They are not asked any more.")),
}
SILENT = _("They have not answered so far, and we remind them no more. They still can, until you name somebody else.")
UNTEXTED = _("Our text message to them did not arrive. Is the number right?")
ERASED = _("They had what is held about them deleted. Everybody may, and it says nothing about you.")
ENDED = {
    Check.Status.CANCELED: _("Your references are no longer needed"),
    Check.Status.EXPIRED: _("The time for references is over"),
    Check.Status.ERROR: _("This reference check has stopped"),
}
# Why nobody is reminded, where the candidate would wonder.
IN_THE_WAY = {
    Obstacle.QUIET: _("They wanted no more reminders, so we send none. They can still answer."),
    Obstacle.LATER: _("They want to be reminded on %(date)s."),
    Obstacle.SOON: _("You can have them reminded from %(date)s."),
}


@dataclass(frozen=True)
class Line:
    """A reference on the candidate's page."""

    reference: Reference
    shape: str
    word: str
    sentence: str
    may_be_replaced: bool
    hint: str  # what is worth a second look about the address
    obstacle: Obstacle | None  # in the way of reminding them

    @property
    def correcting(self) -> CorrectForm:
        """For one whom our mail did not reach."""
        return CorrectForm(self.reference, self.reference.of_check, auto_id=f"id_{self.reference.pk}_%s")

    @property
    def may_be_reminded(self) -> bool:
        return self.obstacle is None

    @property
    def in_the_way(self) -> str:
        """Why they cannot be reminded now; empty where nobody would wonder."""
        day = self.reference.nudge_from if self.obstacle == Obstacle.SOON else self.reference.remind_at
        words = {"date": date_format(day.astimezone(self.reference.of_check.zone), "MONTH_DAY_FORMAT") if day else ""}
        return str(IN_THE_WAY[self.obstacle]) % words if self.obstacle in IN_THE_WAY else ""


class Standing:
    def __init__(self, check: Check, now: datetime) -> None:
        self.check, self.now = check, now

    @cached_property
    def lines(self) -> list[Line]:
        """In three queries, however many there are."""
        people = list(self.check.references.counted().in_order())
        waited_for = [person for person in people if person.may_be_reminded]
        addresses = [person.address for person in waited_for]
        quiet = Quiet.objects.among(self.check.organization_id, addresses, self.now) if waited_for else set()
        later: set[Any] = (
            set(self.check.events.filter(kind="later").values_list("reference", "detail")) if waited_for else set()
        )
        return [self._line(person, quiet, later) for person in people]

    def _line(self, person: Reference, quiet: set[str], later: set[tuple[Any, str]]) -> Line:
        def has_chosen_later(now: datetime) -> bool:
            turn = person.remind_at
            return turn is not None and turn > now and (person.pk, turn.isoformat()) in later

        obstacle = person.obstacle_by(self.now, lambda now: person.address in quiet, has_chosen_later)
        hint = about_address(person.email, person.relation) if person.may_be_readdressed else ""
        return Line(person, *_said(person), person.may_be_replaced(self.now), hint, obstacle)

    @property
    def left_empty(self) -> str:
        """That fewer people are named than asked for, and that the reason is read."""
        count = len(self.check.frozen.requests) - len(self.lines) if self.check.fewer_because else 0
        words = {"count": number(count), "reader": self.check.asker}
        sentence = ngettext(
            "You left one place empty. %(reader)s reads why.",
            "You left %(count)s places empty. %(reader)s reads why.",
            count,
        )
        return sentence % words if count > 0 else ""

    @property
    def title(self) -> str:
        """The news."""
        if self.check.status in ENDED:
            return str(ENDED[Check.Status(self.check.status)])
        answered = sum(line.reference.status == Reference.Status.SUBMITTED for line in self.lines)
        words = {"answered": number(answered), "asked": number(len(self.lines))}
        if answered == len(self.lines):
            return ngettext("Your reference has answered", "All %(asked)s have answered", answered) % words
        if not answered:
            news = ngettext("%(asked)s person is asked", "%(asked)s people are asked", len(self.lines))
        else:
            news = ngettext(
                "%(answered)s of %(asked)s has answered", "%(answered)s of %(asked)s have answered", answered
            )
        return capfirst(news % words)

    @property
    def lead(self) -> str:
        """What comes next."""
        words = {"reader": self.check.asker, "date": date_format(self.check.expires_at, "MONTH_DAY_FORMAT")}
        gone = [line.reference.status for line in self.lines if line.reference.is_gone and self.check.is_live]
        missing = len(gone)
        if missing and set(gone) == {Reference.Status.BOUNCED}:
            return ngettext(
                "We could not reach one of them. Please correct the address below, or name somebody else.",
                "We could not reach some of them. Please correct the addresses below, or name somebody else.",
                missing,
            )
        if missing:
            return ngettext(
                "One of them cannot or will not answer. Please name somebody else below.",
                "Some of them cannot or will not answer. Please name somebody else for each of them below.",
                missing,
            )
        if any(line.reference.is_open and line.reference.silent_since for line in self.lines):
            return (
                gettext(
                    "Not everybody has answered our reminders. They can until %(date)s, or until you name somebody "
                    "else in their place below."
                )
                % words
            )
        if self.check.is_live:
            return gettext("There is nothing for you to do. They can answer until %(date)s.") % words
        if self.check.status == Check.Status.COMPLETED:
            return gettext("The answers are with %(reader)s. There is nothing more for you to do.") % words
        return gettext("Nobody is asked any more, and there is nothing for you to do.")


def _said(reference: Reference) -> tuple[str, str, str]:
    shape, word, sentence = SAID[Reference.Status(reference.status)]
    said = str(sentence)
    if reference.erased_at:
        shape, word, said = "stopped", _("Deleted"), str(ERASED)
    elif reference.is_open and reference.wants_call_at:
        word, said = _("To be called"), _called(reference)
    elif reference.is_open and reference.silent_since:
        said = str(SILENT)
    elif reference.status == Reference.Status.BOUNCED and not reference.email:
        word, said = _("Text came back"), str(UNTEXTED)
    elif reference.status == Reference.Status.SUBMITTED and reference.submitted_at:
        said = gettext("They answered on %(date)s.") % {"date": date_format(reference.submitted_at, "MONTH_DAY_FORMAT")}
    return shape, str(word), " ".join(filter(None, (said, _too_long_ago(reference))))


def _called(reference: Reference) -> str:
    words = {"company": reference.of_check.organization.name}
    if not reference.email:
        return gettext("You gave us their number: somebody from %(company)s calls them.") % words
    return gettext("They would rather talk: somebody from %(company)s calls them.") % words


def _too_long_ago(reference: Reference) -> str:
    """That a more recent reference was asked for: said, and no obstacle."""
    years, until = request_of(reference).recent_years, reference.worked_until
    if not years or not until or not reference.is_open or (reference.asked_at.date() - until).days <= 366 * years:
        return ""
    date = date_format(until, "YEAR_MONTH_FORMAT")
    words = {"date": date, "count": number(years), "company": reference.for_check.organization}
    return (
        ngettext(
            "You worked together until %(date)s; %(company)s asked for somebody from the last year. We have asked them "
            "all the same.",
            "You worked together until %(date)s; %(company)s asked for somebody from the last %(count)s years. We "
            "have asked them all the same.",
            years,
        )
        % words
    )
