"""The outbox: what is to be changed in Lever. And every call that inbox and outbox made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checks.models import Check
from integrations.deliveries import Delivery
from integrations.querysets import ActionQuerySet
from notifications.leases import DONE, FAILED, WAITING, LeasedRow


class Action(LeasedRow):
    """Something to change in Lever: written in the transaction of its cause, done later, safe to repeat."""

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        DONE = DONE, _("done")
        SUPERSEDED = "superseded", _("overtaken by a later one")
        FAILED = FAILED, _("given up")

    class Kind(models.TextChoices):
        TAG = "tag", _("tag")
        LINK = "link", _("link")
        NOTE = "note", _("note")
        FILE = "file", _("file")
        OUTCOME = "outcome", _("outcome tag")  # beside the tag that says how far the check is
        ARCHIVE = "archive", _("archive")

    # Without an index of its own: those below begin with it.
    connection = models.ForeignKey("integrations.Connection", models.CASCADE, related_name="actions", db_index=False)
    for_check = models.ForeignKey(Check, models.CASCADE, related_name="actions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # Finds a note or a file again that was written although the answer was lost; also makes the row unique.
    mark = models.CharField(max_length=40)
    value = models.TextField(
        _("value"), help_text=_("The tag, the address, the note’s text, the file’s name or the archive reason.")
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [models.UniqueConstraint(fields=["for_check", "mark"], name="integrations_action_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="integrations_action_due"),
            models.Index(fields=["for_check"], condition=Q(state=WAITING), name="integrations_action_order"),
            models.Index(fields=["connection", "-id"], condition=Q(state=FAILED), name="integrations_action_failed"),
            models.Index(fields=["connection", "-id"], name="integrations_action_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"


class LeverCall(models.Model):
    """One call to Lever that a delivery or an action caused: where to, with what status, how long it took."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, related_name="calls")
    action = models.ForeignKey(Action, models.CASCADE, null=True, related_name="calls")
    attempt = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True)  # None: no answer came
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call to Lever")
        verbose_name_plural = _("calls to Lever")
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__isnull=False) | Q(action__isnull=False), name="integrations_call_has_a_cause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
