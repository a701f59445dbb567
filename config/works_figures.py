"""Figures as they are read. Django's own formatting cuts digits off; these are rounded."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _


def figure(value: float, places: int) -> str:
    """Such as 0.70, in the reader's language; never a zero with a minus."""
    return number_format(round(value, places) + 0.0, places)


def percent(share: float, places: int = 0) -> str:
    return _("%(figure)s%%") % {"figure": figure(100 * share, places)}
