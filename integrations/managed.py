"""The managed way to connect: the customer asks, the operator enables; each step is dated and can be taken back."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from integrations.querysets import StepTakenQuerySet


def is_managed() -> bool:
    """Whether this installation's operator connects; else the super admins do it alone."""
    return str(settings.CONNECTION_MODE) == "managed"


class OutOfOrder(Exception):
    """A step that cannot be taken (or taken back) yet; the text says what comes first."""


class Step(models.TextChoices):
    """In the order in which they are taken. `SETTINGS` and `REQUEST` are the customer's, the others the operator's."""

    REQUEST = "request", gettext_lazy("The connection is requested")
    STAGE = "stage", gettext_lazy("The stage is stored")
    ENABLE = "enable", gettext_lazy("The connection is enabled")
    SETTINGS = "settings", gettext_lazy("API key and token are saved")
    ADDRESS = "address", gettext_lazy("The webhook address is handed out")
    ACTIVATE = "activate", gettext_lazy("The connection is activated")


ORDER = list(Step)
CUSTOMERS = (Step.REQUEST, Step.SETTINGS)


class StepTaken(models.Model):
    """That a step was taken: when and by whom. One that is taken back stays on record."""

    connection = models.ForeignKey("integrations.Connection", models.CASCADE, related_name="steps_taken")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = StepTakenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "step"],
                condition=models.Q(undone_at=None),
                name="integrations_step_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())

    @classmethod
    def take(cls, connection_id: int, step: str, by: User | None, now: datetime) -> "StepTaken | None":
        """Note that a step was taken; None when it was before. Raises OutOfOrder when another one comes first."""
        with transaction.atomic():
            taken = cls.held(connection_id)
            if step in taken:
                return None
            cls.check_order(taken, step)
            return cls.objects.create(connection_id=connection_id, step=step, at=now, by=by)

    @staticmethod
    def check_order(taken: Collection[str], step: str) -> None:
        """Raises OutOfOrder when one that is not among the `taken` comes before this step."""
        before = ORDER[: ORDER.index(Step(step))]
        if missing := [each for each in before if each not in taken]:
            raise OutOfOrder(_("Not yet. What comes first: %(step)s.") % {"step": missing[0].label})

    @classmethod
    def take_back(cls, connection_id: int, step: str, by: User | None, now: datetime) -> "StepTaken | None":
        """Undo a step; None when it was not taken. Raises OutOfOrder when a later one must be undone first."""
        with transaction.atomic():
            taken = cls.held(connection_id)
            if step not in taken:
                return None
            later = [each for each in ORDER[ORDER.index(Step(step)) + 1 :] if each in taken]
            if later:
                raise OutOfOrder(_("Not yet. Take this back first: %(step)s.") % {"step": later[-1].label})
            row = taken[step]
            row.undone_at, row.undone_by = now, by
            row.save(update_fields=["undone_at", "undone_by"])
            return row

    @classmethod
    def held(cls, connection_id: int) -> "dict[str, StepTaken]":
        """The steps that stand, by name; nobody else changes them before the caller's transaction ends."""
        connections = cls.connection.field.related_model._base_manager  # the room's models import this module
        connections.select_for_update().only("pk").get(pk=connection_id)
        return {row.step: row for row in cls.objects.standing().filter(connection_id=connection_id)}
