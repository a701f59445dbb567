"""The mail with a link that signs a person in."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from accounts.encryption import digest
from accounts.models import Allowance, Organization, SignInLink, User
from notifications.addresses import address_of
from notifications.letters import Letter, Link, Rendered, render
from notifications.models import Message
from notifications.tasks import wake_sender


def send_link(user_id: int | None, next_url: str) -> None:
    """Have a link mailed to a person, or to nobody: the caller cannot tell one from the other, nor by the clock.

    So everything that depends on the person is left to a worker.
    """
    async_task("notifications.sign_in.write_link", user_id, next_url)


def write_link(user_id: int | None, next_url: str) -> None:
    """Write the mail, unless there is nobody to write to, or this person has asked too often within the hour."""
    user = User.objects.active().select_related("organization").filter(pk=user_id).first() if user_id else None
    if user is None or user.organization is None:  # a message is an organization's: the operator has a password
        return
    now = timezone.now()
    Allowance.forget_old(now)
    with transaction.atomic():
        token = SignInLink.issue(user, next_url, now)
        if token:
            _write(user, user.organization, token, now)


def _write(user: User, organization: Organization, token: str, now: datetime) -> None:
    link = SignInLink.objects.get(token_hash=digest(token))
    Message.queue(
        organization,
        key=f"sign-in:{link.pk}",
        kind="sign-in",
        topic=f"user:{user.pk}",
        to=(user.name, user.email),
        letter=_letter(user, organization, token),
        now=now,
    )
    wake_sender()


def _letter(user: User, organization: Organization, token: str) -> Rendered:
    words = {"company": organization.name, "minutes": SignInLink.LIFETIME.seconds // 60}
    letter = Letter(
        subject=_("Your link to sign in to Vouch"),
        preheader=_("Works once, within %(minutes)d minutes.") % words,
        heading=_("Sign in"),
        greeting=_("Dear %(name)s,") % {"name": user},
        opening=(_("With this link you sign in to the reference checks of %(company)s.") % words,),
        action=Link(_("Sign in"), address_of("sign-in-link", token=token)),
        closing=(
            _("It works once, within %(minutes)d minutes, on the device where you open it.") % words,
            _("You did not ask for it? Then there is nothing to do: without this mail nobody gets in."),
        ),
        footnote=_("You get this mail because somebody entered your address on our sign-in page."),
    )
    return render(letter, organization)
