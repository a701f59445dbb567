"""How far the export is, in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import grouped
from integrations.models import Connection
from prospects.progress import Progress


def news(progress: Progress, connection: Connection | None) -> str:
    """The title of the export's page."""
    words = {"done": grouped(progress.done), "total": grouped(progress.total), "n": grouped(progress.waiting)}
    if connection is None or not connection.api_key:
        return _("Lever is not connected")
    if progress.is_paused and progress.waiting:
        return _("The export is paused at %(done)s of %(total)s") % words
    if progress.waiting and not connection.is_active:
        return _("The export waits for the connection")
    if progress.waiting:
        return _("%(done)s of %(total)s are through") % words
    if not (connection.exports_existing_prospects or connection.exports_new_prospects):
        return _("The export is off")
    if progress.total:
        return _("%(done)s of %(total)s are through") % words
    return _("Nobody is on the way to Lever")


def going(progress: Progress) -> str:
    """Such as: 240 a minute. About 3 minutes are left."""
    parts = []
    if progress.rate and progress.is_running:
        parts.append(ngettext("%(n)s a minute.", "%(n)s a minute.", progress.rate) % {"n": grouped(progress.rate)})
    if progress.left is not None and progress.is_running:
        parts.append(_("%(time)s left.") % {"time": about(progress.left)})
    return " ".join(parts)


def about(left: timedelta) -> str:
    """Rounded up, as people say it."""
    minutes = -(-int(left.total_seconds()) // 60)
    if minutes <= 1:
        return _("Less than a minute")
    if minutes < 90:
        return ngettext("About %(n)d minute", "About %(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("About %(n)d hour", "About %(n)d hours", hours) % {"n": hours}
