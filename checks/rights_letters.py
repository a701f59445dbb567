"""What is written about somebody's rights: to those who answer a request, and to the person who asked."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from checks.interest import JobInterest
from checks.letters import Reader, Ways, day, framed, reader_of
from notifications.addresses import address_of
from notifications.letters import Letter, Link, render
from notifications.models import Message
from templates_app.builtin import Occasion

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Reference
    from checks.rights import RightsRequest

ASKED = "rights-asked"  # the kinds of messages
TO_CANDIDATE, TO_REFERENCE = "candidate-rights", "reference-rights"


def tell_contact(asked: "RightsRequest", now: datetime) -> Message | None:
    """Somebody who hires has a month to answer. None where the organization names no address: the desk has it, too."""
    check, organization = asked.for_check, asked.for_check.organization
    address, language = organization.privacy_email or organization.contact_email, check.frozen.language
    if not address:
        return None
    with override(language):
        reader = Reader(organization.contact_name, address, language, asked.of.topic)
        return _queue(_asked(asked), check, reader, now, kind=ASKED, key=f"request:{asked.pk}:asked")


def say_settled(asked: "RightsRequest", now: datetime) -> Message | None:
    """That there is an answer. What it says stands on their page, and not in the mail."""
    return _to_person(asked.of, _settled, now, key=f"request:{asked.pk}:settled")


def say_erased(row: "Check | Reference", now: datetime, words: str) -> Message | None:
    """The last mail. `words` are of whoever granted it."""
    return _to_person(row, partial(_erased, said=words), now, key=f"{row.topic}:erased")


# --- what they say --------------------------------------------------------------------------------------

SUBJECTS: dict[str, Any] = {
    "correct": gettext_lazy("%(who)s asks for a correction"),
    "delete": gettext_lazy("%(who)s asks to be deleted"),
    "object": gettext_lazy("%(who)s objects to being in a reference check"),
}


def _asked(asked: "RightsRequest") -> Letter:
    check, said = asked.for_check, " ".join(asked.words.split())
    words = {"who": asked.who, "date": day(asked.due_at, check), "said": said, "company": check.organization.name}
    return Letter(
        subject=str(SUBJECTS[asked.kind]) % words,
        heading=str(SUBJECTS[asked.kind]) % words,
        opening=(
            _("The law gives %(company)s a month to answer: until %(date)s.") % words,
            *([_("In their words: “%(said)s”") % words] if said else []),
        ),
        action=Link(_("Read and answer it"), address_of("settle-request", pk=asked.pk)),
        closing=(_("The page asks you to sign in. The person reads your answer on a page of their own."),),
        footnote=_("You get this mail because questions about data protection at %(company)s go to this address.")
        % words,
        language=check.frozen.language,
    )


def _settled(row: "Check | Reference") -> Letter:
    words = {"company": row.of_check.organization.name}
    return Letter(
        subject=_("%(company)s has answered what you asked for") % words,
        heading=_("There is an answer for you"),
        opening=(
            _("You asked %(company)s about the data that is held about you. The answer is on your page.") % words,
        ),
        action=Link(_("Read the answer"), page_of(row)),
        closing=(
            _("The link opens that page for a month. Are you not content? Answer this mail, and a person reads it."),
        ),
    )


def _erased(row: "Check | Reference", said: str) -> Letter:
    words = {"company": row.of_check.organization.name, "said": " ".join(said.split())}
    jobs = JobInterest.of(row.as_reference) if row.as_reference else None
    stays = _(
        "That %(company)s may write to you about jobs is a choice of its own, and stays. The link in the mail that "
        "asked you to confirm it ends it at any time."
    )
    return Letter(
        subject=_("What was held about you is deleted"),
        heading=_("What was held about you is deleted"),
        opening=(
            _("Your name, your addresses and everything you wrote for this reference check are gone from Vouch.")
            % words,
            _("That there was a check stays, without a name. Your link opens nothing any more.") % words,
            *([stays % words] if jobs else []),
            *([_("%(company)s adds: “%(said)s”") % words] if said else []),
        ),
        closing=(_("This mail is the last one about it. Once it is sent, your address is gone, too."),),
    )


# --- sending them ---------------------------------------------------------------------------------------


def page_of(row: "Check | Reference") -> str:
    """The key to their page with their rights."""
    kind = "reference" if row.as_reference else "candidate"
    return address_of(f"{kind}-rights-door", token=row.token)


def _to_person(
    row: "Check | Reference", letter_to: "Callable[[Check | Reference], Letter]", now: datetime, key: str
) -> Message | None:
    check, kind = row.of_check, TO_REFERENCE if row.as_reference else TO_CANDIDATE
    reader = reader_of(kind, check, row.as_reference)
    if not reader.email:
        return None
    with override(reader.language):
        letter = framed(letter_to(row), kind, check, reader, Ways(page_of(row)), Occasion({}))
        return _queue(letter, check, reader, now, kind=kind, key=key)


def _queue(letter: Letter, check: "Check", reader: Reader, now: datetime, *, kind: str, key: str) -> Message:
    return Message.queue(
        check.organization,
        key=key,
        kind=kind,
        topic=reader.topic,
        to=(reader.name, reader.email),
        letter=render(letter, check.organization),
        now=now,
    )
