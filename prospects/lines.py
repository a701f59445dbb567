"""What an import needs to know of each person, and what is wrong with a line that does not say it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checks.keeping import months_from
from notifications.phones import e164
from prospects.preview import is_address
from prospects.sheet import Sheet, Unreadable

# Every column, how long its cells may be, and what it is for. Those of NEEDED must be there, and filled.
COLUMNS: dict[str, tuple[int, str | Promise]] = {
    "name": (160, gettext_lazy("first and last name")),
    "email": (254, gettext_lazy("where a mail reaches them")),
    "phone": (40, gettext_lazy("with the country code, such as +44 20 7183 8750")),
    "company": (160, gettext_lazy("where they work")),
    "title": (160, gettext_lazy("what they are there")),
    "topics": (300, gettext_lazy("what they wish to hear of; empty means any job")),
    "months": (30, gettext_lazy("for how many months they agreed, from 1 to 36")),
    "consent_text": (5000, gettext_lazy("word for word what they agreed to")),
    "agreed_on": (30, gettext_lazy("when they agreed, such as 2026-03-31")),
    "confirmed_on": (30, gettext_lazy("when they confirmed it by e-mail; without it, Vouch asks them to")),
}
NEEDED = ("name", "email", "months", "consent_text", "agreed_on")
MOST_MONTHS = 36
FORMATS = ("%Y-%m-%d", "%d.%m.%Y")  # with slashes nobody knows which is the month


@dataclass(frozen=True)
class Line:
    number: int
    name: str
    email: str
    phone: str
    company: str
    title: str
    topics: str
    months: int
    consent_text: str
    agreed_at: datetime
    confirmed_at: datetime | None

    @property
    def said(self) -> dict[str, Any]:
        """The columns of a prospect that follow from it, but for when they confirmed it."""
        kept = ("name", "email", "phone", "company", "title", "topics", "months", "consent_text", "agreed_at")
        return {"source": "import", **{name: getattr(self, name) for name in kept}}


@dataclass(frozen=True)
class Remark:
    """What is wrong with a line, in a sentence."""

    line: int
    text: str


@dataclass(frozen=True)
class Table:
    lines: list[Line]
    remarks: list[Remark]
    unread: list[str]  # columns that Vouch does not know


def understand(sheet: Sheet, now: datetime) -> Table:
    """Raises Unreadable when a column is missing."""
    if missing := [name for name in NEEDED if name not in sheet.columns]:
        words = _("These columns are missing in the first line: %(names)s.")
        raise Unreadable(words % {"names": ", ".join(missing)}, 1)
    lines: list[Line] = []
    remarks: list[Remark] = []
    seen: dict[str, int] = {}
    for number, cells in sheet.rows:
        try:
            line = _line(number, cells, now)
            if line.email in seen:
                raise ValueError(_("The same address stands in line %(line)d already.") % {"line": seen[line.email]})
        except ValueError as wrong:
            remarks.append(Remark(number, str(wrong)))
        else:
            seen[line.email] = number
            lines.append(line)
    return Table(lines, remarks, [name for name in sheet.columns if name and name not in COLUMNS])


def _line(number: int, cells: dict[str, str], now: datetime) -> Line:
    """ValueError says in words what is wrong: the first thing."""
    said = {name: cells.get(name, "") for name in COLUMNS}
    for name, (longest, _words) in COLUMNS.items():
        if name in NEEDED and not said[name]:
            raise ValueError(_("%(column)s is empty.") % {"column": name})
        if len(said[name]) > longest:
            words = {"column": name, "longest": longest}
            raise ValueError(_("%(column)s is longer than %(longest)d characters.") % words)
    agreed, confirmed = _moment(said, "agreed_on", now), _moment(said, "confirmed_on", now)
    line = Line(
        number=number,
        name=said["name"],
        email=_email(said["email"]),
        phone=_phone(said["phone"]),
        company=said["company"],
        title=said["title"],
        topics=said["topics"],
        months=_months(said["months"]),
        consent_text=said["consent_text"],
        agreed_at=agreed or now,
        confirmed_at=confirmed,
    )
    for problem in _problems(line, now):
        raise ValueError(problem)
    return line


def _problems(line: Line, now: datetime) -> Iterator[str]:
    if line.confirmed_at and line.confirmed_at < line.agreed_at:
        yield _("They confirmed it before they agreed to it.")
    if months_from(line.confirmed_at or line.agreed_at, line.months) <= now:
        yield _("The time that they agreed to is over.")


def _email(text: str) -> str:
    email = text.lower()
    if not is_address(email):
        raise ValueError(_("“%(text)s” is no e-mail address.") % {"text": text})
    return email


def _phone(text: str) -> str:
    if not text:
        return ""
    try:
        return e164(text)
    except ValueError as wrong:
        raise ValueError(_("phone: %(problem)s") % {"problem": wrong}) from None


def _months(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_MONTHS):
        raise ValueError(_("months is to be a whole number from 1 to %(most)d.") % {"most": MOST_MONTHS})
    return int(text)


def _moment(said: dict[str, str], name: str, now: datetime) -> datetime | None:
    """The beginning of the day. An import that is repeated must find the same moment."""
    if not said[name]:
        return None
    found = next(filter(None, (_day(said[name], each) for each in FORMATS)), None)
    if found is None:
        raise ValueError(_("%(column)s is to be written as 2026-03-31.") % {"column": name})
    moment = timezone.make_aware(datetime.combine(found, time()), timezone.get_default_timezone())
    if moment > now:
        raise ValueError(_("%(column)s is in the future.") % {"column": name})
    return moment


def _day(text: str, how: str) -> date | None:
    try:
        return datetime.strptime(text, how).date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        return None
