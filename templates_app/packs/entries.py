"""YAML with its line numbers: mappings become unsaved rows, and all that is wrong is collected on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from templates_app.packs.fields import NOTES, Table
from templates_app.packs.values import NULL, Unreadable, not_a_list, suggestion, texts_of, value_of


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
        return line_of(self.nodes[word]) if word in self.nodes else self.line


class _Loader(yaml.SafeLoader):
    """Without aliases: a few lines of them can stand for billions."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            loader: Any = self  # of which the type checker knows too little
            mark = loader.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, _("a *name is not used in packs"), mark)
        return super().compose_node(parent, index)


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
            return [node for node in yaml.compose_all(text, Loader=_Loader) if node.tag != NULL]
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
        entry = Entry(line_of(node))
        if not isinstance(node, yaml.MappingNode):
            words = {"noun": table.noun, "field": table.words[0]}
            self.complain(entry.line, _("A %(noun)s is made of fields, such as “%(field)s: …”.") % words)
            return None
        for key, value in node.value:
            word = str(key.value)
            if word not in table.words:
                self.complain(line_of(key), _unknown(word, table))
            elif word in entry.nodes:
                self.complain(line_of(key), _("“%(word)s” is there twice.") % {"word": word})
            elif value.tag != NULL:
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
        self.complain(line_of(node), f"{word}: {not_a_list()}")
        return []

    def entries(self, entry: Entry, word: str, table: Table) -> list[Entry]:
        return [found for node in self.items(entry, word) if (found := self.entry(node, table))]

    def text(self, entry: Entry, word: str) -> str:
        """A text that belongs to no column, or a list of texts."""
        node = entry.nodes.get(word)
        try:
            return "" if node is None else "\n".join(texts_of(node))
        except Unreadable as reason:
            self.complain(entry.line_of(word), f"{word}: {reason}")
            return ""

    def row(self, entry: Entry, table: Table, **read: Any) -> Any:
        """An unsaved row of what the entry says, held against the model's own rules; `read` was read apart."""
        values, unreadable = dict(read), set()
        for word, attribute in table.attributes.items():
            if word in entry.nodes and attribute not in read:
                try:
                    values[attribute] = value_of(entry.nodes[word], table.field(word))
                except Unreadable as reason:
                    self.complain(entry.line_of(word), f"{word}: {reason}")
                    unreadable.add(attribute)
        row = table.model(**values)
        for attribute, message in _broken_rules(row, set(values)):
            if attribute not in unreadable:
                self._complain_of(entry, table.word(attribute), message)
        return row

    def _complain_of(self, entry: Entry, word: str, message: str) -> None:
        """Of a field, or of the entry when the rule is about something that is no field of it."""
        self.complain(entry.line_of(word), f"{word}: {message}" if word else message)


def line_of(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _broken_rules(row: models.Model, given: set[str]) -> Iterator[tuple[str, str]]:
    """Which of the model's rules the values that were given break, by attribute."""
    others = {field.name for field in row._meta.get_fields()} - given
    try:
        row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        for attribute, messages in error.message_dict.items():
            for message in messages:
                yield attribute, message


def _broken(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    mark = error.problem_mark or error.context_mark
    text = _("This cannot be read as YAML: %(problem)s.") % {"problem": error.problem}
    hint = _("Often a text needs quotes: one that holds a colon and a space, or begins with { or [.")
    return (mark.line + 1 if mark else 1), f"{text} {hint}"


def _unknown(word: str, table: Table) -> str:
    text = _("“%(word)s” is not a field of a %(noun)s.") % {"word": word, "noun": table.noun}
    return text + suggestion(word, table.words)
