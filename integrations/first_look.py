"""The first look into an account with a key that was just entered: which stage and which person were meant."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.account import lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Person, Stage
from integrations.models import Connection
from integrations.offers import AT_THE_PAGE, WHILE_SAVING, Offer, sees_confidential

# What is wrong with the key itself, and not with the way to Lever.
ABOUT_THE_KEY = {
    Kind.UNAUTHORIZED: gettext_lazy("Lever does not know this key. Copy it once more, or make a new one in Lever."),
    Kind.FORBIDDEN: gettext_lazy(
        "This key may not read the account’s stages or users. Make a new one in Lever with all that the help lists."
    ),
}


@dataclass(frozen=True)
class FirstLook:
    """What the account has; nothing, and the reason in `problem`, when it could not be asked."""

    stages: tuple[Stage, ...] = ()
    people: tuple[Person, ...] = ()
    sees_confidential: bool | None = None
    problem: str = ""
    is_key_wrong: bool = False

    def stage_meant(self, *wanted: str) -> Stage | None:
        """The first stage that goes by one of these ids or names."""
        found = (stage_meant(self.stages, each) for each in wanted if each)
        return next(filter(None, found), None)

    def person_meant(self, person_id: str, email: str) -> Person | None:
        """The person of this id, or else of this address."""
        by_id = (person for person in self.people if person.id == person_id)
        return next(by_id, None) or person_meant(self.people, email)

    @property
    def offer(self) -> Offer:
        """What there is to choose from, as the connection keeps it."""
        people = sorted(((person.id, person.name or person.email) for person in self.people), key=lambda pair: pair[1])
        stages = tuple((stage.id, stage.text or stage.id) for stage in self.stages)
        return Offer(stages, tuple(people), self.sees_confidential)


def stage_meant(stages: Iterable[Stage], wanted: str) -> Stage | None:
    """The stage of this id or name, as a person writes it."""
    words = _plain(wanted)
    return next((stage for stage in stages if stage.id == wanted.strip() or _plain(stage.text) == words), None)


def person_meant(people: Iterable[Person], email: str) -> Person | None:
    address = _plain(email)
    return next((person for person in people if address and _plain(person.email) == address), None)


def first_look(connection: Connection, api_key: str) -> FirstLook:
    """Ask Lever with this key. Never raises: whoever is at the page can go on without an answer."""
    asked = Connection(pk=connection.pk, environment=connection.environment, api_key=api_key)
    try:
        with lever(asked, WHILE_SAVING) as account:
            return FirstLook(tuple(account.stages()), tuple(account.users()), sees_confidential(account))
    except LeverError as error:
        about_the_key = ABOUT_THE_KEY.get(error.kind)
        words = about_the_key or AT_THE_PAGE.get(error.kind) or _(error.words)
        return FirstLook(problem=str(words), is_key_wrong=about_the_key is not None)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
