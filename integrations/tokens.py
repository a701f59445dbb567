"""The webhooks of a connection: which there are, the tokens that sign them, and what was refused."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from integrations.querysets import RefusalQuerySet, WebhookTokenQuerySet


class Webhook(models.TextChoices):
    """The webhooks of one connection: each has an address and a signature token of its own."""

    STAGE_CHANGE = "stage-change", _("Candidate stage change")
    HIRED = "hired", _("Candidate hired")
    ARCHIVED = "archived", _("Candidate archive change")
    DELETED = "deleted", _("Candidate deleted")
    APPLIED = "applied", _("Application created")


class WebhookToken(models.Model):
    """A signature token that Lever showed for one webhook."""

    connection = models.ForeignKey("integrations.Connection", models.CASCADE, related_name="webhook_tokens")
    webhook = models.CharField(_("webhook"), max_length=12, choices=Webhook)
    token = EncryptedTextField(_("signature token"))
    # The webhook's id in Lever, where Vouch made it there: what we made we may take away again.
    lever_id = models.CharField(max_length=100, blank=True, editable=False)
    created_at = models.DateTimeField(_("entered"))
    good_until = models.DateTimeField(_("good until"), null=True)

    objects = WebhookTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature token")
        verbose_name_plural = _("signature tokens")

    def __str__(self) -> str:
        return str(self.get_webhook_display())


class Refusal(models.Model):
    """That requests with a wrong or missing signature came to one webhook: how often and when, and nothing of them.

    Counted at most once a minute, so that a stranger who knocks without end makes no work.
    """

    SELDOM: ClassVar[timedelta] = timedelta(minutes=1)

    connection = models.ForeignKey("integrations.Connection", models.CASCADE, related_name="refusals")
    webhook = models.CharField(max_length=12, choices=Webhook)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "webhook"], name="integrations_refusal_once")]

    def __str__(self) -> str:
        return f"{self.count} refused at {self.webhook}"

    @classmethod
    def note(cls, connection_id: int, webhook: str, now: datetime) -> None:
        rows = cls.objects.filter(connection_id=connection_id, webhook=webhook)
        last = rows.values_list("last_at", flat=True).first()
        if last is None:
            first = {"first_at": now, "last_at": now}
            cls.objects.get_or_create(connection_id=connection_id, webhook=webhook, defaults=first)
        elif last <= now - cls.SELDOM:  # asked first: also an update that changes nothing locks SQLite
            rows.filter(last_at=last).update(count=F("count") + 1, last_at=now)

    @classmethod
    def forget(cls, connection_id: int, webhook: str) -> None:
        """A new token was entered: what the old one refused says nothing any more."""
        cls.objects.filter(connection_id=connection_id, webhook=webhook).delete()
