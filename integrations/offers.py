"""What there is to choose from in a Lever account: its stages and its users, asked for when the page is opened."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from integrations.account import lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Connection

PATIENCE = (2.0, 5.0)  # seconds to connect, and to wait for an answer: somebody sits before the page

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offer:
    """Pairs of Lever's id and the name; `problem` says why there are none."""

    stages: Choices = ()
    people: Choices = ()
    problem: str = ""
    is_key_wrong: bool = False


def offer(api_key: str) -> Offer:
    """Ask Lever with this key. Never raises: whoever is at the page can go on without an answer."""
    if not api_key:
        return Offer(problem=_("Enter the API token and save; then what your account has stands here."))
    try:
        with lever(Connection(api_key=api_key), timeout=PATIENCE) as account:
            stages, people = account.stages(), account.users()
    except LeverError as error:
        return Offer(problem=_(error.words), is_key_wrong=error.kind is Kind.UNAUTHORIZED)
    return Offer(
        stages=tuple((stage.id, stage.text) for stage in stages),
        people=tuple((person.id, person.name) for person in people),
    )
