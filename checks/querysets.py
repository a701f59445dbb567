from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import CharField, Count, Exists, Model, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.querysets import OrganizationQuerySet
from notifications.models import Message

if TYPE_CHECKING:  # ruff takes the names in the brackets below for plain texts
    from checks.models import Check, Event, Outcome, Reference  # noqa: F401

M = TypeVar("M", bound=Model)

LIVE = ("submitted", "awaiting")
OPEN = ("asked", "started")
GONE = ("declined", "bounced")
NOT_COUNTED = ("replaced",)


def _unreached(subject: str, *kinds: str) -> Q:
    """Those whom mails did not reach: from the few that came back, not from the many who are asked.

    What came back before they were invited anew went to another address, or has been mended. A text message that came
    back counts where there is no mail beside it.
    """
    mails = Message.objects.returned().filter(kind__in=kinds)
    topic = Concat(Value(f"{subject}:"), Cast(OuterRef("pk"), CharField()))
    since_invited = mails.filter(topic=topic, pk__gte=OuterRef("invitation"), channel=OuterRef("invitation__channel"))
    return Q(Exists(since_invited), pk__in=mails.rows_of(subject))


class CheckQuerySet(OrganizationQuerySet["Check"]):
    to_owner = "owner_email"
    to_followers = "followers__email"

    def readable_by(self, user: Any) -> Self:
        """Those whose report this person may read: of a private one the owner, the hiring manager and named readers.

        The one place that says so: pages, files, exports and lists of reports all ask it.
        """
        rows = self.visible_to(user)
        if not user.is_authenticated:
            return rows
        named = self.model.readers.through._default_manager.filter(user=user.pk).values("check")
        manager = Q(frozen_template__hiring_manager_email__iexact=user.email)
        return rows.filter(Q(is_private=False) | Q(owner_email__iexact=user.email) | manager | Q(pk__in=named))

    def of(self, opportunity_id: str) -> Self:
        return self.filter(opportunity_id=opportunity_id)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def completed(self) -> Self:
        return self.filter(status="completed")

    def not_erased(self) -> Self:
        """Those that hold personal data."""
        return self.filter(erased_at=None)

    def ended_before(self, moment: datetime) -> Self:
        """Over for longer than that, and not erased yet; the oldest first."""
        return self.not_erased().filter(ended_at__lte=moment).order_by("ended_at")

    def with_problem(self) -> Self:
        """In error, and nobody has put it right yet."""
        return self.filter(status="error", resolved_at=None)

    def overdue_at(self, now: datetime) -> Self:
        return self.live().filter(is_overdue=False, due_at__lte=now)

    def expired_at(self, now: datetime) -> Self:
        return self.live().filter(expires_at__lte=now)

    def to_remind(self, now: datetime) -> Self:
        """Candidates whose turn has come."""
        return self.filter(remind_at__lte=now)

    def to_conclude(self, now: datetime) -> Self:
        """Whose day has come to conclude with what is in."""
        return self.filter(conclude_at__lte=now)

    def uninvited(self) -> Self:
        """The mail to the candidate, or a reminder of it, was refused for good or came back."""
        return self.filter(_unreached("check", "candidate-request", "candidate-reminder"), status="submitted")

    def unread_by(self, user_id: int) -> Self:
        # One filter: the event that is an opening must be the one that is theirs. `exclude` would ask for any of each.
        opened = self.model._base_manager.filter(events__kind="opened", events__user_id=user_id)
        return self.completed().not_erased().exclude(pk__in=opened.values("pk"))

    def with_counts(self) -> Self:
        """How many references are asked for in all, and how many have answered."""
        return self.annotate(
            asked_count=Count("references", filter=~Q(references__status__in=NOT_COUNTED), distinct=True),
            answered_count=Count("references", filter=Q(references__status="submitted"), distinct=True),
        )


class OfChecksQuerySet(OrganizationQuerySet[M]):
    """Rows that belong to a check, and are seen by who sees the check."""

    to_organization = "for_check__organization"
    to_owner = "for_check__owner_email"
    to_followers = "for_check__followers__email"


class ReferenceQuerySet(OfChecksQuerySet["Reference"]):
    def open(self) -> Self:
        """Asked, and neither answered nor out of it."""
        return self.filter(status__in=OPEN)

    def gone(self) -> Self:
        """Will not answer; somebody else may be named instead."""
        return self.filter(status__in=GONE)

    def without_answer(self) -> Self:
        """Will not answer, or have not after the last reminder: the candidate was asked for somebody else."""
        return self.filter(Q(status__in=GONE) | Q(status__in=OPEN, silent_since__isnull=False))

    def not_waited_for(self) -> Self:
        """Had not answered when the check was over, and can be asked once more: their own word did not end it."""
        return self.filter(status="canceled").exclude(email="", phone="")

    def to_remind(self, now: datetime) -> Self:
        """Whose turn has come: to be reminded, or to be taken for silent."""
        return self.filter(remind_at__lte=now)

    def counted(self) -> Self:
        return self.exclude(status__in=NOT_COUNTED)

    def submitted(self) -> Self:
        return self.filter(status="submitted")

    def bouncing(self) -> Self:
        """Still taken for asked, but the mail, or a reminder of it, was refused for good or came back."""
        return self.filter(_unreached("reference", "reference-request", "reference-reminder"), status="asked")

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class EventQuerySet(OfChecksQuerySet["Event"]):
    pass


def how_it_ended(value: str, way: str = "") -> Q:
    """Of a value of `Ended`, undisputed, or "differs": among outcomes, or among rows that `way` leads from."""
    ats, said = f"{way}in_ats", f"{way}said"
    if value == "differs":
        return Q(**{ats: "hired", said: "not-hired"}) | Q(**{ats: "not-hired", said: "hired"})
    return Q(**{ats: value, f"{said}__in": ("", value)}) | Q(**{ats: "", said: value})


class OutcomeQuerySet(OfChecksQuerySet["Outcome"]):
    def to_ask(self, now: datetime) -> Self:
        """Where it is time to ask somebody how it ended; the longest overdue first."""
        return self.filter(ask_at__lte=now).order_by("ask_at", "pk")
