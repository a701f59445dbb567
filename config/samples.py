"""Two reports that the demo shows before anybody has done anything: a clear one, and a difficult one.

The people do not exist. Each check goes the way that it goes in use, by the same verbs; only the clock is turned back,
and nothing of it is in Lever. What would have been mailed counts as sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Organization, User
from checks.integrity import IntegritySignal, Kind, Weight
from checks.inviting import by_hand, new_number
from checks.models import Check
from checks.references import Given, Named, Reference
from notifications.models import Message
from templates_app.kinds import Confidentiality, Relationship
from templates_app.models import ReferenceTemplate

MANAGER, PEER, REPORT, CLIENT = Relationship.MANAGER, Relationship.PEER, Relationship.REPORT, Relationship.CLIENT
AGREED = "{company} may write to the people I name."
AVERAGES = "Leadership, averages only"
CLEARED = (
    "Both work in the terminal’s office, and its people share one connection. I called Edda Winter, and it was she."
)

Column = Sequence[object]


@dataclass(frozen=True)
class Sample:
    """The answers stand in rows by question and in columns by person: a step of the scale, a choice, or words."""

    name: str
    position: str
    days_ago: int
    people: Sequence[Named]
    answers: Mapping[str, Column]
    reasons: Mapping[str, Sequence[str]]


CLEAR = Sample(
    "Ingrid Halvorsen",
    "Fleet Engineer",
    9,
    (
        Named("Odd Brekke", "o.brekke@fjordline.example", MANAGER, "Fjordline", date(2021, 3, 1)),
        Named("Sunniva Dahl", "s.dahl@fjordline.example", PEER, "Fjordline", date(2021, 8, 1)),
        Named("Pat Gallagher", "p.gallagher@classworks.example", CLIENT, "Classworks", date(2022, 2, 1)),
    ),
    {
        "overall": (4, 4, 5),
        "quality": (5, 4, 5),
        "reliability": (5, 5, 5),
        "working-with-others": (4, 4, 4),
        "communication": (4, 4, 5),
        "setbacks": (4, 4, None),
        "feedback": (4, 5, 4),
        "closeness": ("Every day", "Every day", "A few times a month"),
        "work-again": ("yes", "yes", "yes"),
        "title-and-dates": ("Second Engineer, March 2021 until today.", "Second Engineer, as long as I know her.", ""),
        "strength": (
            "She found out why the port auxiliary kept tripping after three of us had given up, and wrote it down.",
            "When we lost cooling off Stad she gave each of us one thing to do. We were under way in twenty minutes.",
            "Every survey of hers was ready when I came aboard. I have stopped checking her lists twice.",
        ),
        "do-better": (
            "Hand over the small jobs. She does them at night.",
            "",
            "A larger engine room than ours.",
        ),
    },
    {},
)
DIFFICULT = Sample(
    "Tomás Rivera",
    "Terminal Manager",
    16,
    (
        Named(
            "Edda Winter", "edda.winter@harbourside.example", MANAGER, "Harbourside", date(2018, 5, 1), date(2024, 2, 1)
        ),
        Named("Jonas Feld", "jonas.feld@harbourside.example", PEER, "Harbourside", date(2019, 1, 1)),
        Named("Amara Diallo", "a.diallo@harbourside.example", REPORT, "Harbourside", date(2020, 9, 1)),
        Named("Piet Maas", "p.maas@maas-logistics.example", CLIENT, "Maas Logistics", date(2020, 1, 1)),
        Named("Greta Sund", "g.sund@nordterminal.example", MANAGER, "Nordterminal", date(2014, 4, 1), date(2018, 4, 1)),
    ),
    {
        "overall": (5, 3, 2, 4),
        "quality": (4, 4, 3, 5),
        "reliability": (4, 4, 4, 4),
        "working-with-others": (5, 2, 2, 4),
        "communication": (5, 3, 1, 4),
        "setbacks": (4, 3, 2, None),
        "feedback": (4, 2, 2, None),
        "closeness": ("Every week", "Every day", "Every day", "A few times a month"),
        "work-again": ("yes", "unsure", "no", "yes"),
        "title-and-dates": ("Shift Manager, then Deputy.", "Deputy Terminal Manager.", "", ""),
        "strength": (
            "He kept the terminal open through the crane strike, and knew each haulier by name.",
            "Berth planning. Nobody reads a tide table and a lorry queue together as he does.",
            "He knows the yard better than anybody.",
            "When he says a slot is mine, it is mine.",
        ),
        "do-better": (
            "A larger team than he had with us, and somebody for the rosters.",
            "Ask before he decides for a shift that is not his.",
            "We heard of changes from the drivers. I would want him to tell his own people first.",
            "",
        ),
    },
    {"work-again": ("", "For planning at once. For leading a shift I would want to talk first.", "", "")},
)


def tell(organization: Organization, reader: User, now: datetime) -> tuple[Check, Check]:
    """Both checks, concluded; the difficult one's references were promised averages only."""
    clear = _play(CLEAR, _template(organization), reader, now)
    return clear, _difficult(_template(organization, AVERAGES), reader, now)


def _difficult(template: ReferenceTemplate, reader: User, now: datetime) -> Check:
    """One has declined, and what looked odd was looked into."""
    check = _play(DIFFICULT, template, reader, now)
    first, second = check.references.in_order()[:2]
    seen = IntegritySignal.objects.create(
        for_check=check,
        reference=second,
        other=first,
        kind=Kind.SAME_ADDRESS,
        weight=Weight.LIGHT,
        found_at=check.ended_at or now,
    )
    seen.clear(reader, CLEARED, now - timedelta(days=1))
    return check


def _template(organization: Organization, name: str = "") -> ReferenceTemplate:
    """The one that asks the general questions, or another that asks five people the same and promises averages."""
    rows = ReferenceTemplate.objects.filter(organization=organization)
    general = rows.get(is_default=True)
    if not name:
        return general
    other = general.duplicate()
    other.name, other.confidentiality, other.priority = name, Confidentiality.AVERAGES, 200
    other.save()
    other.requests.all().delete()
    other.requests.create(relationship=Relationship.ANY, how_many=5)
    return other


def _play(sample: Sample, template: ReferenceTemplate, reader: User, now: datetime) -> Check:
    begun = now - timedelta(days=sample.days_ago, hours=2)
    address = f"{sample.name.split()[0].lower()}@post.example"
    started = by_hand(new_number(), sample.name, address, "", sample.position, template, reader)
    check = Check.start(template.organization, *started, begun)
    named = begun + timedelta(hours=5)
    check.name_references(sample.people, AGREED.format(company=template.organization), named)
    references = list(check.references.in_order())
    for place, reference in enumerate(references):
        at = named + timedelta(hours=19 * (place + 1))
        if place < len(sample.answers["overall"]):
            reference.submit(dict(_answers(sample, reference, place)), at)
        else:
            reference.decline("", at, kind="policy")
    check.refresh_from_db()
    check.complete(named + timedelta(days=5), by=reader)
    _as_sent(check, references)
    check.refresh_from_db()
    return check


def _answers(sample: Sample, reference: Reference, column: int) -> Iterator[tuple[str, Given]]:
    for question in reference.questions():
        if question.key not in sample.answers:
            continue
        answer = sample.answers[question.key][column]
        reason = sample.reasons.get(question.key, ("",) * 9)[column]
        if question.is_scale:
            score = answer if isinstance(answer, int) else None
            yield question.key, Given(score=score, is_unobserved=score is None, text=reason)
        elif question.labels or question.kind == "yes-no":
            yield question.key, Given(choice=str(answer), text=reason)
        elif answer:
            yield question.key, Given(text=str(answer))


def _as_sent(check: Check, references: Sequence[Reference]) -> None:
    topics = [check.topic, *(reference.topic for reference in references)]
    Message.objects.filter(topic__in=topics, state=Message.State.WAITING).update(state=Message.State.DONE)
