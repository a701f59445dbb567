"""The inbox: what Lever told us, and what became of it."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checks.models import Check
from integrations.querysets import DeliveryQuerySet
from integrations.tokens import Webhook
from notifications.leases import DONE, FAILED, WAITING, LeasedRow

if TYPE_CHECKING:
    from integrations.models import Connection


class Decision(models.TextChoices):
    """What Vouch decided about a delivery, for filters and for the doctor; the verdict says it in a sentence."""

    STARTED = "started", _("a check was started")
    CANNOT_START = "cannot-start", _("a check cannot start")
    NOT_AGAIN = "not-again", _("had its check before")
    OTHER_STAGE = "other-stage", _("another stage")
    MOVED_ON = "moved-on", _("not in the stage any more")
    STOPPED = "stopped", _("a check was stopped")
    ERASED = "erased", _("personal data was erased")
    NO_CHECK = "no-check", _("no check to change")
    ENDED = "ended", _("how it ended was noted")
    ASKED = "asked", _("somebody is asked how it ended")
    TEST = "test", _("a test")
    WRONG_ADDRESS = "wrong-address", _("pasted at the wrong event")
    UNKNOWN = "unknown", _("nothing that Vouch acts on")
    UNSEEN = "unseen", _("Lever does not show it")
    OFF = "off", _("the connection was not active")


class Delivery(LeasedRow):
    """Something that may have happened in Lever: a webhook as it came, or what we found out by ourselves."""

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        DONE = DONE, _("acted on")
        IGNORED = "ignored", _("nothing to do")
        FAILED = FAILED, _("given up")

    class Source(models.TextChoices):
        WEBHOOK = "webhook", _("webhook")
        RECONCILIATION = "found", _("found by comparing with Lever")
        DESK = "desk", _("asked for at the desk")
        TEST = "test", _("test by the doctor")
        OUTCOME = "outcome", _("before asking how it ended")

    # Without an index of its own: those below begin with it.
    connection = models.ForeignKey("integrations.Connection", models.CASCADE, related_name="deliveries", db_index=False)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.WEBHOOK)
    webhook = models.CharField(_("webhook"), max_length=12, choices=Webhook, default=Webhook.STAGE_CHANGE)
    dedupe_key = models.CharField(max_length=64, editable=False)
    # Byte for byte: JSON columns refuse bodies that bytes keep (half surrogate pairs, NUL, numbers out of range).
    body = models.BinaryField(default=b"")
    repeats = models.PositiveIntegerField(_("repeats"), default=0)
    altered_repeats = models.PositiveIntegerField(
        _("repeats with other words"),
        default=0,
        help_text=_("The signature was used again around another text."),
    )
    event = models.CharField(_("event"), max_length=60, blank=True)
    opportunity_id = models.CharField(_("opportunity"), max_length=100, blank=True)
    triggered_at = models.DateTimeField(_("happened"), null=True)
    decision = models.CharField(_("decision"), max_length=16, choices=Decision, blank=True)
    verdict = models.TextField(_("verdict"), blank=True)
    for_check = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["connection", "dedupe_key"], name="integrations_delivery_once")]
        indexes = [
            models.Index(fields=["opportunity_id"], name="integrations_delivery_about"),  # db_index would make two
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="integrations_delivery_due"),
            models.Index(fields=["connection", "-id"], condition=Q(state=FAILED), name="integrations_delivery_failed"),
            models.Index(fields=["connection", "-id"], name="integrations_delivery_newest"),
            # When a webhook was last heard from. All that is asked for stands in it: without the event, PostgreSQL
            # would rather read the whole log backwards, also for a connection that has been silent for long.
            models.Index(
                fields=["connection", "webhook", "source", "-id", "event"], name="integrations_delivery_heard"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event or self.webhook} {self.opportunity_id}".strip()

    @classmethod
    def ask_for(cls, connection: "Connection", opportunity_id: str, now: datetime) -> "Delivery":
        """Somebody at the desk wants Lever asked about this opportunity, wherever it stands there."""
        return cls.objects.create(
            connection=connection,
            source=cls.Source.DESK,
            dedupe_key=f"desk:{uuid.uuid4().hex}",
            opportunity_id=opportunity_id,
            created_at=now,
            next_at=now,
        )

    def note_repeat(self, body: bytes) -> None:
        """Count another copy; one whose text differs was not sent by Lever again but put together by somebody."""
        changed = bytes(self.body) != body
        Delivery.objects.filter(pk=self.pk).update(
            repeats=F("repeats") + 1, altered_repeats=F("altered_repeats") + (1 if changed else 0)
        )
