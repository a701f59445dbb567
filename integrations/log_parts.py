"""What the pages of deliveries and actions say beside the row itself: candidates, calls to Lever, what came of it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from accounts.admin_lists import state
from accounts.models import User
from checks.models import Check
from integrations.models import Action, Delivery, LeverCall
from integrations.signs import ACTION_SHAPES

AT_MOST = 50  # lines of each kind on a page


def candidates_of(deliveries: Iterable[Delivery], user: User) -> dict[tuple[int, str], str]:
    """By organization and opportunity, the name that its newest check has; one query for all."""
    rows = list(deliveries)
    known = Check.objects.visible_to(user).filter(
        organization__in={row.connection.organization_id for row in rows},
        opportunity_id__in={row.opportunity_id for row in rows} - {""},
    )
    found = known.exclude(candidate_name="").order_by("pk")
    return {(at, of): name for at, of, name in found.values_list("organization", "opportunity_id", "candidate_name")}


def call_lines(cause: Delivery | Action) -> list[dict[str, Any]]:
    """The calls that it caused, the newest last."""
    newest = LeverCall.objects.filter(**{str(cause._meta.model_name): cause}).order_by("-pk")[:AT_MOST]
    return [
        {"call": call, "answer": _answer(call.status), "took": _("%(count)d ms") % {"count": call.milliseconds}}
        for call in reversed(newest)
    ]


def _answer(status: int | None) -> SafeString:
    if status is None:
        return state("bad", _("No answer"))
    return state("done" if status < 400 else "bad", str(status))


def action_lines(delivery: Delivery, user: User) -> list[dict[str, Any]]:
    """What was written in Lever for its check since it came, or will be; in order."""
    since = Action.objects.visible_to(user).filter(for_check=delivery.for_check_id, created_at__gte=delivery.created_at)
    return [
        {
            "words": f"{capfirst(action.get_kind_display())}: {Truncator(action.value).chars(60)}",
            "url": reverse("admin:integrations_action_change", args=[action.pk]),
            "standing": state(ACTION_SHAPES[action.state], capfirst(Action.State(action.state).label)),
            "at": action.created_at,
        }
        for action in since.order_by("pk")[:AT_MOST]
    ]
