"""Pages about one connection, beside its own."""

from typing import TYPE_CHECKING

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.admin_pages import OnePerOrganization
from integrations.models import Connection

if TYPE_CHECKING:  # only the type checker needs to know what it is mixed into
    Base = OnePerOrganization
else:
    Base = object


class OfOne(Base):
    """What is mixed into the connection's ModelAdmin. One that is not there looks like one that is another's."""

    def seen(self, request: HttpRequest, object_id: str) -> Connection:
        connection: Connection | None = self.get_object(request, unquote(object_id))
        if connection is None or not self.has_view_permission(request, connection):
            raise PermissionDenied
        return connection

    def to_be_changed(self, request: HttpRequest, object_id: str) -> Connection:
        connection = self.seen(request, object_id)
        if not self.has_change_permission(request, connection):
            raise PermissionDenied
        return connection
