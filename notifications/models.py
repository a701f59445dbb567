import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models import Organization
from notifications.leases import DONE, FAILED, WAITING, LeasedQuerySet, LeasedRow

if TYPE_CHECKING:
    from notifications.letters import Rendered


# What a message holds of the one whom it is for, and of those whom it is about.
PERSONAL = {"to_name": "", "to_address": "", "subject": "", "text": "", "html": "", "error": ""}


class MessageQuerySet(LeasedQuerySet["Message"]):
    def about(self, topic: str) -> Self:
        return self.filter(topic=topic)

    def refused(self) -> Self:
        return self.filter(state=FAILED)

    def cancel(self, now: datetime) -> int:
        """Take back what is not sent yet."""
        return self.waiting().update(state=Message.State.CANCELED, done_at=now)

    def forget(self) -> None:
        """Blank those that are settled; those that wait are still sent, and blanked then.

        In this order: whichever of us and of a sender that settles one comes second, finds the mark or the state.
        """
        with transaction.atomic():
            self.update(is_fleeting=True)
            self.exclude(state=WAITING).update(**PERSONAL, is_fleeting=False)


class Message(LeasedRow):
    """One e-mail to one person, written down before it is sent. Its words hold a link, so they are encrypted."""

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        DONE = DONE, _("sent")
        FAILED = FAILED, _("not delivered")
        CANCELED = "canceled", _("not needed any more")

    MAX_ATTEMPTS: ClassVar[int] = 100  # about four days, as mail servers do: an outage is no refusal

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="messages")
    key = models.CharField(
        max_length=120, unique=True, editable=False, help_text=_("The same message is never written twice.")
    )
    kind = models.CharField(_("kind"), max_length=40)
    topic = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    to_name = models.CharField(_("to"), max_length=120, blank=True)
    to_address = models.CharField(_("address"), max_length=254)
    from_name = models.CharField(_("from"), max_length=160, blank=True)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = EncryptedTextField(_("text"))
    html = EncryptedTextField(_("HTML"))
    # The same through all attempts: a receiver who got it twice can tell that it is one message.
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    # Whom it is about has been erased meanwhile: once it is on its way, its words and its address go, too.
    is_fleeting = models.BooleanField(default=False, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            # claim_next and the sweep: what is due.
            models.Index(fields=["next_at"], condition=models.Q(state=WAITING), name="notifications_message_due"),
            models.Index(fields=["organization", "-created_at"]),
            models.Index(fields=["id"], condition=models.Q(is_fleeting=True), name="notifications_message_fleeting"),
        ]

    def __str__(self) -> str:
        return gettext("Erased") if self.is_erased else f"{self.subject} ({self.to_address})"

    @property
    def is_erased(self) -> bool:
        """Emptied, or about to be, because whom it was about has been erased: nobody reads it any more."""
        return self.is_fleeting or not self.to_address

    def settle(self, state: str, now: datetime, **fields: Any) -> None:
        with transaction.atomic():
            super().settle(state, now, **fields)
            if state != WAITING:
                Message.objects.filter(pk=self.pk, is_fleeting=True).update(**PERSONAL, is_fleeting=False)

    @classmethod
    def queue(
        cls,
        organization: Organization,
        *,
        key: str,
        kind: str,
        topic: str,
        to: tuple[str, str],
        letter: "Rendered",
        now: datetime,
    ) -> "Message":
        """Write a message down, once per key. `to` is name and address."""
        message, _created = cls.objects.get_or_create(
            key=key,
            defaults={
                "organization": organization,
                "kind": kind,
                "topic": topic,
                "to_name": to[0][:120],
                "to_address": to[1],
                "from_name": letter.from_name[:160],
                "reply_to": letter.reply_to,
                "subject": letter.subject[:200],
                "text": letter.text,
                "html": letter.html,
                "created_at": now,
                "next_at": now,
            },
        )
        return message
