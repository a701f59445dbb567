"""The queue's pulse: whatever a worker takes up shows that the queue moves."""

from contextlib import suppress
from typing import Any

from django.db import DatabaseError
from django.dispatch import receiver
from django.utils import timezone
from django_q.signals import pre_execute

from integrations.models import Heartbeat


@receiver(pre_execute)
def feel_the_pulse(sender: Any, **kwargs: Any) -> None:
    """With every task, for a beat of its own may stand behind a long queue, which must not be taken for a dead one."""
    with suppress(DatabaseError):  # here it would end the worker; the watchdog notices a database that is gone
        Heartbeat.beat(timezone.now())


def beat() -> None:
    """What there is to do when there is nothing to do: that it was taken up is all that counts."""
