"""A report as a file for other programs, made of `report_parts.report_of` and so of nothing that the page does not say.

JSON, version 1 (`FORMAT`, `VERSION`; a later version only adds fields, or has another number):

    {"format": "vouch-report", "version": 1, "made_at": time,
     "check": {"id": uuid, "candidate", "position", "organization": texts, "status": "completed" and so on,
               "asked_at", "completed_at": time or null, "is_private": bool,
               "outcome": {"in_ats", "said": "hired", "not-hired" or empty, "is_conflict": bool}},
     "report": {"formula": int, "survey": text, "survey_version": int, "asked", "answered": int, "days": int or null,
                "is_averages_only": bool, "people": [...], "scales": [...], "yes_no": [...], "choices": [...],
                "words": [...], "facts": [...]}}

Times are ISO 8601 with their offset. The lists are the dataclasses of `persons.py`, `marks.py` and `voices.py`, field
by field; `person` in an answer is the `id` of one of the people. With averages only no answer names a person, and below
three answers to a question `is_withheld` is true and its figures are null.

CSV: a line for each answer and one for each figure, in the columns `COLUMNS`; `what` says which. UTF-8 with a byte
order mark, commas, CRLF, a quote before what a spreadsheet would compute.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from checks import wording
from checks.findings import Confirmation, Report, Said, Scale, Tally, Words
from checks.models import Check, Outcome
from checks.report_parts import report_of

FORMAT, VERSION = "vouch-report", 1
INNER = ("counted",)  # by which we tell what may be added later; nobody's business
COLUMNS = (
    "part",
    "question",
    "competency",
    "what",
    "person",
    "relationship",
    "answer",
    "step",
    "text",
    "people",
    "mean",
    "lowest",
    "highest",
    "not observed",
    "left open",
)

Line = Mapping[str, Any]


def as_json(check: Check, now: datetime) -> dict[str, Any]:
    report = {name: value for name, value in report_of(check).as_json().items() if name not in INNER}
    about = {
        "id": str(check.public_id),
        "candidate": check.candidate_name,
        "position": check.position,
        "organization": check.organization.name,
        "status": check.status,
        "asked_at": check.created_at.isoformat(),
        "completed_at": check.completed_at.isoformat() if check.completed_at else None,
        "is_private": check.is_private,
        "outcome": _outcome(check),
    }
    return {"format": FORMAT, "version": VERSION, "made_at": now.isoformat(), "check": about, "report": report}


def _outcome(check: Check) -> Line:
    found = Outcome.known_of(check) or Outcome()
    return {"in_ats": found.in_ats, "said": found.said, "is_conflict": found.is_conflict}


def as_rows(check: Check) -> Iterator[tuple[Any, ...]]:
    """The head, and a row for each answer and figure in the order of the survey."""
    yield COLUMNS
    for line in (*_lines(report_of(check)), *_how_it_ended(check)):
        yield tuple(line.get(column) for column in COLUMNS)


def _lines(report: Report) -> Iterator[Line]:
    for scale in report.scales:
        yield from _of_scale(report, scale)
    for tally in (*report.yes_no, *report.choices):
        yield from _of_tally(report, tally)
    for fact in report.facts:
        yield from _of_fact(report, fact)
    for words in report.words:
        yield from _of_words(report, words)


def _how_it_ended(check: Check) -> Iterator[Line]:
    found = _outcome(check)
    for what, ended in (("in the ATS", found["in_ats"]), ("as somebody said", found["said"])):
        if ended:
            yield {"part": "outcome", "what": what, "answer": ended}


def _of_scale(report: Report, scale: Scale) -> Iterator[Line]:
    about = {"part": "scale", "question": scale.question, "competency": scale.competency}
    for mark in scale.marks:
        answer = "not observed" if mark.is_unobserved else scale.labels[mark.score - 1] if mark.score else ""
        yield {**about, **_who(report, mark.person), "what": "answer", "answer": answer, "step": mark.score}
    if scale.own and scale.own.score:
        label = scale.labels[scale.own.score - 1]
        yield {**about, "what": "the candidate’s own view", "answer": label, "step": scale.own.score}
    figures = scale.figures
    yield {
        **about,
        "what": "too few to be shown" if figures.is_withheld else "figures",
        "people": figures.n,
        "mean": figures.shown,
        "lowest": figures.low,
        "highest": figures.high,
        "not observed": figures.unobserved,
        "left open": figures.left_open,
    }


def _of_tally(report: Report, tally: Tally) -> Iterator[Line]:
    about = {"part": "choice", "question": tally.question}
    yield from _said(report, about, tally.said)
    yield from _own(about, tally.own)
    if tally.is_withheld:
        yield {**about, "what": "too few to be shown"}
    for option, count in zip(tally.options, tally.counts, strict=False):
        yield {**about, "what": "figures", "answer": wording.answer(option), "people": count}


def _of_fact(report: Report, fact: Confirmation) -> Iterator[Line]:
    about = {"part": "fact", "question": fact.question}
    yield from _said(report, about, fact.said)
    if fact.is_withheld:
        yield {**about, "what": "too few to be shown"}
    for answer, count in fact.counts.items():
        yield {**about, "what": "figures", "answer": wording.answer(answer), "people": count}


def _of_words(report: Report, words: Words) -> Iterator[Line]:
    about = {"part": "words", "question": words.question, "competency": words.theme}
    yield from _said(report, about, words.said)
    yield from _own(about, words.own)
    if words.is_withheld:
        yield {**about, "what": "too few to be shown"}


def _said(report: Report, about: Line, said: Iterable[Said]) -> Iterator[Line]:
    for each in said:
        yield {**about, **_who(report, each.person), "what": "answer", "answer": _answer(each), "text": each.text}


def _own(about: Line, own: Said | None) -> Iterator[Line]:
    if own:
        yield {**about, "what": "the candidate’s own view", "answer": _answer(own), "text": own.text}


def _answer(said: Said) -> str:
    return "; ".join(wording.answer(choice) for choice in (said.choice, *said.choices) if choice)


def _who(report: Report, person_id: str) -> Line:
    person = report.person(person_id)
    return {"person": person.name, "relationship": wording.relation(person)}
