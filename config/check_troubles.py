"""Checks that need a hand: they could not begin, lost a reference, or are late. Each source is a few queries in all."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from checks.models import Check, Event, Reference
from checks.querysets import LIVE, CheckQuerySet
from checks.signs import how_far
from config.troubles import AT_MOST, Remedy, Trouble, page_of
from integrations.models import Connection, Delivery
from notifications.leases import WAITING
from templates_app.models import ReferenceTemplate


def troubles_of(check: Check, user: User, now: datetime) -> list[Trouble]:
    """What stands in the way of one check, as the desk says it."""
    this = Check.objects.filter(pk=check.pk)
    return [trouble for source in (stuck, dropped, to_call, overdue) for trouble in source(this, user, now)]


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

BY_HAND = gettext_lazy("The mail to %(name)s came back: %(error)s.")  # the address is ours to correct, and not Lever's


def stuck(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
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
    error = (check.invitation.trouble if check.invitation else "").rstrip(".") or "?"
    sentence = BY_HAND if check.is_by_hand else SENTENCES[check.problem]
    return str(sentence % {"name": check.first_name, "error": error})


def _invite(check: Check) -> str:
    return reverse("admin:checks_check_invite", args=[check.pk])


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
        if check.is_by_hand:
            return Remedy(_("Correct the address"), _invite(check)) if self.may else None
        changed = self.changed.get(check.organization_id)
        if check.problem == Check.Problem.NO_TEMPLATE and not (changed and changed > check.created_at):
            return Remedy(_("Choose a template"), reverse("admin:templates_app_referencetemplate_changelist"))
        if not self.may or self.is_on_its_way(check) or check.organization_id not in self.connected:
            return None
        return Remedy(_("Try again"), reverse("admin:try-again", args=[check.pk]), is_post=True)


# --- checks on their way that somebody should look at -------------------------------------------------

_NOT_NEEDED = ("token", "report_data", "consent_text", "invitation__text", "invitation__html")

LEAVING = ("declined", "bounced", "silent", "withdrawn", "forgotten")


def dropped(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    """References who will not answer, or do not. The candidate has been asked for somebody else already."""
    when = Event.objects.filter(reference=OuterRef("pk"), kind__in=LEAVING).order_by("-at")
    rows: Any = Reference.objects.without_answer().filter(for_check__in=checks.live())
    rows = rows.annotate(gone_at=Subquery(when.values("at")[:1]))
    rows = rows.select_related("for_check", "invitation").defer("token", "invitation__text", "invitation__html")
    for reference in rows.order_by("gone_at", "pk")[: AT_MOST + 1]:
        is_bounced = reference.status == Reference.Status.BOUNCED
        yield _about(
            reference.for_check,
            shape="bad" if is_bounced else "warn",
            word=_("No answer") if reference.is_open else reference.get_status_display(),
            sentence=_bounced(reference) if is_bounced else _without_answer(reference),
            since=reference.gone_at,
            remedy=_ask_again(reference, user),
        )


def _ask_again(reference: Reference, user: User) -> Remedy:
    if not user.has_perm("checks.change_check"):
        return _see(reference.for_check)
    where = [reference.for_check_id, reference.public_id, "another"]
    words = {"name": reference.for_check.first_name}
    return Remedy(_("Ask %(name)s again") % words, reverse("admin:checks_check_person", args=where))


def to_call(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    """References who would rather talk than write."""
    rows = Reference.objects.open().filter(wants_call_at__isnull=False, for_check__in=checks.live())
    rows = rows.select_related("for_check").defer("token", "for_check__token", "for_check__report_data")
    may_call = user.has_perm("checks.change_check")
    for reference in rows.order_by("wants_call_at")[: AT_MOST + 1]:
        call = Remedy(_("Call, and write it down"), reverse("call-reference", args=[reference.public_id]))
        yield _about(
            reference.for_check,
            shape="warn",
            word=_("Wants a call"),
            sentence=_call(reference),
            since=reference.wants_call_at,
            remedy=call if may_call else _see(reference.for_check),
        )


def _call(reference: Reference) -> str:
    words = {"reference": reference.name, "number": reference.number, "when": reference.call_when}
    if reference.call_when:
        return _("%(reference)s would rather be called, at %(number)s. It suits them: “%(when)s”.") % words
    return _("%(reference)s would rather be called, at %(number)s.") % words


def _bounced(reference: Reference) -> str:
    error = reference.invitation.trouble if reference.invitation else ""
    words = {"reference": reference.name, "name": reference.for_check.first_name, "error": error.rstrip(".") or "?"}
    return _("The mail to %(reference)s came back: %(error)s. %(name)s was asked to name somebody else.") % words


def _without_answer(reference: Reference) -> str:
    words = {"reference": reference.called, "name": reference.for_check.first_name}
    if reference.is_open:
        return _("%(reference)s has not answered. %(name)s was asked to name somebody else.") % words
    return _("%(reference)s would rather not. %(name)s was asked to name somebody else.") % words


def overdue(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    gone = Reference.objects.without_answer().filter(for_check=OuterRef("pk"))
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
            remedy=_go_on(check, answered) if user.has_perm("checks.change_check") else _see(check),
        )


def _not_named(check: Check) -> str:
    return _("%(name)s has not named anybody yet.") % {"name": check.first_name}


def _go_on(check: Check, answered: int) -> Remedy:
    if check.status == Check.Status.SUBMITTED:
        return Remedy(_("Send the request again"), _invite(check))
    return _conclude(check) if answered else _see(check)


def _conclude(check: Check) -> Remedy:
    return Remedy(_("Conclude with what is in"), reverse("admin:checks_check_verb", args=[check.pk, "conclude"]))


def _see(check: Check) -> Remedy:
    return Remedy(_("See the check"), page_of(check))


def _about(check: Check, **what: Any) -> Trouble:
    return Trouble(
        who=check.candidate_name or check.opportunity_id,
        url=page_of(check),
        position=check.position,
        live_check=check.pk if check.status in LIVE else None,
        **what,
    )
