"""What Vouch writes to people in other languages: `python -m docs.catalogues` brings the catalogues up to date.

They hold what candidates, references and those who hire are written, not the portal. New sentences come in untranslated
(`tests/config/test_catalogues.py` names them), those that are gone go, and the .mo files are made from the .po files.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "fr", "es")
# Where the sentences stand that are said in the reader's language.
SOURCES = (
    "templates_app/builtin/*.py",
    "templates_app/answering.py",
    "templates_app/kinds.py",
    "checks/letters.py",
    "checks/asking.py",
    "checks/sheets.py",
    "notifications/templates/mail/*.html",
)
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
}
IN_HTML = re.compile(r'{% translate "([^"]+)" %}')

DATED = datetime(2026, 11, 22, tzinfo=UTC)
Sentence = str | tuple[str, ...]


def sentences() -> Iterator[tuple[str, Sentence]]:
    """Each with the file that it stands in; one with a plural is a pair."""
    for file in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        place = str(file.relative_to(ROOT))
        if file.suffix == ".html":
            yield from ((place, text) for text in IN_HTML.findall(file.read_text()))
        else:
            found = extract_from_file("python", file, keywords=KEYWORDS)
            yield from ((place, text) for _line, text, _comments, _context in found)


def file_of(language: str, suffix: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def read(language: str) -> Catalog:
    file = file_of(language, "po")
    if not file.exists():
        return empty(language)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def empty(language: str) -> Catalog:
    """Without names and with one date, so that the same sentences always give the same files."""
    return Catalog(
        locale=language,
        header_comment=f"# What Vouch writes to people, in {Locale.parse(language).english_name}.",
        project="Vouch",
        version=" ",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team=" ",
        creation_date=DATED,
        revision_date=DATED,
        charset="utf-8",
        fuzzy=False,
    )


def renewed(language: str) -> Catalog:
    """The catalogue with exactly the sentences of today."""
    before = read(language)
    catalog = empty(language)
    for place, sentence in sentences():
        known = before.get(sentence if isinstance(sentence, str) else sentence[0])
        is_same = known is not None and known.pluralizable == isinstance(sentence, tuple)
        catalog.add(sentence, known.string if known and is_same else None, locations=[(place, None)])  # type: ignore[list-item]
    return catalog


def compiled(catalog: Catalog) -> bytes:
    target = BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def main() -> None:
    for language in LANGUAGES:
        catalog = renewed(language)
        file_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
        with file_of(language, "po").open("wb") as target:
            write_po(target, catalog, width=100, include_lineno=False)
        file_of(language, "mo").write_bytes(compiled(catalog))


if __name__ == "__main__":
    main()
