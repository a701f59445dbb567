"""The built-in text as a beginning for own words, and values to show and to count with where there is no check yet."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organization
from notifications.addresses import address_of
from templates_app.builtin import LETTERS, TEXTS, Occasion
from templates_app.kinds import RELATIONS, Channel, Relationship
from templates_app.merging import FIELDS
from templates_app.notices import Words

NO_KEY = "this-is-an-example-and-opens-not"  # as long as a real one


def as_written(moment: str, channel: str, language: str) -> Words:
    """The built-in text with its fields in braces, as somebody would write it in own words."""
    about = Occasion({name: f"{{{name}}}" for name in FIELDS})
    with override(language):
        if channel == Channel.TEXT:
            return Words("", TEXTS[moment](about))
        letter = LETTERS[moment](about)
    link = ("{link}",) if letter.action else ()
    return Words(letter.subject, "\n\n".join((*letter.opening, *link, *letter.closing)))


def sample_link() -> str:
    """As long as a real one, and it opens nothing."""
    return address_of("reference-door", token=NO_KEY)


def samples(organization: Organization) -> dict[str, str]:
    """A value for each field, in the language that is active."""
    in_a_week = timezone.localtime(timezone=ZoneInfo(organization.time_zone)) + timedelta(days=7)
    return {
        "candidate": "Marcus Webb",
        "name": "Marcus",
        "reference": "Eileen Farrow",
        "relationship": str(RELATIONS[Relationship.MANAGER]),
        "position": _("Chief Officer"),
        "company": organization.name,
        "reader": organization.contact_name or "Ruth Adeyemi",
        "count": "3",
        "minutes": "8",
        "date": formats.date_format(in_a_week, "MONTH_DAY_FORMAT"),
        "link": sample_link(),
    }
