"""What is held about a prospect, in words, for their own eyes."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from checks.held import Fact, Part

if TYPE_CHECKING:
    from checks.models import Reference
    from prospects.models import Prospect


def of_reference(reference: "Reference") -> Iterator[Part]:
    """For the page with all that is held about a reference. Nothing of those whose data is erased."""
    from prospects.models import Prospect

    for prospect in Prospect.objects.of(reference).exclude(email="").select_related("organization"):
        yield Part(_("You, as somebody to write to about jobs"), facts(prospect))


def facts(prospect: "Prospect") -> tuple[Fact, ...]:
    """What is not known is left out."""
    found = (
        (_("Name"), prospect.name),
        (_("E-mail address"), prospect.email),
        (_("Telephone"), prospect.phone),
        (_("Where you work"), prospect.company),
        (_("Your job title"), prospect.title),
        (_("Language"), str(get_language_info(prospect.language)["name_translated"])),
        (_("You agreed to"), prospect.consent_text),
        (_("You agreed on"), _day(prospect.agreed_at)),
        (_("You confirmed it on"), _day(prospect.confirmed_at)),
        (_("It ends on"), _day(prospect.ends_at) if prospect.is_willing else ""),
        (_("What has been done with it"), done_with(prospect)),
    )
    return tuple(Fact(name, value) for name, value in found if value)


def done_with(prospect: "Prospect") -> str:
    """Whether Lever has it; a no is said as plainly as a yes."""
    words = {"company": prospect.organization.name, "date": _day(prospect.exported_at)}
    said = {
        "unconfirmed": _("Nothing. You have not confirmed it."),
        "waiting": _("It is kept here. It is not in Lever, the system in which %(company)s keeps applications."),
        "exported": _("It was written into Lever, the system in which %(company)s keeps applications, on %(date)s."),
        "known": _("%(company)s knew you already in Lever, the system in which it keeps applications."),
        "refused": _("It is kept here. It is not in Lever, the system in which %(company)s keeps applications."),
    }
    return said.get(prospect.state, "") % words


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""
