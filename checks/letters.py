"""What we write to candidates and references: who asks, why this person, how long it takes, how to say no."""

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.addresses import address_of
from notifications.letters import Letter, Link, Rendered, render
from templates_app.frozen import FrozenQuestion

if TYPE_CHECKING:
    from checks.models import Check, Reference

SECONDS_PER_QUESTION = {"scale": 25, "yes-no": 20, "choice": 20, "text": 75}


def minutes(questions: tuple[FrozenQuestion, ...]) -> int:
    """An honest guess at how long they take, in whole minutes, rounded up."""
    return max(1, math.ceil(sum(SECONDS_PER_QUESTION[question.kind] for question in questions) / 60))


def candidate_request(check: "Check") -> Rendered:
    count = len(check.frozen.requests)
    words = {"company": check.organization.name, "position": check.position or _("a job"), "count": count}
    letter = Letter(
        subject=_("Your references for %(company)s") % words,
        preheader=ngettext(
            "%(count)d person who knows your work. About five minutes.",
            "%(count)d people who know your work. About five minutes.",
            count,
        )
        % words,
        heading=_("Who can speak for your work?"),
        greeting=_("Dear %(name)s,") % {"name": check.candidate_name or _("candidate")},
        opening=(
            ngettext(
                "For the job %(position)s we would like to hear from %(count)d person who knows your work. On your "
                "page you read what happens with their answers, agree or not, and name the person. It takes about "
                "five minutes.",
                "For the job %(position)s we would like to hear from %(count)d people who know your work. On your "
                "page you read what happens with their answers, agree or not, and name them. It takes about five "
                "minutes.",
                count,
            )
            % words,
        ),
        action=Link(_("Name your references"), address_of("candidate-door", token=check.token)),
        closing=(
            _("Please do it by %(date)s. Tell the people you name that a mail is coming: that helps most.")
            % {"date": _day(check.due_at)},
            _("Something in the way? Answer this mail, and a person reads it."),
        ),
        **_from_the_organization(check),
    )
    return render(letter, check.organization)


def reference_request(reference: "Reference") -> Rendered:
    check = reference.for_check
    questions = reference.questions()
    words = {
        "candidate": check.candidate_name,
        "first": check.first_name,
        "position": check.position or _("a job with us"),
        "minutes": minutes(questions),
        "count": len(questions),
        "company": check.organization.name,
        "date": _day(check.due_at),
        "reader": check.asker,
    }
    letter = Letter(
        subject=_("%(candidate)s asked you for a reference") % words,
        preheader=_("%(count)d questions on work you have seen. About %(minutes)d minutes, by %(date)s.") % words,
        heading=_("%(candidate)s asked you for a reference") % words,
        greeting=_("Dear %(name)s,") % {"name": reference.name},
        opening=(
            _("%(first)s has applied to us as %(position)s and named you as someone who knows their work.") % words,
            _("Would you answer %(count)d questions? It takes about %(minutes)d minutes and needs no account.") % words,
        ),
        action=Link(_("Answer the questions"), address_of("reference-door", token=reference.token)),
        closing=(
            _(
                "Please answer by %(date)s. %(reader)s and the people at %(company)s who decide on this job read what "
                "you write."
            )
            % words,
            _("Rather not? Open the link and choose so. A no is fine, and ends the mails."),
        ),
        footnote=_("Why you: %(candidate)s gave us your name and address. We use them for this reference only.") % words
        + _address(check),
        **_signed(check),
    )
    return render(letter, check.organization)


def another_reference(reference: "Reference") -> Rendered:
    """To the candidate: somebody they named cannot or will not answer."""
    check = reference.for_check
    words = {"name": reference.name, "company": check.organization.name}
    if reference.status == reference.Status.BOUNCED:
        news = _("Our mail to %(name)s came back: there seems to be no such address.") % words
    else:
        news = _("%(name)s would rather not give a reference. That happens, and says nothing about you.") % words
    letter = Letter(
        subject=_("Your references for %(company)s") % words,
        heading=_("One more name, please"),
        greeting=_("Dear %(name)s,") % {"name": check.candidate_name},
        opening=(news, _("On your page you can name somebody else instead.")),
        action=Link(_("Name somebody else"), address_of("candidate-door", token=check.token)),
        closing=(_("Nobody else comes to mind? Answer this mail, and a person reads it."),),
        **_from_the_organization(check),
    )
    return render(letter, check.organization)


def reference_released(reference: "Reference") -> Rendered:
    """To a reference who has not answered: it is no longer needed."""
    check = reference.for_check
    words = {"candidate": check.candidate_name}
    letter = Letter(
        subject=_("%(candidate)s asked you for a reference") % words,
        heading=_("Your answers are no longer needed"),
        greeting=_("Dear %(name)s,") % {"name": reference.name},
        opening=(
            _(
                "The reference that we asked you for about %(candidate)s is no longer needed. You will get no more "
                "mail about it."
            )
            % words,
            _("Thank you for your time."),
        ),
        footnote=_address(check).strip(),
        **_signed(check),
    )
    return render(letter, check.organization)


def _from_the_organization(check: "Check") -> dict[str, Any]:
    why = _("You get this mail because you applied to %(company)s.") % {"company": check.organization.name}
    return {"footnote": why + _address(check), **_signed(check)}


def _signed(check: "Check") -> dict[str, Any]:
    organization = check.organization
    signature = [f"{check.asker}, {organization.name}" if check.asker != organization.name else organization.name]
    if organization.contact_phone and check.asker in (organization.contact_name, organization.name):
        signature.append(organization.contact_phone)
    reply_to = check.owner_email or organization.contact_email
    if reply_to:
        signature.append(_("Answers to this mail reach a person."))
    return {"signature": (_("Thank you,"), *signature), "from_name": signature[0], "reply_to": reply_to}


def _address(check: "Check") -> str:
    return f" {check.organization.postal_address}" if check.organization.postal_address else ""


def _day(moment: datetime) -> str:
    return formats.date_format(moment, "j F")
