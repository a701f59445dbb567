"""To candidates: whom may we ask, and what if one of them does not answer."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.letters import Letter, Link
from templates_app.builtin.occasion import Occasion


def _subject(about: Occasion) -> str:
    """The same through all reminders, so that a mail program keeps them together."""
    return _("Your references for %(company)s") % about.values


def request(about: Occasion) -> Letter:
    return Letter(
        subject=_subject(about),
        preheader=ngettext(
            "%(count)s person who knows your work. About five minutes.",
            "%(count)s people who know your work. About five minutes.",
            about.count,
        )
        % about.values,
        heading=_("Who can speak for your work?"),
        opening=(
            ngettext(
                "For the job %(position)s we would like to hear from %(count)s person who knows your work. On your "
                "page you read what happens with their answers, agree or not, and name the person. It takes about "
                "five minutes.",
                "For the job %(position)s we would like to hear from %(count)s people who know your work. On your "
                "page you read what happens with their answers, agree or not, and name them. It takes about five "
                "minutes.",
                about.count,
            )
            % about.values,
        ),
        action=Link(_("Name your references"), about.values["link"]),
        closing=(
            _("Please do it by %(date)s. Tell the people you name that a mail is coming: that helps most.")
            % about.values,
            _("Something in the way? Answer this mail, and a person reads it."),
        ),
    )


def reminder(about: Occasion) -> Letter:
    return Letter(
        subject=_subject(about),
        preheader=_("Your page is open until %(date)s. About five minutes.") % about.values,
        heading=_("Who can speak for your work?"),
        opening=(
            _(
                "For the job %(position)s we asked whom we may write to about your work. Nobody is named so far, so "
                "nothing has begun."
            )
            % about.values,
            ngettext(
                "On your page you name %(count)s person. It takes about five minutes.",
                "On your page you name %(count)s people. It takes about five minutes.",
                about.count,
            )
            % about.values,
        ),
        action=Link(_("Name your references"), about.values["link"]),
        closing=(
            _("Please do it by %(date)s.") % about.values,
            _("Something in the way, or no interest in the job any more? Answer this mail, and a person reads it."),
        ),
    )


# What has become of a reference; without a reason, whatever it was.
NEWS = {
    "bounced": lambda: _("Our mail to %(reference)s came back: there seems to be no such address."),
    "declined": lambda: _("%(reference)s would rather not give a reference. That happens, and says nothing about you."),
    "silent": lambda: _(
        "%(reference)s has not answered our mails so far. That happens, and says nothing about you. We do not write "
        "there again."
    ),
    "": lambda: _("It seems that %(reference)s will not answer. That happens, and says nothing about you."),
}


def another(about: Occasion) -> Letter:
    """Somebody they named cannot or will not answer, or has not so far."""
    way_on = (
        _("On your page you can name somebody else instead. Until you do, the page of %(reference)s stays open.")
        if about.trouble == "silent"
        else _("On your page you can name somebody else instead.")
    )
    return Letter(
        subject=_subject(about),
        heading=_("One more name, please"),
        opening=(NEWS[about.trouble]() % about.values, way_on % about.values),
        action=Link(_("Name somebody else"), about.values["link"]),
        closing=(_("Nobody else comes to mind? Answer this mail, and a person reads it."),),
    )
