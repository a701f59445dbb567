"""The moments at which somebody is written to: one table of who reads it, in which ways, and with which fields."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from templates_app.kinds import Channel


class Moment(models.TextChoices):
    """The value is also the kind of the message that is sent."""

    CANDIDATE_REQUEST = "candidate-request", _("The candidate is asked for references")
    CANDIDATE_REMINDER = "candidate-reminder", _("The candidate is reminded")
    CANDIDATE_ANOTHER = "candidate-another", _("The candidate is asked for somebody else")
    REFERENCE_REQUEST = "reference-request", _("The reference is invited")
    REFERENCE_REMINDER = "reference-reminder", _("The reference is reminded")
    REFERENCE_THANKS = "reference-thanks", _("The reference is thanked")
    REFERENCE_DECLINED = "reference-declined", _("The reference has declined")
    REFERENCE_RELEASED = "reference-released", _("The reference is not needed any more")
    MANAGER_TOLD = "manager-told", _("The hiring manager is told that it is complete")
    OWNER_TOLD = "owner-told", _("The owner is told that it is complete")
    OWNER_OVERDUE = "owner-overdue", _("The owner is told that it is overdue")
    OUTCOME_ASKED = "outcome-asked", _("The owner is asked how it ended")


@dataclass(frozen=True)
class About:
    """`fields` are those that the text may name; `needs_link`: a text message without {link} would be of no use."""

    reader: Any
    fields: tuple[str, ...]
    channels: tuple[str, ...] = (Channel.EMAIL,)
    needs_link: bool = True


BOTH = (Channel.EMAIL, Channel.TEXT)
_OF_A_CHECK = ("candidate", "name", "position", "company", "reader", "date")
_CANDIDATE = (*_OF_A_CHECK, "count", "link")
_REFERENCE = (*_OF_A_CHECK, "reference", "relationship", "count", "minutes", "link")
_ENDING = (*_OF_A_CHECK, "reference", "relationship")
_STAFF = ("candidate", "name", "position", "company", "reader", "count", "link")

ABOUT: dict[str, About] = {
    Moment.CANDIDATE_REQUEST: About(_("the candidate"), _CANDIDATE, BOTH),
    Moment.CANDIDATE_REMINDER: About(_("the candidate"), _CANDIDATE, BOTH),
    Moment.CANDIDATE_ANOTHER: About(_("the candidate"), (*_CANDIDATE, "reference"), BOTH),
    Moment.REFERENCE_REQUEST: About(_("the reference"), _REFERENCE, BOTH),
    Moment.REFERENCE_REMINDER: About(_("the reference"), _REFERENCE, BOTH),
    Moment.REFERENCE_THANKS: About(_("the reference"), _ENDING, needs_link=False),
    Moment.REFERENCE_DECLINED: About(_("the reference"), _ENDING, needs_link=False),
    Moment.REFERENCE_RELEASED: About(_("the reference"), _ENDING, needs_link=False),
    Moment.MANAGER_TOLD: About(_("the hiring manager"), _STAFF),
    Moment.OWNER_TOLD: About(_("the owner in Lever"), _STAFF),
    Moment.OWNER_OVERDUE: About(_("the owner in Lever"), _STAFF),
    Moment.OUTCOME_ASKED: About(_("the owner in Lever"), _STAFF),
}
REMINDERS = (Moment.CANDIDATE_REMINDER, Moment.REFERENCE_REMINDER)
