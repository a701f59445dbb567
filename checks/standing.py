"""How far a check is, in words for its candidate: who has answered, never what."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks.asking import request_of
from checks.models import Check, Reference
from checks.wording import number

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
ENDED = {
    Check.Status.CANCELED: _("Your references are no longer needed"),
    Check.Status.EXPIRED: _("The time for references is over"),
    Check.Status.ERROR: _("This reference check has stopped"),
}


@dataclass(frozen=True)
class Line:
    """A reference on the candidate's page."""

    reference: Reference
    shape: str
    word: str
    sentence: str
    may_be_replaced: bool


class Standing:
    def __init__(self, check: Check, now: datetime) -> None:
        self.check, self.now = check, now

    @cached_property
    def lines(self) -> list[Line]:
        return [
            Line(reference, *_said(reference), may_be_replaced=reference.may_be_replaced(self.now))
            for reference in self.check.references.counted().in_order()
        ]

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
        words = {"reader": self.check.asker, "date": date_format(self.check.expires_at, "j F")}
        missing = sum(line.may_be_replaced and line.reference.is_gone for line in self.lines)
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
    said = str(SILENT if reference.is_open and reference.silent_since else sentence)
    if reference.status == Reference.Status.SUBMITTED and reference.submitted_at:
        said = gettext("They answered on %(date)s.") % {"date": date_format(reference.submitted_at, "j F")}
    return shape, str(word), " ".join(filter(None, (said, _too_long_ago(reference))))


def _too_long_ago(reference: Reference) -> str:
    """That a more recent reference was asked for: said, and no obstacle."""
    years, until = request_of(reference).recent_years, reference.worked_until
    if not years or not until or not reference.is_open or (reference.asked_at.date() - until).days <= 366 * years:
        return ""
    words = {"date": date_format(until, "F Y"), "count": number(years), "company": reference.for_check.organization}
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
