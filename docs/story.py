"""Some weeks at Northmoor Ferries, as they are seen in the pictures: people who do not exist, and what they did.

Every check goes the way that it goes in use, by the same verbs; only the clock is turned back for each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from checks.candidacy import Candidacy
from checks.models import Check
from checks.references import Given, Named, Reference
from config.demo import ORGANIZATION
from config.play import RECRUITER
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

# Who else was checked: the job, days since it began, days that it took, who answered yes. All is answered.
DONE = (
    ("Ines Duarte", "Senior Data Engineer", 5, 3, 3),
    ("Sander Vos", "Deckhand", 7, 5, 2),
    ("Leila Haddad", "Crewing Manager", 9, 4, 3),
    ("Owen Price", "Chief Officer", 11, 3, 3),
    ("Freya Nilsen", "Deckhand", 12, 6, 3),
    ("Daniel Osei", "Marine Electrician", 14, 2, 3),
    ("Rosa Lindgren", "Deckhand", 15, 4, 2),
    ("Viktor Hahn", "Engineering Manager", 17, 9, 3),
    ("Amina Okafor", "Senior Data Engineer", 18, 4, 3),
    ("Jan Kowalski", "Chief Officer", 20, 5, 3),
    ("Maud Fairley", "Terminal Supervisor", 22, 3, 3),
    ("Teun Bos", "Deckhand", 23, 1, 3),
    ("Sofia Marek", "Night Rigger", 25, 7, 2),
    ("Gil Ferreira", "Chief Officer", 27, 4, 3),
    ("Ada Holm", "Senior Data Engineer", 29, 3, 3),
)
UNREAD = ("Marcus Webb", "Sander Vos")

# Who is on the way: the job, days since it began, how many of three have answered; -1: nobody is named yet.
UNDER_WAY = (
    ("Kofi Mensah", "Chief Officer", 0, -1),
    ("Hélène Marchetti", "Finance Director", 0, -1),
    ("Pieter Janssen", "Deckhand", 1, -1),
    ("Nora Quist", "Marine Electrician", 3, -1),
    ("Lena Fischer", "Senior Data Engineer", 6, 2),
    ("Omar Said", "Deckhand", 5, 1),
    ("Clara Ibsen", "Crewing Manager", 5, 0),
    ("Ruben Maas", "Chief Officer", 4, 1),
    ("Emil Strand", "Deckhand", 3, 2),
    ("Yara Costa", "Terminal Supervisor", 2, 1),
    ("Finn Aalto", "Deckhand", 2, 0),
    ("Priya Raghunathan", "Engineering Manager", 9, 2),
)
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

    def tell(self) -> None:
        ReferenceTemplate.objects.filter(organization=self.organization).update(updated_at=self._ago(60))
        self._marcus()
        for name, job, days_ago, took, yes in DONE:
            self._done(name, job, self._ago(days_ago), timedelta(days=took, hours=-4), yes)
        for name, job, days_ago, answered in UNDER_WAY:
            self._under_way(name, job, self._ago(days_ago), answered)
        self._in_need_of_a_hand()

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
        return Check.start(self.organization, replace(candidacy, **more), self._match(job), at)

    def _match(self, job: str) -> Any:
        return match(self.organization, TAGS.get(job, []))

    def _named(self, check: Check, people: Sequence[Named], at: datetime) -> list[Reference]:
        check.name_references(
            [_known_as(*pair) for pair in zip(people, check.frozen.requests, strict=True)], AGREED, at
        )
        return list(check.references.in_order())

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

    def _done(self, name: str, job: str, begun: datetime, took: timedelta, yes: int) -> None:
        check = self._start(name, job, begun)
        references = self._named(check, USUAL, begun + took / 6)
        for i, reference in enumerate(references):
            reference.submit(_usual(reference, is_yes=i < yes), begun + took * (i + 1) / len(references))
        if name not in UNREAD:
            check.note_opening(self.reader, begun + took + timedelta(hours=1))

    def _under_way(self, name: str, job: str, begun: datetime, answered: int) -> None:
        check = self._start(name, job, begun)
        if answered < 0:
            return
        references = self._named(check, USUAL, begun + timedelta(hours=1))
        for reference in references[:answered]:
            reference.submit(_usual(reference, is_yes=True), begun + timedelta(hours=9))
        check.become_overdue(self.now)

    def _in_need_of_a_hand(self) -> None:
        self._start("Noah Lind", "Deckhand", self._ago(2), candidate_email="")
        check = self._start("Mirko Babić", "Chief Officer", self._ago(3))
        *_others, last = self._named(check, USUAL, self._ago(2.8))
        Message.objects.filter(pk=last.invitation_id).update(
            state=FAILED, error="no such mailbox at noordhaven.example"
        )
        last.bounce(self._ago(1))
        ReferenceTemplate.objects.filter(organization=self.organization).update(is_default=False)
        self._start("Tess Amari", "Night Rigger", self.now - timedelta(hours=3))


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


def _usual(reference: Reference, *, is_yes: bool) -> dict[str, Given]:
    of_kind = {
        Kind.SCALE: Given(score=4),
        Kind.YES_NO: Given(choice="yes" if is_yes else "unsure"),
        Kind.CHOICE: Given(choice="Every week"),
    }
    return {
        question.key: of_kind[Kind(question.kind)] for question in reference.questions() if question.kind in of_kind
    }


def tell() -> None:
    """To be called inside an installation that `manage.py demo` has set up."""
    organization = Organization.objects.get(name=ORGANIZATION)
    reader = User.objects.get(organization=organization, email=RECRUITER)
    Story(organization, reader, timezone.now()).tell()
