"""What stands behind a word of the file, as the value of a column."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

import yaml
from django.db import models
from django.utils.translation import gettext as _

from templates_app.packs.fields import NEVER

_YAML = "tag:yaml.org,2002:"
NULL, _BOOL, _INT = f"{_YAML}null", f"{_YAML}bool", f"{_YAML}int"
# A text may look like something else and need no quotes for it: an answer “No”, a survey named 2026.
_TEXTS = {f"{_YAML}{tag}" for tag in ("str", "bool", "int", "float", "timestamp")}
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")  # no database keeps these
_LONGEST_NUMBER = 9  # digits


class Unreadable(Exception):
    """A value is not what its field holds; the text says what it should be."""


def value_of(node: yaml.Node, column: "models.Field[Any, Any]") -> Any:
    if isinstance(column, models.JSONField):  # ours are lists of texts; translations are read apart
        if isinstance(node, yaml.SequenceNode):
            return list(texts_of(node))
        raise Unreadable(not_a_list())
    if isinstance(column, models.BooleanField):
        if node.tag == _BOOL:
            return node.value.lower() in ("yes", "true", "on")
        raise Unreadable(_("say true or false."))
    if isinstance(column, models.IntegerField):
        return _number(node, may_be_never=column.null and column.get_default() is not None)
    if isinstance(column, models.TextField):
        return "\n".join(texts_of(node))
    return _chosen(_text(node), [str(value) for value, _label in column.flatchoices])


def texts_of(node: yaml.Node) -> Iterator[str]:
    for each in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        yield _text(each)


def not_a_list() -> str:
    return _("this is a list; each item begins with a dash.")


def suggestion(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return " " + _("Did you mean “%(word)s”?") % {"word": close[0]} if close else ""


def _number(node: yaml.Node, may_be_never: bool) -> int | None:
    if may_be_never and node.value == NEVER:
        return None
    if node.tag == _INT and node.value.isdecimal() and len(node.value) <= _LONGEST_NUMBER:
        return int(node.value)
    words = _("give a whole number, or the word “%(never)s”.") if may_be_never else _("give a whole number.")
    raise Unreadable(words % {"never": NEVER} if may_be_never else words)


def _chosen(text: str, choices: list[str]) -> str:
    if not choices or text in choices:
        return text
    words = {"text": text, "choices": ", ".join(choices)}
    raise Unreadable(_("“%(text)s” is none of %(choices)s.") % words + suggestion(text, choices))


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in _TEXTS:
        raise Unreadable(_("a text is needed here. Put quotes around one that begins with { or [."))
    if _UNKEEPABLE.search(node.value):
        raise Unreadable(_("there is a character in it that cannot be kept."))
    return str(node.value)
