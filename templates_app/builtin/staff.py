"""To those who asked: the hiring manager, and the owner of the candidate in the ATS."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.letters import Letter, Link
from templates_app.builtin.occasion import Occasion


def _they_are_in(about: Occasion) -> str:
    return (
        ngettext(
            "%(count)s person has answered about %(candidate)s, who applied as %(position)s. The report is ready.",
            "%(count)s people have answered about %(candidate)s, who applied as %(position)s. The report is ready.",
            about.count,
        )
        % about.values
    )


def manager_told(about: Occasion) -> Letter:
    return Letter(
        subject=_("The references for %(candidate)s are in") % about.values,
        preheader=_they_are_in(about),
        heading=_("The references for %(candidate)s are in") % about.values,
        opening=(_they_are_in(about),),
        action=Link(_("Read the report"), about.values["link"]),
        closing=(
            _("It opens for people with an account, after they have signed in. You have none? Ask %(reader)s.")
            % about.values,
        ),
    )


def owner_told(about: Occasion) -> Letter:
    return Letter(
        subject=_("The references for %(candidate)s are in") % about.values,
        preheader=_they_are_in(about),
        heading=_("The references for %(candidate)s are in") % about.values,
        opening=(_they_are_in(about),),
        action=Link(_("Read the report"), about.values["link"]),
        closing=(_("Whoever was asked and has not answered by now is told that it is no longer needed."),),
    )


def owner_overdue(about: Occasion) -> Letter:
    return Letter(
        subject=_("The references for %(candidate)s are overdue") % about.values,
        heading=_("The references for %(candidate)s are overdue") % about.values,
        opening=(
            _("The day by which we asked for references for %(candidate)s (%(position)s) has passed.") % about.values,
            _so_far(about),
        ),
        action=Link(_("Open the check"), about.values["link"]),
        closing=(
            _(
                "All pages stay open, and answers that come now still count. A word from you may help. On the "
                "check’s page you can also conclude with what is in, or cancel."
            ),
            *((_("Left alone, it ends on %(until)s.") % {"until": about.until},) if about.until else ()),
        ),
    )


def _so_far(about: Occasion) -> str:
    if about.trouble == "unnamed":
        return _("%(name)s has not named anybody yet.") % about.values
    answered = (
        ngettext("%(count)s person has answered.", "%(count)s people have answered.", about.count) % about.values
        if about.count
        else _("Nobody has answered yet.")
    )
    waiting = _("We still wait for: %(people)s.") % {"people": about.waiting} if about.waiting else ""
    return " ".join(filter(None, (answered, waiting)))


def outcome_asked(about: Occasion) -> Letter:
    """The last part of each address says which answer is chosen beforehand on the page behind it."""
    link = about.values["link"]
    return Letter(
        subject=_("Was %(candidate)s hired?") % about.values,
        preheader=_("One answer is enough. It is saved on the page behind it.") % about.values,
        heading=_("Was %(candidate)s hired?") % about.values,
        opening=(
            _checked(about),
            _("We do not know yet how it ended. Your answer shows which questions are worth asking."),
            _("Each answer opens a page that asks you to confirm it. Nothing is saved before."),
        ),
        action=Link(_("Tell how it ended"), link),
        choices=(
            Link(_("Hired"), f"{link}hired/"),
            Link(_("Not hired"), f"{link}not-hired/"),
            Link(_("Not decided yet, ask me again"), f"{link}later/"),
        ),
        closing=(
            _("Somebody else knows better? On that page you can hand the question on."),
            _("Without an answer this mail comes three times in all, a week apart. It stops once it is known."),
        ),
    )


def _checked(about: Occasion) -> str:
    words = {**about.values, "done": about.done}
    if about.done:
        return _("The references for %(candidate)s (%(position)s) were complete on %(done)s.") % words
    return _("The references for %(candidate)s (%(position)s) are complete.") % words
