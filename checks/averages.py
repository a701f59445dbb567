"""Averages only: what is left of a report so that nothing in it tells who gave an answer.

What comes out of here is the same for any two sets of answers that differ only in who gave which.

- A figure takes three answers. With fewer nothing of the question is shown, not even how many there are.
- The lowest and the highest mark take five. The line of the mean stands where the printed mean is, not where the
  exact one would be.
- Groups stand apart if each has three marks and so have all the others together, or there are no others: else one
  could subtract. Their counts of "not observed" are left out for the same reason.
- Reasons beside a choice are left out: they go with a few, and say which answer was whose.
- Words stand without a name, where three people wrote some, in an order of their own. A text with a name, a company
  or a relation in it is left out.
- What somebody put right of what the candidate had told, and that they gave dates only, is theirs: it is left out.
- Before a check is concluded there is no figure, as each answer that comes in would show in the difference.
- A second conclusion, of a check that was opened again, adds new answers to the figures if there are three or more;
  until then the earlier figures stand (`kept`).

How it is for the reader who knows one answer already, as their own or from hearsay: three answers leave two unknown.
Where all gave the same, the mean says so of everybody. Both are told on the page.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from checks.asking import CANNOT_SAY, NOT_QUITE, RIGHT
from checks.findings import FAR_APART, Report
from checks.marks import Figures, Scale, figures
from checks.persons import Person
from checks.revealing import reveals
from checks.voices import Confirmation, Said, Tally, Words

FLOOR = 3  # answers to a figure, and people who wrote
FLOOR_OF_RANGE = 5  # marks, for the lowest and the highest
WITHHELD = Figures(is_withheld=True)


def kept(found: Report, earlier: Report | None, changes: Mapping[str, datetime]) -> Report:
    """What is shown from now on; `earlier` is what was shown before, `changes` when each person put something right or
    changed an answer last, if they did: that leaves the moment at which they answered as it was.

    Where one or two people's answers have come since, the difference would tell what they said: the earlier figures
    stay, and how many are held back is said. Where one or two were changed or taken back, nothing can stay: theirs
    must go, and what is left would tell them.
    """
    now = {person.id: str(_last_word(person, changes)) for person in found.answerers}
    before = dict(earlier.counted) if earlier else {}
    gone = {who for who, when in before.items() if now.get(who) != when}
    changed = gone | (now.keys() - before.keys())
    if earlier is None or not before or not changed or len(changed) >= FLOOR:
        return replace(averaged(found), counted=now)
    if gone or earlier.is_taken_down:
        return replace(without_figures(found), counted=before, is_taken_down=True)
    as_it_is = {name: getattr(averaged(found), name) for name in ("asked", "answered", "days", "people")}
    return replace(earlier, **as_it_is, held_back=len(changed))


def _last_word(person: Person, changes: Mapping[str, datetime]) -> datetime | None:
    return max(filter(None, (person.submitted_at, changes.get(person.id))), default=None)


def averaged(found: Report) -> Report:
    """The same without anything that tells who said what."""
    groups = {person.id: person.relationship for person in found.people}
    scales = tuple(_scale(scale, groups) for scale in found.scales)
    if any(person.told_relationship for person in found.people):
        # Beside the candidate's words for who is what, a group of another size would tell who put theirs right.
        scales = tuple(replace(scale, apart={}) for scale in scales)
    return replace(
        without_figures(found),
        scales=scales,
        yes_no=tuple(map(_tally, found.yes_no)),
        choices=tuple(map(_tally, found.choices)),
        words=tuple(_words(words, found.people) for words in found.words),
        facts=tuple(map(_confirmation, found.facts)),
    )


def without_figures(found: Report) -> Report:
    """Who was asked and who has answered, and nothing of what they said."""
    return replace(
        found,
        scales=(),
        yes_no=(),
        choices=(),
        words=(),
        facts=(),
        people=tuple(map(_person, found.people)),
        is_averages_only=True,
    )


def _person(person: Person) -> Person:
    """As the candidate named them."""
    return replace(
        person,
        relationship=person.told_relationship or person.relationship,
        told_relationship="",
        corrections={},
        gives_dates_only=False,
        written_down_by="",
    )


# --- marks ------------------------------------------------------------------------------------------


def _scale(scale: Scale, groups: Mapping[str, str]) -> Scale:
    if scale.figures.n < FLOOR:
        return replace(scale, marks=(), figures=WITHHELD, apart={})
    return replace(scale, marks=(), figures=_blurred(scale.figures), apart=_apart(scale, groups))


def _blurred(exact: Figures) -> Figures:
    found = replace(exact, mean=exact.shown, is_far_apart=(exact.spread or 0) >= FAR_APART)
    return found if exact.n >= FLOOR_OF_RANGE else replace(found, low=None, high=None, spread=None)


def _apart(scale: Scale, groups: Mapping[str, str]) -> dict[str, Figures]:
    marks = {name: [mark for mark in scale.marks if groups.get(mark.person) == name] for name in groups.values()}
    found = {name: figures(same, len(scale.labels)) for name, same in marks.items()}
    large = {name: each for name, each in sorted(found.items()) if each.n >= FLOOR}
    rest = [each for name, each in found.items() if name not in large]
    is_hidden = sum(each.n for each in rest) >= FLOOR or not any(each.asked for each in rest)
    if not is_hidden or len(found) < 2:  # one group alone is everybody
        return {}
    return {name: replace(_blurred(each), unobserved=0, left_open=0) for name, each in large.items()}


# --- counts and words -------------------------------------------------------------------------------


def _tally(tally: Tally) -> Tally:
    people = len(tally.said)
    if people < FLOOR:
        return replace(tally, said=(), counts=(), is_withheld=True)
    return replace(tally, said=(), people=people)


def _confirmation(fact: Confirmation) -> Confirmation:
    said = [one.choice for one in fact.said if one.choice]
    if len(said) < FLOOR:
        return replace(fact, said=(), is_withheld=True)
    return replace(fact, said=(), counts={choice: said.count(choice) for choice in (RIGHT, NOT_QUITE, CANNOT_SAY)})


def _words(words: Words, people: Iterable[Person]) -> Words:
    """Three people must have written, and three texts must be left."""
    people = list(people)
    texts = [re.sub(r"\s+", " ", one.text).strip() for one in words.said]
    left = [text for text in texts if not reveals(text, people)]
    if len(left) < FLOOR:
        return replace(words, said=(), is_withheld=True)
    in_an_order_of_their_own = sorted(left, key=lambda text: sha256(f"{words.key} {text}".encode()).digest())
    said = tuple(Said("", text=text) for text in in_an_order_of_their_own)
    return replace(words, said=said, left_out=len(texts) - len(left))
