"""What candidates and references ask for about their data: somebody has to answer it, within a month."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from checks.models import RightsRequest
from checks.querysets import LIVE, CheckQuerySet
from checks.rights import MAY_SETTLE
from config.troubles import AT_MOST, Remedy, Trouble, page_of

SENTENCES: dict[str, Any] = {
    RightsRequest.Kind.CORRECT: gettext_lazy("%(who)s asks for a correction. To be answered by %(date)s."),
    RightsRequest.Kind.DELETE: gettext_lazy("%(who)s asks to be deleted. To be answered by %(date)s."),
    RightsRequest.Kind.OBJECT: gettext_lazy("%(who)s objects to the use of their data. To be answered by %(date)s."),
}


def requested(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    rows = RightsRequest.objects.open().filter(for_check__in=checks).select_related("for_check", "reference")
    unread = ("for_check__token", "for_check__report_data", "reference__token")
    found = rows.defer(*unread).order_by("due_at")[: AT_MOST + 1]
    may = user.has_perm(MAY_SETTLE)
    for asked in found:
        day = date_format(timezone.localtime(asked.due_at), "MONTH_DAY_FORMAT")
        check = asked.for_check
        yield Trouble(
            who=check.candidate_name or check.opportunity_id,
            url=page_of(check),
            position=check.position,
            live_check=check.pk if check.status in LIVE else None,
            shape="bad" if asked.due_at <= now else "warn",
            word=_("Data"),
            sentence=str(SENTENCES[asked.kind]) % {"who": asked.who, "date": day},
            since=asked.asked_at,
            remedy=Remedy(_("Answer it"), asked.page) if may else None,
        )
