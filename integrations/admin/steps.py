"""The managed steps on the connection's page: what was done when and by whom, and the operator's next button."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.admin.tiles import PAGE, how
from integrations.managed import CUSTOMERS, ORDER, Step, StepTaken
from integrations.models import Connection
from integrations.pages import MISSING

AT_MOST = 20  # steps taken back earlier, or stages, that are named
# What the operator presses, and what comes of it; steps that are the customer's have no button here.
DEEDS: dict[str, tuple[Any, Any]] = {
    Step.REQUEST: ("", gettext_lazy("A super admin of the organization asks for it, under Connections.")),
    Step.STAGE: (gettext_lazy("Store"), gettext_lazy("As the customer names it, or its id in Lever.")),
    Step.ENABLE: (
        gettext_lazy("Enable"),
        gettext_lazy("Then their tile has the button Settings, and the super admins get a mail."),
    ),
    Step.SETTINGS: ("", gettext_lazy("A super admin of the organization enters both, under Connections.")),
    Step.ADDRESS: (
        gettext_lazy("Hand out"),
        gettext_lazy("The super admins get it by mail, with what to do in Lever."),
    ),
    Step.ACTIVATE: (
        gettext_lazy("Activate"),
        gettext_lazy("Also happens by itself, when Lever’s first event arrives and nothing is missing."),
    ),
}
TAKING_BACK: dict[str, Any] = {
    Step.REQUEST: gettext_lazy("The operator has nothing to do about it any more. It can be requested again."),
    Step.STAGE: gettext_lazy("The stage is emptied, and the operator stores it anew."),
    Step.ENABLE: gettext_lazy("The button Settings goes from the organization’s tile."),
    Step.SETTINGS: gettext_lazy("The API key and the signature token are erased here. They are entered anew."),
    Step.ADDRESS: gettext_lazy("The address goes from the organization’s tile. The mail with it has been sent."),
    Step.ACTIVATE: gettext_lazy(
        "The connection is switched off: no new checks begin, and nothing is written in Lever."
    ),
}
# What a step leaves to choose on the same page, when it could not be found: the column that is empty then.
CHOSEN_BELOW = {Step.STAGE.value: "stage_id", Step.SETTINGS.value: "perform_as_id"}
DESTROYS = (Step.SETTINGS, Step.ACTIVATE)


@dataclass(frozen=True)
class Line:
    """One step. `url` is where its button posts to, `back_url` where it is taken back; empty: not now."""

    step: str
    words: str
    is_done: bool
    is_next: bool
    notes: tuple[str, ...]
    button: str = ""
    url: str = ""
    back_url: str = ""
    destroys: bool = False


def lines(connection: Connection, *, is_operator: bool) -> Iterator[Line]:
    """All steps in order; with buttons for the operator."""
    rows = connection.steps_taken.standing().select_related("by")
    taken = {row.step: row for row in rows}
    last = [step for step in ORDER if step in taken][-1:]
    upcoming = [step for step in ORDER if step not in taken][:1]
    for step in ORDER:
        row, is_next = taken.get(step), step in upcoming
        button, hint = DEEDS[step]
        has_button = is_operator and is_next and bool(button)
        yield Line(
            step=step,
            words=str(step.label),
            is_done=row is not None,
            is_next=is_next,
            notes=tuple(_done(connection, row, is_operator))
            if row
            else tuple(_waits(connection, step, str(hint), is_next)),
            button=str(button) if has_button else "",
            url=reverse(f"{PAGE}_step", args=[connection.pk, step]) if has_button else "",
            back_url=reverse(f"{PAGE}_step_back", args=[connection.pk, step]) if is_operator and step in last else "",
            destroys=step in DESTROYS,
        )


def taken_back(connection: Connection) -> list[StepTaken]:
    """What was undone, newest first."""
    rows = connection.steps_taken.exclude(undone_at=None).select_related("by", "undone_by")
    return list(rows.order_by("-undone_at", "-pk")[:AT_MOST])


def in_words(missing: list[str]) -> str:
    """What a connection lacks, as the page names it."""
    return ", ".join(str(MISSING[name][0]) for name in missing)


def _done(connection: Connection, row: StepTaken, is_operator: bool) -> Iterator[str]:
    if row.step == Step.ACTIVATE and row.by is None:
        yield _("By the first event from Lever, %(how)s.") % {"how": how(row)}
    else:
        yield _("Done %(how)s.") % {"how": how(row)}
    if row.step == Step.STAGE:
        yield stage_in_words(connection)
    elif row.step == Step.SETTINGS:
        yield writer_in_words(connection)
    if is_operator and connection.offer and not getattr(connection, CHOSEN_BELOW.get(row.step, "pk")):
        yield _("Choose below, from what the account has.")


def _waits(connection: Connection, step: str, hint: str, is_next: bool) -> Iterator[str]:
    if is_next and step in CUSTOMERS:
        yield _("Theirs to do. %(hint)s") % {"hint": hint}
    elif is_next:
        yield hint
    if is_next and step == Step.ACTIVATE and (missing := connection.missing()):
        yield _("Still missing: %(what)s.") % {"what": in_words(missing)}


def stage_in_words(connection: Connection) -> str:
    """The stage as the customer named it, and whether the account has it."""
    words = {"name": connection.stage_name}
    if connection.stage_id:
        return _("“%(name)s”, which the Lever account has.") % words
    if not connection.api_key:
        return _("“%(name)s”, as the organization names it. It is looked for in Lever when the key is there.") % words
    if not connection.offer.get("stages"):
        return _("“%(name)s”. Lever has not been asked for it yet; handing out the address asks again.") % words
    return no_such_stage(connection.stage_name, [text for _id, text in connection.offer["stages"]])


def no_such_stage(name: str, stages: list[str]) -> str:
    words = {"name": name, "stages": ", ".join(stages[:AT_MOST])}
    return _("The Lever account has no stage “%(name)s”. It has: %(stages)s.") % words


def writer_in_words(connection: Connection) -> str:
    words = {"name": connection.perform_as_name}
    if not connection.perform_as_id:
        return _("Whoever saved them is no user of that Lever account, so nobody is chosen yet whom Vouch writes as.")
    if connection.saved_by and str(connection.saved_by) == connection.perform_as_name:
        return _("Vouch writes in Lever as %(name)s, who saved them.") % words
    return _("Vouch writes in Lever as %(name)s.") % words
