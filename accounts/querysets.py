from typing import Any, ClassVar, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class OrganizationQuerySet(models.QuerySet[M]):
    """The one place where rows are limited to their reader's organization.

    A queryset class names the way to the organization, and (if there is one) the way to the address of the
    Lever user who owns the row, which is all that a limited team member sees.
    """

    to_organization: ClassVar[str] = "organization"
    to_owner: ClassVar[str | None] = None

    def visible_to(self, user: Any) -> Self:
        """The rows that this person may see: the operator all, a stranger none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_operator:
            return self
        if user.organization_id is None:
            return self.none()
        rows = self.filter(**{self.to_organization: user.organization_id})
        if user.is_limited and self.to_owner:
            rows = rows.filter(**{f"{self.to_owner}__iexact": user.email})
        return rows
