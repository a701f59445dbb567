"""Which template would this job get, and what would happen then."""

from typing import TYPE_CHECKING

from accounts.admin_pages import OnePerOrganization

if TYPE_CHECKING:  # only the type checker needs to know what it is mixed into
    Base = OnePerOrganization
else:
    Base = object


class JobPages(Base):
    """Which template would this job get, and what would happen then."""
