"""What goes when a check is erased: everything about its candidate and the people who were asked. Or about one of them.

Rows stay, so that there was a check, when, with which template, and how many answered can still be counted.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from checks.answers import Answer
from checks.events import IMPERSONAL
from checks.integrity import IntegritySignal
from checks.interest import JobInterest
from checks.outcome import Outcome, OutcomeQuestion
from checks.rights import RightsRequest
from checks.searching import SearchWord
from checks.self_assessment import SelfAssessment
from checks.shares import Share
from checks.visits import Visit
from notifications.models import Message, MessageQuerySet
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Reference

OF_THE_CHECK: dict[str, Any] = {
    "contact_id": "",
    "profile_url": "",
    "candidate_name": "",
    "candidate_email": "",
    "candidate_phone": "",
    "consent_text": "",
    "draft": {},
    "drafted_at": None,
    "fewer_because": "",
    "report_data": None,
}
OF_A_REFERENCE: dict[str, Any] = {
    "name": "",
    "email": "",
    "company": "",
    "title": "",
    "phone": "",
    "time_zone": "",
    "worked_from": None,
    "worked_until": None,
    "why_other": "",
    "personal_line": "",
    "corrections": {},
    "decline_kind": "",
    "decline_reason": "",
    "wants_call_at": None,
    "call_when": "",
}
# How it ended stays, for it is counted; who said so, and who was asked, goes.
OF_THE_OUTCOME: dict[str, Any] = {"ats_reason": "", "said_name": "", "said_email": "", "ask_at": None, "trouble": ""}
OF_A_QUESTION: dict[str, Any] = {"name": "", "email": "", "handed_on_by": ""}
# What hangs on a check, by the way to it; and on one reference. Nothing of these is a figure that is counted.
WITH_THE_CHECK: dict[type[Model], str] = {
    Answer: "reference__for_check",
    IntegritySignal: "for_check",
    JobInterest: "reference__for_check",
    SearchWord: "for_check",
    SelfAssessment: "for_check",
    Share: "for_check",
    Visit: "for_check",
}
WITH_A_REFERENCE: tuple[type[Model], ...] = (Answer, IntegritySignal, JobInterest, Visit)


def forget(check: "Check", now: datetime) -> None:
    """Blank all that is personal. The caller holds the check and the transaction, and has ended the check."""
    _set(check, {**OF_THE_CHECK, "token_expires_at": now, "resolved_at": check.resolved_at or now})
    check.shares.all().revoke(now)
    references, shares = list(check.references.all()), list(check.shares.all())
    for model, way in WITH_THE_CHECK.items():
        model._default_manager.filter(**{way: check}).delete()
    Outcome.objects.filter(for_check=check).update(**OF_THE_OUTCOME)
    OutcomeQuestion.objects.filter(outcome__for_check=check).update(**OF_A_QUESTION, expires_at=now)
    Message.objects.about(check.topic).filter(kind=Moment.OUTCOME_ASKED).cancel(now)
    check.rights_requests.all().forget(now)
    check.references.update(**OF_A_REFERENCE, token_expires_at=now)
    check.events.exclude(kind__in=IMPERSONAL).update(detail="")
    messages = Message.objects.filter(
        topic__in=[check.topic, *(each.topic for each in references), *(each.topic for each in shares)]
    )
    _forget_in_logs(check, messages)
    messages.forget()


def forget_one(reference: "Reference", now: datetime) -> None:
    """Blank what is personal of one of them. The caller holds the check and the transaction."""
    check, name = reference.for_check, reference.name
    if any(each and each in str(check.draft) for each in (name, reference.email)):
        _set(check, {"draft": {}, "drafted_at": None})
    _set(reference, {**OF_A_REFERENCE, "token_expires_at": now})
    for model in WITH_A_REFERENCE:
        model._default_manager.filter(reference=reference).delete()
    IntegritySignal.objects.filter(other=reference).delete()
    RightsRequest.objects.filter(reference=reference).forget(now)
    check.events.filter(Q(reference=reference) | Q(detail=name)).exclude(kind__in=IMPERSONAL).update(detail="")
    messages = _naming(reference)
    _forget_in_logs(reference, messages)
    messages.forget()


def _naming(reference: "Reference") -> MessageQuerySet:
    """What was written to them, and to others about them."""
    check = reference.for_check
    about_them = Q(topic=reference.topic) | Q(key__startswith=f"{reference.topic}:") | Q(kind=Moment.OWNER_OVERDUE)
    return Message.objects.filter(about_them, topic__in=[check.topic, reference.topic])


def _set(row: "Check | Reference", changes: dict[str, Any]) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)


def _forget_in_logs(row: "Check | Reference", messages: QuerySet[Message]) -> None:
    """Django writes down what each row was called that somebody did something to."""
    named = _of(type(row), [row.pk]) | _of(Message, messages.values_list("pk", flat=True))
    LogEntry.objects.filter(named).update(object_repr=_("Erased"))


def _of(model: type[Model], ids: Any) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids])
