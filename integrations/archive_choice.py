"""Whether Vouch archives, and with which of Lever's reasons: what must be right about that choice."""

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from integrations.models import Connection

REASONS = ("hired_reason_id", "not_hired_reason_id")


def is_archiving(data: Mapping[str, Any]) -> bool:
    return data.get("outcome_writes") == Connection.OutcomeWrites.ARCHIVE


def faults(
    data: Mapping[str, Any], changed: Container[str], offered: Callable[[str], Any]
) -> Iterator[tuple[str, str]]:
    """Fields and what is wrong with them, said to who changes something of the choice. `offered` is by field."""
    if not is_archiving(data) or not any(name in changed for name in ("outcome_writes", *REASONS)):
        return
    for name in REASONS:
        there = offered(name)
        if not data.get(name):
            yield name, _("To archive, Vouch needs a reason here. Choose one of your account’s.")
        elif there is not None and data[name] not in dict(there):
            yield name, _("Your Lever account does not have it any more. Choose another one.")
