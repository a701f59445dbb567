"""What a reference chose about hearing of jobs, on the way to becoming a prospect."""

from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from checks.interest import JobInterest
from checks.models import Reference
from checks.signals import interest_changed
from integrations.forms import SWITCHES
from integrations.models import Connection
from notifications.tasks import wake_sender
from prospects.models import Prospect
from prospects.tasks import wake_export


@receiver(interest_changed)
def follow_choice(
    sender: Any, reference: Reference, interest: JobInterest | None, now: datetime, **kwargs: Any
) -> None:
    """In the transaction of the choice."""
    if interest is None:
        for prospect in Prospect.objects.of(reference):
            prospect.withdraw(now)
        wake_export()
    elif reference.email:
        Prospect.choose(reference, interest, now)
        wake_sender()


@receiver(post_delete, sender=JobInterest)
def part_from_the_reference(sender: Any, instance: JobInterest, **kwargs: Any) -> None:
    """The reference, or the whole check, is being erased. Who is a prospect stays one, by a choice of their own; where
    they came from is not told any more.
    """
    Prospect.objects.filter(reference=instance.reference_id).update(reference=None)


@receiver(post_save, sender=Connection)
def begin_at_once(sender: Any, update_fields: frozenset[str] | None, **kwargs: Any) -> None:
    """A switch on the connection's page was put on."""
    if not {*SWITCHES.values()}.isdisjoint(update_fields or ()):
        wake_export()
