"""What there is to choose from in a Lever account: its stages and its users, and what the key may see of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.account import lever
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import ArchiveReason
from integrations.lever.permissions import is_granted
from integrations.models import Connection

# Seconds to connect, and to wait for an answer. Of three or four questions, the first without an answer is the last.
BESIDE_THE_PAGE = (3.0, 7.0)  # the page is there already
WHILE_SAVING = (2.0, 5.0)  # somebody waits for the page
WITHOUT_SCRIPT = (0.8, 1.7)  # somebody waits for the page, and four answers must fit into ten seconds

MOST = 1000  # entries of a drop-down; accounts with more users are few

PARTS = ("stages", "people", "hired_reasons", "not_hired_reasons")  # of an Offer, as they are kept

Choices = tuple[tuple[str, str], ...]
Found = TypeVar("Found")

# Somebody is at the page and can press again, so what Vouch does by itself elsewhere is not promised here.
AT_THE_PAGE: dict[Kind, Any] = {
    Kind.RATE_LIMITED: gettext_lazy("Lever asks for fewer calls. Try again in a minute."),
    Kind.UNAVAILABLE: gettext_lazy("Lever is not available at the moment. Try again in a few minutes."),
    Kind.UNREACHABLE: gettext_lazy("Vouch got no answer from Lever. Try again in a few minutes."),
    Kind.UNREADABLE: gettext_lazy("Vouch could not read Lever’s answer. Try again in a few minutes."),
}


@dataclass(frozen=True)
class Offer:
    """What an account has, as pairs of Lever's id and the name. A part that is not known is None."""

    stages: Choices | None = None
    people: Choices | None = None
    sees_confidential: bool | None = None
    problem: str = ""  # why Lever told nothing at all
    is_key_wrong: bool = False
    # Archive reasons that are in use, by what they say. A key without them is a good one.
    hired_reasons: Choices | None = None
    not_hired_reasons: Choices | None = None

    @property
    def forbidden(self) -> str:
        """What the key may not read although it is a good one, in a sentence; empty when there is nothing."""
        if self.problem or (self.stages is not None and self.people is not None):
            return ""
        kept_back = _("users") if self.stages is not None else _("stages")
        if self.stages is None and self.people is None:
            kept_back = _("stages and users")
        return _(
            "Lever knows this key, but does not let it read %(parts)s. A key’s permissions cannot be changed "
            "afterwards: make a new one in Lever that may read %(parts)s, too."
        ) % {"parts": kept_back}


def ask(connection: Connection, timeout: tuple[float, float], *, thoroughly: bool = False) -> Offer:
    """Ask the account that the connection's key opens. Never raises: whoever is at the page can go on without.

    `thoroughly` finds out about confidential access as well, with a third call. Nothing is stored.
    """
    if not connection.api_key:
        return Offer(problem=_("There is no API token yet. With it, what your account has stands here."))
    try:
        with lever(connection, timeout=timeout) as account:
            stages, people = _allowed(account.stages), _allowed(account.users)
            reasons = _allowed(account.archive_reasons)
            is_seen = sees_confidential(account) if thoroughly else None
    except LeverError as error:
        words = AT_THE_PAGE.get(error.kind) or _(error.words)
        return Offer(problem=str(words), is_key_wrong=error.kind is Kind.UNAUTHORIZED)
    return Offer(
        stages=None if stages is None else tuple((stage.id, stage.text or stage.id) for stage in stages),
        people=None if people is None else _by_name((person.id, person.name or person.email) for person in people),
        sees_confidential=is_seen,
        hired_reasons=_in_use(reasons, is_hired=True),
        not_hired_reasons=_in_use(reasons, is_hired=False),
    )


def sees_confidential(account: Lever) -> bool | None:
    """None when that does not show, because the key may read no opportunities at all, or Lever did not say."""
    try:
        return is_granted(account, "confidential") or (False if is_granted(account, "opportunities-read") else None)
    except LeverError:
        return None


def remember(connection: Connection, offer: Offer, now: datetime) -> None:
    """Keep for the next time the page is opened what Lever told, unless the key has become another one meanwhile."""
    if offer.problem:
        return
    values = snapshot(offer, now)
    same_account = {"key_digest": connection.key_digest, "environment": connection.environment}
    if Connection.objects.filter(pk=connection.pk, **same_account).update(**values):
        for name, value in values.items():
            setattr(connection, name, value)


def snapshot(offer: Offer, now: datetime) -> dict[str, Any]:
    """The connection's columns for it."""
    parts = {name: getattr(offer, name) for name in PARTS}
    kept = {name: [list(pair) for pair in choices[:MOST]] for name, choices in parts.items() if choices is not None}
    known = {} if offer.sees_confidential is None else {"sees_confidential": offer.sees_confidential}
    return {"offer": kept, "offered_at": now, **known}


def remembered(connection: Connection) -> Offer:
    """What the account had when it was last asked."""
    parts = {name: tuple((str(key), str(text)) for key, text in pairs) for name, pairs in connection.offer.items()}
    return Offer(
        stages=parts.get("stages"),
        people=parts.get("people"),
        sees_confidential=connection.sees_confidential,
        hired_reasons=parts.get("hired_reasons"),
        not_hired_reasons=parts.get("not_hired_reasons"),
    )


def _allowed(call: Callable[[], Found]) -> Found | None:
    """None when the key may not ask this."""
    try:
        return call()
    except LeverError as error:
        if error.kind is Kind.FORBIDDEN:
            return None
        raise


def _in_use(reasons: Sequence[ArchiveReason] | None, *, is_hired: bool) -> Choices | None:
    if reasons is None:
        return None
    fit = [reason for reason in reasons if reason.is_active and reason.is_hired == is_hired]
    return _by_name((reason.id, reason.text or reason.id) for reason in fit)


def _by_name(pairs: Any) -> Choices:
    return tuple(sorted(pairs, key=lambda pair: pair[1].casefold()))
