"""Titles and dates in a report's words: what the candidate told, and what each reference says of it."""

from django.utils.translation import gettext as _

from checks import wording
from checks.asking import CANNOT_SAY, NOT_QUITE, RIGHT
from checks.findings import Confirmation, Report, Said


def confirmation(report: Report, fact: Confirmation, said: Said, name: str) -> str:
    """What one person said of a fact, with both versions where there are two. `name` is the candidate's first name."""
    person = report.person(said.person)
    words = {"told": wording.told(person, fact.fact), "said": said.text.strip(), "name": name}
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


def differing(report: Report, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where a reference has a fact otherwise than the candidate: a heading, then each version and whose it is."""
    return [
        (
            _("%(who)s puts it differently: %(question)s")
            % {"who": report.person(said.person).name, "question": fact.question},
            [
                (wording.told(report.person(said.person), fact.fact), name),
                (said.text.strip() or _("Something else"), wording.with_relation(report.person(said.person))),
            ],
        )
        for fact in report.facts
        for said in fact.said
        if said.choice == NOT_QUITE
    ]
