"""To references: who asks, why this person, how long it takes, how to say later, no, or no more."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.letters import Letter, Link
from templates_app.builtin.occasion import Occasion


def _subject(about: Occasion) -> str:
    """The same through all reminders, so that a mail program keeps them together."""
    return _("%(candidate)s asked you for a reference") % about.values


def _preheader(about: Occasion) -> str:
    return _("%(count)s questions on work you have seen. About %(minutes)s minutes, by %(date)s.") % about.values


def request(about: Occasion) -> Letter:
    return Letter(
        subject=_subject(about),
        preheader=_preheader(about),
        heading=_subject(about),
        opening=(
            _("%(name)s has applied to us as %(position)s and named you as someone who knows their work.")
            % about.values,
            ngettext(
                "Would you answer %(count)s question? It takes about %(minutes)s minutes and needs no account.",
                "Would you answer %(count)s questions? It takes about %(minutes)s minutes and needs no account.",
                about.count,
            )
            % about.values,
        ),
        action=Link(_("Answer the questions"), about.values["link"]),
        closing=(
            _(
                "Please answer by %(date)s. %(reader)s and the people at %(company)s who decide on this job read what "
                "you write."
            )
            % about.values,
            _("Rather not? Open the link and choose so. A no is fine, and ends the mails."),
            _("Not now, or are you allowed to confirm dates only? Say so with the link at the end of this mail."),
        ),
    )


def reminder(about: Occasion) -> Letter:
    return Letter(
        subject=_subject(about),
        preheader=_preheader(about),
        heading=_("Your reference for %(candidate)s is still welcome") % about.values,
        opening=(
            _("%(name)s has applied to us as %(position)s, and we have asked you about work that you have seen.")
            % about.values,
            ngettext(
                "It is %(count)s question and takes about %(minutes)s minutes. What you fill in is kept, so it need "
                "not be done at once.",
                "It is %(count)s questions and takes about %(minutes)s minutes. What you fill in is kept, so it need "
                "not be done at once.",
                about.count,
            )
            % about.values,
        ),
        action=Link(_("Answer the questions"), about.values["link"]),
        closing=(
            _("Please answer by %(date)s. Rather not? Open the link and choose so. A no is fine, and ends the mails.")
            % about.values,
            _(
                "Is it a bad time? With the link at the end of this mail you choose a later day, or no more "
                "reminders. If your employer allows dates only, choose that there, too."
            ),
        ),
    )


def thanks(about: Occasion) -> Letter:
    return Letter(
        subject=_("Your reference for %(candidate)s has arrived") % about.values,
        heading=_("Your answers have arrived"),
        opening=(
            _(
                "Your answers about %(candidate)s are with us. %(reader)s and the people at %(company)s who decide on "
                "this job read them."
            )
            % about.values,
            _("There is nothing more to do, and you get no more mail about it."),
        ),
        closing=(_("Is there something to add or to put right? Answer this mail, and a person reads it."),),
    )


def declined(about: Occasion) -> Letter:
    return Letter(
        subject=_subject(about),
        heading=_("You have said no, and that is fine"),
        opening=(
            _("You give no reference about %(candidate)s. You get no more mail about it.") % about.values,
            _("What you may have filled in is deleted. %(name)s learns that you will not answer, and no reason.")
            % about.values,
        ),
        closing=(_("It was not meant so? Answer this mail, and a person reads it."),),
    )


def released(about: Occasion) -> Letter:
    """To one who has not answered: it is no longer needed."""
    return Letter(
        subject=_subject(about),
        heading=_("Your answers are no longer needed"),
        opening=(
            _(
                "The reference that we asked you for about %(candidate)s is no longer needed. You will get no more "
                "mail about it."
            )
            % about.values,
        ),
    )
