"""How it ended, where somebody has to look: two answers that differ, nobody to ask, a question that came back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from checks.models import Check, Outcome, OutcomeQuestion
from checks.outcome_admin import conflict
from checks.outcome_asking import NOBODY
from checks.outcome_letters import KEY
from checks.querysets import CheckQuerySet, how_it_ended
from config.troubles import AT_MOST, Remedy, Trouble, page_of
from notifications.models import Message

LATELY = timedelta(days=90)  # questions that came back before are on the check's page


def undecided(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    """Lever says one thing and somebody the other; or there is nobody to ask."""
    either = how_it_ended("differs") | Q(trouble=NOBODY)
    rows = Outcome.objects.filter(either, for_check__in=checks.not_erased()).select_related("for_check", "said_by")
    for outcome in rows.defer("for_check__token", "for_check__report_data").order_by("pk")[: AT_MOST + 1]:
        yield _two_answers(outcome) if outcome.is_conflict else _nobody(outcome)


def _two_answers(outcome: Outcome) -> Trouble:
    since = max(filter(None, (outcome.said_at, outcome.ats_since)), default=None)
    return _about(outcome, _("Two answers"), conflict(outcome), since)


def _nobody(outcome: Outcome) -> Trouble:
    sentence = _("We do not know whether %(name)s was hired, and there is nobody to ask. Say it on the check’s page.")
    words = {"name": outcome.for_check.first_name}
    return _about(outcome, _("Nobody to ask"), sentence % words, outcome.for_check.completed_at)


def unreached(checks: CheckQuerySet, user: User, now: datetime) -> Iterator[Trouble]:
    """The newest question to somebody, where nobody has said anything since."""
    returned = Message.objects.returned().filter(key=Concat(Value(KEY), Cast(OuterRef("pk"), CharField())))
    newer = OutcomeQuestion.objects.filter(outcome=OuterRef("outcome"), pk__gt=OuterRef("pk"))
    rows = OutcomeQuestion.objects.filter(asked_at__gt=now - LATELY, answer="")
    rows = rows.filter(outcome__for_check__in=checks.not_erased())
    rows = rows.filter(Exists(returned), ~Exists(newer), outcome__in_ats="", outcome__said="", outcome__trouble="")
    for question in rows.select_related("outcome__for_check").order_by("asked_at")[: AT_MOST + 1]:
        words = {"person": question.called, "name": question.outcome.for_check.first_name}
        sentence = _("The mail that asked %(person)s whether %(name)s was hired came back. Say it on the check’s page.")
        yield _about(question.outcome, _("Came back"), sentence % words, question.asked_at)


def _about(outcome: Outcome, word: str, sentence: str, since: datetime | None) -> Trouble:
    check: Check = outcome.for_check
    return Trouble(
        who=check.candidate_name or check.opportunity_id,
        url=page_of(check),
        position=check.position,
        shape="warn",
        word=word,
        sentence=sentence,
        since=since,
        remedy=Remedy(_("See how it ended"), f"{reverse('admin:checks_check_change', args=[check.pk])}#ended"),
    )
