"""The two mails to somebody with whom a report is shared: the link, and the code that it asks for."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from checks.shares import CODE_KIND, CODE_LIFETIME, LINK_KIND, Share
from notifications.addresses import address_of
from notifications.letters import Letter, Link, render
from notifications.models import Message
from notifications.tasks import wake_sender


def send_link(share: Share, now: datetime) -> Message:
    """In the language of the check's template: of the reader's own we know nothing yet."""
    with override(share.for_check.frozen.language):
        return _queue(share, LINK_KIND, _link_letter(share), now, key=f"{share.topic}:link")


def send_code(share: Share, now: datetime) -> bool:
    """A code, in the language in which it was asked for; False when the day's codes are used up."""
    with transaction.atomic():
        code = share.new_code(now)
        if code is None:
            return False
        _queue(share, CODE_KIND, _code_letter(share, code), now, key=f"{share.topic}:code:{share.codes_sent}")
        wake_sender()
    return True


def _queue(share: Share, kind: str, letter: Letter, now: datetime, key: str) -> Message:
    organization = share.for_check.organization
    return Message.queue(
        organization,
        key=key,
        kind=kind,
        topic=share.topic,
        to=(share.name, share.email),
        letter=render(letter, organization),
        now=now,
    )


def _link_letter(share: Share) -> Letter:
    check = share.for_check
    company, sharer = check.organization.name, str(share.created_by)
    words = {"sharer": sharer, "company": company, "candidate": check.candidate_name, "until": _day(share)}
    return Letter(
        subject=_("%(sharer)s shared a reference report with you") % words,
        preheader=_("It can be read until %(until)s.") % words,
        heading=_("A reference report"),
        greeting=_greeting(share),
        opening=(
            _("%(sharer)s at %(company)s lets you read the reference report on %(candidate)s.") % words,
            _("The link lets you have a code sent to this address. That way nobody else can read the report."),
        ),
        action=Link(_("Read the report"), address_of("share-door", token=share.token)),
        closing=(
            _("It can be read until %(until)s. %(sharer)s can end that earlier, and sees when you read it.") % words,
            _("It is about a person who trusts that it stays with those who decide. Please do not pass it on."),
        ),
        signature=(f"{sharer}, {company}",),
        footnote=_("You get this mail because %(sharer)s entered your address in Vouch.") % words,
        from_name=f"{sharer}, {company}",
        reply_to=share.created_by.email if share.created_by else "",
        language=get_language() or "en",
    )


def _code_letter(share: Share, code: str) -> Letter:
    """The code stands in the text alone: subjects are shown on locked screens."""
    company = share.for_check.organization.name
    words = {"company": company, "minutes": CODE_LIFETIME.seconds // 60}
    return Letter(
        subject=_("Your code for the reference report"),
        preheader=_("Good for %(minutes)d minutes.") % words,
        heading=_("Your code"),
        greeting=_greeting(share),
        opening=(
            _("With this code you read the reference report that %(company)s has shared with you:") % words,
            f"{code[:3]} {code[3:]}",
        ),
        closing=(
            _("It is good for %(minutes)d minutes and for one time.") % words,
            _("You did not ask for it? Then there is nothing to do: without this mail nobody reads the report."),
        ),
        footnote=_("You get this mail because a reference report was shared with this address."),
        language=get_language() or "en",
    )


def _greeting(share: Share) -> str:
    return _("Dear %(name)s,") % {"name": share.name} if share.name else ""


def _day(share: Share) -> str:
    return date_format(timezone.localtime(share.token_expires_at, share.for_check.zone), "DATE_FORMAT")
