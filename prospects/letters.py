"""The mails to a prospect: whether it was them who said yes, and that it was said anew.

Each bears one link, to the page where all of it is read, confirmed and taken back. What somebody typed stands on that
page and in no mail: as long as the address has not confirmed it, nobody knows who typed it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications.addresses import address_of
from notifications.letters import Letter, Link, render
from notifications.models import Message

if TYPE_CHECKING:
    from prospects.consent import Consenting

ASKED, RENEWED = "prospect-confirm", "prospect-renewed"  # the kinds of messages
A_DAY, AT_MOST = timedelta(days=1), 3  # mails to one of them a day, however often a box is ticked


def ask_whether_it_was_them(prospect: "Consenting", now: datetime, *, was_asked: bool) -> Message | None:
    """None where the mail of today is on its way or with them, `was_asked` already: its link shows the newest words."""
    asked = _of_today(prospect, now).filter(kind=ASKED)
    if was_asked and asked.exclude(state=Message.State.FAILED).exclude(fate=Message.Fate.BOUNCED).exists():
        return None
    return _queue(prospect, ASKED, _was_it_you, now)


def say_renewed(prospect: "Consenting", now: datetime) -> Message | None:
    return _queue(prospect, RENEWED, _renewed, now)


# --- what they say --------------------------------------------------------------------------------------


def _was_it_you(prospect: "Consenting") -> dict[str, Any]:
    words = {"company": prospect.organization.name}
    return {
        "subject": _("Jobs at %(company)s: was it you?") % words,
        "preheader": _("Nothing comes of it without your yes.") % words,
        "heading": _("Was it you?"),
        "opening": (
            _("Somebody, probably you, told %(company)s that it may write to this address about jobs.") % words,
            _("The page behind this link shows what was agreed to, and for how long. It takes a yes or a no."),
        ),
        "action": Link(_("Say whether it was you"), _page(prospect)),
        "closing": (
            _("Without your yes %(company)s writes nothing about jobs, and your address is erased after thirty days.")
            % words,
            _("The link stays good. At any time it shows what is held about you, and takes your yes back."),
        ),
    }


def _renewed(prospect: "Consenting") -> dict[str, Any]:
    until = formats.date_format(timezone.localtime(prospect.ends_at), "DATE_FORMAT")
    words = {"company": prospect.organization.name, "date": until}
    return {
        "subject": _("Jobs at %(company)s: what you agreed to has changed") % words,
        "heading": _("What you agreed to has changed"),
        "opening": (_("%(company)s was told anew that it may write to you about jobs, now until %(date)s.") % words,),
        "action": Link(_("Read what you agreed to"), _page(prospect)),
        "closing": (_("Was it not you, or do you not wish it any more? The same page ends it at once."),),
    }


# --- sending them ---------------------------------------------------------------------------------------


def _page(prospect: "Consenting") -> str:
    """The key to their page."""
    return address_of("prospect-door", token=prospect.token)


def _of_today(prospect: "Consenting", now: datetime) -> Any:
    mails = Message.objects.about(prospect.topic).filter(created_at__gt=now - A_DAY)
    return mails.exclude(state=Message.State.CANCELED)


def _queue(
    prospect: "Consenting", kind: str, said_to: "Callable[[Consenting], dict[str, Any]]", now: datetime
) -> Message | None:
    """None when they have had enough mails today."""
    if _of_today(prospect, now).count() >= AT_MOST:
        return None
    organization, number = prospect.organization, Message.objects.about(prospect.topic).count()
    with override(prospect.language):
        letter = Letter(**said_to(prospect), **_frame(prospect))
        return Message.queue(
            organization,
            key=f"{prospect.topic}:{number + 1}",
            kind=kind,
            topic=prospect.topic,
            to=(prospect.name, prospect.email),
            letter=render(letter, organization),
            now=now,
            stop_url=address_of("stop-prospect", token=prospect.token),
        )


def _frame(prospect: "Consenting") -> dict[str, Any]:
    """What every letter has: greeting, signature, why it comes, from whom, and where more is said of their data."""
    organization = prospect.organization
    words = {"company": organization.name, "name": prospect.name}
    signature = [
        f"{organization.contact_name}, {organization.name}" if organization.contact_name else organization.name
    ]
    if organization.contact_phone:
        signature.append(organization.contact_phone)
    if organization.contact_email:
        signature.append(_("Answers to this mail reach a person."))
    why = _("You get this mail because this address was given to %(company)s to hear about jobs.") % words
    notice = Link(_("%(company)s’s own privacy notice") % words, organization.privacy_url)
    return {
        "greeting": _("Dear %(name)s,") % words if prospect.name else "",
        "signature": (_("Thank you,"), *signature),
        "footnote": " ".join(filter(None, (why, organization.postal_address))),
        "links": (notice,) if organization.privacy_url else (),
        "from_name": signature[0],
        "reply_to": organization.contact_email,
        "language": prospect.language,
    }
