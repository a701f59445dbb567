"""A CSV file as spreadsheets write it: with or without a mark of its encoding, with commas, semicolons or tabs."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.sheets import delimiter_of, text_of, without_note

LONGEST = 5 * 1024 * 1024  # bytes of a file
MOST = 10_000  # lines below the first


class Unreadable(ValueError):
    """In words: why nothing can be read at all. `line` is where, when it shows."""

    def __init__(self, words: str, line: int = 0) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """`rows` are pairs of the line on which a row begins, and its cells by column, trimmed."""

    rows: list[tuple[int, dict[str, str]]]
    columns: list[str]


def read(source: bytes) -> Sheet:
    if len(source) > LONGEST:
        raise Unreadable(_("The file is longer than 5 MB. Split it, and import the parts one by one."))
    text = _decoded(source)
    if "\0" in text:
        raise Unreadable(_("This is no text. Save the table as CSV first."))
    lines, skipped = without_note(text)
    rows = [(number + skipped, cells) for number, cells in _cells(lines, delimiter_of(lines)) if any(cells)]
    if not rows:
        raise Unreadable(_("The file is empty."))
    columns = [cell.casefold().replace(" ", "_").replace("-", "_") for cell in rows[0][1]]
    if twice := next((name for name in columns if name and columns.count(name) > 1), ""):
        raise Unreadable(_("The column “%(name)s” stands there twice.") % {"name": twice}, rows[0][0])
    if len(rows) - 1 > MOST:
        raise Unreadable(_("The file has more than 10,000 lines. Split it, and import the parts one by one."))
    return Sheet([(number, dict(zip(columns, cells, strict=False))) for number, cells in rows[1:]], columns)


def _decoded(source: bytes) -> str:
    try:
        return text_of(source)
    except UnicodeDecodeError:
        words = _("The file is not in UTF-8. In Excel, save it as “CSV UTF-8”; elsewhere, choose UTF-8.")
        raise Unreadable(words) from None


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [plain(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        words = _("A quotation mark is not closed, or stands where none may be.")
        raise Unreadable(words, begins) from None


def plain(cell: str) -> str:
    """Without the quote that Vouch itself puts before what a spreadsheet would compute."""
    text = cell.strip()
    return text[1:].strip() if text.startswith("'") and text[1:2] in ("=", "+", "-", "@") else text
