"""Some weeks at Northmoor Ferries, as they are seen in the pictures: people who do not exist, and what they did.

Every check goes the way that it goes in use, by the same verbs; only the clock is turned back for each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Organization, User
from checks.candidacy import Candidacy
from checks.models import Check
from checks.references import Given, Named, Reference
from config.demo import OPERATOR, ORGANIZATION
from config.play import RECRUITER
from integrations import hand_over
from integrations.managed import Step
from notifications.leases import FAILED
from notifications.models import Message
from templates_app.kinds import Kind, Relationship
from templates_app.matching import match
from templates_app.models import ReferenceTemplate

AGREED = "Northmoor Ferries may write to the people I name."

# How the people of Marcus Webb answer: a column for each, a row for each question. None: not observed.
MANAGER, PEER, CLIENT = Relationship.MANAGER, Relationship.PEER, Relationship.CLIENT
ANSWERERS = (
    Named("Eileen Farrow", "e.farrow@solent-lines.example", MANAGER, "Solent Lines", date(2020, 4, 1), None),
    Named("Henrik Lund", "h.lund@kestrel-line.example", MANAGER, "Kestrel Line", date(2016, 9, 1), date(2020, 3, 1)),
    Named("Bao Nguyen", "bao.nguyen@solent-lines.example", PEER, "Solent Lines", date(2021, 2, 1), None),
    Named("Margit Larsen", "m.larsen@fjordpilot.example", CLIENT, "Fjord Pilots", date(2019, 5, 1), None),
)
SCORES: Mapping[str, tuple[int | None, ...]] = {
    "overall": (4, 4, 5, 4),
    "quality": (4, 5, 5, 4),
    "reliability": (5, 4, 5, 4),
    "working-with-others": (4, 3, 4, 4),
    "communication": (4, 2, 3, 5),
    "setbacks": (5, 4, 4, None),
    "feedback": (3, 4, 4, None),
}
CHOICES = {
    "closeness": ("Every day", "Every week", "Every day", "A few times a month"),
    "work-again": ("yes", "unsure", "yes", "yes"),
}
WORDS = {
    "work-again": ("", "On the bridge, at once. As his manager I would want to talk about paperwork first.", "", ""),
    "title-and-dates": ("Second Officer since April 2020.", "Third Officer, September 2016 to March 2020.", "", ""),
    "strength": (
        "In the 2023 docking he found that two valves had been swapped on the drawing, and stopped the job for it.",
        "He rewrote our passage plans for the northern run, and they are still in use.",
        "When the bow thruster failed off Lerwick he told everybody what he was going to do before he did it.",
        "The pilot card was right every single time he was on watch. That is rarer than it sounds.",
    ),
    "do-better": ("A mate who likes paperwork.", "To hand over earlier in the day.", "", "More sea time in ice."),
}
SENT_AFTER = (26, 98, 31, 75)  # hours

# Who else: the job, days since it began, the day of the last answer (0: it goes on), and a letter for each of three
# answers: yes or unsure. None: the candidate has named nobody yet.
CHECKS: tuple[tuple[str, str, int, int, str | None], ...] = (
    ("Ada Holm", "Senior Data Engineer", 29, 3, "yyy"),
    ("Gil Ferreira", "Chief Officer", 27, 4, "yyy"),
    ("Sofia Marek", "Night Rigger", 25, 7, "yuy"),
    ("Teun Bos", "Deckhand", 23, 1, "yyy"),
    ("Maud Fairley", "Terminal Supervisor", 22, 3, "yyy"),
    ("Jan Kowalski", "Chief Officer", 20, 5, "yyy"),
    ("Amina Okafor", "Senior Data Engineer", 18, 4, "yyy"),
    ("Viktor Hahn", "Engineering Manager", 17, 9, "yyy"),
    ("Rosa Lindgren", "Deckhand", 15, 4, "yyu"),
    ("Daniel Osei", "Marine Electrician", 14, 2, "yyy"),
    ("Freya Nilsen", "Deckhand", 12, 6, "yyy"),
    ("Owen Price", "Chief Officer", 11, 3, "yyy"),
    ("Leila Haddad", "Crewing Manager", 9, 4, "yyy"),
    ("Priya Raghunathan", "Engineering Manager", 9, 0, "yy"),
    ("Sander Vos", "Deckhand", 7, 5, "yyu"),
    ("Lena Fischer", "Senior Data Engineer", 6, 0, "yy"),
    ("Ines Duarte", "Senior Data Engineer", 5, 3, "yyy"),
    ("Omar Said", "Deckhand", 5, 0, "y"),
    ("Clara Ibsen", "Crewing Manager", 5, 0, ""),
    ("Ruben Maas", "Chief Officer", 4, 0, "y"),
    ("Emil Strand", "Deckhand", 3, 0, "yy"),
    ("Nora Quist", "Marine Electrician", 3, 0, None),
    ("Yara Costa", "Terminal Supervisor", 2, 0, "y"),
    ("Finn Aalto", "Deckhand", 2, 0, ""),
    ("Pieter Janssen", "Deckhand", 1, 0, None),
    ("Kofi Mensah", "Chief Officer", 0, 0, None),
    ("Hélène Marchetti", "Finance Director", 0, 0, None),
)
UNREAD = ("Marcus Webb", "Sander Vos")
TAGS = {
    "Chief Officer": ["deck-officer"],
    "Senior Data Engineer": ["engineering"],
    "Engineering Manager": ["engineering", "people-manager"],
    "Crewing Manager": ["people-manager"],
    "Night Rigger": ["night", "deck"],
}
USUAL = (
    Named("Tom Reed", "t.reed@solent-lines.example", MANAGER, "Solent Lines", date(2019, 3, 1), date(2024, 8, 1)),
    Named("Ayla Demir", "a.demir@solent-lines.example", PEER, "Solent Lines", date(2020, 1, 1), None),
    Named("Kees Smit", "k.smit@noordhaven.example", CLIENT, "Noordhaven", date(2021, 6, 1), None),
)


@dataclass(frozen=True)
class Story:
    organization: Organization
    reader: User
    now: datetime

    @property
    def templates(self) -> QuerySet[ReferenceTemplate]:
        return ReferenceTemplate.objects.filter(organization=self.organization)

    def tell(self) -> None:
        self.templates.update(updated_at=self._ago(60))
        for line in CHECKS:
            self._check(*line)
        self._marcus()
        self._bounced()
        self._could_not_begin()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days, hours=2)

    def _start(self, name: str, job: str, at: datetime, **more: Any) -> Check:
        first = name.split()[0].lower()
        candidacy = Candidacy(
            opportunity_id=f"story-{first}-{job.split()[0].lower()}",
            candidate_name=name,
            candidate_email=f"{first}@post.example",
            position=job,
            owner_name=self.reader.name,
            owner_email=self.reader.email,
        )
        return Check.start(
            self.organization, replace(candidacy, **more), match(self.organization, TAGS.get(job, [])), at
        )

    def _named(self, check: Check, people: Sequence[Named], at: datetime) -> list[Reference]:
        named = [_known_as(*pair) for pair in zip(people, check.frozen.requests, strict=True)]
        check.name_references(named, AGREED, at)
        return list(check.references.in_order())

    def _check(self, name: str, job: str, days_ago: int, took: int, answers: str | None) -> None:
        begun = self._ago(days_ago)
        check = self._start(name, job, begun)
        if answers is None:
            return
        span = timedelta(days=took, hours=-4) if took else timedelta(hours=9)
        references = self._named(check, USUAL, begun + span / 9)
        for number, (reference, letter) in enumerate(zip(references, answers, strict=False), start=1):
            reference.submit(_usual(reference, letter), begun + span * number / len(answers))
        if took and name not in UNREAD:
            check.note_opening(self.reader, begun + span + timedelta(hours=1))
        check.become_overdue(self.now)

    def _marcus(self) -> None:
        """The report in the picture."""
        begun = self._ago(4.6)
        check = self._start("Marcus Webb", "Chief Officer", begun)
        check.frozen_template["requests"] = [{"relationship": person.relationship} for person in ANSWERERS]
        check.save()
        del check.frozen
        references = self._named(check, ANSWERERS, begun + timedelta(hours=3))
        for i in sorted(range(len(references)), key=SENT_AFTER.__getitem__):
            references[i].submit(dict(_marcus_is(references[i], i)), begun + timedelta(hours=SENT_AFTER[i]))

    def _bounced(self) -> None:
        check = self._start("Mirko Babić", "Chief Officer", self._ago(3))
        *_others, last = self._named(check, USUAL, self._ago(2.8))
        error = "no such mailbox at noordhaven.example"
        Message.objects.about(last.topic).update(state=FAILED, error=error)
        last.bounce(self._ago(1))

    def _could_not_begin(self) -> None:
        self._start("Noah Lind", "Deckhand", self._ago(2), candidate_email="")
        self.templates.update(is_default=False)
        self._start("Tess Amari", "Night Rigger", self._ago(0.1))


def _known_as(person: Named, request: Any) -> Named:
    is_any = request.relationship == Relationship.ANY
    return person if is_any else replace(person, relationship=request.relationship)


def _marcus_is(reference: Reference, column: int) -> Iterator[tuple[str, Given]]:
    for question in reference.questions():
        words = WORDS.get(question.key, ("",) * len(ANSWERERS))[column]
        if question.key in SCORES:
            score = SCORES[question.key][column]
            yield question.key, Given(score=score, is_unobserved=score is None)
        elif question.key in CHOICES:
            yield question.key, Given(choice=CHOICES[question.key][column], text=words)
        elif words:
            yield question.key, Given(text=words)


def _usual(reference: Reference, letter: str) -> dict[str, Given]:
    of_kind = {
        Kind.SCALE: Given(score=4),
        Kind.YES_NO: Given(choice={"y": "yes", "u": "unsure"}[letter]),
        Kind.CHOICE: Given(choice="Every week"),
    }
    return {
        question.key: of_kind[Kind(question.kind)] for question in reference.questions() if question.kind in of_kind
    }


def tell() -> None:
    """To be called inside an installation that `manage.py demo` has set up."""
    organization = Organization.objects.get(name=ORGANIZATION)
    organization = Organization.objects.get(name=ORGANIZATION)
    reader = User.objects.get(organization=organization, email=RECRUITER)
    Story(organization, reader, timezone.now()).tell()


def enable() -> None:
    """The same in a managed installation: the connection is asked for, the operator has enabled it."""
    reader = User.objects.get(email=RECRUITER)
    operator = User.objects.get(email=OPERATOR)
    now = timezone.now()
    connection, _is_new = hand_over.request(reader, now)
    hand_over.store_stage(connection, "Reference check", None, operator, now)
    hand_over.take(connection, Step.ENABLE, operator, now)
