from typing import Any

from django import template

from checks.models import Check
from integrations.models import Action

register = template.Library()

AT_MOST = 50  # writes of one check; there are seldom ten


@register.inclusion_tag("admin/integrations/in_lever.html", takes_context=True)
def in_lever(context: template.Context, check: Check) -> dict[str, Any]:
    """What people see of a check on the candidate's profile in Lever, and what is still to be written there."""
    actions = list(Action.objects.filter(for_check=check).order_by("-pk")[:AT_MOST])
    done = [action for action in actions if action.state == Action.State.DONE]
    return {
        "check": check,
        "tag": next((action for action in done if action.kind == Action.Kind.TAG), None),
        "links": [action for action in done if action.kind == Action.Kind.LINK],
        "notes": [action for action in done if action.kind == Action.Kind.NOTE],
        "files": [action for action in done if action.kind == Action.Kind.FILE],
        "waiting": [action for action in actions if action.state == Action.State.WAITING],
        "failed": [action for action in actions if action.state == Action.State.FAILED],
        "written": len(done),
        "may_open": context["request"].user.has_perm("integrations.view_action"),
    }
