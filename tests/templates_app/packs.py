"""A small sound pack that the tests bend, and what a pack brings about."""

from typing import Any

from django.db.models import Model

from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey
from templates_app.packs import PackError, load

SOUND = """\
organization: Northmoor Ferries
surveys:
  - name: Deck
    questions:
      - key: overall
        kind: scale
        look: bands
        text: Where is {name}?
        competency: Overall
      - key: strength
        kind: text
        text: What does {name} do best?
templates:
  - name: Deck officers
    ats_tag: deck
    priority: 10
    default: true
    survey: Deck
    requests:
      - relationship: manager
        note: Your captain.
      - relationship: any
"""

NOBODY_S = SOUND.partition("\n")[2]

# What is not in a pack: it belongs to this database.
_OWN = {"id", "organization", "survey", "template", "updated_at"}


def bent(old: str, new: str, pack: str = SOUND) -> str:
    """The pack with one thing changed."""
    assert pack.count(old) == 1
    return pack.replace(old, new)


def refusal(pack: str | bytes, **choices: Any) -> list[str]:
    """Why a pack is refused: a line for each reason, beginning with the line in the file. Empty: it is not."""
    try:
        load(pack if isinstance(pack, bytes) else pack.encode(), **choices)
    except PackError as error:
        return str(error).split("\n")
    return []


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every column of every survey and template there is, rows named by what they belong to instead of ids."""
    return {
        "surveys": _rows(Survey, "organization__name"),
        "questions": _rows(Question, "survey__organization__name", "survey__name"),
        "templates": _rows(ReferenceTemplate, "organization__name", "survey__name"),
        "requests": _rows(RequestedReference, "template__organization__name", "template__name"),
        "messages": _rows(CustomNotification, "template__organization__name", "template__name"),
    }


def _rows(model: type[Model], *parents: str) -> list[dict[str, Any]]:
    columns = [field.name for field in model._meta.fields if field.name not in _OWN]
    rows = model._default_manager.values(*parents, *columns)
    return sorted(rows, key=lambda row: [str(row[name]) for name in (*parents, *columns)])
