"""A prospect at a glance, and in a sentence: where they stand and what happens next."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.admin_lists import state
from integrations.models import Connection
from prospects.models import Errand, Prospect, ProspectSettings

State = Prospect.State
SHAPES: dict[str, str] = {
    State.UNCONFIRMED: "",
    State.WAITING: "moving",
    State.EXPORTED: "done",
    State.KNOWN: "done",
    State.REFUSED: "bad",
    State.WITHDRAWN: "stopped",
    State.ENDED: "stopped",
}
ERRAND_SHAPES: dict[str, str] = {
    Errand.State.WAITING: "moving",
    Errand.State.DONE: "done",
    Errand.State.SUPERSEDED: "stopped",
    Errand.State.FAILED: "bad",
}


def standing(prospect: Prospect) -> SafeString:
    """What somebody has to see to in Lever comes first."""
    if prospect.is_to_clear:
        return state("warn", f"{prospect.get_state_display()}, {_('still in Lever')}")
    if prospect.is_in_doubt:
        return state("warn", f"{prospect.get_state_display()}, {_('maybe twice')}")
    return state(SHAPES[prospect.state], prospect.get_state_display())


def sentence(prospect: Prospect) -> str:
    """Where they stand and what happens next. Reads the connection and the settings: for one row's page."""
    if prospect.state == State.WAITING:
        return _waiting(prospect)
    if prospect.state == State.REFUSED:
        return prospect.problem or _("Lever did not take them.")
    if prospect.is_over:
        return _over(prospect)
    if prospect.state == State.UNCONFIRMED:
        return prospect.problem or _(
            "They said yes, and a mail asked them to confirm it. Until they do, nothing is done with it; after thirty "
            "days it is erased."
        )
    if prospect.is_in_doubt:
        return prospect.problem
    said = {
        State.EXPORTED: _("They have been in Lever since %(day)s."),
        State.KNOWN: _("Lever knew them already. Nothing new was made there."),
    }
    return str(said[State(prospect.state)]) % {"day": day(prospect.exported_at)}


def _waiting(prospect: Prospect) -> str:
    connection = Connection.objects.filter(organization=prospect.organization_id).first()
    if connection is None:
        return _("They confirmed it. Lever is not connected, so nothing is sent.")
    if not connection.is_active:
        return _("They confirmed it. They go to Lever as soon as the connection is active.")
    if ProspectSettings.objects.filter(organization=prospect.organization_id).exclude(paused_at=None).exists():
        return _("They confirmed it. The export is paused, so they wait.")
    if not Errand.objects.filter(prospect=prospect, kind=Errand.Kind.EXPORT).allowed().exists():
        return _("They confirmed it. The switches on the Lever page say that they are not sent.")
    return _("They confirmed it, and are on their way to Lever.")


def _over(prospect: Prospect) -> str:
    if prospect.state == State.ENDED and prospect.confirmed_at is None:
        return _("They did not answer the mail that asked whether it was them, so it came to nothing.")
    if prospect.state == State.WITHDRAWN:
        words = _("They took it back on %(day)s. They are not written to any more.")
    else:
        words = _("The time that they agreed to ended on %(day)s. They are not written to any more.")
    parts = [words % {"day": day(prospect.withdrawn_at or prospect.ends_at)}]
    if prospect.is_to_clear:
        parts.append(_("In Lever they still stand, with a tag and a note. Somebody has to see to it there."))
    elif prospect.cleared_at:
        seen = {"name": prospect.cleared_by or _("somebody"), "day": day(prospect.cleared_at)}
        parts.append(_("%(name)s saw to it in Lever on %(day)s.") % seen)
    return " ".join(parts)


def day(moment: datetime | None) -> str:
    """As people read it."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else "–"
