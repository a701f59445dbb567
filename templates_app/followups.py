"""Questions that are asked only after certain answers to an earlier one: whether they can be."""

from collections.abc import Iterator, Sequence

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from templates_app.answering import LEADING, LONGEST, answers_of
from templates_app.frozen import FrozenQuestion


def problems(questions: Sequence[FrozenQuestion]) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the follow-ups of a survey in its order: place from 0, field, and a sentence."""
    places = {question.key: place for place, question in reversed(list(enumerate(questions)))}
    for place, question in enumerate(questions):
        if question.shown_if:
            found = _problem(question, place, questions, places.get(question.shown_if))
            yield from ((place, *each) for each in found)


def _problem(
    question: FrozenQuestion, place: int, questions: Sequence[FrozenQuestion], before: int | None
) -> Iterator[tuple[str, str]]:
    if before is None:
        words = _("There is no question with the key “%(key)s” in this survey. Choose another, or none.")
        yield "shown_if", words % {"key": question.shown_if}
    elif before == place:
        yield "shown_if", _("A question cannot wait for an answer to itself.")
    elif before > place:
        words = _("“%(text)s” comes after this question. Move that one up, or this one down.")
        yield "shown_if", words % {"text": called(questions[before])}
    elif questions[before].kind not in LEADING:
        words = _("“%(text)s” has no answers to choose from, so nothing can follow them.")
        yield "shown_if", words % {"text": called(questions[before])}
    elif sentence := _unknown(question, questions[before]):
        yield "shown_for", sentence


def _unknown(question: FrozenQuestion, earlier: FrozenQuestion) -> str:
    """A sentence when the earlier question has not all the answers."""
    known = {value for value, _words in answers_of(earlier)}
    missing = [answer for answer in question.shown_for if answer[:LONGEST] not in known]
    if not missing:
        return ""
    words = _("“%(answer)s” is no answer to “%(text)s” any more. Choose again after which answers this one is asked.")
    return words % {"answer": Truncator(missing[0]).chars(60), "text": called(earlier)}


def called(question: FrozenQuestion) -> str:
    return Truncator(question.text).chars(60)
