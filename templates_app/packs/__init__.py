"""Question packs: an organization's surveys and templates as a text file that people can read, review and compare.

A file is YAML. It holds one pack for each organization, divided by lines of three dashes. `shipped/` holds those
that come with Vouch.
"""

from django.db import transaction

from accounts.models import Organization
from templates_app.packs.catalogue import FIRST, SHIPPED, Shipped, catalogue, path_of
from templates_app.packs.comparing import Difference, Finding
from templates_app.packs.entries import Remark
from templates_app.packs.exporting import export, export_template
from templates_app.packs.importing import Comparison, Outcome, PackError, compare, load

__all__ = [
    "SHIPPED",
    "Comparison",
    "Difference",
    "Finding",
    "Outcome",
    "PackError",
    "Remark",
    "Shipped",
    "catalogue",
    "compare",
    "export",
    "export_template",
    "load",
    "load_shipped",
]


@transaction.atomic
def load_shipped(organization: Organization) -> None:
    """Give an organization the packs for a beginning, unless it has surveys or templates of its own."""
    if organization.surveys.exists() or organization.reference_templates.exists():
        return
    for file in FIRST:
        load(path_of(file).read_bytes(), organization=organization.name)
