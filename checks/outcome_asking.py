"""When somebody is asked how it ended, who that is, and when it stops."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q

from accounts.models import User
from checks.outcome_heard import Heard
from checks.outcome_people import Asked
from checks.outcome_question import LIFETIME, OutcomeQuestion
from checks.querysets import LIVE
from notifications.models import Message
from templates_app.moments import Moment

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

MOST = 3  # mails to one who says nothing: the first and two repeats
BETWEEN = timedelta(days=7)  # them
LONGEST = timedelta(days=365)  # after completion nobody is asked any more, however often it was put off
PAUSE = timedelta(days=1)  # at least, between a mail and the next that somebody asks for at the desk
HANDS = 3  # through which one question may go
WANTED = ("ask-sooner", "not-decided", "handed-on")  # events: somebody wants (them) to be asked
NOBODY = "nobody"  # the trouble of an outcome: there was nobody to ask


class Asking(Heard):
    # Columns of the outcome, and what hangs on it.
    ask_at: "models.DateTimeField[datetime | None, datetime | None]"
    times_asked: "models.PositiveSmallIntegerField[int, int]"
    trouble: "models.CharField[str, str]"
    questions: "RelatedManager[OutcomeQuestion]"

    class Meta:
        abstract = True

    # --- when ---------------------------------------------------------------------------------------

    def begin(self, now: datetime) -> None:
        """The check is completed, or the ATS has taken its word back: ask when the organization's days have passed."""
        check = self.for_check
        days = check.organization.asks_outcome_after
        if self.is_known or days is None or check.completed_at is None:
            return
        day = max(now, check.completed_at + timedelta(days=days))
        self.change(ask_at=self.within(day), times_asked=0, trouble="")

    def rest(self, now: datetime) -> None:
        """Nobody is asked (any more), and what waits to be sent is not sent."""
        self.take_mails_back(now)
        if self.ask_at or self.trouble:
            self.change(ask_at=None, trouble="")

    def stop_asking(self, now: datetime, by: User) -> bool:
        """Somebody at the desk wants nobody asked; False when nobody was to be."""
        with transaction.atomic():
            if not self.hold() or not self.ask_at:
                return False
            self.rest(now)
            self.for_check.record("no-asking", now, user=by)
        return True

    def hasten(self, now: datetime, by: User) -> bool:
        """Ask as soon as the ATS has been asked once more, and not on the day; False when that may not be."""
        with transaction.atomic():
            if not self.hold() or not self.may_be_hastened(now):
                return False
            self.change(ask_at=now, times_asked=0, trouble="")
            self.for_check.record("ask-sooner", now, user=by)
        return True

    def may_be_hastened(self, now: datetime) -> bool:
        if self.is_known or self.for_check.completed_at is None or (self.ask_at and self.ask_at <= now):
            return False
        return not self.questions.filter(asked_at__gt=now - PAUSE).exists()

    def is_wanted(self, now: datetime) -> bool:
        """Somebody wants to be asked about just this one; or the organization asks, and does not about another check
        of the same opportunity that is newer, or of which somebody has said it since. Nobody does after a year.
        """
        check = self.for_check
        if self.within(now) is None:
            return False
        if check.events.filter(kind__in=WANTED).exists():
            return True
        if check.organization.asks_outcome_after is None:
            return False
        others = type(check).objects.filter(organization=check.organization_id).of(check.opportunity_id)
        is_newer = Q(pk__gt=check.pk, status__in=(*LIVE, check.Status.COMPLETED))
        is_said = Q(outcome__said_at__gte=check.completed_at) & ~Q(pk=check.pk)
        return check.is_by_hand or not others.filter(is_newer | is_said).exists()

    def drop(self, now: datetime) -> None:
        """Its day has come, and nobody wants it asked by now."""
        with transaction.atomic():
            if self.hold() and self.is_due(now) and not self.is_wanted(now):
                self.rest(now)

    def take_mails_back(self, now: datetime) -> None:
        Message.objects.about(self.for_check.topic).filter(kind=Moment.OUTCOME_ASKED).cancel(now)

    # --- whom ---------------------------------------------------------------------------------------

    def again(self) -> Asked | None:
        """Whom to ask again: who asked for it, or was handed the question. None: whoever it belongs to now."""
        last = self.questions.order_by("-asked_at", "-pk").first()
        if last is None or not (last.answer == last.Answer.LATER or last.role == "handed-on"):
            return None
        return self.first_of([Asked(last.name, last.email, last.role)])

    def first_of(self, people: Iterable[Asked]) -> Asked | None:
        """The first who can be written to: with an address at which the question has not come back, and who has not
        lost their account here.
        """
        found = [person for person in people if person.email]
        addresses = {person.email.strip().lower() for person in found}
        shut_out = User.objects.filter(
            organization=self.for_check.organization_id, is_active=False, email__in=addresses
        ).values_list("email", flat=True)
        returned = Message.objects.about(self.for_check.topic).returned().filter(kind=Moment.OUTCOME_ASKED)
        not_to = {address.lower() for address in (*shut_out, *returned.values_list("to_address", flat=True))}
        return next((person for person in found if person.email.strip().lower() not in not_to), None)

    def known_here(self) -> Iterator[Asked]:
        """Whom we know without the ATS, best first."""
        check = self.for_check
        yield Asked(check.owner_name, check.owner_email, "begun-by" if check.is_by_hand else "owner")
        yield Asked(check.frozen.hiring_manager_name, check.frozen.hiring_manager_email, "hiring-manager")
        yield Asked(check.organization.contact_name, check.organization.contact_email, "default")

    # --- asking -------------------------------------------------------------------------------------

    def ask(self, person: Asked, now: datetime) -> OutcomeQuestion | None:
        """Put the question to somebody by e-mail. None when it is not time (any more): who asks twice, asks once.

        Without an answer it is put again after a week, at most twice. Whoever calls this has asked the ATS, and
        `again()` before they looked for somebody.
        """
        with transaction.atomic():
            if not self.hold() or not self.is_due(now):
                return None
            return self.put(person, now)

    def is_due(self, now: datetime) -> bool:
        return bool(self.ask_at and self.ask_at <= now and not self.is_known and self.for_check.completed_at)

    def put(self, person: Asked, now: datetime, handed_on_by: str = "") -> OutcomeQuestion:
        """The caller holds the check, and knows that somebody is to be asked."""
        times = self.times_asked + 1
        self.change(times_asked=times, trouble="", ask_at=self.within(now + BETWEEN) if times < MOST else None)
        question = self.questions.create(
            name=person.name[:160],
            email=person.email.strip(),
            role=person.role,
            handed_on_by=handed_on_by[:160],
            asked_at=now,
            expires_at=now + LIFETIME,
        )
        question.send(now)
        self.for_check.record("asked-ended", now, detail=question.called)
        return question

    def ask_without_ats(self, now: datetime) -> OutcomeQuestion | None:
        """For checks begun by hand, or where there is no connection to ask first."""
        person = self.again() or self.first_of(self.known_here())
        if person:
            return self.ask(person, now)
        self.nobody_to_ask(now)
        return None

    def nobody_to_ask(self, now: datetime) -> None:
        """Said on the desk, and tried again in a week: an owner may be named in the ATS meanwhile."""
        with transaction.atomic():
            if not self.hold() or not self.is_due(now):
                return
            is_news = not self.trouble
            self.change(trouble=NOBODY, ask_at=self.within(now + BETWEEN))
            if is_news:
                self.for_check.record("nobody-asked", now)

    def put_off(self, until: datetime, now: datetime) -> None:
        """Somebody wants to be asked then; mails count anew. The caller holds the check."""
        self.take_mails_back(now)
        self.change(ask_at=self.within(until), times_asked=0, trouble="")

    def may_be_handed_on(self) -> bool:
        handed: int = self.questions.filter(role="handed-on").count()
        return handed < HANDS

    def within(self, moment: datetime) -> datetime | None:
        """That moment, unless the year after completion is over by then."""
        completed = self.for_check.completed_at
        return moment if completed and moment <= completed + LONGEST else None

    def last_asked(self) -> Any:
        """The newest question, for pages."""
        return self.questions.order_by("-asked_at", "-pk").first()
