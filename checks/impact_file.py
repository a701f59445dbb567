"""A file of groups: who belongs to which, as the organization says. It is read, and nothing of it is kept.

Two columns: an e-mail address or the opportunity's id, and a name of the group. A comma, a semicolon or a tab between
them; a first line with the names of the columns may be there. What is wrong with it is told by the number of the line,
and never by what stands in it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from accounts.sheets import delimiter_of, text_of, without_note
from checks.impact import Group

LONGEST = 1024 * 1024  # bytes
MOST_LINES = 50_000
MOST_GROUPS = 30
LONGEST_NAME = 60  # characters


@dataclass(frozen=True)
class Person:
    """Somebody whose outcome is known, and was selected or not. One may go by an address and by several ids."""

    id: int
    is_selected: bool


@dataclass
class Reading:
    """What became of the lines: their numbers, and the people of each group."""

    unreadable: list[int] = field(default_factory=list)  # fewer than two columns, or one is empty or too long
    contradicted: list[int] = field(default_factory=list)  # somebody named before, in another group
    unknown: int = 0  # nobody of that address or id among those looked at
    repeated: int = 0
    is_too_long: bool = False
    is_of_too_many: bool = False
    names: dict[str, str] = field(default_factory=dict)  # of groups, in small letters -> as first written
    people: dict[str, dict[int, bool]] = field(default_factory=dict)  # group -> person -> selected

    @property
    def counted(self) -> int:
        return sum(map(len, self.people.values()))

    @property
    def groups(self) -> list[Group]:
        return [Group(self.names[key], len(same), sum(same.values())) for key, same in self.people.items()]

    def take(self, number: int, cells: list[str], person: Person, group_of: dict[int, str]) -> None:
        """A line whose person is known: counted once, in the group in which they are named first."""
        group = cells[1].casefold()
        if person.id in group_of:
            self.repeated += group_of[person.id] == group
            self.contradicted += [number] if group_of[person.id] != group else []
            return
        group_of[person.id] = group
        self.names.setdefault(group, cells[1])
        self.people.setdefault(group, {})[person.id] = person.is_selected


def _decoded(content: bytes) -> str:
    """As spreadsheets write it, the old ones in the Western encoding of Windows, too."""
    try:
        return text_of(content)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read(content: bytes, known: Mapping[str, Person]) -> Reading:
    """`known` has everybody whose outcome is known, by address in small letters and by the opportunity's id."""
    found, group_of = Reading(), dict[int, str]()
    for number, cells in _lines(_decoded(content), found):
        if len(cells) < 2 or not all(cells[:2]) or len(cells[1]) > LONGEST_NAME:
            found.unreadable.append(number)
        elif person := known.get(cells[0].lower()):
            found.take(number, cells, person, group_of)
        else:
            found.unknown += 1
    found.is_of_too_many = len(found.people) > MOST_GROUPS
    return found


def _lines(text: str, found: Reading) -> Iterator[tuple[int, list[str]]]:
    """Numbered as an editor counts them, without empty ones and without names of columns."""
    text, skipped = without_note(text)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter_of(text))
    for count, cells in enumerate(_safely(rows), start=1):
        if count > MOST_LINES:
            found.is_too_long = True
            return
        cells = [cell.strip() for cell in cells]
        if any(cells) and not (count == 1 and _is_heading(cells[0])):
            yield rows.line_num + skipped, cells


def _safely(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """What the reader cannot take apart is a line without columns."""
    lines = iter(rows)
    while True:
        try:
            yield next(lines)
        except StopIteration:
            return
        except csv.Error:
            yield ["", "?"]


def _is_heading(cell: str) -> bool:
    """No address, and no id: those have digits."""
    return "@" not in cell and not any(letter.isdigit() for letter in cell)
