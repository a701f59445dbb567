"""The queue's pulse, for `/readyz` and the worker's watchdog."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models


class Heartbeat(models.Model):
    """When the queue last carried a task from end to end: one row, for `/readyz` and the worker's watchdog."""

    FRESH: ClassVar[timedelta] = timedelta(minutes=3)

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"

    @classmethod
    def beat(cls, now: datetime) -> None:
        cls.objects.update_or_create(name="queue", defaults={"at": now})

    @classmethod
    def last(cls) -> datetime | None:
        return cls.objects.filter(name="queue").values_list("at", flat=True).first()

    @classmethod
    def is_beating(cls, now: datetime) -> bool:
        last = cls.last()
        return last is not None and now - last < cls.FRESH
