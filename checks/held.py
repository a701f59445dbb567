"""Everything that is held about a candidate or a reference, in words, for their own eyes.

What others have said of them in confidence is named and not told; nobody else in the check is named to a reference but
the candidate, who named them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from checks import sheets
from checks.asking import sent
from checks.integrity import IntegritySignal
from checks.interest import JobInterest
from checks.models import Check, Outcome, Reference, SelfAssessment
from checks.references import DeclineKind
from checks.sheets import Sheet
from notifications.models import Message
from templates_app.kinds import CandidateReads, Relationship

AT_MOST = 200  # mails that are listed
SHARED = ("same-address", "same-device", "same-answers")  # signals about two people


Pairs = tuple[tuple[str, object], ...]  # what it is called, and what it is


@dataclass(frozen=True)
class Fact:
    """`language` where it is not the page's: of the question that was read, or of the mail."""

    name: str
    value: str
    language: str = ""


@dataclass(frozen=True)
class Part:
    """Facts of one kind; `note` is a sentence about all of them."""

    title: str
    facts: tuple[Fact, ...] = ()
    note: str = ""


# What rooms that this one does not know hold about a reference: each adds to it when the site starts.
MORE: list[Callable[[Reference], Iterable[Part]]] = []


def about(row: Check | Reference) -> list[Part]:
    """Parts that hold nothing are left out."""
    found = _of_candidate(row) if isinstance(row, Check) else _of_reference(row)
    return [part for part in found if part.facts or part.note]


def as_json(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """For a file."""
    return [
        {"title": part.title, "note": part.note, "facts": [{"name": f.name, "value": f.value} for f in part.facts]}
        for part in parts
    ]


def _facts(*pairs: tuple[str, object]) -> tuple[Fact, ...]:
    """Those that have a value, in words."""
    return tuple(Fact(str(name), _said(value)) for name, value in pairs if value)


def _said(value: object) -> str:
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return date_format(value, "YEAR_MONTH_FORMAT") if isinstance(value, date) else str(value)


# --- a candidate ----------------------------------------------------------------------------------------


def _of_candidate(check: Check) -> Iterator[Part]:
    yield Part(_("You, from your application"), _application(check))
    yield Part(_("What you agreed to and wrote here"), _agreement(check))
    gave_number = set(check.events.filter(kind="call-wanted").values_list("reference", flat=True))
    for reference in check.references.filter(erased_at=None).in_order():
        facts = _named(reference, is_number_theirs=reference.pk in gave_number)
        yield Part(_("Whom you named: %(name)s") % {"name": reference.name}, facts)
    own = SelfAssessment.objects.filter(for_check=check).select_related("for_check").first()
    if own:
        yield Part(_("Your own view"), tuple(_answers(sheets.of_candidate(own, own.given()))))
    yield Part(_("What others said about you"), note=_about_them(check))
    yield Part(_("How your application ended"), _ending(check))
    signals = IntegritySignal.objects.filter(for_check=check, other=None, kind__in=("same-address", "same-device"))
    yield from _use(check, signals)
    yield _mails(check)


def _application(check: Check) -> tuple[Fact, ...]:
    return _facts(
        (_("Name"), check.candidate_name),
        (_("E-mail address"), check.candidate_email),
        (_("Telephone"), check.candidate_phone),
        (_("Job"), check.position),
        (_("Language"), _language(check.language)),
        (_("Your application in Lever"), "" if check.is_by_hand else check.opportunity_id),
        (_("You in Lever"), check.contact_id),
        (_("Your page in Lever"), check.profile_url),
        (_("The check began"), check.created_at),
        (_("The check ended"), check.ended_at),
    )


def _agreement(check: Check) -> tuple[Fact, ...]:
    draft = "\n".join(str(value) for value in check.draft.values() if value)
    return _facts(
        (_("You agreed on"), check.consented_at),
        (_("You agreed to"), check.consent_text),
        (_("Why you named fewer people"), check.fewer_because),
        (_("Typed and not sent yet"), draft),
    )


def _named(reference: Reference, *, is_number_theirs: bool) -> tuple[Fact, ...]:
    """What the candidate said of them, and nothing that they said themselves, such as another number."""
    return _facts(
        (_("E-mail address"), reference.email),
        (_("Telephone"), "" if is_number_theirs else reference.phone),
        *_told(reference),
    )


def _ending(check: Check) -> tuple[Fact, ...]:
    """Who of the company said so is the company's own affair."""
    found = Outcome.known_of(check) or Outcome()
    kept = {True: _("Yes"), False: _("No")}.get(found.is_kept) if found.is_kept is not None else ""
    return _facts(
        (_("In Lever"), found.get_in_ats_display()),
        (_("The reason in Lever"), found.ats_reason),
        (_("Since"), found.ats_since),
        (_("As somebody told Vouch"), found.get_said_display()),
        (_("Told on"), found.said_at),
        (_("Still employed, as somebody told Vouch"), kept),
    )


def _about_them(check: Check) -> str:
    count = check.counts()[0]
    words = {"company": check.organization.name, "count": count}
    held = ngettext(
        "The answers of %(count)d person about you are held. This page does not show them.",
        "The answers of %(count)d people about you are held. This page does not show them.",
        count,
    )
    if check.frozen.candidate_reads == CandidateReads.ON_REQUEST:
        read = _("If you ask for it, %(company)s lets you read them.")
    else:
        read = _("They were given in confidence. %(company)s tells you what the law lets you read of them.")
    return f"{held % words} {read % words}" if count else ""


# --- a reference ----------------------------------------------------------------------------------------


def _of_reference(reference: Reference) -> Iterator[Part]:
    check = reference.for_check
    yield Part(_("You"), _themselves(reference))
    yield Part(_("What %(name)s said about you") % {"name": check.first_name}, _facts(*_told(reference)))
    yield Part(_("What you put right"), _corrected(reference))
    yield Part(_("Your answers"), tuple(_answers(sheets.of_reference(reference, reference.given()))))
    yield Part(_("What you told us beside"), _beside(reference))
    for more in MORE:
        yield from more(reference)
    signals = IntegritySignal.objects.filter(for_check=check)
    yield from _use(reference, signals.filter(reference=reference) | signals.filter(other=reference))
    yield _mails(reference)


def _themselves(reference: Reference) -> tuple[Fact, ...]:
    return _facts(
        (_("Name"), reference.name),
        (_("E-mail address"), reference.email),
        (_("Telephone"), reference.phone),
        (_("Language"), _language(reference.language)),
        (_("Time zone, as your browser tells it"), reference.time_zone),
        (_("You were asked"), reference.asked_at),
        (_("You first opened the questions"), reference.opened_at),
        (_("You began to answer"), reference.started_at),
        (_("You answered"), reference.submitted_at),
        (_("Reminders to you"), reference.reminders),
    )


def _told(reference: Reference) -> Pairs:
    return (
        (_("How you know each other"), reference.get_relationship_display()),
        (_("Where you worked together"), reference.company),
        (_("From"), reference.worked_from),
        (_("Until"), reference.worked_until),
        (_("The candidate’s title"), reference.title),
        (_("Why this person"), reference.why_other),
        (_("A line to the reference"), reference.personal_line),
    )


def _corrected(reference: Reference) -> tuple[Fact, ...]:
    said = reference.corrections
    return _facts(
        (_("How you know each other"), dict(Relationship.choices).get(said.get("relationship", ""))),
        (_("Where you worked together"), said.get("company")),
        (_("From"), said.get("worked_from")),
        (_("Until"), "worked_until" in said and (said["worked_until"] or _("now"))),
        (_("The candidate’s title"), said.get("title")),
    )


def _beside(reference: Reference) -> tuple[Fact, ...]:
    kind, interest = reference.decline_kind, JobInterest.objects.filter(reference=reference).first()
    return _facts(
        (_("Why you would rather not"), DeclineKind(kind).label if kind else ""),
        (_("In your words"), reference.decline_reason),
        (_("You may give dates only"), _("Yes") if reference.gives_dates_only else ""),
        (_("You would rather be called"), reference.wants_call_at),
        (_("When a call suits you"), reference.call_when),
        (_("Written down on the telephone by"), reference.written_down_by),
        (_("You wish to hear about jobs, since"), interest and interest.given_at),
        (_("About which jobs"), interest and interest.topics),
        (_("For so many months"), interest and interest.months),
        (_("You agreed to"), interest and interest.consent_text),
        (_("You took it back on"), interest and interest.withdrawn_at),
    )


# --- both -----------------------------------------------------------------------------------------------


def _answers(sheet: Sheet) -> Iterator[Fact]:
    for position, question in enumerate(sheet.questions):
        given = sheet.answers.get(question.key)
        if given and not given.is_empty:
            labels = dict(sheet.options(position))
            chosen = [sheet.filled(question, labels.get(value, value)) for value in sent(given)]
            read = sheet.language_of(sheet.asked[position])
            said = "\n".join(filter(None, (*chosen, given.text)))
            yield Fact(sheet.filled(question, question.text), said, read if read != sheet.language else "")


def _use(row: Check | Reference, signals: Iterable[IntegritySignal]) -> Iterator[Part]:
    """What was noticed of how the pages were used. Nobody else is named in it."""
    visits = row.of_check.visits.filter(reference=row.as_reference).count()
    note = ngettext(
        "The connection and browser that used your pages are kept scrambled: %(count)d entry.",
        "The connections and browsers that used your pages are kept scrambled: %(count)d entries.",
        visits,
    ) % {"count": visits}
    facts = tuple(Fact(signal.get_kind_display(), _noticed(signal)) for signal in signals)
    yield Part(_("How the pages were used"), facts, note if visits else "")


def _noticed(signal: IntegritySignal) -> str:
    words = {"date": _said(signal.found_at), "weight": signal.get_weight_display(), "why": signal.cleared_because}
    is_shared = signal.other_id is not None or signal.kind in SHARED
    if signal.cleared_at and is_shared:  # what was found out may name the other
        return _("Noticed on %(date)s. Somebody has looked into it since.") % words
    if signal.cleared_at:
        return _("Noticed on %(date)s. Somebody has looked into it, and found: %(why)s") % words
    return _("Noticed on %(date)s. It is shown to those who read the report as a reason to ask (%(weight)s).") % words


def _mails(row: Check | Reference) -> Part:
    """To them, and not what was written to staff about the same check."""
    kind = "reference-" if row.as_reference else "candidate-"
    rows = Message.objects.about(row.topic).filter(kind__startswith=kind).order_by("created_at")
    found = rows.defer("html", "stop_url").values_list("created_at", "subject", "to_address", "language")[:AT_MOST]
    facts = (Fact(_said(at), ", ".join(filter(None, texts)), language) for at, *texts, language in found)
    return Part(_("What was written to you"), tuple(facts))


def _language(code: str) -> str:
    return str(get_language_info(code)["name_translated"]) if code else ""
