"""What happened to a check, in sentences: one table from an event's kind to what is said of it."""

from collections.abc import Collection
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

AT_MOST = 500  # lines: people can add to them with every click


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
    "invited": Sentence(gettext_lazy("%(candidate)s was asked by e-mail once more")),
    "invited by": Sentence(gettext_lazy("%(user)s asked %(candidate)s by e-mail once more"), is_person=True),
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
    "fewer": Sentence(
        ngettext_lazy(
            "%(candidate)s left %(count)d place empty, and said why",
            "%(candidate)s left %(count)d places empty, and said why",
            "count",
        ),
        is_person=True,
    ),
    "nudged": Sentence(gettext_lazy("%(candidate)s had %(reference)s reminded"), is_person=True),
    "nudged by": Sentence(gettext_lazy("%(user)s had %(reference)s reminded"), is_person=True),
    "readdressed": Sentence(
        gettext_lazy("%(candidate)s gave another address for %(reference)s, who was asked anew"), is_person=True
    ),
    "answered": Sentence(gettext_lazy("%(reference)s answered"), is_person=True),
    "written": Sentence(gettext_lazy("%(user)s wrote down what %(reference)s said by telephone"), is_person=True),
    "changed": Sentence(gettext_lazy("%(reference)s changed some answers"), is_person=True),
    "withdrawn": Sentence(gettext_lazy("%(reference)s took the answers back"), is_person=True),
    "corrected": Sentence(gettext_lazy("%(reference)s put right what %(candidate)s had said"), is_person=True),
    "call-wanted": Sentence(gettext_lazy("%(reference)s would rather be called"), is_person=True),
    "no-call": Sentence(gettext_lazy("%(reference)s writes after all, and need not be called"), is_person=True),
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
    "another": Sentence(
        gettext_lazy("%(user)s asked %(candidate)s to name somebody instead of %(reference)s"), is_person=True
    ),
    "replaced by": Sentence(gettext_lazy("%(user)s named %(detail)s instead of %(reference)s"), is_person=True),
    "replaced": Sentence(gettext_lazy("%(candidate)s named %(detail)s instead of %(reference)s"), is_person=True),
    "found": Sentence(gettext_lazy("Found by comparing with Lever: no webhook came")),
    "overdue": Sentence(gettext_lazy("The day that we had asked for passed")),
    "completed": Sentence(gettext_lazy("The check was completed and the report made")),
    "completed archived": Sentence(
        gettext_lazy("The check was concluded with what was in"),
        note=gettext_lazy("In Lever the candidate was archived."),
    ),
    "concluded": Sentence(gettext_lazy("%(user)s concluded the check with what was in"), is_person=True),
    "reopened": Sentence(
        gettext_lazy("%(user)s opened the check again, and those who had not answered were asked once more"),
        is_person=True,
    ),
    "canceled": Sentence(gettext_lazy("The check was canceled")),
    "canceled archived": Sentence(
        gettext_lazy("The check was canceled"), note=gettext_lazy("In Lever the candidate was archived.")
    ),
    "canceled withdrawn": Sentence(gettext_lazy("%(candidate)s took the agreement back"), is_person=True),
    "canceled by": Sentence(gettext_lazy("%(user)s canceled the check"), is_person=True),
    "expired": Sentence(gettext_lazy("The check ended: nobody had answered in time")),
    "erased": Sentence(gettext_lazy("The personal data was erased")),
    "erased deleted": Sentence(
        gettext_lazy("The personal data was erased"), note=gettext_lazy("In Lever the candidate was deleted.")
    ),
    "erased asked": Sentence(gettext_lazy("%(candidate)s had everything deleted"), is_person=True),
    "erased kept": Sentence(
        gettext_lazy("The personal data was erased"), note=gettext_lazy("It was kept as long as the organization says.")
    ),
    "erased by": Sentence(gettext_lazy("%(user)s erased the personal data"), is_person=True),
    "forgotten": Sentence(gettext_lazy("A reference had what is held about them deleted"), is_person=True),
    "forgotten by": Sentence(gettext_lazy("%(user)s deleted what was held about a reference"), is_person=True),
    "ask-correct": Sentence(gettext_lazy("%(reference)s asked for a correction"), is_person=True),
    "ask-correct candidate": Sentence(gettext_lazy("%(candidate)s asked for a correction"), is_person=True),
    "ask-delete": Sentence(gettext_lazy("%(reference)s asked to be deleted"), is_person=True),
    "ask-delete candidate": Sentence(gettext_lazy("%(candidate)s asked to be deleted"), is_person=True),
    "ask-object": Sentence(gettext_lazy("%(reference)s objected to the use of their data"), is_person=True),
    "ask-object candidate": Sentence(gettext_lazy("%(candidate)s objected to the use of their data"), is_person=True),
    "granted": Sentence(gettext_lazy("%(user)s did what %(reference)s had asked for"), is_person=True),
    "granted candidate": Sentence(gettext_lazy("%(user)s did what %(candidate)s had asked for"), is_person=True),
    "not-granted": Sentence(
        gettext_lazy("%(user)s did not do what %(reference)s had asked for, and said why"), is_person=True
    ),
    "not-granted candidate": Sentence(
        gettext_lazy("%(user)s did not do what %(candidate)s had asked for, and said why"), is_person=True
    ),
    "cleared": Sentence(
        gettext_lazy("%(user)s cleared a signal about %(reference)s"), is_person=True, note=gettext_lazy("“%(detail)s”")
    ),
    "lever-hired": Sentence(
        gettext_lazy("Lever says that %(candidate)s was hired"), note=gettext_lazy("Reason in Lever: %(detail)s")
    ),
    "lever-not": Sentence(
        gettext_lazy("Lever says that %(candidate)s was not hired"), note=gettext_lazy("Reason in Lever: %(detail)s")
    ),
    "lever-open": Sentence(gettext_lazy("Lever says nothing any more of how it ended")),
    "said-hired": Sentence(gettext_lazy("%(detail)s said that %(candidate)s was hired"), is_person=True),
    "said-hired by": Sentence(gettext_lazy("%(user)s said that %(candidate)s was hired"), is_person=True),
    "said-not": Sentence(gettext_lazy("%(detail)s said that %(candidate)s was not hired"), is_person=True),
    "said-not by": Sentence(gettext_lazy("%(user)s said that %(candidate)s was not hired"), is_person=True),
    "asked-ended": Sentence(gettext_lazy("%(detail)s was asked by e-mail how it ended")),
    "not-decided": Sentence(gettext_lazy("%(detail)s said that it is not decided yet"), is_person=True),
    "handed-on": Sentence(
        gettext_lazy("%(detail)s handed the question how it ended on to somebody else"), is_person=True
    ),
    "nobody-asked": Sentence(gettext_lazy("There was nobody to ask how it ended")),
    "ask-sooner": Sentence(gettext_lazy("%(user)s had somebody asked how it ended"), is_person=True),
    "no-asking": Sentence(gettext_lazy("%(user)s wanted nobody asked how it ended"), is_person=True),
    "kept": Sentence(gettext_lazy("%(user)s put down that %(candidate)s is still employed"), is_person=True),
    "not-kept": Sentence(gettext_lazy("%(user)s put down that %(candidate)s is not employed any more"), is_person=True),
    "kept-undone": Sentence(
        gettext_lazy("%(user)s took back what was put down about whether %(candidate)s is still employed"),
        is_person=True,
    ),
    "opened": Sentence(gettext_lazy("%(user)s opened the report"), is_person=True),
    "private": Sentence(gettext_lazy("%(user)s made the report private"), is_person=True),
    "public": Sentence(
        gettext_lazy("%(user)s let everybody in the organization who sees the check read the report"), is_person=True
    ),
    "reader": Sentence(gettext_lazy("%(user)s named %(detail)s as a reader of the report"), is_person=True),
    "no reader": Sentence(gettext_lazy("%(user)s removed %(detail)s from the readers of the report"), is_person=True),
    "shared": Sentence(gettext_lazy("%(user)s shared the report with %(detail)s"), is_person=True),
    "unshared": Sentence(gettext_lazy("%(user)s stopped sharing the report with %(detail)s"), is_person=True),
    "share-read": Sentence(gettext_lazy("The report shared with %(detail)s was read"), is_person=True),
}
# Who reads the report is for those who share it out, and not for whoever it is shared with.
OF_READERS = ("opened", "private", "public", "reader", "no reader", "shared", "unshared", "share-read")

# How it ended is for those who hire, and not for whoever a report is shared with.
OF_ENDING = (
    "lever-hired",
    "lever-not",
    "lever-open",
    "said-hired",
    "said-not",
    "asked-ended",
    "not-decided",
    "handed-on",
    "nobody-asked",
    "ask-sooner",
    "no-asking",
    "kept",
    "not-kept",
    "kept-undone",
)

# How somebody answered, which is theirs where averages only were promised.
OF_ANSWERS = ("dates-only", "in-full", "corrected", "written")


def lines(check: "Check", *, newest_first: bool = False, without: Collection[str] = ()) -> list[Line]:
    """What happened, the newest `AT_MOST`, in one query, but events `without` these kinds: `OF_READERS` for readers
    outside, say. With averages only nobody reads how somebody answered.
    """
    without = (*without, *(OF_ANSWERS if check.frozen.is_averages_only else ()))
    events = check.events.exclude(kind__in=without) if without else check.events.all()
    newest = [
        _line(check, event) for event in events.select_related("reference", "user").order_by("-at", "-pk")[:AT_MOST]
    ]
    return newest if newest_first else newest[::-1]


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
