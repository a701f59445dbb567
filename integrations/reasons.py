"""Why a delivery changed nothing: the decision, and the sentence that people read beside it. One table."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from checks.models import Check
from integrations.models import Decision, Delivery


@dataclass(frozen=True)
class Reason:
    """`words` may hold %(name)s and the like, which whoever gives the reason fills in."""

    decision: str
    words: Any


class NothingToDo(Exception):
    """The delivery is genuine, and there is nothing to change here. It is settled in `state`.

    `about` is the check that it was about, where there is one.
    """

    state = Delivery.State.IGNORED

    def __init__(self, reason: Reason, about: Check | None = None, **words: object) -> None:
        super().__init__(reason, words)
        self.decision = reason.decision
        self.verdict = str(reason.words) % words if words else str(reason.words)
        self.about = about


class AsBefore(NothingToDo):
    """Processed again, and what came of it the first time still holds."""

    state = Delivery.State.DONE


class Undecided(NothingToDo):
    """Lever may say more in a while: look again, and give up in the end."""

    state = Delivery.State.FAILED


OUR_TEST = Reason(
    Decision.TEST,
    _("A test that Vouch sent itself: it arrived, and its signature is right."),
)
LEVERS_TEST = Reason(
    Decision.TEST,
    _("A test from Lever. It arrived, and its signature is right."),
)
WRONG_ADDRESS = Reason(
    Decision.WRONG_ADDRESS,
    _(
        "This event, %(event)s, came to the address for “%(here)s”. In Lever, give it the address that Vouch shows for "
        "“%(there)s”."
    ),
)
UNKNOWN = Reason(
    Decision.UNKNOWN,
    _("Vouch does nothing on the event %(event)s."),
)
FORGOTTEN = Reason(
    Decision.ERASED,
    _("What it said was erased together with the check."),
)
OFF = Reason(
    Decision.OFF,
    _("The connection is not active: %(state)s."),
)
UNSEEN = Reason(
    Decision.UNSEEN,
    _(
        "Lever does not show this opportunity to the API key. It may be deleted, or confidential: then a key with "
        "access to confidential data is needed."
    ),
)
DELETED_SINCE = Reason(
    Decision.UNSEEN,
    _("Lever has deleted this opportunity, and its personal data is erased here, too."),
)

# --- candidates who come ------------------------------------------------------------------------------

ANOTHER_STAGE = Reason(
    Decision.OTHER_STAGE,
    _("The candidate moved to another stage than the one that starts checks."),
)
APPLIED_ELSEWHERE = Reason(
    Decision.OTHER_STAGE,
    _("In Lever the person who applied is in another stage than the one that starts checks."),
)
ARCHIVED_SINCE = Reason(
    Decision.MOVED_ON,
    _("In Lever the opportunity is archived by now."),
)
MOVED_ON = Reason(
    Decision.MOVED_ON,
    _("In Lever the candidate is not in the trigger stage any more, or never was."),
)

# --- candidates who go --------------------------------------------------------------------------------

NO_CHECK = Reason(
    Decision.NO_CHECK,
    _("There is no check for this opportunity."),
)
CONCLUDED = Reason(
    Decision.STOPPED,
    _("In Lever the candidate is archived. The check was concluded with the answers that are in."),
)
CANCELED = Reason(
    Decision.STOPPED,
    _("In Lever the candidate is archived. The check was canceled."),
)
NOTED = Reason(
    Decision.ENDED,
    _("In Lever the candidate is archived. The check had ended before, and now bears how the candidacy ended."),
)
NOT_LIVE = Reason(
    Decision.NO_CHECK,
    _("In Lever the candidate is archived. The check had ended before."),
)
OPEN_AGAIN = Reason(
    Decision.ENDED,
    _(
        "In Lever the candidate is not archived any more, so how it ended is open again. No check begins by that: "
        "moving the candidate to the stage again, or “Try again” on the desk, begins a new one."
    ),
)
GOES_ON = Reason(
    Decision.NO_CHECK,
    _("In Lever the candidate is not archived, so the check goes on."),
)
BACK_AGAIN = Reason(
    Decision.NO_CHECK,
    _(
        "In Lever the candidate is not archived any more. That alone begins nothing: moving the candidate to the stage "
        "again, or “Try again” on the desk, begins a new check."
    ),
)
STILL_THERE = Reason(
    Decision.NO_CHECK,
    _("Lever still has this opportunity, so nothing was erased."),
)
NOT_LISTED = Reason(
    Decision.UNSEEN,
    _(
        "Lever does not show this opportunity any more, and does not list it among the deleted ones either, so nothing "
        "was erased. If it is gone for good, somebody can erase the personal data on the check’s page."
    ),
)

# --- before asking how it ended -----------------------------------------------------------------------

NOT_DUE = Reason(
    Decision.NO_CHECK,
    _("Nobody needs to be asked how it ended any more: it is known by now, or somebody wants to be asked later."),
)
SILENT = _("Lever does not say how it ended.")
HIDDEN = _(
    "Lever does not show this opportunity to the API key, which may be because it is confidential. So whoever is known "
    "here is asked how it ended."
)
KNOWN_BY_NOW = Reason(
    Decision.ENDED,
    _("Lever says how it ended, so nobody was asked."),
)
NOBODY_TO_ASK = Reason(
    Decision.NO_CHECK,
    _(
        "There is nobody to ask: neither the opportunity nor its job has somebody in Lever who works there today and "
        "can be written to, and your organization has no contact who can. Somebody can say it on the check’s page. "
        "Vouch looks again in a week."
    ),
)
NOT_SHOWN = Reason(
    Decision.UNSEEN,
    _(
        "Lever does not show this opportunity any more, so nobody was asked how it ended. If it is deleted, its "
        "personal data is erased here as well. If not, somebody can say on the check’s page how it ended."
    ),
)
