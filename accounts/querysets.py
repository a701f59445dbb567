from typing import Any, ClassVar, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class OrganizationQuerySet(models.QuerySet[M]):
    """The one place where rows are limited to their reader's organization.

    A queryset class names the way to the organization, and (if there is one) the way to the address of the
    Lever user who owns the row, and to those of who follow it: that is all that a limited team member sees. The
    addresses are kept in small letters.
    """

    to_organization: ClassVar[str] = "organization"
    to_owner: ClassVar[str | None] = None
    to_followers: ClassVar[str | None] = None  # addresses in small letters

    def visible_to(self, user: Any) -> Self:
        """The rows that this person may see: the operator all, a stranger none."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_operator:
            return self
        if user.organization_id is None:
            return self.none()
        rows = self.filter(**{self.to_organization: user.organization_id})
        return rows.filter(self._own(user.email)) if user.is_limited and self.to_owner else rows

    def _own(self, email: str) -> models.Q:
        """By way of one subquery that two indexes answer: no database finds by "either or" without reading all rows."""
        ways = [way for way in (self.to_owner, self.to_followers) if way]
        own, *others = (self.model._base_manager.filter(**{way: email.lower()}).values("pk") for way in ways)
        return models.Q(pk__in=own.union(*others, all=True) if others else own)
