"""Whether the parts of a template go together: what must be put right before it is saved, and what should be known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from templates_app.effort import without_questions
from templates_app.kinds import RELATIONS, Confidentiality, Relationship
from templates_app.models import ReferenceTemplate

MOST = 20  # references that a candidate can be asked to name
FLOOR = 3  # answers from which on a report with averages only shows any


@dataclass(frozen=True)
class Asked:
    """One row of whom is asked, saved or not."""

    relationship: str
    how_many: int = 1
    is_needed: bool = False


def problems(template: ReferenceTemplate, asked: Sequence[Asked]) -> Iterator[str]:
    """Why it is not saved as it is, in sentences."""
    total = sum(row.how_many for row in asked)
    if not total:
        yield _("Ask for at least one reference. Without one, no check can begin.")
    elif total > MOST:
        yield _("Ask for at most %(most)d references. These are %(total)d.") % {"most": MOST, "total": total}
    elif template.minimum > total:
        yield ngettext(
            "Enough to conclude is %(minimum)d, but only %(total)d reference is asked for.",
            "Enough to conclude is %(minimum)d, but only %(total)d references are asked for.",
            total,
        ) % {"minimum": template.minimum, "total": total}
    if silent := _unasked(template, {row.relationship for row in asked} - {Relationship.ANY}):
        words = {"survey": template.survey.name, "who": silent}
        yield _("“%(survey)s” has no question to: %(who)s. Choose another survey or another relationship.") % words


def cautions(template: ReferenceTemplate) -> Iterator[str]:
    """What the people who work with it should know, in sentences. Reads the rows as they are saved."""
    rows = list(template.requests.order_by("position", "pk"))  # not what was read before they were saved
    needed = sum(row.how_many for row in rows if row.is_needed)
    if 0 < template.minimum < needed:
        text = _("Enough to conclude is %(minimum)d, but %(needed)d must answer: a check waits for these.")
        yield text % {"minimum": template.minimum, "needed": needed}
    if template.confidentiality == Confidentiality.AVERAGES and sum(row.how_many for row in rows) < FLOOR:
        text = _("Averages are shown from %(floor)d answers on, and fewer references are asked for: nothing would be.")
        yield text % {"floor": FLOOR}
    elif template.confidentiality == Confidentiality.AVERAGES and 0 < template.minimum < FLOOR:
        text = _("Averages are shown from %(floor)d answers on, and a check may conclude with %(minimum)d.")
        yield text % {"floor": FLOOR, "minimum": template.minimum}
    leaves_it_open = any(row.relationship == Relationship.ANY for row in rows)
    if leaves_it_open and (silent := _unasked(template, set(RELATIONS))):
        words = {"survey": template.survey.name, "who": silent}
        yield _("The candidate may name somebody to whom “%(survey)s” has no question: %(who)s.") % words


def _unasked(template: ReferenceTemplate, relationships: set[str]) -> str:
    """Those of the relationships that would find no question, such as: manager or client."""
    if not template.survey_id:
        return ""
    in_order = [value for value in RELATIONS if value in relationships]
    silent = without_questions(template.survey.published(), in_order)
    return get_text_list([str(RELATIONS[value]) for value in silent], _("or"))
