"""The words of a report sorted by who wrote them."""

from dataclasses import dataclass

from checks import wording
from checks.counts import answer_of
from checks.findings import Person, Report, Tally, Words


@dataclass(frozen=True)
class Written:
    """What one person wrote about one question; `choice` is the answer that it explains."""

    question: str
    text: str
    choice: str = ""


@dataclass(frozen=True)
class Writer:
    """Who wrote, what they are to the candidate, and everything in the order of the survey."""

    name: str
    known: str
    written: list[Written]


def writers(shown: Report, name: str) -> list[Writer]:
    """Nobody with averages only. Last is the candidate, whose first name is `name`, with a self-assessment."""
    found = [Writer(person.name, wording.known(person), _written(shown, person)) for person in shown.answerers]
    own = [Written(each.question, each.own.text.strip()) for each in shown.words if each.own]
    everybody = [*found, Writer(name, wording.own_view(), own)]
    return [writer for writer in everybody if writer.written and not shown.is_averages_only]


def _written(shown: Report, person: Person) -> list[Written]:
    asked: tuple[Tally | Words, ...] = (*shown.words, *shown.yes_no, *shown.choices)
    return [
        Written(each.question, said.text.strip(), answer_of(said))
        for each in asked
        for said in each.said
        if said.person == person.id and said.text.strip()
    ]
