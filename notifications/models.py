import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Case, When
from django.db.models.functions import Cast, Substr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField
from accounts.models import Organization
from accounts.querysets import OrganizationQuerySet
from notifications.addresses import receiver
from notifications.leases import DONE, FAILED, WAITING, LeasedQuerySet, LeasedRow, LeaseLost

if TYPE_CHECKING:
    from notifications.letters import Rendered


# What a message holds of the one whom it is for, and of those whom it is about.
PERSONAL = {
    "to_name": "",
    "to_address": "",
    "receiver": "",
    "subject": "",
    "text": "",
    "html": "",
    "stop_url": "",
    "error": "",
    "fate_words": "",
}


def _storable(text: str, most: int) -> str:
    """As much as the column takes, without what PostgreSQL takes in no text."""
    return text.replace("\0", "")[:most]


class MessageQuerySet(LeasedQuerySet["Message"]):
    def about(self, topic: str) -> Self:
        return self.filter(topic=topic)

    def refused(self) -> Self:
        return self.filter(state=FAILED)

    def returned(self) -> Self:
        """Refused for good when they were handed over, or come back since."""
        return self.filter(models.Q(state=FAILED) | models.Q(fate="bounced"))

    def rows_of(self, subject: str) -> models.QuerySet[Any, Any]:
        """Ids of the rows that the messages are about, from topics such as reference:12; None for other topics."""
        number = Cast(Substr("topic", len(subject) + 2), models.BigIntegerField())
        return self.values_list(Case(When(topic__startswith=f"{subject}:", then=number)))

    def to_receiver(self, address: str) -> Self:
        """Everything that was ever written to an address or a number, by whomever."""
        return self.filter(receiver=receiver(address))

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
    """One e-mail or text message to one person, written down before it is sent. Its words hold a link, so they are
    encrypted.

    `state` says whether it was handed over, `fate` what the other side has told of it since.
    """

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        DONE = DONE, _("sent")
        FAILED = FAILED, _("not delivered")
        CANCELED = "canceled", _("not needed any more")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        TEXT = "text", _("text message")

    class Fate(models.TextChoices):
        UNKNOWN = "", _("nothing heard since")
        DELIVERED = "delivered", _("delivered")
        BOUNCED = "bounced", _("came back")
        COMPLAINED = "complained", _("reported as unwanted")

    MAX_ATTEMPTS: ClassVar[int] = 100  # about four days, as mail servers do: an outage is no refusal

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="messages")
    key = models.CharField(
        max_length=120, unique=True, editable=False, help_text=_("The same message is never written twice.")
    )
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=5, default="en")
    topic = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    to_name = models.CharField(_("to"), max_length=120, blank=True)
    to_address = models.CharField(_("address"), max_length=254)  # or a number, as +442071838750
    # Who it is for without saying who: the digest of the address. What one person gets is counted by it.
    receiver = models.CharField(max_length=64, blank=True, editable=False)
    from_name = models.CharField(_("from"), max_length=160, blank=True)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = EncryptedTextField(_("text"))
    html = EncryptedTextField(_("HTML"), blank=True)
    # Where a mail program's own button for "no more of these" posts to (RFC 8058). It opens a page, so it is secret.
    stop_url = EncryptedTextField(blank=True, default="", editable=False)
    # The same through all attempts: a receiver who got it twice can tell that it is one message.
    message_id = models.UUIDField(default=uuid.uuid4, editable=False)
    provider_id = models.CharField(max_length=200, blank=True, editable=False)  # what the provider calls it
    fate = models.CharField(_("since then"), max_length=12, choices=Fate, default=Fate.UNKNOWN, blank=True)
    fate_at = models.DateTimeField(_("heard"), null=True, editable=False)
    fate_words = models.TextField(blank=True, editable=False)
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
            models.Index(fields=["receiver", "-created_at"], name="notifications_message_to"),
            # The sweep: mails that came back, whenever that was heard.
            models.Index(
                fields=["id"],
                condition=models.Q(state=FAILED) | models.Q(fate="bounced"),
                name="notifications_message_returned",
            ),
            models.Index(
                fields=["provider_id"],
                condition=~models.Q(provider_id=""),
                name="notifications_message_provider",
            ),
            models.Index(fields=["id"], condition=models.Q(is_fleeting=True), name="notifications_message_fleeting"),
        ]

    def __str__(self) -> str:
        return gettext("Erased") if self.is_erased else f"{self.subject} ({self.to_address})"

    @property
    def is_erased(self) -> bool:
        """Emptied, or about to be, because whom it was about has been erased: nobody reads it any more."""
        return self.is_fleeting or not self.to_address

    @property
    def trouble(self) -> str:
        """Why it did not arrive, in the words of whoever refused it."""
        return self.error or self.fate_words

    def settle(self, state: str, now: datetime, only: models.Q | None = None, **fields: Any) -> None:
        """As for every row; but nothing personal outlives the settling of one whose people were erased meanwhile.

        Each is one statement, so that no worker can die between the two halves.
        """
        if state == WAITING:
            super().settle(state, now, only, **fields)
            return
        try:
            super().settle(state, now, models.Q(is_fleeting=False), **fields)
        except LeaseLost:
            blank = {**fields, **PERSONAL, "is_fleeting": False}
            super().settle(state, now, models.Q(is_fleeting=True), **blank)

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
        not_before: datetime | None = None,
        channel: str = Channel.EMAIL,
        stop_url: str = "",
    ) -> "Message":
        """Write a message down, once per key. `to` is name and address, or the number in E.164 of a text message.

        It is sent at once, or at `not_before`.
        """
        message, _created = cls.objects.get_or_create(
            key=key,
            defaults={
                "organization": organization,
                "kind": kind,
                "channel": channel,
                "language": letter.language,
                "topic": topic,
                "to_name": _storable(to[0], 120),
                "to_address": to[1],
                "receiver": receiver(to[1]),
                "stop_url": stop_url,
                "from_name": _storable(letter.from_name, 160),
                "reply_to": letter.reply_to,
                "subject": _storable(letter.subject, 200),
                "text": letter.text,
                "html": letter.html,
                "created_at": now,
                "next_at": not_before or now,
            },
        )
        return message

    def was_taken(self, provider_id: str, now: datetime) -> None:
        """Whoever took it tells so, although the answer to our attempt was lost: so there is no other attempt."""
        if self.state == WAITING and self.attempts and self.leased_until is None:
            with suppress(LeaseLost):
                self.settle(DONE, now, error="", provider_id=provider_id)

    def learn_fate(self, fate: str, now: datetime, words: str = "") -> bool:
        """What the other side tells, at any time and in any order; False when that changes nothing.

        A message that came back was not delivered, whatever is told later; a complaint outlives them both.
        """
        before = {self.Fate.DELIVERED: [""], self.Fate.BOUNCED: ["", "delivered"]}.get(
            self.Fate(fate), ["", "delivered", "bounced"]
        )
        rows = Message.objects.filter(pk=self.pk, fate__in=before)
        if not rows.update(fate=fate, fate_at=now):
            return False
        # Whoever was erased since we read the row is not spoken of again.
        Message.objects.filter(pk=self.pk, is_fleeting=False).exclude(to_address="").update(fate_words=words)
        self.refresh_from_db(fields=["fate", "fate_at", "fate_words"])
        return True


class QuietQuerySet(OrganizationQuerySet["Quiet"]):
    def holds(self, organization_id: int | None, address: str, now: datetime) -> bool:
        """Whether this organization's reminders do not reach this address or number now."""
        rows = self.filter(organization=organization_id, receiver=receiver(address))
        return rows.filter(models.Q(until=None) | models.Q(until__gt=now)).exists()

    def among(self, organization_id: int | None, addresses: Iterable[str], now: datetime) -> set[str]:
        """Those of some addresses for which `holds` is true, in one query."""
        by_receiver = {receiver(address): address for address in addresses}
        rows = self.filter(organization=organization_id, receiver__in=by_receiver)
        held = rows.filter(models.Q(until=None) | models.Q(until__gt=now))
        return {by_receiver[each] for each in held.values_list("receiver", flat=True)}


class Quiet(models.Model):
    """Somebody who wants no more reminders from an organization. Only the digest of the address is kept."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="quiet")
    receiver = models.CharField(max_length=64)
    until = models.DateTimeField(null=True)  # None: for good
    created_at = models.DateTimeField()

    objects = QuietQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "receiver"], name="notifications_quiet_once")]

    def __str__(self) -> str:
        return f"quiet {self.pk}"

    @classmethod
    def ask(cls, organization: Organization, address: str, now: datetime, until: datetime | None = None) -> None:
        """No reminders to this address until then, or for good."""
        cls.objects.update_or_create(
            organization=organization,
            receiver=receiver(address),
            defaults={"until": until},
            create_defaults={"until": until, "created_at": now},
        )

    @classmethod
    def lift(cls, organization: Organization, address: str) -> bool:
        """Reminders may reach this address again; False when nobody had asked for quiet."""
        return bool(cls.objects.filter(organization=organization, receiver=receiver(address)).delete()[0])
