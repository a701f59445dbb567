"""What needs a hand: one line each, with a sentence that says what is wrong and the one thing that mends it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from checks.models import Check, Event, Reference
from checks.querysets import LIVE, CheckQuerySet
from checks.signs import how_far
from integrations.models import Action, Connection, Delivery
from notifications.leases import DONE, FAILED, WAITING
from templates_app.models import ReferenceTemplate

AT_MOST = 20  # lines on the desk
RECENT = timedelta(days=14)  # work that was given up before is found in its list


@dataclass(frozen=True)
class Remedy:
    """The button of a line: a POST that mends it, or the way to where it is mended."""

    label: str | Promise
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class Trouble:
    shape: str
    word: str
    sentence: str
    who: str
    url: str = ""  # of whom it is about
    position: str = ""
    since: datetime | None = None
    remedy: Remedy | None = None
    live_check: int | None = None  # the id of a check that is on its way all the same


Source = Callable[[User, datetime], Iterator[Trouble]]


def troubles(user: User, now: datetime) -> list[Trouble]:
    """All that this person can see, oldest first; a few more than AT_MOST when there are more."""
    checks = Check.objects.visible_to(user)
    sources: tuple[Source, ...] = (
        _connections,
        _deliveries,
        _actions,
        partial(_stuck, checks),
        partial(_dropped, checks),
        partial(_overdue, checks),
    )
    found = [trouble for source in sources for trouble in source(user, now)]
    return sorted(found, key=lambda trouble: trouble.since.timestamp() if trouble.since else 0)


def trouble_of(check: Check, user: User, now: datetime) -> Trouble | None:
    """What stands in the way of one check."""
    this = Check.objects.filter(pk=check.pk)
    return next((trouble for source in (_stuck, _dropped) for trouble in source(this, user, now)), None)


# --- checks that could not begin ----------------------------------------------------------------------

SENTENCES: dict[str, Any] = {
    Check.Problem.NO_EMAIL: gettext_lazy("Lever holds no e-mail address for %(name)s. Add one there, then try again."),
    Check.Problem.NO_CONTACT: gettext_lazy(
        "Lever says that %(name)s must not be contacted. If that changes there, try again."
    ),
    Check.Problem.REFUSED: gettext_lazy(
        "The mail to %(name)s came back: %(error)s. Correct the address in Lever, then try again."
    ),
}


def _stuck(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    rows = checks.with_problem().select_related("template", "invitation").defer(*_NOT_NEEDED)
    found = list(rows.order_by("created_at")[: AT_MOST + 1])
    retry = Retry(user, found)
    for check in found:
        yield _about(
            check,
            shape="warn" if check.problem == Check.Problem.NO_TEMPLATE else "bad",
            word=check.get_problem_display(),
            sentence=_("Vouch is trying again now.") if retry.is_on_its_way(check) else _problem(check),
            since=check.ended_at or check.created_at,
            remedy=retry.remedy(check),
        )


def _problem(check: Check) -> str:
    if check.problem == Check.Problem.NO_TEMPLATE:
        if check.template:
            return _("The template %(name)s asks for nobody. Add whom to ask, then try again.") % {
                "name": check.template
            }
        return _("%(reason)s Give one its tag or make one the default, then try again.") % {
            "reason": check.match_reason
        }
    error = check.invitation.error.rstrip(".") if check.invitation else ""
    return str(SENTENCES[check.problem] % {"name": check.first_name, "error": error})


class Retry:
    """Which of some checks can be tried again, found out for all of them at once."""

    def __init__(self, user: User, checks: list[Check]) -> None:
        self.may = user.has_perm("checks.change_check") and bool(checks)
        ours = {"organization__in": {check.organization_id for check in checks}}
        templates = ReferenceTemplate.objects.filter(**ours).values_list("organization")
        self.changed = dict(templates.annotate(Max("updated_at"))) if checks else {}
        self.connected = set(Connection.objects.filter(**ours).values_list("organization", flat=True))
        self.waiting = set(
            Delivery.objects.filter(
                source=Delivery.Source.DESK, state=WAITING, opportunity_id__in={c.opportunity_id for c in checks}
            ).values_list("connection__organization", "opportunity_id")
        )

    def is_on_its_way(self, check: Check) -> bool:
        return (check.organization_id, check.opportunity_id) in self.waiting

    def remedy(self, check: Check) -> Remedy | None:
        """Try again; but where no template fitted, look at the templates first."""
        changed = self.changed.get(check.organization_id)
        if check.problem == Check.Problem.NO_TEMPLATE and not (changed and changed > check.created_at):
            return Remedy(_("Choose a template"), reverse("admin:templates_app_referencetemplate_changelist"))
        if not self.may or self.is_on_its_way(check) or check.organization_id not in self.connected:
            return None
        return Remedy(_("Try again"), reverse("admin:try-again", args=[check.pk]), is_post=True)


# --- checks on their way that somebody should look at -------------------------------------------------

_NOT_NEEDED = ("token", "report_data", "consent_text", "invitation__text", "invitation__html")


def _dropped(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    """References who will not answer. The candidate has been asked for somebody else already."""
    when = Event.objects.filter(reference=OuterRef("pk"), kind__in=("declined", "bounced")).order_by("-at")
    rows = (
        Reference.objects.gone().filter(for_check__in=checks.live()).annotate(gone_at=Subquery(when.values("at")[:1]))
    )
    rows = rows.select_related("for_check", "invitation").defer("token", "invitation__text", "invitation__html")
    found: Iterable[Any] = rows.order_by("pk")[: AT_MOST + 1]
    for reference in found:
        is_bounced = reference.status == Reference.Status.BOUNCED
        yield _about(
            reference.for_check,
            shape="bad" if is_bounced else "warn",
            word=reference.get_status_display(),
            sentence=_bounced(reference) if is_bounced else _declined(reference),
            since=reference.gone_at,
            remedy=_see(reference.for_check),
        )


def _bounced(reference: Reference) -> str:
    error = reference.invitation.error if reference.invitation else ""
    words = {"reference": reference.name, "name": reference.for_check.first_name, "error": error.rstrip(".") or "?"}
    return _("The mail to %(reference)s came back: %(error)s. %(name)s was asked to name somebody else.") % words


def _declined(reference: Reference) -> str:
    words = {"reference": reference.name, "name": reference.for_check.first_name}
    return _("%(reference)s would rather not. %(name)s was asked to name somebody else.") % words


def _overdue(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    gone = Reference.objects.gone().filter(for_check=OuterRef("pk"))
    counted = Prefetch("references", Reference.objects.counted().only("for_check_id", "status"), to_attr="counted")
    rows: Any = checks.live().filter(~Exists(gone), is_overdue=True).defer("token", "report_data", "consent_text")
    for check in rows.prefetch_related(counted).order_by("due_at")[: AT_MOST + 1]:
        answered = sum(reference.status == Reference.Status.SUBMITTED for reference in check.counted)
        far = how_far(answered, len(check.counted)) if check.counted else _not_named(check)
        ends = _("It ends by itself on %(date)s.") % {"date": date_format(timezone.localtime(check.expires_at), "j F")}
        yield _about(
            check,
            shape="warn",
            word=_("Overdue"),
            sentence=f"{far} {ends}",
            since=check.due_at,
            remedy=_conclude(check) if answered and user.has_perm("checks.change_check") else _see(check),
        )


def _not_named(check: Check) -> str:
    return _("%(name)s has not named anybody yet.") % {"name": check.first_name}


def _conclude(check: Check) -> Remedy:
    return Remedy(_("Conclude with what is in"), reverse("admin:checks_check_verb", args=[check.pk, "conclude"]))


def _see(check: Check) -> Remedy:
    return Remedy(_("See the check"), _page(check))


def _about(check: Check, **what: Any) -> Trouble:
    return Trouble(
        who=check.candidate_name or check.opportunity_id,
        url=_page(check),
        position=check.position,
        live_check=check.pk if check.status in LIVE else None,
        **what,
    )


def _page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


# --- the connection and its work ----------------------------------------------------------------------


def _connections(user: User, now: datetime) -> Iterator[Trouble]:
    if not user.has_perm("integrations.view_connection"):
        return
    rows = Connection.objects.visible_to(user).select_related("organization").defer("api_key").order_by("pk")
    status = Connection.Status
    for connection in rows.filter(status__in=(status.FAILING, status.INCOMPLETE))[: AT_MOST + 1]:
        is_failing = connection.status == status.FAILING
        missing = _("No check can begin until what is missing is entered and the connection is active.")
        yield Trouble(
            shape="bad" if is_failing else "warn",
            word=connection.get_status_display(),
            sentence=connection.problem if is_failing else missing,
            who=str(connection),
            url=_page(connection),
            since=None if is_failing else connection.created_at,
            remedy=Remedy(_("Mend the connection") if is_failing else _("Go on"), _page(connection)),
        )
    if user.has_perm("integrations.add_connection") and not user.is_operator and not rows.exists():
        yield Trouble(
            shape="warn",
            word=_("Not connected"),
            sentence=_("Vouch does not know your Lever account yet, so no check can begin."),
            who=_("Lever"),
            remedy=Remedy(_("Connect Lever"), reverse("admin:integrations_connection_add")),
        )


def _deliveries(user: User, now: datetime) -> Iterator[Trouble]:
    """Given up, and nothing newer came about the same opportunity."""
    if not user.has_perm("integrations.view_delivery"):
        return
    newer = Delivery.objects.filter(opportunity_id=OuterRef("opportunity_id"), pk__gt=OuterRef("pk"))
    overtaken = Exists(newer.filter(connection=OuterRef("connection")).exclude(state=FAILED).exclude(opportunity_id=""))
    rows = Delivery.objects.visible_to(user).filter(~overtaken, state=FAILED, created_at__gte=now - RECENT)
    for delivery in rows.select_related("for_check").defer("body").order_by("pk")[: AT_MOST + 1]:
        yield Trouble(
            shape="bad",
            word=_("Given up"),
            sentence=delivery.verdict or delivery.error,
            who=_("A delivery about %(opportunity)s") % {"opportunity": delivery.opportunity_id or "?"},
            url=_page(delivery),
            since=delivery.done_at,
            remedy=_again(user, delivery),
        )


def _actions(user: User, now: datetime) -> Iterator[Trouble]:
    """Given up, and no later one of its kind went through."""
    if not user.has_perm("integrations.view_action"):
        return
    later = Action.objects.filter(for_check=OuterRef("for_check"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    rows = Action.objects.visible_to(user).filter(
        ~Exists(later.filter(state=DONE)), state=FAILED, created_at__gte=now - RECENT
    )
    for action in rows.select_related("for_check").order_by("pk")[: AT_MOST + 1]:
        words = {"kind": action.get_kind_display(), "error": action.error}
        yield Trouble(
            shape="bad",
            word=_("Not in Lever"),
            sentence=_("Vouch could not write a %(kind)s: %(error)s") % words,
            who=action.for_check.candidate_name or action.for_check.opportunity_id,
            url=_page(action),
            position=action.for_check.position,
            since=action.done_at,
            remedy=_again(user, action),
        )


def _again(user: User, work: Delivery | Action) -> Remedy | None:
    name = f"{work._meta.app_label}_{work._meta.model_name}"
    if not user.has_perm(f"{work._meta.app_label}.change_{work._meta.model_name}"):
        return None
    return Remedy(_("Process again"), reverse(f"admin:{name}_verb", args=[work.pk, "process-again"]), is_post=True)
