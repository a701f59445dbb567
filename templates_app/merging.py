"""Merge fields: words in braces that stand for what is only known when a text is sent, such as {candidate}.

A text with them is written by a colleague and read by strangers. So a field gives plain text, whatever is in it: the
layout escapes it, and what looks like a field in a candidate's name is not filled in again.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELD = re.compile(r"\{([^{}\n]*)\}")

# What each field stands for, in the order in which an editor offers them.
FIELDS = {
    "candidate": gettext_lazy("the candidate’s name"),
    "name": gettext_lazy("the candidate’s first name"),
    "reference": gettext_lazy("the reference’s name"),
    "relationship": gettext_lazy("how the reference knows the candidate"),
    "position": gettext_lazy("the job"),
    "company": gettext_lazy("your organization"),
    "reader": gettext_lazy("who asks: the owner in Lever, or your contact person"),
    "count": gettext_lazy("how many questions, or how many people"),
    "minutes": gettext_lazy("about how many minutes it takes"),
    "date": gettext_lazy("the day by which an answer is asked for"),
    "link": gettext_lazy("the address of the reader’s page"),
}
IN_QUESTIONS = ("name", "candidate", "company", "relationship", "position")


def fields_of(text: str) -> list[str]:
    """The fields that a text names, each once, in their order."""
    return list(dict.fromkeys(FIELD.findall(text)))


def problem(text: str, known: Iterable[str]) -> str:
    """What is wrong with the fields of a text, in a sentence that names the right ones; empty when nothing is."""
    names = list(known)
    unknown = [each for each in fields_of(text) if each not in names]
    if not unknown:
        return ""
    words = {"field": f"{{{unknown[0]}}}", "known": ", ".join(f"{{{name}}}" for name in names)}
    close = get_close_matches(unknown[0].strip().lower(), names, n=1)
    if close:
        words["close"] = f"{{{close[0]}}}"
        return _("%(field)s is no field here. Did you mean %(close)s? There are: %(known)s.") % words
    return _("%(field)s is no field here. There are: %(known)s.") % words


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, in one pass; what is no field of ours stays as it was written."""
    return FIELD.sub(lambda found: values.get(found[1], found[0]), text)
