"""References who wish to hear of jobs: what they agreed to, and their way into Lever."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from checks.models import Reference
from integrations.models import Connection
from notifications.leases import DONE, FAILED, WAITING
from prospects.clearing import Clearing
from prospects.entering import Entering
from prospects.exporting import Errands, Exporting
from prospects.preferences import ProspectSettings
from prospects.querysets import ErrandQuerySet, ProspectQuerySet
from prospects.suppression import Suppression

__all__ = ["Errand", "Prospect", "ProspectSettings", "Suppression"]


class Prospect(Exporting, Clearing, Entering):
    """One person of one organization, by their own choice. The token opens the page on which they confirm it and take
    it back, for ever: what is personal goes when it is over, the row and its token stay.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
        WAITING = "waiting", _("Waiting")
        EXPORTED = "exported", _("Exported")
        KNOWN = "known", _("Already in Lever")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Their time is over")

    class Source(models.TextChoices):
        REFERENCE = "reference", _("a reference’s own choice")
        IMPORT = "import", _("imported")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="prospects")
    reference = models.ForeignKey(Reference, models.SET_NULL, null=True, related_name="+")  # the latest who chose it
    source = models.CharField(_("came from"), max_length=10, choices=Source, default=Source.REFERENCE)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    problem = models.TextField(_("what is wrong"), blank=True)  # why Lever, or Vouch, refused them

    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)  # in small letters; empty once it is over
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    company = models.CharField(_("company"), max_length=160, blank=True)
    title = models.CharField(_("job title"), max_length=160, blank=True)
    language = models.CharField(max_length=5, default="en")

    months = models.PositiveSmallIntegerField(_("months"))  # for how long
    topics = models.CharField(_("topics"), max_length=300, blank=True)
    consent_text = models.TextField(_("what they agreed to"))  # word for word, as they read it
    agreed_at = models.DateTimeField(_("agreed"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ends_at = models.DateTimeField(_("until"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    erased_at = models.DateTimeField(null=True)

    # What Lever says. `was_deduped`: Lever's own word on whether it knew the person; None: it said nothing.
    opportunity_id = models.CharField(max_length=100, blank=True)
    contact_id = models.CharField(max_length=100, blank=True)
    profile_url = models.URLField(max_length=300, blank=True)
    was_deduped = models.BooleanField(null=True)
    exported_at = models.DateTimeField(_("exported"), null=True)
    # When somebody saw to it in Lever that one who is no longer willing is not written to; by whom.
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"))

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], condition=~Q(email=""), name="prospects_one_for_an_address"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "state", "-id"], name="prospects_by_state"),
            models.Index(fields=["organization", "-exported_at"], name="prospects_exported"),
            models.Index(fields=["agreed_at"], condition=Q(state="unconfirmed"), name="prospects_unconfirmed"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=("withdrawn", "ended"), erased_at=None),
                name="prospects_to_erase",
            ),
            models.Index(
                fields=["ends_at"],
                condition=Q(state__in=("waiting", "exported", "known", "refused")),
                name="prospects_ending",
            ),
            models.Index(
                fields=["organization", "withdrawn_at"],
                condition=Q(state__in=("withdrawn", "ended"), cleared_at=None),
                name="prospects_to_clear",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or str(_("Erased"))

    @property
    def topic(self) -> str:
        """What messages to them are filed under."""
        return f"prospect:{self.pk}"


class Errand(Errands):
    """Something to do in Lever about one prospect: one row for each, done once, safe to repeat.

    The row for the export comes into being when the prospect confirms, and waits for the switches on the connection's
    page; the others follow from what happened to it.
    """

    class State(models.TextChoices):
        WAITING = WAITING, _("waiting")
        DONE = DONE, _("done")
        SUPERSEDED = "superseded", _("not needed any more")
        FAILED = FAILED, _("given up")

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        NOTE = "note", _("note of the consent")
        FAREWELL = "farewell", _("tag and note that it was withdrawn")

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="errands")
    # Without an index of its own: those below begin with it.
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="errands", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)

    objects = ErrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        constraints = [models.UniqueConstraint(fields=["prospect", "kind"], name="prospects_errand_once")]
        indexes = [
            models.Index(
                fields=["connection", "kind", "next_at", "id"], condition=Q(state=WAITING), name="prospects_due"
            ),
            models.Index(fields=["connection", "-id"], condition=Q(state=FAILED), name="prospects_errand_failed"),
            # How many have been exported lately, for the progress bar.
            models.Index(fields=["connection", "-done_at"], condition=Q(kind="export"), name="prospects_errand_done"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.prospect}"
