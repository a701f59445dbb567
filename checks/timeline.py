"""What happened to a check, in sentences: one table from an event's kind to what is said of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from checks.events import Event

if TYPE_CHECKING:
    from checks.models import Check


@dataclass(frozen=True)
class Sentence:
    """What is said of a kind of event, with %(candidate)s, %(reference)s, %(user)s, %(detail)s or %(count)d in it."""

    words: Any
    is_person: bool = False  # somebody did it; else Vouch, or time
    note: Any = ""


@dataclass(frozen=True)
class Line:
    """One thing that happened. A filled dot is a person, a hollow one is Vouch."""

    at: datetime
    words: str
    is_person: bool
    note: str = ""


SENTENCES = {
    "started": Sentence(gettext_lazy("%(candidate)s was asked by e-mail"), note=gettext_lazy("Template %(detail)s")),
    "stopped": Sentence(
        gettext_lazy("The check could not begin: %(problem)s"), note=gettext_lazy("Template %(detail)s")
    ),
    "refused": Sentence(gettext_lazy("The mail to %(candidate)s came back")),
    "named": Sentence(
        ngettext_lazy(
            "%(candidate)s agreed and named %(count)d person",
            "%(candidate)s agreed and named %(count)d people",
            "count",
        ),
        is_person=True,
    ),
    "answered": Sentence(gettext_lazy("%(reference)s answered"), is_person=True),
    "self": Sentence(gettext_lazy("%(candidate)s handed in a self-assessment"), is_person=True),
    "declined": Sentence(gettext_lazy("%(reference)s chose not to give a reference"), is_person=True),
    "bounced": Sentence(gettext_lazy("The mail to %(reference)s came back")),
    "reminded": Sentence(gettext_lazy("%(reference)s was reminded")),
    "reminded candidate": Sentence(gettext_lazy("%(candidate)s was reminded")),
    "spared": Sentence(
        gettext_lazy("%(reference)s was not reminded: nobody gets more than %(count)d reminders in a month")
    ),
    "spared candidate": Sentence(
        gettext_lazy("%(candidate)s was not reminded: nobody gets more than %(count)d reminders in a month")
    ),
    "later": Sentence(gettext_lazy("%(reference)s asked to be reminded on %(day)s"), is_person=True),
    "later candidate": Sentence(gettext_lazy("%(candidate)s asked to be reminded on %(day)s"), is_person=True),
    "quiet": Sentence(gettext_lazy("%(reference)s asked for no more reminders"), is_person=True),
    "quiet candidate": Sentence(gettext_lazy("%(candidate)s asked for no more reminders"), is_person=True),
    "resumed": Sentence(gettext_lazy("%(reference)s may be reminded again"), is_person=True),
    "resumed candidate": Sentence(gettext_lazy("%(candidate)s may be reminded again"), is_person=True),
    "dates-only": Sentence(
        gettext_lazy("%(reference)s may confirm dates only: their employer allows no more"), is_person=True
    ),
    "in-full": Sentence(gettext_lazy("%(reference)s can answer all questions after all"), is_person=True),
    "silent": Sentence(gettext_lazy("%(reference)s has not answered, and %(candidate)s was asked for somebody else")),
    "replaced": Sentence(gettext_lazy("%(candidate)s named %(detail)s instead of %(reference)s"), is_person=True),
    "found": Sentence(gettext_lazy("Found by comparing with Lever: no webhook came")),
    "overdue": Sentence(gettext_lazy("The day that we had asked for passed")),
    "completed": Sentence(gettext_lazy("The check was completed and the report made")),
    "completed archived": Sentence(
        gettext_lazy("The check was concluded with what was in"),
        note=gettext_lazy("In Lever the candidate was archived."),
    ),
    "concluded": Sentence(gettext_lazy("%(user)s concluded the check with what was in"), is_person=True),
    "canceled": Sentence(gettext_lazy("The check was canceled")),
    "canceled archived": Sentence(
        gettext_lazy("The check was canceled"), note=gettext_lazy("In Lever the candidate was archived.")
    ),
    "canceled by": Sentence(gettext_lazy("%(user)s canceled the check"), is_person=True),
    "expired": Sentence(gettext_lazy("The check ended: nobody had answered in time")),
    "erased": Sentence(gettext_lazy("The personal data was erased")),
    "erased deleted": Sentence(
        gettext_lazy("The personal data was erased"), note=gettext_lazy("In Lever the candidate was deleted.")
    ),
    "erased by": Sentence(gettext_lazy("%(user)s erased the personal data"), is_person=True),
    "opened": Sentence(gettext_lazy("%(user)s opened the report"), is_person=True),
}


def lines(check: "Check", *, newest_first: bool = False) -> list[Line]:
    """All that happened, in one query."""
    order = ("-at", "-pk") if newest_first else ("at", "pk")
    return [_line(check, event) for event in check.events.select_related("reference", "user").order_by(*order)]


def _line(check: "Check", event: Event) -> Line:
    sentence = SENTENCES[_key(check, event)]
    somebody = _("somebody")
    words = {
        "candidate": check.candidate_name or check.first_name,
        "reference": event.reference.name or somebody if event.reference else somebody,
        "user": str(event.user) if event.user else _("Somebody who has left"),
        "detail": event.detail or somebody,
        "count": int(event.detail) if event.detail.isdecimal() else 0,
        "problem": check.get_problem_display(),
        "day": _day(event.detail),
    }
    note = sentence.note % words if event.detail else ""
    return Line(event.at, capfirst(sentence.words % words), sentence.is_person, note)


def _key(check: "Check", event: Event) -> str:
    """The event's kind, except where the same kind reads differently: by whom, or why."""
    if event.kind == "started" and check.problem and check.problem != check.Problem.REFUSED:
        return "stopped"
    finer = ["by" if event.user else event.detail, *([] if event.reference else ["candidate"])]
    return next((key for word in finer if (key := f"{event.kind} {word}") in SENTENCES), event.kind)


def _day(detail: str) -> str:
    """Such as 9 November; empty where an event's detail is no moment."""
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(detail)), "MONTH_DAY_FORMAT")
    except ValueError:
        return ""
