"""How somebody leaves a check for good: a candidate takes back their agreement, and both can be erased."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from checks import erasing, rights_letters
from checks.querysets import OPEN
from checks.reminding import Reminded
from checks.replying import DECLINED, SUBMITTED, Replying
from checks.searching import SearchWord
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.references import Reference


class Keyholding(Reminded):
    """Whoever has a page with their rights on it."""

    class Meta:
        abstract = True

    def stay_open(self, until: datetime) -> None:
        """The link to their page opens it until then, if not longer."""
        if self.token_expires_at and self.token_expires_at < until:
            self.stored.filter(token_expires_at__lt=until).update(token_expires_at=until)
            self.token_expires_at = until


class Withdrawing(Keyholding):
    """A check as its candidate's."""

    candidate_name: "models.CharField[str, str]"
    candidate_email: "models.CharField[str, str]"

    class Meta:
        abstract = True

    def withdraw(self, now: datetime) -> bool:
        """The candidate takes back their agreement: nobody is asked any more, and those who were are told.

        False when the check has ended: there is nothing to stop.
        """
        return self.of_check.cancel(now, why="withdrawn")

    def leave(self, now: datetime, by: User | None = None, words: str = "") -> bool:
        """Erase the whole check, and tell the candidate so in a last mail; False when it was erased before.

        `by` has granted it, and `words` are theirs; without `by` the candidate does it.
        """
        check = self.of_check
        with transaction.atomic():
            check.cancel(now, by, why="" if by else "withdrawn")
            rights_letters.say_erased(check, now, words)
            return check.erase(now, by, why="" if by else "asked")

    def put_right(self, name: str, email: str) -> None:
        self.stored.filter(erased_at=None).update(candidate_name=name, candidate_email=email)
        self.candidate_name, self.candidate_email = name, email
        SearchWord.keep(self.of_check)


class Leaving(Replying, Keyholding):
    """A reference who can be erased alone."""

    name: "models.CharField[str, str]"
    email: "models.CharField[str, str]"
    erased_at: "models.DateTimeField[datetime | None, datetime | None]"

    class Meta:
        abstract = True

    @property
    def as_reference(self) -> "Reference":
        raise NotImplementedError

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    @property
    def called(self) -> str:
        """Their name, for the candidate and for lists; once they are erased, that."""
        return self.name or _("Somebody whose data is deleted")

    def leave(self, now: datetime, by: User | None = None, words: str = "") -> bool:
        """Erase what is held about them, and tell them so in a last mail; False when that was done before.

        As long as the check goes on the candidate may name somebody else. Out of a report that is made already, what
        they said is taken. `by` and `words` as for a check.
        """
        reference, check = self.as_reference, self.of_check
        with transaction.atomic():
            check.hold()
            if not self.stored.filter(erased_at=None).update(erased_at=now):
                return False
            self.erased_at = now
            rights_letters.say_erased(reference, now, words)
            is_missed = self._move((*OPEN, SUBMITTED), DECLINED, submitted_at=None)
            if not is_missed:
                self._move(("bounced", "canceled"), DECLINED)
            if is_missed and check.is_live:
                self._write_to(Moment.CANDIDATE_ANOTHER, now, "another")
            check.record("forgotten", now, reference=reference, user=by)
            erasing.forget_one(reference, now)
            self._leave_a_gap(now)
        return True

    def _leave_a_gap(self, now: datetime) -> None:
        check = self.of_check
        if check.report_data:  # also that of a check that was opened again, which may yet end without another
            check.keep_report()
        if check.is_live:
            check.follow(now)

    def put_right(self, name: str, email: str) -> None:
        self.stored.filter(erased_at=None).update(name=name, email=email)
        # Else an earlier spelling would stay in the timeline when they are erased.
        self.of_check.events.filter(kind="replaced", detail=self.name).update(detail=name)
        self.name, self.email = name, email
        if self.of_check.report_data:
            self.of_check.keep_report()
