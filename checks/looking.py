"""Finding what may make a reader look twice at the references that have answered.

Nothing that is found here stops anything or counts in any figure. What is found again is written down once, and what
a reader has cleared stays cleared. What recruiters wrote down on the telephone tells nothing of the reference's own
connection, device or pace.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Any

from checks.integrity import IntegritySignal, Kind, Weight
from checks.mail_domains import domain_of, is_free, is_throwaway
from templates_app.effort import minutes, seconds
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Relationship

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Reference

# Nobody reads in a tenth of the time that is meant for reading, remembering and answering.
TOO_FAST = 10
# Two people may well agree on a few scales, and both write "Nothing".
SCALES_ENOUGH, LETTERS_ENOUGH = 6, 40
ALIKE = 0.9  # of the words of two texts, in the same order
WORDS_COMPARED = 300  # of each text: comparing takes their product

Places = Mapping[int | None, set[tuple[str, str]]]  # of each reference, and of the candidate (None): address, device


def look(check: "Check", now: datetime) -> None:
    """Write down what is to be found now; in the caller's transaction."""
    people = list(check.references.submitted().order_by("pk").prefetch_related("answers"))
    if not people:
        return
    found = {
        _key(signal): signal
        for signal in (*_alone(people), *_in_one_place(people, _places(check)), *_alike(check, people))
    }
    for before in check.integrity_signals.all():
        _see_again(before, found.pop(_key(before), None))
    for signal in found.values():
        signal.for_check, signal.found_at = check, now
    IntegritySignal.objects.bulk_create(found.values(), ignore_conflicts=True)


def _key(signal: IntegritySignal) -> tuple[str, int, int | None]:
    return signal.kind, signal.reference_id, signal.other_id


def _see_again(before: IntegritySignal, again: IntegritySignal | None) -> None:
    """What was found stays, but for likeness: answers can be changed or taken back. It may weigh more than it did."""
    stored = IntegritySignal.objects.filter(pk=before.pk, cleared_at=None)
    if again is None and before.kind == Kind.SAME_ANSWERS:
        stored.delete()
    elif again is not None and again.weight > before.weight:
        stored.update(weight=again.weight, detail=again.detail)


def _signal(
    person: "Reference", kind: Kind, weight: Weight, other: "Reference | None" = None, **detail: Any
) -> IntegritySignal:
    return IntegritySignal(reference=person, other=other, kind=kind, weight=weight, detail=detail)


# --- of one person ----------------------------------------------------------------------------------


def _alone(people: Sequence["Reference"]) -> Iterator[IntegritySignal]:
    for person in people:
        if is_throwaway(person.email):
            yield _signal(person, Kind.THROWAWAY, Weight.HEAVY, domain=domain_of(person.email))
        elif person.relationship == Relationship.MANAGER and is_free(person.email):
            yield _signal(person, Kind.FREE_MAIL, Weight.LIGHT, domain=domain_of(person.email))
        yield from _fast(person)


def _fast(person: "Reference") -> Iterator[IntegritySignal]:
    if not (person.opened_at and person.submitted_at) or person.written_down_by_id:
        return
    questions = _surely_answered(person)
    took = (person.submitted_at - person.opened_at).total_seconds()
    if took < seconds(questions) / TOO_FAST:
        yield _signal(person, Kind.FAST, Weight.SOME, seconds=max(0, round(took)), minutes=minutes(questions))


def _surely_answered(person: "Reference") -> list[FrozenQuestion]:
    """What they did answer; where a report has averages only, what everybody in their place must."""
    if person.for_check.frozen.is_averages_only:
        asked = () if person.gives_dates_only else person.for_check.frozen.questions_for(person.relationship)
        return [each for each in asked if each.is_required and not each.shown_if]
    given = person.given()
    return [each for each in person.questions() if each.key in given and not given[each.key].is_empty]


# --- of two who use the pages from one place --------------------------------------------------------


def _places(check: "Check") -> Places:
    found: dict[int | None, set[tuple[str, str]]] = {}
    for person, *place in check.visits.values_list("reference", "address_digest", "device_digest"):
        found.setdefault(person, set()).add((place[0], place[1]))
    return found


def _in_one_place(people: Sequence["Reference"], places: Places) -> Iterator[IntegritySignal]:
    """People of one office or household share a connection, and many people have the same kind of device."""
    themselves = [person for person in people if not person.written_down_by_id]
    pairs: list[tuple[Reference, Reference | None]] = [(person, None) for person in themselves]
    pairs += [(later, earlier) for earlier, later in combinations(themselves, 2)]
    for person, other in pairs:
        here, there = places.get(person.pk, set()), places.get(other.pk if other else None, set())
        if any(address and device for address, device in here & there):
            yield _signal(person, Kind.SAME_DEVICE, Weight.SOME, other, in_place=True)
            continue
        if _addresses(here) & _addresses(there):
            yield _signal(person, Kind.SAME_ADDRESS, Weight.LIGHT if other else Weight.SOME, other)
        if _devices(here) & _devices(there):
            yield _signal(person, Kind.SAME_DEVICE, Weight.LIGHT, other)


def _addresses(places: set[tuple[str, str]]) -> set[str]:
    return {address for address, _device in places} - {""}


def _devices(places: set[tuple[str, str]]) -> set[str]:
    return {device for _address, device in places} - {""}


# --- of two who say the same ------------------------------------------------------------------------


def _alike(check: "Check", people: Sequence["Reference"]) -> Iterator[IntegritySignal]:
    """Left out where the report has averages only: it would tell what two people answered."""
    if check.frozen.is_averages_only:
        return
    for earlier, later in combinations(people, 2):
        if scales := _same_answers(earlier, later):
            yield _signal(later, Kind.SAME_ANSWERS, Weight.HEAVY, earlier, scales=scales)


def _same_answers(one: "Reference", two: "Reference") -> int:
    """On how many scales two people gave the same mark, if it is all of them and their words are the same, too."""
    left, right = one.given(), two.given()
    both = [(left[key], right[key]) for key in left if key in right]
    marks = [(a.score, b.score) for a, b in both if a.score is not None and b.score is not None]
    texts = [(a.text, b.text) for a, b in both if a.text.strip() or b.text.strip()]
    if len(marks) < SCALES_ENOUGH or any(a != b for a, b in marks):
        return 0
    has_enough = sum(len(text.strip()) for text, _other in texts) >= LETTERS_ENOUGH
    return len(marks) if has_enough and all(_is_like(a, b) for a, b in texts) else 0


def _is_like(one: str, two: str) -> bool:
    left, right = (text.casefold().split()[:WORDS_COMPARED] for text in (one, two))
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= ALIKE
