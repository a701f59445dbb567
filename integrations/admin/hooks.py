"""Making and removing the webhooks in Lever itself."""

from typing import TYPE_CHECKING

from accounts.admin_pages import OnePerOrganization

if TYPE_CHECKING:  # only the type checker needs to know what it is mixed into
    Base = OnePerOrganization
else:
    Base = object


class HookVerbs(Base):
    """Making and removing the webhooks in Lever itself."""
