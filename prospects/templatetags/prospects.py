"""What the connection's page shows of the prospects behind its two switches."""

from typing import Any

from django import template
from django.db.models import Count

from integrations.models import Connection
from prospects.models import Prospect
from prospects.preview import preview
from prospects.querysets import switched_on

register = template.Library()

THERE = (Prospect.State.EXPORTED, Prospect.State.KNOWN)


@register.simple_tag
def prospects_of(connection: Connection) -> dict[str, Any]:
    """How many wait and how many are in Lever; before the first switch is on, what would go.

    `going` are those of the waiting whom the switches let go. `begun`: the save that this page follows put one on.
    """
    rows = Prospect.objects.filter(organization=connection.organization_id)
    counts = dict(rows.values_list("state").annotate(Count("pk")).order_by())
    switches = (
        (connection.exports_existing_prospects, connection.exports_existing_since),
        (connection.exports_new_prospects, connection.exports_new_since),
    )
    waiting = counts.get(Prospect.State.WAITING, 0)
    is_on = any(on for on, _since in switches)
    going = switched_on(rows.waiting(), connection).count() if is_on and waiting else 0
    return {
        "waiting": waiting,
        "going": going,
        "behind": waiting - going if is_on else 0,
        "there": sum(counts.get(state, 0) for state in THERE),
        "refused": counts.get(Prospect.State.REFUSED, 0),
        "unconfirmed": counts.get(Prospect.State.UNCONFIRMED, 0),
        "begun": any(on and since and since == connection.saved_at for on, since in switches),
        "preview": preview(connection.organization) if waiting and not is_on else None,
    }
