"""YAML with its line numbers: mappings become unsaved rows, and all that is wrong is collected on the way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from templates_app.packs.fields import NOTES, Table

_YAML = "tag:yaml.org,2002:"
_NULL, _BOOL, _INT = f"{_YAML}null", f"{_YAML}bool", f"{_YAML}int"
# A text may look like something else and need no quotes for it: an answer “No”, a survey named 2026.
_TEXTS = {f"{_YAML}{tag}" for tag in ("str", "bool", "int", "float", "timestamp")}
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")  # no database keeps these


@dataclass(frozen=True, order=True)
class Remark:
    """Something to say about a line of the file, counted from 1."""

    line: int
    text: str


@dataclass
class Entry:
    """A mapping of the file: its words and what stands behind them. A word with nothing behind it is left out."""

    line: int
    nodes: dict[str, yaml.Node] = field(default_factory=dict)

    def line_of(self, word: str) -> int:
        return _line(self.nodes[word]) if word in self.nodes else self.line


class _Unreadable(Exception):
    """A value is not what its field holds; the text says what it should be."""


class Entries:
    """Reads the parts of a file by the tables, and goes on after a mistake to find the next."""

    def __init__(self) -> None:
        self.problems: list[Remark] = []

    def complain(self, line: int, text: str) -> None:
        self.problems.append(Remark(line, text))

    def documents(self, source: bytes) -> list[yaml.Node]:
        """The parts between the lines of three dashes, empty ones left out."""
        try:
            text = source.decode("utf-8-sig")
            return [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node.tag != _NULL]
        except UnicodeDecodeError as error:
            self.complain(source.count(b"\n", 0, error.start) + 1, _("This is not text in UTF-8."))
        except yaml.reader.ReaderError as error:
            line = source.decode("utf-8-sig").count("\n", 0, error.position) + 1
            self.complain(line, _("There is a character here that a text file cannot hold."))
        except yaml.MarkedYAMLError as error:
            self.complain(*_broken(error))
        except RecursionError:
            self.complain(1, _("The lists in this file are too deep."))
        return []

    def entry(self, node: yaml.Node, table: Table) -> Entry | None:
        """The fields of a mapping; what is unknown or there twice is complained of and left out."""
        entry = Entry(_line(node))
        if not isinstance(node, yaml.MappingNode):
            words = {"noun": table.noun, "field": table.words[0]}
            self.complain(entry.line, _("A %(noun)s is made of fields, such as “%(field)s: …”.") % words)
            return None
        for key, value in node.value:
            word = str(key.value)
            if word not in table.words:
                self.complain(_line(key), _unknown(word, table))
            elif word in entry.nodes:
                self.complain(_line(key), _("“%(word)s” is there twice.") % {"word": word})
            elif value.tag != _NULL:
                entry.nodes[word] = value
        self._look_at_words(entry, table)
        return entry

    def _look_at_words(self, entry: Entry, table: Table) -> None:
        for word in table.needed:
            if word not in entry.nodes:
                words = {"word": word, "noun": table.noun}
                self.complain(entry.line, _("“%(word)s” is missing from this %(noun)s.") % words)
        for word in set(NOTES) & set(table.others):
            self.text(entry, word)

    def items(self, entry: Entry, word: str) -> list[yaml.Node]:
        node = entry.nodes.get(word)
        if node is None or isinstance(node, yaml.SequenceNode):
            return list(node.value) if node else []
        self.complain(_line(node), f"{word}: {_not_a_list()}")
        return []

    def text(self, entry: Entry, word: str) -> str:
        """A text that belongs to no column, or a list of texts."""
        node = entry.nodes.get(word)
        try:
            return "" if node is None else "\n".join(_texts(node))
        except _Unreadable as reason:
            self.complain(entry.line_of(word), f"{word}: {reason}")
            return ""

    def row(self, entry: Entry, table: Table) -> Any:
        """An unsaved row of what the entry says, held against the model's own rules."""
        values, unreadable = {}, set()
        for word, attribute in table.attributes.items():
            if word in entry.nodes:
                try:
                    values[attribute] = _value(entry.nodes[word], table.field(word))
                except _Unreadable as reason:
                    self.complain(entry.line_of(word), f"{word}: {reason}")
                    unreadable.add(attribute)
        row = table.model(**values)
        for attribute, message in _broken_rules(row, set(values)):
            if attribute not in unreadable:
                word = table.word(attribute)
                self.complain(entry.line_of(word), f"{word}: {message}")
        return row


def _broken_rules(row: models.Model, given: set[str]) -> Iterator[tuple[str, str]]:
    """Which of the model's rules the values that were given break, by attribute."""
    others = {field.name for field in row._meta.get_fields()} - given
    try:
        row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for attribute, messages in error.message_dict.items():
            for message in messages:
                yield attribute, message


def _value(node: yaml.Node, column: "models.Field[Any, Any]") -> Any:
    if isinstance(column, models.JSONField):  # ours are lists of texts
        if isinstance(node, yaml.SequenceNode):
            return list(_texts(node))
        raise _Unreadable(_not_a_list())
    if isinstance(column, models.BooleanField):
        if node.tag == _BOOL:
            return node.value.lower() in ("yes", "true", "on")
        raise _Unreadable(_("say true or false."))
    if isinstance(column, models.IntegerField):
        if node.tag == _INT and node.value.isdecimal():
            return int(node.value)
        raise _Unreadable(_("give a whole number."))
    return _chosen(_text(node), [str(value) for value, _label in column.flatchoices])


def _chosen(text: str, choices: list[str]) -> str:
    if not choices or text in choices:
        return text
    words = {"text": text, "choices": ", ".join(choices)}
    raise _Unreadable(_("“%(text)s” is none of %(choices)s.") % words + suggestion(text, choices))


def _texts(node: yaml.Node) -> Iterator[str]:
    for each in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        yield _text(each)


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _TEXTS:
        raise _Unreadable(_("a text is needed here. Put quotes around one that begins with { or [."))
    if _UNKEEPABLE.search(node.value):
        raise _Unreadable(_("there is a character in it that cannot be kept."))
    return str(node.value)


def _not_a_list() -> str:
    return _("this is a list; each item begins with a dash.")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _broken(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    mark = error.problem_mark or error.context_mark
    text = _("This cannot be read as YAML: %(problem)s.") % {"problem": error.problem}
    hint = _("Often a text needs quotes: one that holds a colon and a space, or begins with { or [.")
    return (mark.line + 1 if mark else 1), f"{text} {hint}"


def _unknown(word: str, table: Table) -> str:
    text = _("“%(word)s” is not a field of a %(noun)s.") % {"word": word, "noun": table.noun}
    return text + suggestion(word, table.words)


def suggestion(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return " " + _("Did you mean “%(word)s”?") % {"word": close[0]} if close else ""
