import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models import Organization
from checks.models import Check
from integrations.call_budget import CallBudget
from integrations.heartbeat import Heartbeat
from integrations.querysets import (
    WORKING,
    ActionQuerySet,
    ConnectionQuerySet,
    DeliveryQuerySet,
    WebhookTokenQuerySet,
)
from notifications.addresses import address_of
from notifications.leases import DONE, FAILED, WAITING, LeasedRow

__all__ = ["Action", "CallBudget", "Connection", "Delivery", "Heartbeat", "Webhook", "WebhookToken"]


class Webhook(models.TextChoices):
    """The webhooks of one connection: each has an address and a signature token of its own."""

    STAGE_CHANGE = "stage-change", _("Candidate stage change")
    HIRED = "hired", _("Candidate hired")
    ARCHIVED = "archived", _("Candidate archive change")
    DELETED = "deleted", _("Candidate deleted")


class Connection(models.Model):
    """An organization's Lever account: the key, the stage that starts checks, and in whose name Vouch writes."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", _("Something is missing")
        ACTIVE = "active", _("Active")
        FAILING = "failing", _("Lever refuses")
        DISABLED = "disabled", _("Switched off")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.OneToOneField(Organization, models.CASCADE, related_name="connection")
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.INCOMPLETE)
    api_key = EncryptedTextField(_("Lever API token"), blank=True, default="")
    stage_id = models.CharField(max_length=100, blank=True)
    stage_name = models.CharField(_("Lever interview stage"), max_length=120, blank=True)
    perform_as_id = models.CharField(max_length=100, blank=True)
    perform_as_name = models.CharField(_("writes in Lever as"), max_length=160, blank=True)
    tag_prefix = models.CharField(
        _("tag prefix"),
        max_length=28,
        default="Vouch",
        help_text=_("Tags in Lever read “Vouch - Completed”."),
    )
    starts_after_completion = models.BooleanField(
        _("starts a second check"),
        default=False,
        help_text=_("When a candidate whose check was completed comes to the stage again."),
    )
    problem = models.TextField(_("what is wrong"), blank=True)
    reconciled_at = models.DateTimeField(_("compared with Lever"), null=True, editable=False)
    people_read_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self) -> str:
        return f"Lever, {self.organization}"

    @property
    def is_active(self) -> bool:
        return self.status == Connection.Status.ACTIVE

    @property
    def api_key_hint(self) -> str:
        """All that is ever shown of the key."""
        return self.api_key[-4:] if self.api_key else ""

    @property
    def budget_key(self) -> str:
        """Names the API key in the shared rate limit: two connections with one key share Lever's limit, too."""
        return hashlib.sha256(self.api_key.encode()).hexdigest()

    def tokens_for(self, webhook: str) -> list[str]:
        """Every signature token that may have signed a delivery of this webhook, newest first."""
        rows = self.webhook_tokens.good_at(timezone.now()).filter(webhook=webhook)
        return [row.token for row in rows.order_by("-created_at")]

    def webhook_url(self, webhook: str) -> str:
        return address_of("lever-webhook", connection=self.uuid, webhook=webhook)

    def missing(self) -> list[str]:
        """What must be entered before checks can start, in the words of `connect_lever`."""
        parts = {
            "api-key": self.api_key,
            "stage": self.stage_id,
            "perform-as": self.perform_as_id,
            "stage-change-token": self.webhook_tokens.filter(webhook=Webhook.STAGE_CHANGE).exists(),
        }
        return [name for name, value in parts.items() if not value]

    def activate(self) -> bool:
        """Begin to work, if nothing is missing; also after Lever refused and the cause was mended."""
        if self.missing():
            self._become(Connection.Status.INCOMPLETE, "")
            return False
        self._become(Connection.Status.ACTIVE, "")
        return True

    def recover(self) -> bool:
        """Lever no longer refuses: go on by itself, unless somebody has switched the connection off meanwhile."""
        return self._become(Connection.Status.ACTIVE, "", only_from=WORKING)

    def fail(self, problem: str) -> None:
        """Lever refuses the key: stop asking, keep everything, say so. What is switched off stays so."""
        self._become(Connection.Status.FAILING, problem, only_from=WORKING)

    def disable(self) -> None:
        self._become(Connection.Status.DISABLED, "")

    def forget(self) -> None:
        """Erase the key and all tokens; what came and went stays on record."""
        with transaction.atomic():
            self.webhook_tokens.all().delete()
            self.api_key = ""
            self.save(update_fields=["api_key"])
            self._become(Connection.Status.INCOMPLETE, "")

    def _become(self, status: str, problem: str, only_from: Sequence[str] = ()) -> bool:
        """Change the state; False when it is none of `only_from` any more (empty: whatever it is)."""
        rows = Connection.objects.filter(pk=self.pk)
        if only_from:
            rows = rows.filter(status__in=only_from)
        if not rows.update(status=status, problem=problem):
            return False
        self.status, self.problem = status, problem
        return True

    def set_token(self, webhook: str, token: str, now: datetime) -> None:
        """Take a new signature token. The one before stays good for a day, so that nothing on its way is refused.

        One that was replaced within the day, by mistake perhaps, may come back: then it is the new one.
        """
        with transaction.atomic():
            rows = self.webhook_tokens.filter(webhook=webhook)
            rows.filter(good_until__lt=now).delete()
            known = {row.token: row for row in rows}
            if token in known and known[token].good_until is None:
                return
            rows.filter(good_until=None).update(good_until=now + timedelta(days=1))
            if token in known:
                known[token].delete()
            self.webhook_tokens.create(webhook=webhook, token=token, created_at=now)


class WebhookToken(models.Model):
    """A signature token that Lever showed for one webhook."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="webhook_tokens")
    webhook = models.CharField(_("webhook"), max_length=12, choices=Webhook)
    token = EncryptedTextField(_("signature token"))
    created_at = models.DateTimeField(_("entered"))
    good_until = models.DateTimeField(_("good until"), null=True)

    objects = WebhookTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature token")
        verbose_name_plural = _("signature tokens")

    def __str__(self) -> str:
        return str(self.get_webhook_display())


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

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="deliveries")
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
    opportunity_id = models.CharField(_("opportunity"), max_length=100, blank=True, db_index=True)
    triggered_at = models.DateTimeField(_("happened"), null=True)
    verdict = models.TextField(_("verdict"), blank=True)
    for_check = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="deliveries")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["connection", "dedupe_key"], name="integrations_delivery_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="integrations_delivery_due"),
            models.Index(fields=["connection", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.event or self.webhook} {self.opportunity_id}".strip()

    @classmethod
    def ask_for(cls, connection: Connection, opportunity_id: str, now: datetime) -> "Delivery":
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

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="actions")
    for_check = models.ForeignKey(Check, models.CASCADE, related_name="actions")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    # Finds a note again that was written although the answer was lost; also makes the row unique.
    mark = models.CharField(max_length=40)
    value = models.TextField(_("value"), help_text=_("The tag, the address or the note’s text."))

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [models.UniqueConstraint(fields=["for_check", "mark"], name="integrations_action_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state=WAITING), name="integrations_action_due"),
            models.Index(fields=["for_check"], condition=Q(state=WAITING), name="integrations_action_order"),
            models.Index(fields=["connection", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value}"
