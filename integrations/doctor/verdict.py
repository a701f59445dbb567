"""The doctor's title: what all lines come to."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checks.said import number
from integrations.doctor.lines import Level


def verdict(counts: Mapping[Level, int]) -> str:
    """Such as: One thing is broken, two deserve a look."""
    broken, look = counts.get(Level.BROKEN, 0), counts.get(Level.LOOK, 0)
    if broken and look:
        second = ngettext("%(count)s deserves a look", "%(count)s deserve a look", look) % {"count": number(look)}
        return f"{_broken(broken)}, {second}"
    if broken:
        return _broken(broken)
    if look:
        said = ngettext("%(count)s thing deserves a look", "%(count)s things deserve a look", look)
        return capfirst(said % {"count": number(look)})
    return _("All is well")


def _broken(count: int) -> str:
    said = ngettext("%(count)s thing is broken", "%(count)s things are broken", count)
    return capfirst(said % {"count": number(count)})


def how_many_are_well(counts: Mapping[Level, int]) -> str:
    count = counts.get(Level.WELL, 0)
    if not count:
        return _("No line is well yet.")
    return capfirst(ngettext("%(count)s line is well.", "%(count)s lines are well.", count) % {"count": number(count)})
