"""Tables as files that a spreadsheet opens: CSV in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# What makes Excel, LibreOffice and Google Sheets compute a cell (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # without it Excel takes UTF-8 for something else


def neutral(value: Any) -> Any:
    """A text as it is, or behind a quote where a spreadsheet would compute it; figures and nothing stay themselves."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file, one by one, so that a long one can be sent while it is read."""
    yield BOM
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([neutral(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
