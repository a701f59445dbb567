"""A queue that works is alive, however long it is."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.signals import pre_execute

from integrations.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_every_task_that_is_taken_up_is_a_heartbeat() -> None:
    pre_execute.send(sender="django_q", func=None, task={})

    assert Heartbeat.is_beating(timezone.now())


def test_a_heartbeat_that_cannot_be_written_does_not_end_the_worker() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)  # every query fails from here on
        pre_execute.send(sender="django_q", func=None, task={})

    assert Heartbeat.last() is None
