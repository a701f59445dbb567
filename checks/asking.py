"""Which questions a person is asked: by how they know the candidate, by what they may say, and by earlier answers."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from templates_app.answering import LONGEST, UNSEEN, answers_of
from templates_app.frozen import FrozenQuestion, FrozenRequest
from templates_app.kinds import Fact, Kind, Language

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Given, Reference

# What is said of a fact that the candidate has told.
RIGHT, NOT_QUITE, CANNOT_SAY = "right", "not-quite", "cannot-say"

# What is asked of somebody whose employer allows dates only, where the survey asks for no fact itself.
STANDARD_FACTS = {
    "dates-only-title": (Fact.TITLE, _("What was {name}’s title when you worked together?")),
    "dates-only-period": (Fact.PERIOD, _("From when until when did you work together?")),
}


def possible(questions: Iterable[FrozenQuestion]) -> tuple[FrozenQuestion, ...]:
    """Without follow-ups whose earlier question is not among them: nobody could answer so that they are asked."""
    found: dict[str, FrozenQuestion] = {}
    for question in questions:
        if not question.shown_if or question.shown_if in found:
            found[question.key] = question
    return tuple(found.values())


def dates_only(questions: Iterable[FrozenQuestion]) -> tuple[FrozenQuestion, ...]:
    """The facts among the questions, asked of everybody alike; where there are none, title and period."""
    facts = (question for question in questions if question.kind == Kind.FACT)
    return tuple(replace(question, shown_if="", shown_for=()) for question in facts) or _standard_facts()


def _standard_facts() -> tuple[FrozenQuestion, ...]:
    return tuple(
        FrozenQuestion(key, Kind.FACT, _in("en", text), fact=fact, translations=_translated(text))
        for key, (fact, text) in STANDARD_FACTS.items()
    )


def _in(language: str, text: object) -> str:
    with override(language):
        return str(text)


def _translated(text: object) -> dict[str, dict[str, str]]:
    found = {language: _in(language, text) for language in Language.values}
    return {language: {"text": said} for language, said in found.items() if said != found[Language.ENGLISH]}


def words_about(check: "Check", relation: str) -> dict[str, str]:
    """What the merge fields of a question stand for, when it is asked of somebody who is this to the candidate."""
    return {
        "name": check.first_name,
        "candidate": check.candidate_name or check.first_name,
        "company": check.organization.name,
        "relationship": relation,
        "position": check.position or gettext("the job"),
    }


def request_of(reference: "Reference") -> FrozenRequest:
    """Which of the template's requests somebody answers: what was asked of the candidate stands with the reference."""
    requests = reference.for_check.frozen.requests
    found = requests[reference.position] if reference.position < len(requests) else FrozenRequest()
    return replace(found, relationship=reference.asked_relationship, note=reference.note)


# --- follow-ups -------------------------------------------------------------------------------------------


def fitting(questions: Iterable[FrozenQuestion], sent: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The keys of the questions that are asked after these answers; `sent` has them as a form sends them."""
    found: set[str] = set()
    for question in questions:
        if not question.shown_if or (question.shown_if in found and _fits(question, sent)):
            found.add(question.key)
    return frozenset(found)


def _fits(question: FrozenQuestion, sent: Mapping[str, Collection[str]]) -> bool:
    return bool(set(answers_before(question)) & set(sent.get(question.shown_if, ())))


def answers_before(question: FrozenQuestion) -> tuple[str, ...]:
    """The answers after which a follow-up is asked, as a form sends them."""
    return tuple(answer[:LONGEST] for answer in question.shown_for)


def sent(given: "Given") -> tuple[str, ...]:
    """An answer that was kept, as a form sends it."""
    if given.is_unobserved:
        return (UNSEEN,)
    score = [str(given.score)] if given.score is not None else []
    return (*score, *filter(None, (given.choice,)), *given.choices)


def options(question: FrozenQuestion) -> list[tuple[str, str]]:
    """The answers to choose from: what is sent, and what is read. The words are the question's and the reader's."""
    if question.kind == Kind.FACT:
        return [
            (RIGHT, gettext("That is right")),
            (NOT_QUITE, gettext("Not quite")),
            (CANNOT_SAY, gettext("I cannot say")),
        ]
    return answers_of(question)
