"""What a prospect agrees to: chosen on a page, confirmed by mail, chosen anew, taken back, and over when its time is.

A choice that is over leaves the row and its token, so that the link in every mail opens something true for ever.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import structlog
from django.db import models, transaction
from django.db.models import Q

from accounts.models import Organization, User
from checks.doors import Door
from checks.interest import JobInterest
from checks.keeping import months_from
from integrations.models import Connection
from notifications.leases import DONE, FAILED, WAITING
from notifications.models import Message
from prospects import letters
from prospects.suppression import Suppression

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from checks.models import Reference
    from prospects.models import Errand

log = structlog.get_logger(__name__)

ANSWER_WITHIN = timedelta(days=30)  # else there was nobody who meant it
WILLING = ("waiting", "exported", "known", "refused")
# What goes when it is over. The address goes with it, unless it is still needed for a look into Lever.
PERSONAL = {"name": "", "phone": "", "company": "", "title": "", "topics": "", "consent_text": "", "problem": ""}


class Consenting(Door):
    """A prospect as one who decides."""

    organization: "models.ForeignKey[Any, Organization]"
    reference_id: int | None
    state: "models.CharField[Any, Any]"
    name: "models.CharField[str, str]"
    email: "models.CharField[str, str]"
    language: "models.CharField[str, str]"
    opportunity_id: "models.CharField[str, str]"
    months: "models.PositiveSmallIntegerField[int, int]"
    consent_text: "models.TextField[str, str]"
    agreed_at: "models.DateTimeField[datetime, datetime]"
    created_at: "models.DateTimeField[datetime, datetime]"
    withdrawn_at: "models.DateTimeField[datetime | None, datetime | None]"
    ends_at: "models.DateTimeField[datetime | None, datetime | None]"
    exported_at: "models.DateTimeField[datetime | None, datetime | None]"
    errands: "RelatedManager[Errand]"

    class Meta:
        abstract = True

    @property
    def topic(self) -> str:
        raise NotImplementedError

    @property
    def is_willing(self) -> bool:
        """They have said yes and confirmed it, and its time is not over."""
        return self.state in WILLING

    # --- verbs --------------------------------------------------------------------------------------

    @classmethod
    def choose(cls, reference: "Reference", interest: JobInterest, now: datetime) -> Self:
        """A reference has said that they wish to hear of jobs: ask them by mail whether it was them.

        Of the willing, whom the address has confirmed before, it renews what was agreed and for how long. One address
        is one prospect, whoever named it; and nothing is taken over that a candidate has said of them but the name.
        """
        organization = reference.for_check.organization
        with transaction.atomic():
            # One choice at a time within an organization: two for one address must not both make a row.
            Organization.objects.select_for_update().get(pk=organization.pk)
            found = cls._of(reference) or cls(organization=organization, created_at=now)
            if found.pk:
                found.hold()
            found._take(reference, interest, now)
        return found

    @classmethod
    def _of(cls, reference: "Reference") -> Self | None:
        """By the address; else the row that this reference left behind when an earlier choice was over."""
        rows = cls._base_manager.filter(organization=reference.for_check.organization_id)
        return rows.filter(email=_address(reference)).first() or rows.filter(reference=reference, email="").first()

    def _take(self, reference: "Reference", interest: JobInterest, now: datetime) -> None:
        said: dict[str, Any] = {
            "reference": reference,
            "source": "reference",
            "months": interest.months,
            "topics": interest.topics,
            "consent_text": interest.consent_text,
            "agreed_at": interest.given_at,
        }
        if self.is_willing:
            is_new = self.consent_text != interest.consent_text
            self._set(**said, ends_at=months_from(now, interest.months))
            if self.state == "exported":
                self.want("note", now)
            if is_new:
                letters.say_renewed(self, now)
            return
        was_asked = self.pk is not None and self.state == "unconfirmed"
        who = {"name": reference.name, "email": _address(reference), "language": reference.spoken}
        self._set(**said, **who, state="unconfirmed", confirmed_at=None, erased_at=None, problem="")
        letters.ask_whether_it_was_them(self, now, was_asked=was_asked)

    def confirm(self, now: datetime, **said: str) -> bool:
        """It was them. `said`: their name, telephone, company and title in their own words; False when not asked."""
        with transaction.atomic():
            self.hold()
            if self.state != "unconfirmed":
                return False
            Suppression.lift(self.organization, self.email)
            begun = {"state": "waiting", "confirmed_at": now, "ends_at": months_from(now, self.months)}
            self._set(**begun, **said, withdrawn_at=None, cleared_at=None, cleared_by=None, problem="")
            self._drop("farewell", now)
            self.want("export", now)
        return True

    def withdraw(self, now: datetime, by: User | None = None) -> bool:
        """They do not wish it, whether they had confirmed it or not; `by` was told so. False when it was over before.

        The address is remembered as one that only its owner makes a prospect again.
        """
        with transaction.atomic():
            self.hold()
            if not self.is_willing and self.state != "unconfirmed":
                return False
            Suppression.add(self.organization, self.email, now)
            self._stop("withdrawn", now, withdrawn_at=now)
        log.info("prospect withdrawn", prospect=self.pk, by=by.pk if by else None)
        return True

    def end(self, now: datetime) -> bool:
        """The time that they agreed to is over; False when it is not."""
        with transaction.atomic():
            self.hold()
            if not self.is_willing or self.ends_at is None or self.ends_at > now:
                return False
            self._stop("ended", now)
        return True

    def lapse(self, now: datetime) -> bool:
        """Nobody answered the mail that asks: what was known is erased, and an earlier no is a no again."""
        with transaction.atomic():
            self.hold()
            if self.state != "unconfirmed" or max(self.agreed_at, self.created_at) > now - ANSWER_WITHIN:
                return False
            self._stop("withdrawn" if self.withdrawn_at else "ended", now)
        return True

    def erase(self, now: datetime) -> bool:
        """Blank what is personal of one whose choice is over. False as long as something is kept.

        An export that was begun may have reached Lever although its answer was lost. As long as somebody has to look
        there the address stays, for they are looked for by it; whoever has looked calls this again.
        """
        if self.is_willing or self.state == "unconfirmed":
            return False
        is_in_doubt = not self.opportunity_id and self.errands.filter(kind="farewell", state=WAITING).exists()
        self._set(**PERSONAL, **({} if is_in_doubt else {"email": "", "erased_at": now}))
        Message.objects.about(self.topic).forget()
        return not is_in_doubt

    def want(self, kind: str, now: datetime) -> None:
        """Have something done in Lever, or done anew; where Lever is not connected, that is made up for when it is."""
        connection = Connection.objects.filter(organization=self.organization).first()
        if connection is None:
            return
        row = {"connection": connection, "next_at": now, "created_at": now}
        errand, is_new = self.errands.get_or_create(kind=kind, defaults=row)
        if not is_new and not errand.process_again(max(now, errand.leased_until or now)):
            self.errands.filter(pk=errand.pk, state=WAITING).update(next_at=now)

    def speak(self, language: str) -> None:
        self._set(language=language)

    # --- how ----------------------------------------------------------------------------------------

    def hold(self) -> None:
        """Lock the row to the end of the transaction, and see it as it is now."""
        self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update())

    def _stop(self, state: str, now: datetime, **more: Any) -> None:
        """Nothing is done any more but to say goodbye where they are in Lever, or to look whether they are."""
        # Begun without an end: Lever may have them although its answer was lost, and somebody may still be writing.
        begun = self.errands.filter(kind="export", attempts__gt=0).exclude(state=DONE).first()
        has_goodbye = not self.is_willing and self.errands.filter(kind="farewell", state=DONE).exists()
        if (self.exported_at or begun) and not has_goodbye:
            self.want("farewell", max(now, (begun and begun.leased_until) or now))
        self._drop("note", now)
        self._drop("export", now)
        self._close_choices(now)
        nowhere = {} if self.exported_at else {"opportunity_id": "", "contact_id": "", "profile_url": ""}
        self._set(state=state, **nowhere, **more)
        Message.objects.about(self.topic).cancel(now)
        self.erase(now)

    def _drop(self, kind: str, now: datetime) -> None:
        """Also what was given up: nobody needs to try it again, nor to read what Lever said of them. The lease stays,
        for somebody may still be at it.
        """
        undone = self.errands.filter(kind=kind, state__in=(WAITING, FAILED))
        undone.update(state="superseded", done_at=now, error="")

    def _close_choices(self, now: datetime) -> None:
        """On their pages as references the box is empty again."""
        theirs = Q(reference=self.reference_id) | Q(reference__email__iexact=self.email)
        of_organization = JobInterest.objects.filter(reference__for_check__organization=self.organization)
        of_organization.filter(theirs, withdrawn_at=None).update(withdrawn_at=now)

    def _set(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        if self.pk:
            type(self)._base_manager.filter(pk=self.pk).update(**changes)
        else:
            self.save()


def _address(reference: "Reference") -> str:
    return reference.email.strip().lower()
