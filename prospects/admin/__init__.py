"""The portal's pages about prospects."""

from prospects.admin.people import ProspectAdmin

__all__ = ["ProspectAdmin"]
