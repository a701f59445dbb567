"""The mail that asks somebody how it ended: three links, each to the page where the answer is confirmed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from checks.letters import Reader, Ways, occasion_of
from checks.outcome_people import WHY
from checks.writing import e_mail, own_words
from notifications.addresses import address_of
from notifications.models import Message
from templates_app.kinds import Channel
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.outcome_question import OutcomeQuestion

MOMENT = Moment.OUTCOME_ASKED
KEY = "outcome-question:"  # with the question's id behind it: what its mail is written down under


def send(question: "OutcomeQuestion", now: datetime) -> Message:
    """Once for each question, in the template's language. The same mail comes again as a question of its own."""
    check = question.outcome.for_check
    page = address_of("outcome-door", token=question.token)
    with override(check.frozen.language):
        reader = Reader(question.name, question.email, check.frozen.language, check.topic, why=why(question))
        about = occasion_of(MOMENT, check, None, page, now)
        letter = e_mail(MOMENT, check, about, reader, Ways(page), own_words(MOMENT, Channel.EMAIL, check, reader))
    return Message.queue(
        check.organization,
        key=f"{KEY}{question.pk}",
        kind=str(MOMENT),
        topic=check.topic,
        to=(question.name, question.email),
        letter=letter,
        now=now,
    )


def why(question: "OutcomeQuestion") -> str:
    """Why just this person is asked, in the language that is active."""
    check = question.outcome.for_check
    words = {
        "candidate": check.candidate_name or _("the candidate"),
        "company": check.organization.name,
        "handed_on_by": question.handed_on_by,
    }
    return str(WHY.get(question.role, WHY["default"]) % words)
