"""What a letter owes to its check: who reads it, what its fields stand for, and the frame round what is said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from checks.outcome_people import WHY
from checks.querysets import OPEN
from notifications.addresses import address_of
from notifications.letters import Letter, Link
from templates_app.builtin import Occasion
from templates_app.effort import minutes
from templates_app.kinds import RELATIONS, CandidateReads
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.models import Check, Reference

# --- who reads it -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """`number` is a telephone's, as +442071838750; `topic` is what a message to them is filed under.

    `why` is a sentence in place of the usual one on why the letter comes.
    """

    name: str
    email: str
    language: str
    topic: str
    number: str = ""
    why: str = ""


def reader_of(moment: str, check: "Check", reference: "Reference | None") -> Reader:
    return _READERS[_kind(moment)](check, reference)


def _kind(moment: str) -> str:
    """The first word of a moment says who reads: "candidate", "reference", "manager", "owner"; "outcome", the owner."""
    return moment.partition("-")[0]


def _candidate(check: "Check", reference: "Reference | None") -> Reader:
    return Reader(check.candidate_name, check.candidate_email, check.language, check.topic, check.candidate_phone)


def _reference(check: "Check", reference: "Reference | None") -> Reader:
    if reference is None:
        raise ValueError("Whom to write to? This moment is one reference's.")
    language = reference.language or check.language
    return Reader(reference.name, reference.email, language, reference.topic, reference.phone)


def _manager(check: "Check", reference: "Reference | None") -> Reader:
    frozen = check.frozen
    return Reader(frozen.hiring_manager_name, frozen.hiring_manager_email, frozen.language, check.topic)


def _owner(check: "Check", reference: "Reference | None") -> Reader:
    return Reader(check.owner_name, check.owner_email, check.frozen.language, check.topic)


_READERS: dict[str, Callable[..., Reader]] = {
    "candidate": _candidate,
    "reference": _reference,
    "manager": _manager,
    "owner": _owner,
    "outcome": _owner,
}


# --- what its fields stand for ----------------------------------------------------------------------


@dataclass(frozen=True)
class Ways:
    """Where a letter leads: its reader's page; the page and the address for fewer mails, empty where there are none.

    Those of candidates and references are keys to their pages. `rights`: the page with what is held about them;
    `change`: where a reference reads what they answered and can change it.
    """

    page: str
    pause: str = ""
    stop: str = ""
    rights: str = ""
    change: str = ""


# The mails that come again, or are followed by ones that do: how to get fewer of them stands at their end.
PAUSABLE: dict[str, Any] = {
    Moment.CANDIDATE_REMINDER: _lazy("Later, or no more reminders"),
    Moment.REFERENCE_REQUEST: _lazy("Later, dates only, or no more reminders"),
    Moment.REFERENCE_REMINDER: _lazy("Later, dates only, or no more reminders"),
}

# The last ones to a reference. There is nothing to get fewer of, and what they said is still theirs.
LAST = (Moment.REFERENCE_THANKS, Moment.REFERENCE_DECLINED, Moment.REFERENCE_RELEASED)


def ways_of(moment: str, check: "Check", reference: "Reference | None") -> Ways:
    kind = _kind(moment)
    if kind not in ("candidate", "reference"):
        is_late = moment == Moment.OWNER_OVERDUE
        return Ways(
            address_of("admin:checks_check_change", object_id=check.pk)
            if is_late
            else address_of("report", check=check.public_id)
        )
    token = reference.token if reference and kind == "reference" else check.token
    page = address_of(f"{kind}-door", token=token)
    rights = address_of(f"{kind}-rights-door", token=token)
    if moment in PAUSABLE:
        return Ways(page, address_of(f"{kind}-pause", token=token), address_of("stop-reminders", token=token), rights)
    if moment in LAST:
        return Ways(page, rights=rights, change=page if reference and reference.may_change else "")
    return Ways(page)


def occasion_of(moment: str, check: "Check", reference: "Reference | None", page: str, now: datetime) -> Occasion:
    """In the language that is active."""
    count = _count(moment, check, reference)
    values = {**_of_the_check(check, now), **(_of(reference) if reference else {}), "count": count, "link": page}
    return Occasion.of(values, count=count, **_more(moment, check, reference))


def _count(moment: str, check: "Check", reference: "Reference | None") -> int:
    """People whom a candidate is to name, questions to a reference, answers that staff have."""
    if _kind(moment) == "candidate":
        return len(check.frozen.requests)
    return len(reference.questions()) if reference else check.counts()[0]


def _of_the_check(check: "Check", now: datetime) -> dict[str, Any]:
    return {
        "candidate": check.candidate_name or _("the candidate"),
        "name": check.first_name,
        "position": check.position or _("a job with us"),
        "company": check.organization.name,
        "reader": check.asker,
        "date": day(check.due_at if now < check.due_at else check.expires_at, check),
    }


def _of(reference: "Reference") -> dict[str, Any]:
    return {
        "reference": reference.name,
        "relationship": RELATIONS.get(reference.relationship, ""),
        "minutes": minutes(reference.questions()),
    }


def _more(moment: str, check: "Check", reference: "Reference | None") -> Mapping[str, str]:
    if moment == Moment.CANDIDATE_ANOTHER and reference:
        return {"trouble": reference.status if reference.is_gone else "silent" if reference.silent_since else ""}
    if moment == Moment.REFERENCE_REQUEST and reference:
        return {"line": reference.personal_line}
    if moment == Moment.OWNER_OVERDUE:
        names = check.references.filter(status__in=OPEN).in_order().values_list("name", flat=True)
        is_unnamed = check.status == type(check).Status.SUBMITTED
        return {
            "trouble": "unnamed" if is_unnamed else "",
            "waiting": ", ".join(names),
            "until": day(check.expires_at, check),
        }
    if moment == Moment.OUTCOME_ASKED and check.completed_at:
        return {"done": day(check.completed_at, check)}
    return {}


def day(moment: datetime, check: "Check") -> str:
    """Such as 3 May, in the organization's time zone."""
    there = timezone.localtime(moment, ZoneInfo(check.organization.time_zone))
    return formats.date_format(there, "MONTH_DAY_FORMAT")


# --- the frame --------------------------------------------------------------------------------------


def framed(letter: Letter, moment: str, check: "Check", reader: Reader, ways: Ways, about: Occasion) -> Letter:
    """With what every letter has, whoever worded it: greeting, signature, why it comes, and how to get fewer.

    What the candidate says to a reference stands in it as theirs, between quotation marks.
    """
    words = {"candidate": check.candidate_name, "line": about.line}
    own = (_("%(candidate)s writes to you: “%(line)s”") % words,) if about.line else ()
    return replace(
        letter,
        opening=(*letter.opening, *own),
        greeting=_("Dear %(name)s,") % {"name": reader.name} if reader.name else "",
        footnote=_footnote(moment, check, reader),
        links=_links(moment, ways),
        language=reader.language,
        **(_signed(check) if _kind(moment) in ("candidate", "reference") else {}),
    )


def _footnote(moment: str, check: "Check", reader: Reader) -> str:
    said = (reader.why or _why(moment, check), _kept(moment, check), check.organization.postal_address)
    return " ".join(filter(None, said))


def _why(moment: str, check: "Check") -> str:
    words = {"company": check.organization.name, "candidate": check.candidate_name}
    return {
        "candidate": _("You get this mail because you applied to %(company)s."),
        "reference": _("Why you: %(candidate)s gave us your name and address. We use them for this reference only."),
        "manager": _("You get this mail because %(company)s has named you as the hiring manager for this job."),
        "owner": _("You get this mail because you are the owner of %(candidate)s in Lever."),
        "outcome": str(WHY["owner"]),
    }[_kind(moment)] % words


def _kept(moment: str, check: "Check") -> str:
    """What somebody must hear who did not give us their address; the whole of it stands behind the link below."""
    if moment not in (Moment.REFERENCE_REQUEST, Moment.REFERENCE_REMINDER):
        return ""
    months = check.organization.keeps_months or 0
    words = {"company": check.organization.name, "name": check.first_name, "months": months}
    kept = ngettext(
        "All of it is erased %(months)d month after the check has ended.",
        "All of it is erased %(months)d months after the check has ended.",
        months,
    )
    if not months:
        kept = _("It is kept as long as %(company)s needs it for this job and for questions about the decision.")
    if check.frozen.candidate_reads == CandidateReads.ON_REQUEST:
        read = _("If %(name)s asks for it, %(company)s lets %(name)s read the answers.")
    else:
        read = _("This site does not show your answers to %(name)s.")
    return f"{read % words} {kept % words}"


def _links(moment: str, ways: Ways) -> tuple[Link, ...]:
    found = [Link(str(PAUSABLE[moment]), ways.pause)] if ways.pause else []
    if ways.change:
        found.append(Link(_("Read or change your answers"), ways.change))
    if ways.rights:
        found.append(Link(_("Your data and your rights"), ways.rights))
    return tuple(found)


def _signed(check: "Check") -> dict[str, Any]:
    organization = check.organization
    signature = [f"{check.asker}, {organization.name}" if check.asker != organization.name else organization.name]
    if organization.contact_phone and check.asker in (organization.contact_name, organization.name):
        signature.append(organization.contact_phone)
    reply_to = check.owner_email or organization.contact_email
    if reply_to:
        signature.append(_("Answers to this mail reach a person."))
    return {"signature": (_("Thank you,"), *signature), "from_name": signature[0], "reply_to": reply_to}
