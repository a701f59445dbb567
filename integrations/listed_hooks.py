"""The webhooks that Lever lists, beside what is known of them here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.lever.objects import Hook
from integrations.models import Connection, Webhook, WebhookToken

OTHERS_TOLD = 5  # at most: an account may hold any number


@dataclass(frozen=True)
class LeverEvent:
    """A webhook's event in Lever's API, and the words of its switch in Lever's settings, which no API can turn."""

    name: str
    switch: str


EVENTS: dict[str, LeverEvent] = {
    Webhook.STAGE_CHANGE: LeverEvent("candidateStageChange", "Candidate Stage Change"),
    Webhook.HIRED: LeverEvent("candidateHired", "Candidate Hired"),
    Webhook.ARCHIVED: LeverEvent("candidateArchiveChange", "Candidate Archive State Change"),
    Webhook.DELETED: LeverEvent("candidateDeleted", "Candidate Deleted"),
    Webhook.APPLIED: LeverEvent("applicationCreated", "Application Created"),
}
ENTERED = gettext_lazy("Made by hand in Lever, with the token that is entered here.")


class Deed(StrEnum):
    """What was done about a webhook, or how it stands."""

    MADE = "made"
    LEFT = "left"
    REMOVED = "removed"
    BY_HAND = "by hand"  # somebody has to do something in Lever
    FAILED = "failed"
    MISSING = "missing"

    @property
    def is_well(self) -> bool:
        return self in (Deed.MADE, Deed.LEFT, Deed.REMOVED)


@dataclass(frozen=True)
class Alike:
    """What is the same of several webhooks. `names` is empty where it goes without saying."""

    is_well: bool
    sentence: str
    names: str

    def __str__(self) -> str:
        return f"{self.names}: {self.sentence}" if self.names else self.sentence


@dataclass(frozen=True)
class Result:
    """`webhook` is a value of Webhook, or empty for what is about none of ours alone."""

    webhook: str
    deed: Deed
    sentence: str

    @property
    def name(self) -> str:
        return str(Webhook(self.webhook).label) if self.webhook else ""


def gathered(results: Iterable[Result]) -> list[Alike]:
    """In as few sentences as they take; one that holds for all webhooks names none."""
    found: dict[tuple[bool, str], list[str]] = {}
    for result in results:
        found.setdefault((result.deed.is_well, result.sentence), []).append(result.name)
    return [
        Alike(is_well, sentence, "" if len(names) == len(EVENTS) else ", ".join(filter(None, names)))
        for (is_well, sentence), names in found.items()
    ]


class Listed:
    """All webhooks of the account, looked at with one connection's eyes."""

    def __init__(self, connection: Connection, hooks: list[Hook]) -> None:
        self.connection, self.hooks = connection, hooks
        newest_first = connection.webhook_tokens.order_by(F("good_until").desc(nulls_first=True), "-created_at")
        self.tokens = list(newest_first)
        self.made = {token.lever_id: token.webhook for token in self.tokens if token.lever_id}

    def here(self, webhook: str) -> list[Hook]:
        """Those that call the webhook's address on its event."""
        place = (self.connection.webhook_url(webhook), EVENTS[webhook].name)
        return [hook for hook in self.hooks if (hook.url, hook.event) == place]

    def made_for(self, webhook: str) -> list[Hook]:
        """Those that Vouch made for it, whatever address they call."""
        return [hook for hook in self.hooks if self.made.get(hook.id) == webhook]

    def stale(self, webhook: str) -> list[Hook]:
        """Those that Vouch made for it where it lived before."""
        here = self.here(webhook)
        return [hook for hook in self.made_for(webhook) if hook not in here]

    def known(self, webhook: str) -> WebhookToken | None:
        """The token of one that stands there rightly, if Vouch made it."""
        ids = {hook.id for hook in self.here(webhook)}
        return next((token for token in self.tokens if token.webhook == webhook and token.lever_id in ids), None)

    def is_entered(self, webhook: str) -> bool:
        """Whether a person entered the token, and Lever has one webhook that it can belong to."""
        entered = any(each.webhook == webhook and not each.lever_id and not each.good_until for each in self.tokens)
        return entered and len(self.here(webhook)) == 1

    def describe(self, webhook: str) -> Result:
        """How it stands now."""
        here = self.here(webhook)
        if len(here) > 1:
            return Result(webhook, Deed.BY_HAND, _("In Lever more than once."))
        if self.known(webhook):
            return Result(webhook, Deed.LEFT, _("Made by Vouch."))
        if self.is_entered(webhook):
            return Result(webhook, Deed.LEFT, str(ENTERED))
        if here:
            return Result(webhook, Deed.BY_HAND, _("In Lever, with a signature token that is not known here."))
        stale = _("In Lever with an address that Vouch had before.")
        return Result(webhook, Deed.MISSING, stale if self.stale(webhook) else _("Not in Lever."))

    def others(self) -> Iterator[Result]:
        """Those that call this connection at a wrong address or on a wrong event, and are not ours to remove."""
        right = {hook.id for webhook in EVENTS for hook in self.here(webhook)}
        ours = (hook for hook in self.hooks if str(self.connection.uuid) in hook.url)
        found = (hook for hook in ours if hook.id not in right and hook.id not in self.made)
        words = _("Lever also calls %(url)s on %(event)s, which leads nowhere here. Delete that webhook in Lever.")
        for hook in islice(found, OTHERS_TOLD):
            yield Result("", Deed.BY_HAND, words % {"url": hook.url, "event": hook.event})
