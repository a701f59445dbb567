"""Text messages: who, what, by when, and the link. One or two parts, so each sentence has to earn its place.

No curly quotes and no dashes in them: a single one halves what fits into a part.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from templates_app.builtin.occasion import Occasion


def candidate_request(about: Occasion) -> str:
    return (
        ngettext(
            "%(company)s: for the job %(position)s, please name %(count)s person who knows your work, by %(date)s: "
            "%(link)s",
            "%(company)s: for the job %(position)s, please name %(count)s people who know your work, by %(date)s: "
            "%(link)s",
            about.count,
        )
        % about.values
    )


def candidate_reminder(about: Occasion) -> str:
    return (
        _(
            "%(company)s: for the job %(position)s nobody is named yet who knows your work. It takes five minutes, "
            "until %(date)s: %(link)s"
        )
        % about.values
    )


def candidate_another(about: Occasion) -> str:
    if about.trouble == "silent":
        return _("%(company)s: %(reference)s has not answered so far. You can name somebody else: %(link)s") % (
            about.values
        )
    return _("%(company)s: %(reference)s will not answer, it seems. You can name somebody else: %(link)s") % (
        about.values
    )


def reference_request(about: Occasion) -> str:
    return (
        _(
            "%(company)s: %(candidate)s asked you for a reference. About %(minutes)s minutes, by %(date)s. A no is "
            "fine, too: %(link)s"
        )
        % about.values
    )


def reference_reminder(about: Occasion) -> str:
    return (
        _(
            "%(company)s: your reference for %(candidate)s is still welcome until %(date)s. Rather not? Choose so "
            "there: %(link)s"
        )
        % about.values
    )
