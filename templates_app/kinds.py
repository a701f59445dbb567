"""The closed lists of what we ask: kinds of question, and how a reference knows the candidate."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relationship(models.TextChoices):
    ANY = "any", _("Any: the candidate decides")
    MANAGER = "manager", _("Manager")
    PEER = "peer", _("Colleague")
    REPORT = "report", _("Direct report")
    CLIENT = "client", _("Client")
    TEACHER = "teacher", _("Teacher or trainer")
    VOLUNTEER = "volunteer", _("Someone from voluntary work")

    @classmethod
    def named(cls) -> list[tuple[str, str]]:
        """What a candidate can choose from: everything but *any*."""
        return [(value, str(label)) for value, label in cls.choices if value != cls.ANY]


class Kind(models.TextChoices):
    SCALE = "scale", _("Scale of words")
    YES_NO = "yes-no", _("Yes, unsure or no")
    CHOICE = "choice", _("One of several")
    TEXT = "text", _("In their own words")


class Look(models.TextChoices):
    """How a scale is drawn."""

    WORDS = "words", _("Words only")
    BANDS = "bands", _("Bands: against others seen in this job")


# From the bottom up. Uneven on purpose: most people get marks above the middle, so there is more room there.
COMPARATIVE = ("Bottom half", "Upper half", "Top quarter", "Top tenth", "Top few I have ever seen")
YES, UNSURE, NO = "yes", "unsure", "no"
