"""How an organization's prospects go to Lever, and the salt with which their addresses are scrambled."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, new_token
from accounts.models import Organization, User


class ProspectSettings(models.Model):
    """How an organization's prospects go to Lever. The export as a whole is begun, paused and resumed here."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="prospect_settings")
    salt = EncryptedTextField(default=new_token, editable=False)
    source = models.CharField(
        _("source"), max_length=80, default="Vouch", help_text=_("Lever shows it as where they came from.")
    )
    tags = models.CharField(
        _("tags"),
        max_length=200,
        blank=True,
        help_text=_("Separated by commas. Each prospect gets them in Lever, beside the one that Vouch writes itself."),
    )
    posting_id = models.CharField(_("job"), max_length=100, blank=True)
    posting_name = models.CharField(max_length=160, blank=True)
    stage_id = models.CharField(_("stage"), max_length=100, blank=True)
    stage_name = models.CharField(max_length=120, blank=True)
    begun_at = models.DateTimeField(null=True, editable=False)  # the present run: what count, rate and time are of
    paused_at = models.DateTimeField(null=True, editable=False)
    paused_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    stopped_for = models.TextField(blank=True, editable=False)  # why Vouch itself has paused it

    class Meta:
        verbose_name = _("settings for prospects")

    def __str__(self) -> str:
        return f"prospects of {self.organization_id}"

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """The organization's, made with what is usual when there are none."""
        return cls.objects.get_or_create(organization=organization)[0]

    def pause(self, by: User, now: datetime) -> bool:
        """Stop at the next prospect; False when it is paused already."""
        return self._became(self._rows.filter(paused_at=None), paused_at=now, paused_by=by)

    def stop(self, why: str, now: datetime) -> bool:
        """Vouch itself pauses, until somebody has looked at what Lever says."""
        return self._became(self._rows.filter(paused_at=None), paused_at=now, stopped_for=why)

    def resume(self, now: datetime) -> bool:
        return self._became(self._rows.exclude(paused_at=None), paused_at=None, paused_by=None, stopped_for="")

    def begin(self, now: datetime) -> None:
        """What is counted from now on is a new run; of several who say so at once the first one is right."""
        self._became(self._rows.filter(begun_at=self.begun_at), begun_at=now)

    @property
    def _rows(self) -> Any:
        return type(self)._base_manager.filter(pk=self.pk)

    def _became(self, rows: Any, **fields: Any) -> bool:
        changed = bool(rows.update(**fields))
        for name, value in fields.items() if changed else ():
            setattr(self, name, value)
        return changed
