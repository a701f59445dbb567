"""What needs a hand: one line of the desk, with a sentence that says what is wrong and the one thing that mends it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise

AT_MOST = 20  # lines on the desk; a source gives one more, so that one can tell


@dataclass(frozen=True)
class Remedy:
    """The button of a line: a POST that mends it, or the way to where it is mended."""

    label: str | Promise
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class Trouble:
    shape: str
    word: str
    sentence: str
    who: str
    url: str = ""  # of whom it is about
    position: str = ""
    since: datetime | None = None
    remedy: Remedy | None = None
    live_check: int | None = None  # the id of a check that is on its way all the same


def page_of(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
