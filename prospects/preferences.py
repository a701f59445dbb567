"""How an organization's prospects go to Lever, and the salt with which their addresses are scrambled."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedTextField, new_token
from accounts.models import Organization, User
from prospects.pausing import Pausing


class ProspectSettings(Pausing):
    """How an organization's prospects go to Lever."""

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

    class Meta:
        verbose_name = _("settings for prospects")

    def __str__(self) -> str:
        return f"prospects of {self.organization_id}"

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """The organization's, made with what is usual when there are none."""
        return cls.objects.get_or_create(organization=organization)[0]
