"""What an administrator of the practice Lever has set up: stages, reasons, colleagues, postings, keys, webhooks."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from secrets import token_hex
from typing import TypeVar

from . import cast
from .records import EVENTS, ApiKey, Posting, Stage, Webhook, new_id

T = TypeVar("T")


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


class Missing(LookupError):
    """Nothing of this kind has this id. Worded as Lever words it."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name} was not found")


def pick(shelf: dict[str, T], kind: str, name: str) -> T:
    try:
        return shelf[name]
    except KeyError:
        raise Missing(kind, name) from None


class Account:
    """Guarded by one lock. Verbs raise `Missing` for an unknown id."""

    def __init__(self, clock: Callable[[], int] = milliseconds) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        now = clock()
        self.stages = {stage.id: stage for stage in cast.STAGES}
        self.reasons = {reason.id: reason for reason in cast.REASONS}
        self.users = {user.id: user for user in cast.users(now)}
        self.postings = {posting.id: posting for posting in cast.postings(now)}
        self.keys: dict[str, ApiKey] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.switched_on = set(EVENTS)  # in Lever every group is off until a super admin switches it on

    def stage_named(self, text: str) -> Stage:
        return pick({stage.text: stage for stage in self.stages.values()}, "stages", text)

    def posting_named(self, text: str) -> Posting:
        return pick({posting.text: posting for posting in self.postings.values()}, "postings", text)

    def rank(self, stage: Stage) -> int:
        return list(self.stages).index(stage.id)

    def is_at_work(self, user_id: str) -> bool:
        return user_id in self.users and self.users[user_id].deactivated_at is None

    def add_webhook(self, event: str, url: str, token: str | None = None, *, by_api: bool = False) -> Webhook:
        """The same event and address twice is accepted, as Lever does, and is then sent twice."""
        with self.lock:
            webhook = Webhook(new_id(), event, url, token or token_hex(24), self.clock(), by_api)
            self.webhooks[webhook.id] = webhook
            return webhook

    def add_key(self, key: str, permissions: Iterable[str] | None = None, *, confidential: bool = False) -> ApiKey:
        with self.lock:
            allowed = None if permissions is None else frozenset(permissions)
            self.keys[key] = ApiKey(key, allowed, confidential)
            return self.keys[key]

    def deactivate(self, user_id: str, *, active: bool = False) -> None:
        """Somebody leaves, or comes back: `active`."""
        with self.lock:
            pick(self.users, "users", user_id).deactivated_at = None if active else self.clock()

    def retire_reason(self, reason_id: str, *, active: bool = False) -> None:
        """Nobody can be archived for this reason any more; who has been stays so. `active` takes it back."""
        with self.lock:
            reason = pick(self.reasons, "archive_reasons", reason_id)
            self.reasons[reason_id] = replace(reason, status="active" if active else "inactive")

    def remove_reason(self, reason_id: str) -> None:
        """As if there had never been one; whoever was archived for it keeps its id."""
        with self.lock:
            pick(self.reasons, "archive_reasons", reason_id)
            del self.reasons[reason_id]
