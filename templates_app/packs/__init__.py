"""Question packs: an organization's surveys and templates as a text file that people can read, review and compare.

A file is YAML. It holds one pack for each organization, divided by lines of three dashes. `shipped/` holds those
that come with Vouch.
"""

from pathlib import Path

from django.db import transaction

from accounts.models import Organization
from templates_app.packs.entries import Remark
from templates_app.packs.exporting import export
from templates_app.packs.importing import Outcome, PackError, load

__all__ = ["SHIPPED", "Outcome", "PackError", "Remark", "export", "load", "load_shipped"]

SHIPPED = Path(__file__).parent / "shipped"


@transaction.atomic
def load_shipped(organization: Organization) -> None:
    """Give an organization the packs that come with Vouch, unless it has surveys or templates of its own."""
    if organization.surveys.exists() or organization.reference_templates.exists():
        return
    for file in sorted(SHIPPED.glob("*.yaml")):
        load(file.read_bytes(), organization=organization.name)
