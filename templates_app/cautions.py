"""Questions that should not be asked of a reference, known by their words in English, German, French and Spanish.

Nothing here forbids anything: a warning says what a question seems to ask about, and why that is a bad idea. The
list follows article 9 of the GDPR (special categories of data), Directive 2000/78/EC and the United Kingdom's
Equality Act 2010, section 60, and for pay article 5 of Directive (EU) 2023/970.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from templates_app.caution_words import LEAVING_OUT, WORDS
from templates_app.frozen import FrozenQuestion

_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Caution:
    topic: str  # a word of REASONS
    reason: str | Promise


REASONS: dict[str, str | Promise] = {
    "health": _("This seems to ask about health or sickness. It says nothing about the work, and the law protects it."),
    "disability": _(
        "This seems to ask about a disability. What somebody needs in order to work is for them to say, once hired."
    ),
    "family": _(
        "This seems to ask about family or pregnancy. Decisions that rest on it discriminate, and are unlawful in many "
        "countries."
    ),
    "age": _("This seems to ask about age. Years tell little about work, and to decide by them discriminates."),
    "religion": _("This seems to ask about religion or belief. The law protects it, and work does not depend on it."),
    "union": _(
        "This seems to ask about a trade union or a strike. To take part is a right, and asking can be unlawful."
    ),
    "pay": _(
        "This seems to ask about earlier pay. It carries old unfairness on, and more and more laws forbid employers to "
        "ask."
    ),
    "origin": _(
        "This seems to ask about nationality, ethnic origin or mother tongue. Ask how well a language is used at work, "
        "if that matters."
    ),
    "orientation": _("This seems to ask about sexual orientation or identity. That is nobody’s business at work."),
    "politics": _("This seems to ask about political views. The law protects them, and work does not depend on them."),
    "crime": _("This seems to ask about a criminal record. Where a job needs to know it, a register tells."),
}


class _Patterns:
    """Compiled once, and only when they are needed."""

    @cached_property
    def by_topic(self) -> dict[str, re.Pattern[str]]:
        return {topic: re.compile("|".join(WORDS[topic]), re.IGNORECASE) for topic in REASONS}

    @cached_property
    def leaving_out(self) -> re.Pattern[str]:
        return re.compile("|".join(LEAVING_OUT), re.IGNORECASE)


_patterns = _Patterns()


def cautions(texts: Iterable[str]) -> list[Caution]:
    """What the texts seem to ask about, each topic once. A sentence that asks to leave it out does not ask for it."""
    sentences = [sentence for text in texts for sentence in _SENTENCES.split(text.replace("’", "'"))]
    asking = [sentence for sentence in sentences if sentence and not _patterns.leaving_out.search(sentence)]
    found = _patterns.by_topic.items()
    return [Caution(topic, REASONS[topic]) for topic, words in found if any(map(words.search, asking))]


def cautions_of(question: FrozenQuestion) -> list[Caution]:
    return cautions(_texts(question))


def _texts(question: FrozenQuestion) -> Iterator[str]:
    yield from (question.text, question.help, question.competency, question.reason_label, *question.labels)
    for texts in question.translations.values():
        for value in texts.values():
            yield from value if isinstance(value, list | tuple) else (str(value),)
