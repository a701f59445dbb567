"""How a candidacy ends in Lever: which archive reasons say so, and those with which Vouch archives."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from integrations.doctor.lines import Finding, broken, look, on_the_page, well
from integrations.lever.client import Lever
from integrations.lever.objects import ArchiveReason
from integrations.models import Connection


def reasons(account: Lever, connection: Connection) -> Finding:
    """Whether one of them means hired, and whether those are there with which Vouch is to archive."""
    in_use = [reason for reason in account.archive_reasons() if reason.is_active]
    names = [reason.text for reason in in_use if reason.is_hired]
    if connection.outcome_writes == Connection.OutcomeWrites.ARCHIVE:
        return _chosen(in_use, connection)
    if names:
        return well(_("Hired in Lever: %(reasons)s.") % {"reasons": ", ".join(names[:5])})
    return look(
        _(
            "No archive reason of this account means hired, so everybody who is archived counts as not hired, and a "
            "check on its way is canceled instead of concluded. In Lever, a super admin can add one under archive "
            "reasons."
        )
    )


def _chosen(in_use: Sequence[ArchiveReason], connection: Connection) -> Finding:
    there = {(reason.id, reason.is_hired): reason.text for reason in in_use}
    hired, other = (connection.hired_reason_id, True), (connection.not_hired_reason_id, False)
    names = {hired: connection.hired_reason_name, other: connection.not_hired_reason_name}
    for chosen, name in names.items():
        if chosen not in there:
            field = "id_hired_reason_id" if chosen == hired else "id_not_hired_reason_id"
            words = _("The archive reason “%(reason)s” is not in use in Lever any more, so nobody is archived with it.")
            return broken(words % {"reason": name}, on_the_page(_("Choose another one"), connection, field))
    both = {"hired": there[hired], "other": there[other]}
    return well(_("Who is hired is archived as “%(hired)s”, others as “%(other)s”.") % both)
