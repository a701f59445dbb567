"""What needs a hand with prospects: whom Lever refused, what could not be written there, who is to be cleared there."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from config.troubles import AT_MOST, Remedy, Trouble, page_of
from notifications.leases import FAILED
from prospects.models import Errand, Prospect, ProspectSettings

LIST = "admin:prospects_prospect_changelist"
EXPORT = "admin:prospects_prospect_export"


def stopped(user: User, now: datetime) -> Iterator[Trouble]:
    """Paused by Vouch itself. What Lever said of the last one is most likely what is wrong with all."""
    if not user.has_perm("prospects.change_prospect"):
        return
    rows = ProspectSettings.objects.exclude(paused_at=None).exclude(stopped_for="").select_related("organization")
    if not user.is_operator:
        rows = rows.filter(organization=user.organization_id)
    for settings in rows.defer("salt").order_by("paused_at")[: AT_MOST + 1]:
        whose = f"?organization={settings.organization_id}" if user.is_operator else ""
        yield Trouble(
            shape="bad",
            word=_("Stopped"),
            sentence=_("Lever refused several prospects in a row, so the export waits. %(last)s")
            % {"last": settings.stopped_for},
            who=_("Prospects, %(organization)s") % {"organization": settings.organization},
            since=settings.paused_at,
            remedy=Remedy(_("See the export"), reverse(EXPORT) + whose),
        )


def refused(user: User, now: datetime) -> Iterator[Trouble]:
    """One line however many they are; the list says of each what is wrong."""
    if not user.has_perm("prospects.change_prospect"):
        return
    rows = Prospect.objects.visible_to(user).filter(state=Prospect.State.REFUSED)
    found = rows.aggregate(count=Count("pk", distinct=True), since=Max("errands__done_at"))
    if not found["count"]:
        return
    yield Trouble(
        shape="warn",
        word=_("Refused"),
        sentence=ngettext(
            "%(count)d prospect did not come into Lever. The list says why.",
            "%(count)d prospects did not come into Lever. The list says why of each.",
            found["count"],
        )
        % found,
        who=_("Prospects"),
        since=found["since"],
        remedy=Remedy(_("See them"), f"{reverse(LIST)}?state=refused"),
    )


def given_up(user: User, now: datetime) -> Iterator[Trouble]:
    """Notes and goodbyes; an export that was given up is a prospect refused."""
    if not user.has_perm("prospects.change_prospect"):
        return
    rows = Errand.objects.visible_to(user).filter(state=FAILED).exclude(kind=Errand.Kind.EXPORT)
    for errand in rows.select_related("prospect").defer("prospect__token").order_by("pk")[: AT_MOST + 1]:
        words = {"what": errand.get_kind_display(), "error": errand.error}
        yield Trouble(
            shape="bad",
            word=_("Not written"),
            sentence=_("Vouch could not write the %(what)s: %(error)s") % words,
            who=str(errand.prospect),
            url=page_of(errand.prospect),
            since=errand.done_at,
            remedy=_verb(errand.prospect, "try-again", _("Try again")),
        )


def to_clear(user: User, now: datetime) -> Iterator[Trouble]:
    """No longer willing, and still in Lever, where Vouch deletes nobody."""
    if not user.has_perm("prospects.change_prospect"):
        return
    rows = Prospect.objects.visible_to(user).to_clear().defer("token").order_by("withdrawn_at", "pk")
    for prospect in rows[: AT_MOST + 1]:
        yield Trouble(
            shape="warn",
            word=_("Still in Lever"),
            sentence=_("This prospect is no longer willing, and Lever still has them. Archive or delete them there."),
            who=str(prospect),
            url=page_of(prospect),
            since=prospect.withdrawn_at or prospect.ends_at,
            remedy=_verb(prospect, "clear", _("Seen to it in Lever")),
        )


def in_doubt(user: User, now: datetime) -> Iterator[Trouble]:
    """Lever showed nobody, and said afterwards that it knew them: confidential jobs are hidden from most keys."""
    if not user.has_perm("prospects.change_prospect"):
        return
    rows = Prospect.objects.visible_to(user).in_doubt().defer("token").order_by("exported_at", "pk")
    for prospect in rows[: AT_MOST + 1]:
        yield Trouble(
            shape="warn",
            word=_("Maybe twice"),
            sentence=prospect.problem,
            who=str(prospect),
            url=page_of(prospect),
            since=prospect.exported_at,
            remedy=_verb(prospect, "clear", _("Seen to it in Lever")),
        )


def _verb(prospect: Prospect, name: str, label: str) -> Remedy:
    return Remedy(label, reverse("admin:prospects_prospect_verb", args=[prospect.pk, name]), is_post=True)
