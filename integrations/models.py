import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models import Organization, User
from integrations.actions import Action, LeverCall
from integrations.call_budget import CallBudget
from integrations.deliveries import Decision, Delivery
from integrations.heartbeat import Heartbeat
from integrations.lever.hosts import API_URLS, is_levers
from integrations.managed import OutOfOrder, Step, StepTaken
from integrations.querysets import WORKING, ConnectionQuerySet
from integrations.tokens import Refusal, Webhook, WebhookToken
from notifications.addresses import address_of

__all__ = [
    "Action",
    "CallBudget",
    "Connection",
    "Decision",
    "Delivery",
    "Heartbeat",
    "LeverCall",
    "OutOfOrder",
    "Refusal",
    "Step",
    "StepTaken",
    "Webhook",
    "WebhookToken",
]

LONGEST_HOLD = timedelta(minutes=2)


class Connection(models.Model):
    """An organization's Lever account: the key, the stage that starts checks, and in whose name Vouch writes."""

    class Status(models.TextChoices):
        INCOMPLETE = "incomplete", _("Something is missing")
        ACTIVE = "active", _("Active")
        FAILING = "failing", _("Lever refuses")
        DISABLED = "disabled", _("Switched off")

    class Environment(models.TextChoices):
        PRODUCTION = "production", _("Production")
        EU = "eu", _("Production in the EU")
        SANDBOX = "sandbox", _("Lever’s sandbox")

    class OutcomeWrites(models.TextChoices):
        TAG_AND_NOTE = "tag-and-note", _("Tag and note only")
        ARCHIVE = "archive", _("Tag, note and archive")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.OneToOneField(Organization, models.CASCADE, related_name="connection")
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.INCOMPLETE)
    api_key = EncryptedTextField(_("Lever API token"), blank=True, default="")
    # Says whether two connections have one key, without saying which.
    key_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    environment = models.CharField(_("environment"), max_length=12, choices=Environment, default=Environment.PRODUCTION)
    sees_confidential = models.BooleanField(null=True, editable=False)  # None: not found out yet
    # What the account had to choose from when it was last asked: {"stages": [[id, name]], …}, as in `offers.PARTS`.
    offer = models.JSONField(default=dict, editable=False)
    offered_at = models.DateTimeField(null=True, editable=False)
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
    attaches_pdf = models.BooleanField(
        _("attach the report"),
        default=False,
        help_text=_("A PDF of the report as a file in Lever. Whoever sees the candidate’s files there can read it."),
    )
    # What the answer to "how did it end?" does in Lever, and with which of its archive reasons.
    outcome_writes = models.CharField(
        _("how it ended, in Lever"), max_length=12, choices=OutcomeWrites, default=OutcomeWrites.TAG_AND_NOTE
    )
    hired_reason_id = models.CharField(max_length=100, blank=True)
    hired_reason_name = models.CharField(_("archive reason when hired"), max_length=120, blank=True)
    not_hired_reason_id = models.CharField(max_length=100, blank=True)
    not_hired_reason_name = models.CharField(_("archive reason when not hired"), max_length=120, blank=True)
    # Both switches, and since when each is on: prospects from before are "existing", later ones are "new".
    exports_existing_prospects = models.BooleanField(_("export prospects to Lever"), default=False)
    exports_existing_since = models.DateTimeField(null=True, editable=False)
    exports_new_prospects = models.BooleanField(_("automatically export new prospects to Lever"), default=False)
    exports_new_since = models.DateTimeField(null=True, editable=False)
    problem = models.TextField(_("what is wrong"), blank=True)
    # Since when the super admins have been told that something is wrong; None: all is well, and they know.
    red_since = models.DateTimeField(null=True, editable=False)
    # Whoever makes or removes webhooks in Lever holds the connection until then, so that none is made twice.
    busy_until = models.DateTimeField(null=True, editable=False)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    saved_at = models.DateTimeField(null=True, editable=False)
    # Candidates who came to the stage before are left alone: set when it begins to work, or gets another stage.
    listens_since = models.DateTimeField(null=True, editable=False)
    reconciled_at = models.DateTimeField(_("compared with Lever"), null=True, editable=False)
    people_read_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")

    def __str__(self) -> str:
        return f"Lever, {self.organization}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The digest follows the key; whoever stood in a new stage before it was chosen did not come to it."""
        if "stage_id" in (kwargs.get("update_fields") or ()):
            Connection.objects.filter(pk=self.pk).exclude(stage_id=self.stage_id).update(listens_since=Now())
        if "api_key" not in self.get_deferred_fields():
            self.key_digest = self.budget_key if self.api_key else ""
            if (fields := kwargs.get("update_fields")) and "api_key" in fields:
                kwargs["update_fields"] = {*fields, "key_digest"}
        super().save(*args, **kwargs)

    @property
    def api_url(self) -> str:
        """The root of Lever's API. Only the operator can lead away from Lever's own hosts, by LEVER_API_URL."""
        configured: str = settings.LEVER_API_URL
        if self.environment == Connection.Environment.PRODUCTION or not is_levers(configured):
            return configured
        return API_URLS[self.environment]

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

    @contextmanager
    def held(self, now: datetime) -> Iterator[bool]:
        """Whether we are the only one at the connection's webhooks in Lever; a holder that died is waited for."""
        rows, until = Connection.objects.filter(pk=self.pk), now + LONGEST_HOLD
        ours = bool(rows.filter(Q(busy_until=None) | Q(busy_until__lte=now)).update(busy_until=until))
        try:
            yield ours
        finally:
            if ours:  # unless somebody thought us dead and took it over
                rows.filter(busy_until=until).update(busy_until=None)

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
        Connection.objects.filter(pk=self.pk, status=Connection.Status.INCOMPLETE).update(listens_since=Now())
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
        """Erase the key, all tokens and what the account offered; what came and went stays on record."""
        with transaction.atomic():
            self.webhook_tokens.all().delete()
            self.api_key, self.offer, self.offered_at, self.sees_confidential = "", {}, None, None
            self.save(update_fields=["api_key", "offer", "offered_at", "sees_confidential"])
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

    def set_token(self, webhook: str, token: str, now: datetime, lever_id: str = "") -> None:
        """Take a new signature token. The one before stays good for a day, so that nothing on its way is refused.

        One that was replaced within the day, by mistake perhaps, may come back: then it is the new one. `lever_id` is
        the webhook's id in Lever, where Vouch made it there.
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
            self.webhook_tokens.create(webhook=webhook, token=token, created_at=now, lever_id=lever_id)
            Refusal.forget(self.pk, webhook)
