"""What is worth a second look before a name is sent: said beside the field, and never in the way."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from checks.mail_domains import is_free, is_throwaway
from templates_app.kinds import Relationship

OWN: Any = _("This is your own address. Please give theirs.")
PRIVATE: Any = _(
    "This looks like a private address. For a manager, one at their company says more about who writes. If they have "
    "no other, it will do."
)
FLEETING: Any = _(
    "Addresses like this one last for a short while only, and our mail may never be read. Is there another one?"
)


def about_address(email: str, relationship: str) -> str:
    """A sentence, or nothing. `relationship` is what this person is to the candidate."""
    if is_throwaway(email):
        return str(FLEETING)
    return str(PRIVATE) if relationship == Relationship.MANAGER and is_free(email) else ""
