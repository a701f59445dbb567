"""Lines from our own tables: the connection as it is stored, and whether work gets done."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations import changes
from integrations.doctor import troubles
from integrations.doctor.lines import Finding, Remedy, ago, broken, in_the_list, look, on_the_page, well
from integrations.models import Action, CallBudget, Connection, Delivery, Heartbeat
from notifications.leases import FAILED, WAITING
from notifications.models import Message
from templates_app.models import ReferenceTemplate

SOON = timedelta(minutes=2)  # what waits for no longer than this is on its way
LONG = timedelta(minutes=30)
WEEK = timedelta(days=7)
SLOWED_LATELY = timedelta(hours=1)


def state(connection: Connection, now: datetime) -> Finding:
    status = Connection.Status
    match connection.status:
        case status.ACTIVE:
            words = {"stage": connection.stage_name or connection.stage_id}
            sentence = _("Active. A candidate who comes to the stage “%(stage)s” gets a check.") % words
            return well(f"{sentence} {_compared(connection, now)}")
        case status.FAILING:
            return broken(connection.problem, on_the_page(_("Mend the connection"), connection))
        case status.DISABLED:
            sentence = _("Switched off: no check begins, and nothing is written in Lever until somebody activates it.")
        case _:
            sentence = _("No check can begin until what is missing is entered and the connection is active.")
    return look(sentence, on_the_page(_("Go on"), connection))


def _compared(connection: Connection, now: datetime) -> str:
    """Every few minutes Lever is asked what it did not tell."""
    if connection.reconciled_at is None:
        return _("It was not compared with Lever yet.")
    return _("It was compared with Lever %(ago)s.") % {"ago": ago(connection.reconciled_at, now)}


def same_key(connection: Connection, now: datetime) -> Finding:
    for sentence in changes.same_key(connection):
        return look(sentence, on_the_page(_("Enter another key"), connection, "id_new_api_key"))
    return well(_("No other connection uses this key."))


def queue(connection: Connection, now: datetime) -> Finding:
    last = Heartbeat.last()
    if last is None:
        return broken(_("No worker has been seen yet. Whoever runs Vouch starts one: manage.py worker."))
    words = {"ago": ago(last, now)}
    if Heartbeat.is_beating(now):
        return well(_("It moves. A worker was seen %(ago)s.") % words)
    return broken(
        _("It does not move: a worker was last seen %(ago)s. Whoever runs Vouch starts it again: manage.py worker.")
        % words
    )


def inbox(connection: Connection, now: datetime) -> Finding:
    rows = Delivery.objects.filter(connection=connection, state=WAITING).exclude(source=Delivery.Source.TEST)
    return _backlog(rows, connection, now, in_the_list(_("See what waits"), "integrations_delivery", "state=waiting"))


def outbox(connection: Connection, now: datetime) -> Finding:
    rows = Action.objects.filter(connection=connection, state=WAITING)
    return _backlog(rows, connection, now, in_the_list(_("See what waits"), "integrations_action", "state=waiting"))


def _backlog(rows: Any, connection: Connection, now: datetime, remedy: Remedy) -> Finding:
    waiting = rows.aggregate(count=Count("pk"), oldest=Min("created_at"))
    if not waiting["count"]:
        return well(_("Nothing waits."))
    words = {"count": waiting["count"], "time": timesince(waiting["oldest"], now, depth=1)}
    if now - waiting["oldest"] < SOON:
        return well(ngettext("%(count)d is on its way.", "%(count)d are on their way.", words["count"]) % words)
    said = ngettext("%(count)d waits, for %(time)s.", "%(count)d wait, the oldest for %(time)s.", words["count"])
    said %= words
    if not connection.is_active:
        return look(_("%(said)s They go on when the connection is active.") % {"said": said}, remedy)
    said = _("%(said)s Each says what it waits for, and is tried again by itself.") % {"said": said}
    return (broken if now - waiting["oldest"] > LONG else look)(said, remedy)


def rate(connection: Connection, now: datetime) -> Finding:
    """Lever's own limit, as far as it showed."""
    budget = CallBudget.objects.filter(key=connection.budget_key).first()
    if budget is None or budget.slowed_at is None or now - budget.slowed_at > SLOWED_LATELY:
        return well(_("Lever has not asked for fewer calls lately."))
    regained = CallBudget.RECOVERY * (now - budget.rated_at).total_seconds()
    words = {"ago": ago(budget.slowed_at, now), "rate": f"{min(CallBudget.RATE, budget.rate + regained):.1f}"}
    return look(
        _(
            "Lever asked for fewer calls %(ago)s; Vouch makes at most %(rate)s a second now, and gets faster by "
            "itself. If it comes again, something else uses the same key: give it one of its own."
        )
        % words
    )


def failures(connection: Connection, now: datetime) -> Finding:
    remedy = in_the_list(_("See what was given up"), "integrations_delivery", "state=failed")
    if troubles.giving_up(Connection.objects.filter(pk=connection.pk)).exists():
        return broken(
            _(
                "The last five in a row were given up, of what came from Lever or of what was to be written there. "
                "Each says why; once that is mended, process them again."
            ),
            remedy,
        )
    deliveries = Delivery.objects.filter(connection=connection).exclude(decision__in=troubles.UNASKED)
    count = _given_up(deliveries) + _given_up(Action.objects.filter(connection=connection))
    if not count:
        return well(_("What was tried last went through."))
    said = ngettext("%(count)d of the last ten was given up.", "%(count)d of the last ten were given up.", count)
    return look(_("%(said)s The desk says why.") % {"said": said % {"count": count}}, remedy)


def _given_up(rows: Any) -> int:
    """How many of the last five that were settled."""
    last = rows.exclude(state=WAITING).order_by("-pk").values_list("state", flat=True)[: troubles.IN_A_ROW]
    return list(last).count(FAILED)


def mail(connection: Connection, now: datetime) -> Finding:
    rows = Message.objects.filter(organization=connection.organization_id, created_at__gte=now - WEEK)
    if count := rows.filter(state=FAILED).count():
        said = ngettext(
            "%(count)d mail of this week could not be delivered. Its page says why.",
            "%(count)d mails of this week could not be delivered. Their pages say why.",
            count,
        )
        remedy = in_the_list(_("See which"), "notifications_message", "state=failed")
        return look(said % {"count": count}, remedy)
    if rows.filter(state=WAITING, attempts__gt=0, created_at__lte=now - LONG).exists():
        return look(
            _("Mail has waited for more than half an hour. Whoever runs Vouch sees to the mail server."),
            in_the_list(_("See which"), "notifications_message", "state=waiting"),
        )
    return well(_("All mail of this week went out."))


def templates(connection: Connection, now: datetime) -> Finding:
    rows = ReferenceTemplate.objects.filter(organization=connection.organization_id).in_use()
    if rows.filter(is_default=True).exists():
        return well(_("There is a default template, so every job gets one."))
    page = reverse("admin:templates_app_referencetemplate_changelist")
    if rows.exists():
        sentence = _("No template is the default, so a job whose tags match none gets no check. Make one the default.")
        return look(sentence, Remedy(_("Choose the default"), page))
    return look(
        _("There is no template, so no check can ask anything. Make the first one."), Remedy(_("Make one"), page)
    )
