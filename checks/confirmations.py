"""Titles and dates in a report's words: what the candidate told, and what each reference says of it."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from checks import wording
from checks.asking import CANNOT_SAY, NOT_QUITE, RIGHT
from checks.findings import Confirmation, Report, Said
from checks.said import told


def confirmation(report: Report, fact: Confirmation, said: Said, name: str) -> str:
    """What one person said of a fact, with both versions where there are two. `name` is the candidate's first name."""
    person = report.person(said.person)
    words = {"told": told(person, fact.fact), "said": said.text.strip(), "name": name}
    if said.choice == RIGHT:
        return _("“%(told)s” is right") % words
    if said.choice == CANNOT_SAY:
        return _("cannot say whether “%(told)s” is right") % words
    if said.choice == NOT_QUITE:
        put_right = _("“%(said)s”, where %(name)s gave “%(told)s”")
        return (put_right if words["said"] else _("“%(told)s” is not quite right")) % words
    if words["said"]:
        return _("“%(said)s”; %(name)s gave nothing to compare it with") % words
    return _("left it open") if not words["told"] else _("left it open; %(name)s gave “%(told)s”") % words


def counted(fact: Confirmation) -> list[str]:
    """With averages only: how many say that it is right, not quite, or cannot say."""
    if fact.is_withheld:
        return [_("Fewer than three answered, so nothing of it is shown.")]
    everybody = sum(fact.counts.values())
    return [
        _("%(answer)s: %(count)s")
        % {"answer": capfirst(wording.answer(choice)), "count": wording.of_people(count, everybody)}
        for choice, count in fact.counts.items()
    ]
