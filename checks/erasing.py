"""What goes when a check is erased: everything about its candidate and the people who were asked.

Its rows stay, so that there was a check, when, with which template, and how many answered can still be counted.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from checks.events import IMPERSONAL
from checks.references import Answer
from checks.self_assessment import SelfAssessment
from notifications.models import Message

if TYPE_CHECKING:
    from checks.models import Check

OF_THE_CHECK: dict[str, Any] = {
    "contact_id": "",
    "profile_url": "",
    "candidate_name": "",
    "candidate_email": "",
    "candidate_phone": "",
    "consent_text": "",
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
    "decline_reason": "",
}


def forget(check: "Check", now: datetime) -> None:
    """Blank all that is personal. The caller holds the check and the transaction, and has ended the check."""
    changes = {**OF_THE_CHECK, "token_expires_at": now, "resolved_at": check.resolved_at or now}
    type(check)._base_manager.filter(pk=check.pk).update(**changes)
    for name, value in changes.items():
        setattr(check, name, value)
    Answer.objects.filter(reference__for_check=check).delete()
    SelfAssessment.objects.filter(for_check=check).delete()
    references = list(check.references.all())
    check.references.update(**OF_A_REFERENCE, token_expires_at=now)
    check.events.exclude(kind__in=IMPERSONAL).update(detail="")
    messages = Message.objects.filter(topic__in=[check.topic, *(reference.topic for reference in references)])
    _forget_in_logs(check, messages)
    messages.forget()


def _forget_in_logs(check: "Check", messages: QuerySet[Message]) -> None:
    """Django writes down what each row was called that somebody did something to."""
    named = _of(type(check), [check.pk]) | _of(Message, messages.values_list("pk", flat=True))
    LogEntry.objects.filter(named).update(object_repr=_("Erased"))


def _of(model: type[Model], ids: Any) -> Q:
    return Q(content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids])
