"""Reads single values out of Lever's JSON.

Lever may add fields at any time, and nearly every field may be null, missing or "". Whatever is not of the
expected kind counts as not there, so that a surprise in one field never costs us the whole object.
"""

# The last moment of the year 9999: no datetime goes further.
LAST_MILLISECOND = 253_402_300_799_999


def mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """Text that every database can keep: JSON may hold NUL and halves of surrogate pairs, PostgreSQL not."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def texts(value: object) -> tuple[str, ...]:
    return tuple(found for found in map(text, items(value)) if found)


def exact(value: object) -> str:
    """Text that needs no change to be kept, for what must be compared as it came."""
    return value if isinstance(value, str) and value == text(value) else ""


def identifier(value: object) -> str | None:
    """A Lever id, given as it is or inside the object that `expand` puts in its place.

    Ids are opaque text and not always UUIDs: the stages that every account has are called lead-new,
    applicant-new and offer.
    """
    if isinstance(value, dict):
        value = value.get("id")
    return exact(value) or None


def milliseconds(value: object) -> int | None:
    """Milliseconds since 1970 UTC. Lever's documentation prints some of them as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        value = int(value)
    if type(value) is int and 0 <= value <= LAST_MILLISECOND:  # type() because True is an int too
        return value
    return None


def address(value: object) -> str:
    """A web address that may be put into a link, or ""."""
    found = text(value)
    return found if found.startswith(("https://", "http://")) else ""
