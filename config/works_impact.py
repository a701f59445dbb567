"""Groups of an uploaded file beside who was hired, as lines that can be read. Nothing of the file outlives the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from checks.impact import FEW, FOUR_FIFTHS, SMALLEST, Impact, Line, compare
from checks.impact_file import MOST_GROUPS, MOST_LINES, Person, Reading, read
from checks.models import Check, Ended
from checks.validity_marks import KNOWN, MOST, Choice
from config.works_drawing import RATES, interval
from config.works_figures import figure, percent

NAMED = 20  # numbers of lines that are told


def look(user: User, choice: Choice, content: bytes) -> "Found":
    """One query."""
    people = _people(user, choice)
    return Found(read(content, people))


def _people(user: User, choice: Choice) -> dict[str, Person]:
    """Whoever's outcome is known, by address and by opportunity. One person counts once, with their newest check."""
    rows = choice.of(Check.objects.visible_to(user)).filter(KNOWN).order_by("-completed_at", "-pk")
    hired = Ended.HIRED.value
    columns = ("pk", "candidate_email", "opportunity_id", "outcome__in_ats", "outcome__said")
    found: dict[str, Person] = {}
    for pk, email, opportunity, in_ats, said in rows.values_list(*columns)[:MOST]:
        person = Person(pk, hired in (in_ats, said))
        known = found.setdefault(email.lower(), person) if email else person
        found.setdefault(opportunity.lower(), known)
    return found


@dataclass(frozen=True)
class Shown:
    """A group as it is read."""

    line: Line
    is_highest: bool
    fourth: float  # four fifths of the highest rate

    @property
    def name(self) -> str:
        return self.line.group.name

    @property
    def rate(self) -> str:
        return percent(self.line.group.rate)

    @property
    def ratio(self) -> str:
        return percent(self.line.ratio, 1)

    @property
    def range(self) -> str:
        return _("%(low)s to %(high)s") % {"low": percent(self.line.low), "high": percent(self.line.high)}

    @property
    def p(self) -> str:
        if self.line.p is None:
            return "–"
        return figure(self.line.p, 3) if self.line.p >= 0.001 else _("under %(least)s") % {"least": figure(0.001, 3)}

    @property
    def strip(self) -> SafeString:
        words = {"name": self.name, "rate": self.rate, "range": self.range}
        label = _("%(name)s: %(rate)s hired, interval %(range)s") % words
        return interval((self.line.low, self.line.high), self.line.group.rate, label, RATES, self.fourth)

    @property
    def shape(self) -> str:
        return "warn" if self.line.is_under else "" if self.is_highest else "done"

    @property
    def says(self) -> str:
        words = _("The highest rate.") if self.is_highest else _("Not below four fifths.")
        if self.line.is_under:
            words = _("Below four fifths of the highest rate.")
            if self.line.may_be_chance:
                words = _("Below four fifths of the highest rate, which chance alone may well bring about.")
        if not self.line.is_few:
            return words
        return _("%(words)s Fewer than %(few)d people: one more or less changes it.") % {"words": words, "few": FEW}


class Found:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def impact(self) -> Impact:
        return compare(() if self.reading.is_of_too_many else self.reading.groups)

    @property
    def groups(self) -> list[Shown]:
        lines = self.impact.lines
        best = max((line.group.rate for line in lines), default=0)
        return [Shown(line, line.p is None, best * FOUR_FIFTHS) for line in lines]

    @property
    def title(self) -> str:
        """The news."""
        if why := self.why_not:
            return why
        under = sum(line.is_under for line in self.impact.lines)
        if not under:
            return _("No group is below four fifths of the highest rate.")
        return ngettext(
            "%(count)d group is below four fifths of the highest rate.",
            "%(count)d groups are below four fifths of the highest rate.",
            under,
        ) % {"count": under}

    @property
    def why_not(self) -> str:
        if self.reading.is_of_too_many:
            return _("The file names more than %(most)d groups. Is the second column the group?") % {
                "most": MOST_GROUPS
            }
        if self.impact.is_nobody:
            return _("Nobody of these groups was hired, so there is nothing to compare.")
        if not self.impact.lines:
            return _("Fewer than two groups are left to compare: it takes %(smallest)d people in each.") % {
                "smallest": SMALLEST
            }
        return ""

    @property
    def notices(self) -> Iterator[str]:
        """What became of the file's lines."""
        reading = self.reading
        words = {"count": reading.counted, "unknown": reading.unknown, "repeated": reading.repeated}
        yield (
            ngettext(
                "%(count)d person of the file has a completed check whose outcome is known, and is counted.",
                "%(count)d people of the file have a completed check whose outcome is known, and are counted.",
                reading.counted,
            )
            % words
        )
        if reading.unknown:
            yield (
                ngettext(
                    "%(unknown)d line names nobody who was looked at: no completed check, or not known how it ended.",
                    "%(unknown)d lines name nobody who was looked at: no completed check, or not known how it ended.",
                    reading.unknown,
                )
                % words
            )
        if reading.repeated:
            yield (
                ngettext(
                    "%(repeated)d line names somebody once more.",
                    "%(repeated)d lines name somebody once more.",
                    reading.repeated,
                )
                % words
            )
        yield from self._of_bad_lines()

    def _of_bad_lines(self) -> Iterator[str]:
        reading = self.reading
        if reading.unreadable:
            yield _("Lines that do not have an address or id and a short name of a group: %(lines)s. Left out.") % {
                "lines": _numbers(reading.unreadable)
            }
        if reading.contradicted:
            yield _("Lines that put somebody into another group than an earlier line: %(lines)s. Left out.") % {
                "lines": _numbers(reading.contradicted)
            }
        if reading.is_too_long:
            yield _("The file has more than %(most)d lines. The rest was not read.") % {"most": MOST_LINES}
        if self.impact.hidden and not reading.is_of_too_many:
            yield ngettext(
                "%(hidden)d group is hidden, as it is too small.",
                "%(hidden)d groups are hidden: some are too small, and others would tell them by subtraction.",
                self.impact.hidden,
            ) % {"hidden": self.impact.hidden}
            yield _("To see more, put small groups together under one name, or leave their lines out of the file.")


def _numbers(lines: list[int]) -> str:
    told = ", ".join(map(str, lines[:NAMED]))
    return (
        told if len(lines) <= NAMED else _("%(lines)s and %(more)d more") % {"lines": told, "more": len(lines) - NAMED}
    )
