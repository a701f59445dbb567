"""What time does to prospects, and what a crash left behind."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from checks.interest import JobInterest
from checks.keeping import months_from
from notifications.leases import FAILED, WAITING
from notifications.models import Message
from notifications.tasks import wake_sender
from prospects.consent import ANSWER_WITHIN
from prospects.letters import ASKED
from prospects.models import Errand, Prospect

AT_ONCE = 200  # rows a round; the next one takes the rest
ROWS_AT_ONCE = 5000  # of those that cost next to nothing


def tend(now: datetime) -> None:
    """Every minute; each part is safe to repeat. Tokens are not read, so that one that cannot be stops nobody else."""
    take_up_choices(now)
    end_what_is_over(now)
    tell_of_returned_mail()
    give_up_looking(now)
    erase_what_is_left(now)
    want_missing_exports(now)


def take_up_choices(now: datetime) -> None:
    """References who chose it before there were prospects. A choice whose time has run out meanwhile is over."""
    by_reference = Prospect.objects.filter(reference=OuterRef("reference"))
    by_address = Prospect.objects.filter(
        organization=OuterRef("reference__for_check__organization"), email=Lower(OuterRef("reference__email"))
    )
    left = JobInterest.objects.filter(~Exists(by_reference), ~Exists(by_address), withdrawn_at=None)
    left = left.exclude(reference__email="").select_related("reference__for_check__organization")
    for interest in left.order_by("pk")[:AT_ONCE]:
        if months_from(interest.given_at, interest.months) <= now:
            JobInterest.objects.filter(pk=interest.pk).update(withdrawn_at=now)
        else:
            Prospect.choose(interest.reference, interest, now)
            wake_sender()


def end_what_is_over(now: datetime) -> None:
    rows = Prospect.objects.defer("token").select_related("organization")
    for prospect in rows.over_at(now).order_by("ends_at")[:AT_ONCE]:
        prospect.end(now)
    for prospect in rows.unanswered_since(now - ANSWER_WITHIN).order_by("agreed_at")[:AT_ONCE]:
        prospect.lapse(now)


def tell_of_returned_mail() -> None:
    """Who cannot be asked by mail stays unconfirmed; whoever looks at them reads why."""
    ids = Message.objects.returned().rows_of("prospect")
    for prospect in Prospect.objects.defer("token").filter(state="unconfirmed", problem="", pk__in=ids)[:AT_ONCE]:
        if why := _why_it_came_back(prospect):
            Prospect.objects.filter(pk=prospect.pk, state="unconfirmed").update(problem=why)


def _why_it_came_back(prospect: Prospect) -> str:
    """In words; "" where the newest mail that asks has not come back."""
    newest = Message.objects.about(prospect.topic).filter(kind=ASKED).order_by("pk").last()
    if newest is None or (newest.state != Message.State.FAILED and newest.fate != Message.Fate.BOUNCED):
        return ""
    return _("The mail that asks whether it was them came back: %(why)s") % {"why": newest.trouble}


def give_up_looking(now: datetime) -> None:
    """An address is kept no longer than a month after the end to find out whether it had come into Lever."""
    long_ago = now - ANSWER_WITHIN
    is_long_over = Q(prospect__withdrawn_at__lte=long_ago) | Q(
        prospect__withdrawn_at=None, prospect__ends_at__lte=long_ago
    )
    looking = Errand.objects.waiting().filter(kind="farewell", prospect__in=Prospect.objects.unerased().values("pk"))
    looking.filter(is_long_over).update(state=Errand.State.SUPERSEDED, done_at=now, leased_until=None)


def erase_what_is_left(now: datetime) -> None:
    """Of those whom somebody has looked for in Lever meanwhile; and where they stand there, once that is seen to."""
    errands = Errand.objects.filter(prospect=OuterRef("pk"))
    is_looked_for = Exists(errands.filter(kind="farewell", state=WAITING))
    for prospect in Prospect.objects.unerased().filter(~is_looked_for).defer("token").order_by("pk")[:AT_ONCE]:
        prospect.erase(now)
    is_open = Exists(errands.filter(kind="farewell", state__in=(WAITING, FAILED)))
    cleared = Prospect.objects.filter(~is_open, state__in=("withdrawn", "ended")).exclude(cleared_at=None)
    cleared.exclude(opportunity_id="").update(opportunity_id="", contact_id="", profile_url="")


def want_missing_exports(now: datetime) -> None:
    """Of those who confirmed before Lever was connected. The switches are asked when the rows are due."""
    has_one = Exists(Errand.objects.filter(prospect=OuterRef("pk"), kind="export"))
    rows = Prospect.objects.waiting().filter(~has_one, organization__connection__isnull=False).order_by("pk")
    found = rows.values_list("pk", "organization__connection")[:ROWS_AT_ONCE]
    row = {"kind": "export", "next_at": now, "created_at": now}
    Errand.objects.bulk_create(
        [Errand(prospect_id=pk, connection_id=connection, **row) for pk, connection in found], ignore_conflicts=True
    )
