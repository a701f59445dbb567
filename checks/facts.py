"""Titles, dates and the like, apart from opinion: what the candidate told, and what each reference says of it."""

from django.utils.translation import gettext as _

from checks import confirmations, corrections, wording
from checks.asking import NOT_QUITE
from checks.findings import Confirmation, Person, Report


def facts(shown: Report, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """A heading, then who says what of it; with averages only how many. `name` is the candidate's first name."""
    asked = [(fact.question, _said(shown, fact, name)) for fact in shown.facts]
    put_right = [
        (wording.with_relation(person), f"{what}: {words}")
        for person in shown.answerers
        for what, words in corrections.put_right(person, name)
    ]
    return [*asked, (_("Put right by the references"), put_right)] if put_right else asked


def _said(shown: Report, fact: Confirmation, name: str) -> list[tuple[str, str]]:
    if shown.is_averages_only:
        return [("", words) for words in confirmations.counted(fact)]
    return [
        (
            wording.with_relation(shown.person(said.person)),
            confirmations.confirmation(shown, fact, said, name),
        )
        for said in fact.said
    ]


def differing(shown: Report, person: Person, name: str) -> list[tuple[str, str]]:
    """What one reference has otherwise than the candidate: what, and both versions."""
    asked = [
        (str(corrections.WHAT.get(fact.fact, fact.question)), confirmations.confirmation(shown, fact, said, name))
        for fact in shown.facts
        for said in fact.said
        if said.person == person.id and said.choice == NOT_QUITE
    ]
    return [*asked, *corrections.put_right(person, name)]
