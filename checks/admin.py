from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import LogAdmin
from accounts.admin_verbs import MenuLink, verb
from accounts.models import Organization
from accounts.scoped_admin import reader
from checks import correspondence
from checks.correspondence import AT_MOST, Sent
from checks.models import Check, Reference
from checks.outcome_admin import EndedFilter, WithOutcome, ending
from checks.people_admin import WithPeople, ways
from checks.querysets import LIVE
from checks.readership import may_read
from checks.reopening import NotReopened
from checks.rights import open_requests
from checks.searching import saying
from checks.signs import REFERENCE_SHAPES, how_far, next_turns, standing
from checks.timeline import Line, lines
from notifications.tasks import wake_sender


def _can_be_concluded(check: Any) -> bool:
    is_in = any(reference.status == Reference.Status.SUBMITTED for reference in check.counted)
    return is_in and check.status == Check.Status.AWAITING


class OwnerFilter(admin.SimpleListFilter):
    """Whose they are in Lever: all, or those of whoever looks."""

    title: Any = gettext_lazy("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return (("me", gettext_lazy("mine")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(owner_email=reader(request).email.lower()) if self.value() == "me" else queryset


@admin.register(Check)
class CheckAdmin(WithPeople, WithOutcome, LogAdmin):
    page_template = "admin/checks/check/page.html"
    about = gettext_lazy("One for each candidate who came to the stage in Lever, newest first.")
    empty = gettext_lazy("No check has begun yet. The first begins when a candidate comes to the stage in Lever.")
    list_display = (
        "candidate",
        "position",
        "standing",
        "answered",
        "how_it_ended",
        "template",
        "submitted",
        "owner_name",
    )
    list_select_related = ("template", "outcome")
    list_filter = (
        choice_filter("status", gettext_lazy("state"), Check.Status.choices),
        choice_filter(
            "time",
            gettext_lazy("time"),
            (("in-time", gettext_lazy("in time")), ("overdue", gettext_lazy("overdue"))),
            where=lambda value: Q(status__in=LIVE, is_overdue=value == "overdue"),
        ),
        EndedFilter,
        OwnerFilter,
    )
    search_fields = ("words",)  # see `get_search_results`
    search_help_text = gettext_lazy("Candidate or position, or opportunity’s id")
    ordering = ("-pk",)
    exports = ("candidate_email", "owner_email", "opportunity_id", "created_at", "completed_at", "is_overdue")
    verbs = ("conclude", "cancel", "hired", "not_hired", "ask_now", "ask_nobody", "reopen", "erase")

    def get_urls(self) -> list[Any]:
        return [*self.people_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted = Reference.objects.counted().only("for_check_id", "status")
        return (
            super()
            .get_queryset(request)
            .defer("token", "report_data", "consent_text")
            .prefetch_related(Prefetch("references", counted, to_attr="counted"))
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        """By the beginnings of words, which an index finds; an opportunity's id finds its checks."""
        organizations = Organization.objects.visible_to(request.user)
        of_it = queryset.filter(organization__in=organizations.values("pk"), opportunity_id=search_term.strip())
        if not search_term.strip() or of_it.exists():
            return (of_it if search_term.strip() else queryset), False
        return queryset.filter(saying(search_term, organizations)), False

    def menu_links(self, request: HttpRequest, row: Any) -> Iterator[MenuLink]:
        if row.status == Check.Status.COMPLETED and not row.erased_at:
            yield MenuLink(gettext_lazy("Compare with another"), f"{reverse('admin:compare')}?a={row.public_id}")

    @admin.display(description=gettext_lazy("candidate"))
    def candidate(self, check: Check) -> str:
        return check.who

    @admin.display(description=gettext_lazy("state"))
    def standing(self, check: Check) -> SafeString:
        return standing(check)

    @admin.display(description=gettext_lazy("answered"))
    def answered(self, check: Any) -> str:
        """Such as 1 of 3. Until the candidate has named anybody, as many are asked as the template says."""
        statuses = [reference.status for reference in check.counted]
        asked = len(statuses) or len(check.frozen.requests)
        words = {"answered": statuses.count(Reference.Status.SUBMITTED), "asked": asked}
        return _("%(answered)d of %(asked)d") % words if asked else ""

    @admin.display(description=gettext_lazy("submitted"))
    def submitted(self, check: Check) -> str:
        return date_format(timezone.localtime(check.created_at), "SHORT_DATE_FORMAT")

    @verb(
        gettext_lazy("Conclude with what is in"),
        says=gettext_lazy(
            "The report is made from the answers that are in, and says who was not waited for. Everybody else who was "
            "asked is told that their answers are no longer needed. This cannot be taken back."
        ),
        when=_can_be_concluded,
        asks=True,
    )
    def conclude(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        if not check.complete(now, by=reader(request)):
            return None
        wake_sender()
        return _("The check is concluded. Its report is ready.")

    @verb(
        gettext_lazy("Cancel this check"),
        says=gettext_lazy(
            "The check stops without a report. Those who were asked are told, and nobody is written to again. The "
            "answers that are in stay with the check. A candidate who comes to the stage again gets a new one."
        ),
        when=lambda check: check.is_live,
        asks=True,
        danger=True,
    )
    def cancel(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        if not check.cancel(now, by=reader(request)):
            return None
        wake_sender()
        return _("The check is canceled.")

    @verb(
        gettext_lazy("Open again"),
        says=gettext_lazy(
            "The check waits again, as long as a new one. Those who had not answered are asked once more, and what is "
            "in stays. The report can be read meanwhile as far as it is, and is made anew when the check is concluded."
        ),
        when=lambda check: check.status == Check.Status.COMPLETED and not check.erased_at,
        asks=True,
    )
    def reopen(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        try:
            if not check.reopen(now, by=reader(request)):
                return None
        except NotReopened as obstacle:
            messages.warning(request, str(obstacle))
            return ""
        wake_sender()
        return _("The check is open again.")

    @verb(
        gettext_lazy("Erase personal data"),
        says=gettext_lazy(
            "What goes: the candidate’s name, address and agreement, everybody who was asked, all answers, the report, "
            "and the words of every mail about it. A check that is on its way is canceled first, and those who were "
            "asked are told. Their pages open no more.\n\n"
            "What stays: that there was a check for this job, its dates, its state, its template, and how many were "
            "asked and answered. What Vouch wrote in Lever stays there, too; the tag says that it was canceled.\n\n"
            "This cannot be taken back."
        ),
        when=lambda check: not check.erased_at,
        permission="erase",
        asks=True,
        danger=True,
    )
    def erase(self, request: HttpRequest, check: Check, now: datetime) -> str | None:
        if not check.erase(now, by=reader(request)):
            return None
        wake_sender()
        return _("The personal data is erased.")

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        now, buttons = timezone.now(), list(self.buttons(request, row))
        may_change = self.has_change_permission(request, row)
        references = list(row.references.in_order().select_related("invitation"))
        counted = [reference for reference in references if reference.status != Reference.Status.REPLACED]
        answered = sum(reference.status == Reference.Status.SUBMITTED for reference in counted)
        written = correspondence.sent(request.user, row, references)
        lost = correspondence.undelivered(written or [], row)
        turns = next_turns(row, references, now)
        return {
            "check": row,
            "turn": turns.get(row.topic, ""),
            "standing": standing(row),
            "how_far": how_far(answered, len(counted)) if counted else "",
            "day": _day(row, now),
            "may_invite": may_change and row.may_be_invited,
            "can_be_compared": any(True for _link in self.menu_links(request, row)),
            "answered": answered,
            "waited_for": sum(reference.is_open for reference in counted),
            "lost": lost.get(row.topic, []),
            "references": [
                _reference(reference, lost.get(reference.topic, []))
                | {
                    "turn": turns.get(reference.topic, ""),
                    "ways": [*ways(row, reference, now), *_call(reference)] if may_change else [],
                }
                for reference in references
            ],
            "requests": open_requests(row),
            "ending": ending(row, buttons),
            "lines": _by_time(_lines(request, row), (written or [])[:AT_MOST]),
            "is_cut": len(written or []) > AT_MOST,
            "reopening": [button for button in buttons if button.name == "reopen"],
            "buttons": [button for button in buttons if button.name in ("conclude", "cancel")],
            "erasing": [button for button in buttons if button.verb.permission == "erase"],
        }


def _call(reference: Reference) -> Iterator[tuple[Any, str]]:
    if reference.may_be_called:
        yield _("Write down what they say on the telephone"), reverse("call-reference", args=[reference.public_id])


def _day(check: Check, now: datetime) -> str:
    """Such as: Day 4 of 7. Nothing is said of a check that has ended."""
    if not check.is_live:
        return ""
    words = {"day": (now - check.created_at).days + 1, "days": max(1, (check.due_at - check.created_at).days)}
    return _("Day %(day)d of %(days)d.") % words


def _lines(request: HttpRequest, check: Check) -> list[Line]:
    """Why a signal was cleared is a part of the report, and for its readers."""
    is_reader = not check.is_private or may_read(request.user, check)
    return lines(check, newest_first=True, without=() if is_reader else ("cleared",))


def _by_time(happened: list[Line], written: list[Sent]) -> list[Line | Sent]:
    """What happened and what was written for it, newest first; a message stands above what it was written for."""
    return sorted([*written, *happened], key=lambda line: line.at, reverse=True)


def _reference(reference: Reference, lost: list[str]) -> dict[str, Any]:
    return {
        "person": reference,
        "knows": _knows(reference),
        "state": state(REFERENCE_SHAPES[reference.status], reference.get_status_display()),
        "last": _last(reference) if not lost else "",
        "lost": lost,
    }


def _knows(reference: Reference) -> str:
    """Such as: Manager, Solent Lines, 2020 to 2023."""
    years = ""
    if reference.worked_from:
        words = {"begin": reference.worked_from.year, "end": reference.worked_until and reference.worked_until.year}
        years = (_("%(begin)d to %(end)d") if reference.worked_until else _("since %(begin)d")) % words
    parts = (str(reference.get_relationship_display()), reference.company, years)
    return ", ".join(part for part in parts if part)


def _last(reference: Reference) -> str:
    """What happened last, and when."""
    if reference.wants_call_at:
        return _("Would rather be called")
    status = Reference.Status
    words: dict[str, tuple[Any, datetime | None]] = {
        status.ASKED: (_("Asked %(when)s"), reference.asked_at),
        status.STARTED: (_("Began to answer %(when)s"), reference.started_at),
        status.SUBMITTED: (_("Answered %(when)s"), reference.submitted_at),
    }
    sentence, moment = words.get(reference.status, ("", None))
    if moment:
        return str(sentence) % {"when": date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")}
    if reference.status == status.BOUNCED and reference.invitation:
        return reference.invitation.trouble
    return reference.why_declined if reference.status == status.DECLINED else ""
