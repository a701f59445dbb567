"""What Vouch says to people in other languages: `python -m docs.catalogues` brings the catalogues up to date.

They hold what candidates and references read on their pages and in mails, and what those who hire are written; not
the portal and not the report. New sentences come in untranslated (`tests/config/test_catalogues.py` names them), those
that are gone go, and the .mo files are made from the .po files.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "fr", "es")
# Where the sentences stand that are said in the reader's language, beside the templates of their pages.
SOURCES = (
    "templates_app/builtin/*.py",
    "templates_app/answering.py",
    "templates_app/kinds.py",
    "checks/*_form.py",
    "checks/asking.py",
    "checks/fields.py",
    "checks/forms.py",
    "checks/held.py",
    "checks/hints.py",
    "checks/integrity.py",
    "checks/leaving.py",
    "checks/letters.py",
    "checks/naming.py",
    "checks/outcome_forms.py",
    "checks/outcome_people.py",
    "checks/outcome_views.py",
    "checks/questionnaire.py",
    "checks/reference_forms.py",
    "checks/replying.py",
    "checks/rights_letters.py",
    "checks/said.py",
    "checks/share_letters.py",
    "checks/sheets.py",
    "checks/standing.py",
    "checks/templates/checks/*_line.html",  # parts of pages that scripts fetch
    "notifications/phones.py",
    "notifications/templates/mail/*.html",
    "prospects/details_form.py",
    "prospects/holding.py",
    "prospects/letters.py",
)
# Every template of these folders that is a letter, and all that it includes; without the report, and without those of
# `accounts`: staff read them.
TEMPLATES = ("config/templates", "checks/templates", "prospects/templates")
LETTER, REPORT = "public.html", "checks/report"
LEADS_ON = re.compile(r'{% (?:include|extends) "([^"]+)"')
KEYWORDS = {
    **dict.fromkeys(("_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
DATED = datetime(2026, 11, 22, tzinfo=UTC)


class Sentence(NamedTuple):
    """With a plural `said` is a pair; `context` tells two that are written alike in English apart."""

    said: str | tuple[str, ...]
    context: str | None = None

    @property
    def key(self) -> str:
        return self.said if isinstance(self.said, str) else self.said[0]


def sentences() -> Iterator[tuple[str, Sentence]]:
    """Each with the file that it stands in."""
    for file in files():
        for _line, said, _comments, context in extract("python", BytesIO(as_python(file).encode()), keywords=KEYWORDS):
            yield str(file.relative_to(ROOT)), Sentence(said, context)


def files() -> list[Path]:
    named = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    return sorted(named | letters())


def letters() -> set[Path]:
    """The templates of the pages that candidates and references read."""
    paths = {
        str(path.relative_to(folder)): path
        for folder in map(ROOT.joinpath, TEMPLATES)
        for path in folder.rglob("*.html")
    }
    known = {name: path for name, path in paths.items() if not name.startswith(REPORT)}
    leads = {name: set(LEADS_ON.findall(path.read_text())) & known.keys() for name, path in known.items()}
    found, new = set[str](), {LETTER} | {name for name in known if LETTER in leads[name]}
    while new:
        found |= new
        new = {led for name in new for led in leads[name]} - found
    return {known[name] for name in found}


def as_python(file: Path) -> str:
    """A template as calls of gettext; its lines begin anew each, for what stands between them is no Python."""
    if file.suffix == ".py":
        return file.read_text()
    return "\n".join(line.lstrip() for line in templatize(file.read_text()).splitlines())


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
        header_comment=f"# What Vouch says to people, in {Locale.parse(language).english_name}.",
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
        known = before.get(sentence.key, sentence.context)
        is_same = known is not None and known.pluralizable == isinstance(sentence.said, tuple)
        translated = known.string if known and is_same else None
        catalog.add(sentence.said, translated, locations=[(place, None)], context=sentence.context)  # type: ignore[list-item]
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
        file_of(language, "mo").write_bytes(compiled(read(language)))


if __name__ == "__main__":
    main()
