"""The queue's pulse."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from django.dispatch import receiver
from django.utils import timezone
from django_q.signals import pre_execute

from integrations.models import Heartbeat


def beat() -> None:
    """Went through the queue and was carried out: the queue moves."""
    Heartbeat.beat(timezone.now())


@receiver(pre_execute)
def beat_with_every_task(sender: Any, **kwargs: Any) -> None:
    """A long queue must not look like a dead one: the watchdog's own beat may stand behind minutes of work."""
    with suppress(DatabaseError):  # raised here it would end the worker
        beat()
