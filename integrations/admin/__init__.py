"""The portal's pages about Lever."""

from integrations.admin.connections import ConnectionAdmin
from integrations.admin.logs import ActionAdmin, DeliveryAdmin

__all__ = ["ActionAdmin", "ConnectionAdmin", "DeliveryAdmin"]
