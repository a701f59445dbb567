"""What a connection needs before checks can start, what else would be good, and what is done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checks.outcome import Ended
from integrations.forms import token_name
from integrations.models import Connection, Webhook
from integrations.offers import Offer, remembered
from integrations.pages import MISSING, Hook
from templates_app.models import ReferenceTemplate

BAD, ADVISED, DONE = "bad", "warn", "done"  # the shapes of the design


@dataclass(frozen=True)
class Step:
    """One thing that a connection needs, or that would be good. `where` is the address at which it is entered."""

    words: str
    shape: str
    where: str = ""
    how: str = ""
    is_needed: bool = True
    is_activation: bool = False

    @property
    def is_done(self) -> bool:
        return self.shape == DONE


@dataclass(frozen=True)
class Progress:
    """The list on the connection's page: what is missing first, then what is advised."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> list[Step]:
        return [step for step in self.steps if step.is_done]

    @property
    def needed(self) -> list[Step]:
        return [step for step in self.steps if step.is_needed]

    @property
    def missing(self) -> list[Step]:
        return [step for step in self.needed if not step.is_done]

    @property
    def advised(self) -> list[Step]:
        return [step for step in self.steps if not step.is_needed and not step.is_done]

    @property
    def needed_done(self) -> int:
        return len(self.needed) - len(self.missing)


# How what `Connection.missing` asks for reads when it is there.
THERE: dict[str, Any] = {
    "api-key": gettext_lazy("The API token is stored, and ends in %(ending)s"),
    "stage": gettext_lazy("Checks start at “%(stage)s”"),
    "perform-as": gettext_lazy("Vouch writes as %(person)s"),
    "stage-change-token": gettext_lazy("Stage changes: the signature token is stored"),
}
NO_REASON: Any = gettext_lazy("An archive reason for “%(ended)s”")
# Without these, a check goes on although Lever knows better.
ADVISED_TOKENS = {
    Webhook.HIRED: gettext_lazy("Without it, Vouch learns late that somebody was hired."),
    Webhook.ARCHIVED: gettext_lazy("Without it, people are asked about a candidate who is out already."),
    Webhook.DELETED: gettext_lazy("Without it, what Vouch knows of somebody deleted in Lever stays until its time."),
}


def progress(connection: Connection, hooks: Sequence[Hook]) -> Progress:
    needed = tuple(_needed(connection))
    activation = _activation(connection, is_ready=all(step.is_done for step in needed))
    return Progress((*needed, activation, *_hooks(hooks), *_templates(connection), *_rest(connection)))


def _needed(connection: Connection) -> Iterator[Step]:
    missing, gone, offer = connection.missing(), dict(_gone(connection)), remembered(connection)
    names = {
        "ending": connection.api_key_hint,
        "stage": _now(offer, "stages", connection.stage_id) or connection.stage_name,
        "person": _now(offer, "people", connection.perform_as_id) or connection.perform_as_name,
    }
    for name, (words, field, how) in MISSING.items():
        if name in missing:
            yield Step(str(words), BAD, f"#{field}", str(how))
        elif name in gone:
            yield Step(gone[name], BAD, f"#{field}", _("Choose another one."))
        else:
            yield Step(THERE[name] % names, DONE)


def _now(offer: Offer, part: str, key: str) -> str:
    """What Lever calls it today."""
    return str(dict(getattr(offer, part) or ()).get(key, ""))


def _gone(connection: Connection) -> Iterator[tuple[str, str]]:
    """What was chosen and is not in the account any more."""
    offer = remembered(connection)
    if offer.stages and connection.stage_id and connection.stage_id not in dict(offer.stages):
        yield "stage", _("The stage “%(name)s” is not in Lever any more") % {"name": connection.stage_name}
    if offer.people and connection.perform_as_id and connection.perform_as_id not in dict(offer.people):
        yield "perform-as", _("%(name)s is not in Lever any more") % {"name": connection.perform_as_name}


def _activation(connection: Connection, *, is_ready: bool) -> Step:
    if connection.is_active:
        return Step(_("The connection is active"), DONE)
    words = {
        Connection.Status.FAILING: _("Lever refuses"),
        Connection.Status.DISABLED: _("The connection is switched off"),
    }.get(Connection.Status(connection.status), _("The connection is not active yet"))
    how = _("Activate it, and whoever comes to the stage gets a check.")
    if not is_ready:
        how = _("It can be activated when nothing else is missing.")
    return Step(words, BAD, how=connection.problem or how, is_activation=True)


def _hooks(hooks: Sequence[Hook]) -> Iterator[Step]:
    for hook in hooks:
        if hook.name in ADVISED_TOKENS:
            words = {"webhook": hook.words}
            if hook.is_known:
                yield Step(_("%(webhook)s: the signature token is stored") % words, DONE, is_needed=False)
            else:
                missing, where = _("Signature token for “%(webhook)s”") % words, f"#id_{token_name(hook.name)}"
                yield Step(missing, ADVISED, where, str(ADVISED_TOKENS[Webhook(hook.name)]), is_needed=False)
    if any(hook.is_heard for hook in hooks):
        yield Step(_("Signed webhooks arrive"), DONE, is_needed=False)
    else:
        how = _("In Lever, switch the events on, then press Verify connection beside a webhook.")
        yield Step(_("No signed webhook has arrived yet"), ADVISED, "#hooks", how, is_needed=False)


def _templates(connection: Connection) -> Iterator[Step]:
    rows = ReferenceTemplate.objects.filter(organization=connection.organization_id).in_use()
    where = reverse("admin:templates_app_referencetemplate_changelist")
    if rows.filter(requests__isnull=False).exists():
        yield Step(_("There is a template that asks somebody"), DONE, is_needed=False)
    else:
        how = _("A template says whom to ask and what. Without one, no check can begin.")
        yield Step(_("A template that asks somebody"), ADVISED, where, how, is_needed=False)
    if rows.filter(is_default=True).exists():
        yield Step(_("There is a default template"), DONE, is_needed=False)
    else:
        how = _("A job whose tags match no template gets no check.")
        yield Step(_("A default template"), ADVISED, where, how, is_needed=False)


def _rest(connection: Connection) -> Iterator[Step]:
    if connection.outcome_writes == Connection.OutcomeWrites.ARCHIVE:
        yield from _reasons(connection)
    yield _confidential(connection)


def _reasons(connection: Connection) -> Iterator[Step]:
    """Those with which Vouch archives: each chosen, and still there as far as Lever told last."""
    offer, ended = remembered(connection), {"hired": Ended.HIRED, "not_hired": Ended.NOT_HIRED}
    for name, ending in ended.items():
        key, text = getattr(connection, f"{name}_reason_id"), getattr(connection, f"{name}_reason_name")
        words = {"ended": ending.label, "reason": _now(offer, f"{name}_reasons", key) or text or key}
        there = getattr(offer, f"{name}_reasons")
        if key and (there is None or key in dict(there)):
            yield Step(_("%(ended)s: archived as “%(reason)s”") % words, DONE, is_needed=False)
        else:
            missing = _("The archive reason “%(reason)s” is not in use in Lever any more") if key else NO_REASON
            how = _("Choose another one. Until then Vouch archives nobody for that; tag and note are written.")
            yield Step(str(missing) % words, ADVISED, f"#id_{name}_reason_id", how, is_needed=False)


def _confidential(connection: Connection) -> Step:
    """Either answer is a good one; only not to know is worth a look."""
    words = {
        True: _("Confidential jobs: the key sees them"),
        False: _("Confidential jobs: not visible to this key, and Vouch works without them"),
        None: _("Whether the key sees confidential jobs is not known yet"),
    }
    if connection.sees_confidential is not None:
        return Step(words[connection.sees_confidential], DONE, is_needed=False)
    how = _("Vouch finds out when it reads from your account.")
    return Step(words[None], ADVISED, "#id_new_api_key", how, is_needed=False)
