"""Northmoor Ferries, which does not exist: its stages, colleagues, jobs and candidates.

Ids of what a connection is set up with (stages, users, postings, archive reasons) come from the names, so
that they stay the same from one start to the next. Candidates get new ids each time: starting over makes new
people.
"""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .records import CONFIDENTIAL, ArchiveReason, Json, Note, Posting, Stage, User, new_id

if TYPE_CHECKING:
    from .world import World

DAY = 24 * 60 * 60 * 1000
TRIGGER = "Reference check"


def id_of(kind: str, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"northmoor.example/{kind}/{name}"))


# Recorded answers give slugs to the stages every account has, and UUIDs to those a customer added.
STAGES = (
    Stage("lead-new", "New lead"),
    Stage("lead-reached-out", "Reached out"),
    Stage("lead-responded", "Responded"),
    Stage("applicant-new", "New applicant"),
    Stage(id_of("stage", "Recruiter screen"), "Recruiter screen"),
    Stage(id_of("stage", "Manager interview"), "Manager interview"),
    Stage(id_of("stage", "On-site interview"), "On-site interview"),
    Stage(id_of("stage", TRIGGER), TRIGGER),
    Stage("offer", "Offer"),
    Stage(id_of("stage", "Background check"), "Background check"),
)

REASONS = (
    ArchiveReason(id_of("reason", "Hired"), "Hired", "hired"),
    ArchiveReason(id_of("reason", "Underqualified"), "Underqualified", "non-hired"),
    ArchiveReason(id_of("reason", "Withdrew"), "Withdrew", "non-hired"),
    ArchiveReason(id_of("reason", "Position closed"), "Position closed", "non-hired"),
)


def users(now: int) -> list[User]:
    def user(first: str, last: str, role: str, title: str, joined: int, left: int | None = None) -> User:
        email, name = f"{first.lower()}@northmoor.example", f"{first} {last}"
        gone = None if left is None else now - left * DAY
        return User(id_of("user", email), name, email, role, title, now - joined * DAY, gone)

    return [
        user("Ruth", "Adeyemi", "super admin", "Head of people", 1400),
        user("Mirjam", "Bakker", "admin", "Crewing lead", 1120),
        user("Jonas", "Keller", "team member", "Technology lead", 730),
        user("Aoife", "Brennan", "limited team member", "Recruiting coordinator", 310),
        user("Samuel", "Osei", "interviewer", "Fleet superintendent", 95),
        user("Piotr", "Zalewski", "team member", "Recruiter", 900, left=60),
    ]


RUTH, MIRJAM, JONAS, SAMUEL = (
    id_of("user", f"{name}@northmoor.example") for name in ("ruth", "mirjam", "jonas", "samuel")
)


# Every case a template can be matched by: one tag, another, both, none; also unlisted, hidden and unfinished.
# Columns: title, team, department, place, tags, owner, hiring manager, what else is special.
JOBS: tuple[tuple[str, str, str | None, str, list[str], str, str | None, Json], ...] = (
    ("Chief Officer", "Bridge", "Fleet", "Rotterdam", ["deck-officer"], MIRJAM, SAMUEL, {}),
    ("Senior Data Engineer", "Data", "Technology", "Bergen", ["engineering"], RUTH, JONAS, {}),
    (
        "Engineering Manager",
        "Platform",
        "Technology",
        "Bergen",
        ["engineering", "people-manager"],
        RUTH,
        JONAS,
        {},
    ),
    (
        "Crewing Manager",
        "Crewing",
        None,
        "Rotterdam",
        ["people-manager"],
        RUTH,
        None,
        {"channels": ("internal",)},
    ),
    ("Deckhand", "Deck", "Fleet", "Aberdeen", [], MIRJAM, SAMUEL, {}),
    ("Finance Director", "Finance", None, "Rotterdam", [], RUTH, RUTH, {"confidentiality": CONFIDENTIAL}),
    ("Port Captain", "Bridge", "Fleet", "Aberdeen", [], MIRJAM, None, {"state": "draft", "channels": ()}),
)


def postings(now: int) -> list[Posting]:
    return [
        Posting(
            id=id_of("posting", text),
            text=text,
            team=team,
            department=department,
            location=place,
            commitment="Full-time",
            tags=list(tags),
            owner=owner,
            hiring_manager=manager,
            created_at=now - (90 - 9 * row) * DAY,
            **special,
        )
        for row, (text, team, department, place, tags, owner, manager, special) in enumerate(JOBS)
    ]


@dataclass(frozen=True)
class Role:
    """A candidate as the cast list has them. `path` names the stages they went through, a few days apart."""

    name: str
    email: str
    posting: str | None
    path: tuple[str, ...]
    headline: str = ""
    location: str = ""
    phone: str = ""
    origin: str = "applied"
    may_contact: bool | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    note: str = ""
    archived: str = ""


APPLIED, SCREENED = ("New applicant",), ("New applicant", "Recruiter screen")
INTERVIEWED = (*SCREENED, "Manager interview")
SEEN = (*INTERVIEWED, "On-site interview")

CANDIDATES = (
    Role(
        "Marcus Webb",
        "marcus.webb@post.example",
        "Chief Officer",
        SEEN,
        headline="Second Officer, Solent Lines",
        location="Southampton",
        phone="+44 20 7946 0018",
        note="Calm on the bridge simulator. Ask Solent Lines about the 2023 docking.",
    ),
    Role(
        "Kofi Mensah",
        "kofi.mensah@post.example",
        "Chief Officer",
        SCREENED,
        location="Tema",
        origin="referred",
    ),
    Role(
        "Ines Duarte",
        "ines.duarte@post.example",
        "Senior Data Engineer",
        SEEN,
        headline="Data Engineer, Harbour Analytics",
        location="Porto",
        phone="+61 491 570 006",
        may_contact=True,
        links=("linkedin.example/in/ines-duarte",),
    ),
    Role("Ines Duarte", "ines.duarte@post.example", "Engineering Manager", APPLIED),
    Role(
        "Priya Raghunathan",
        "priya@raghunathan.example",
        "Engineering Manager",
        SEEN,
        location="Bergen",
        phone="07700 900 342",  # without its country: nobody can dial it from elsewhere
    ),
    Role("Oskar Lindqvist", "oskar.lindqvist@post.example", "Crewing Manager", INTERVIEWED, may_contact=False),
    Role("Tess Amari", "tess.amari@post.example", "Deckhand", SCREENED, location="Leith", tags=("night shift",)),
    Role("Noah Lind", "", "Deckhand", SEEN, phone="+47 991 99 042", origin="agency"),
    Role("Hélène Marchetti", "h.marchetti@post.example", "Finance Director", INTERVIEWED, origin="sourced"),
    Role("Tomás Echeverría", "tomas.e@post.example", None, ("New lead", "Reached out"), origin="sourced"),
    Role("Bram de Wit", "bram.dewit@post.example", "Deckhand", SCREENED, archived="Withdrew"),
)


def enter(world: "World", role: Role) -> None:
    """Put a candidate on stage, with a past."""
    entered = world.clock() - (2 + 3 * len(role.path)) * DAY
    made = world.add_person(
        role.name,
        emails=[role.email] if role.email else [],
        posting=world.posting_named(role.posting).id if role.posting else None,
        stage=world.stage_named(role.path[0]).id,
        origin=role.origin,
        tags=role.tags,
        links=role.links,
        at=entered,
    )
    for days, name in enumerate(role.path[1:], start=1):
        stage = world.stage_named(name)
        made.enter(stage, world.rank(stage), entered + 3 * days * DAY, MIRJAM)
    at, person = made.advanced_at + DAY, made.contact
    person.headline, person.location = person.headline or role.headline, person.location or role.location
    person.phones = person.phones or ([{"type": "mobile", "value": role.phone}] if role.phone else [])
    person.may_contact = role.may_contact if person.may_contact is None else person.may_contact
    if role.note:
        made.notes.append(Note(new_id(), role.note, made.stage.id, SAMUEL, False, at, by_api=False))
    if role.archived:
        made.archived = {"reason": id_of("reason", role.archived), "archivedAt": at}
