"""Making the webhooks in Lever through its API, and taking ours away again.

Lever accepts the same event and address twice, knows no idempotency key, and tells a signature token once, in the
answer to the call that made it. So what exists is listed first, each token is stored before the next webhook is made,
and one whose token was lost on its way is made anew. Never to be called in a transaction: Lever is asked in between.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.account import lever, refusal
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Hook
from integrations.listed_hooks import ENTERED, EVENTS, Deed, Listed, Result
from integrations.models import Connection, WebhookToken

__all__ = ["ENTERED", "EVENTS", "Busy", "Deed", "Result", "look", "made_by_vouch", "make", "remove", "words_for"]

PATIENCE = (3.0, 7.0)  # seconds to connect, and to wait for each answer
ALTOGETHER = 30.0  # seconds after which nothing new is begun: somebody sits before the page

# Where the client's own words do not fit somebody who waits at a button.
PROBLEMS = {
    Kind.FORBIDDEN: gettext_lazy("Lever does not allow the API key to read and write webhooks."),
    Kind.RATE_LIMITED: gettext_lazy("Lever asks for fewer calls."),
    Kind.UNAVAILABLE: gettext_lazy("Lever is not available at the moment."),
    Kind.UNREACHABLE: gettext_lazy("Vouch got no answer from Lever."),
    Kind.UNREADABLE: gettext_lazy("Vouch could not read Lever’s answer."),
}
AGAIN = gettext_lazy("Try again in a minute: what is there already is not made twice.")
ANOTHER_KEY = gettext_lazy("Enter a key that may, or paste the addresses into Lever by hand.")


class Busy(Exception):
    """Somebody else is at the webhooks of this connection, for two minutes at most should they have died."""


class Stop(Exception):
    """Nothing more is begun; the text says why."""


def make(connection: Connection, now: datetime) -> list[Result]:
    """See to it that Lever has each webhook once, with its token known here: a result for each, and for what is amiss.

    Raises Busy. What Lever refused is in the results; to go on, call it again.
    """
    with _alone(connection, now), lever(connection, timeout=PATIENCE) as account:
        return _Maker(connection, account, now).make()


def remove(connection: Connection, now: datetime) -> list[Result]:
    """Take away from Lever what Vouch made there, and tell what stays. Stops as soon as Lever does not answer.

    Raises Busy. The tokens stay here.
    """
    with _alone(connection, now), lever(connection, timeout=PATIENCE) as account:
        return _Remover(connection, account).remove()


def look(connection: Connection) -> list[Result]:
    """What stands in Lever now; changes nothing. Raises LeverError."""
    with lever(connection, timeout=PATIENCE) as account:
        listed = Listed(connection, account.webhooks())
    return [*map(listed.describe, EVENTS), *listed.others()]


def made_by_vouch(connection: Connection) -> set[str]:
    """The webhooks that Vouch made in Lever, as far as it is known here."""
    rows = connection.webhook_tokens.filter(good_until=None).exclude(lever_id="")
    return set(rows.values_list("webhook", flat=True))


def words_for(error: LeverError) -> str:
    """Why it was not done, for the person who pressed the button."""
    words = str(PROBLEMS[error.kind]) if error.kind in PROBLEMS else _(error.words)
    return f"{words} “{error.message}”" if error.kind is Kind.REFUSED and error.message else words


@contextmanager
def _alone(connection: Connection, now: datetime) -> Iterator[None]:
    """Hold the connection, as it is stored now: somebody may have changed it since the page was shown."""
    with connection.held(now) as is_ours:
        if not is_ours:
            raise Busy(_("Somebody is at this connection’s webhooks in Lever already. Try again in two minutes."))
        connection.refresh_from_db(fields=["api_key", "key_digest", "environment"])
        yield


class _Visit:
    """One visit to Lever, which ends in time."""

    def __init__(self, connection: Connection, account: Lever) -> None:
        self.connection, self._account = connection, account
        self._until = time.monotonic() + ALTOGETHER
        self.results: list[Result] = []

    @property
    def account(self) -> Lever:
        """To be asked for before each call."""
        if time.monotonic() > self._until:
            raise Stop(_("Lever takes long to answer, so Vouch stopped half-way."))
        return self._account

    def say(self, webhook: str, deed: Deed, sentence: object) -> None:
        self.results.append(Result(webhook, deed, str(sentence)))

    def is_told(self, webhook: str) -> bool:
        return any(result.webhook == webhook for result in self.results)

    def take_away(self, hooks: list[Hook]) -> list[Hook]:
        """Remove them; those that stay.

        Lever's documentation has it that the API cannot change what was made by hand, and not how it says so; hence
        the second look.
        """
        refused = []
        for hook in hooks:
            try:
                self.account.remove_webhook(hook.id)
            except LeverError as error:
                if error.kind not in (Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.REFUSED):
                    raise
                refused.append(hook)
        there = {hook.id for hook in self.account.webhooks()} if refused else set()
        return [hook for hook in refused if hook.id in there]


class _Maker(_Visit):
    def __init__(self, connection: Connection, account: Lever, now: datetime) -> None:
        super().__init__(connection, account)
        self.now = now

    def make(self) -> list[Result]:
        try:
            self.listed = Listed(self.connection, self.account.webhooks())
            for webhook in EVENTS:
                self._settle(webhook)
            self.results += self.listed.others()
        except LeverError as error:
            refusal(self.connection, error)
            advice = ANOTHER_KEY if error.kind is Kind.FORBIDDEN else "" if error.permanent else AGAIN
            self._give_up(f"{words_for(error)} {advice}".rstrip())
        except Stop as stop:
            self._give_up(f"{stop} {AGAIN}")
        return self.results

    def _give_up(self, sentence: str) -> None:
        for webhook in [each for each in EVENTS if not self.is_told(each)] or [""]:
            self.say(webhook, Deed.FAILED, sentence)

    def _settle(self, webhook: str) -> None:
        if token := self.listed.known(webhook):
            self._keep(token)
        elif self.listed.is_entered(webhook):
            self.say(webhook, Deed.LEFT, ENTERED)
        elif self.take_away(self.listed.here(webhook)):
            self.say(webhook, Deed.BY_HAND, _("Made by hand in Lever, with a signature token to be copied from there."))
        elif not self._add(webhook):
            return
        if self.take_away(self.listed.stale(webhook)):
            self.say(webhook, Deed.BY_HAND, _("In Lever with Vouch’s former address, too, and to be deleted there."))

    def _keep(self, token: WebhookToken) -> None:
        """It is as it should be. Its token lasts again, should somebody have entered another one since."""
        webhook = token.webhook
        stayed = self.take_away([hook for hook in self.listed.here(webhook) if hook.id != token.lever_id])
        self.connection.set_token(webhook, token.token, self.now, token.lever_id)
        self.say(webhook, Deed.LEFT, _("In Lever already, made by Vouch."))
        if stayed:
            self.say(webhook, Deed.BY_HAND, _("In Lever a second time, made by hand, and to be deleted there."))

    def _add(self, webhook: str) -> bool:
        """Whether it was made, and its token stored."""
        is_anew = self.listed.here(webhook) or self.listed.stale(webhook)
        try:
            made = self.account.add_webhook(EVENTS[webhook].name, self.connection.webhook_url(webhook))
        except LeverError as error:
            if error.kind is not Kind.REFUSED:
                raise
            self.say(webhook, Deed.FAILED, words_for(error))
            return False
        if not made.token:
            self.say(webhook, Deed.FAILED, _("Lever did not tell its signature token. Try again: it is made anew."))
            return False
        self._store(webhook, made)
        self.say(webhook, Deed.MADE, _("Made anew in Lever.") if is_anew else _("Made in Lever."))
        return True

    def _store(self, webhook: str, made: Hook) -> None:
        """Unless another key was entered meanwhile: then it stands in an account that may not be ours any more."""
        with transaction.atomic():
            rows = Connection.objects.select_for_update().filter(pk=self.connection.pk)
            is_same = rows.values_list("key_digest", flat=True).first() == self.connection.key_digest
            if is_same:
                self.connection.set_token(webhook, made.token, self.now, made.id)
        if not is_same:
            self.take_away([made])
            raise Stop(_("The API key was changed meanwhile."))


class _Remover(_Visit):
    def remove(self) -> list[Result]:
        """Nothing is asked without a key: then there is nothing of ours either."""
        try:
            if self.connection.api_key:
                self._take_all(Listed(self.connection, self.account.webhooks()))
        except (LeverError, Stop) as error:
            why = words_for(error) if isinstance(error, LeverError) else str(error)
            for webhook in EVENTS:
                if webhook in made_by_vouch(self.connection) and not self.is_told(webhook):
                    self.say(webhook, Deed.FAILED, why)
        return self.results

    def _take_all(self, listed: Listed) -> None:
        for webhook in EVENTS:
            made = listed.made_for(webhook)
            stayed = self.take_away(made)
            if stayed:
                self.say(webhook, Deed.FAILED, _("Not removed: Lever does not allow it to the API key."))
            elif made:
                self.say(webhook, Deed.REMOVED, _("Removed from Lever."))
            if [hook for hook in listed.here(webhook) if hook not in made]:
                self.say(webhook, Deed.BY_HAND, _("Not made by Vouch, and to be deleted in Lever."))
        self.results += listed.others()
