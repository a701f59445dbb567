"""The managed way on the portal: what the customer and the operator press, step after step."""

from typing import TYPE_CHECKING

from accounts.admin_pages import OnePerOrganization

if TYPE_CHECKING:  # only the type checker needs to know what it is mixed into
    Base = OnePerOrganization
else:
    Base = object


class Managed(Base):
    """The managed way on the portal: what the customer and the operator press, step after step."""
