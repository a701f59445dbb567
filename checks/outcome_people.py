"""Who is asked how it ended, and why just they."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Asked:
    """Somebody to ask: no account is needed, only an address. `role` is a key of `WHY`."""

    name: str
    email: str
    role: str


SOMEBODY = _("Somebody")  # where a name is missing

# Why somebody gets the mail: it stands at its end, and on the page behind it.
WHY: dict[str, Any] = {
    "owner": _("You get this mail because you are the owner of %(candidate)s in Lever."),
    "posting-owner": _("You get this mail because you are the owner of this job in Lever."),
    "hiring-manager": _("You get this mail because %(company)s has named you as the hiring manager for this job."),
    "begun-by": _("You get this mail because you began this reference check."),
    "default": _("You get this mail because %(company)s has named you as the one who answers where nobody else does."),
    "handed-on": _("You get this mail because %(handed_on_by)s has handed this question on to you."),
}
