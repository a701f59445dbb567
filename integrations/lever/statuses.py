"""The one table from where a check stands to the tag that shows it in Lever.

An opportunity bears one of these tags at a time, and one more when somebody has said how it ended. Everybody who
sees the opportunity reads them, so there is never a score in them.
"""

LONGEST_TAG = 50  # Lever documents no limit; the longest in recorded answers has 30 characters
LONGEST_PREFIX = 28  # leaves room for "Candidate submitted"

WORDS = {
    "submitted": "Candidate submitted",
    "awaiting": "Awaiting references",
    "completed": "Completed",
    "canceled": "Canceled",
    "expired": "Expired",
    "error": "ERROR",
}

ENDINGS = {"hired": "Hired", "not-hired": "Not hired"}

CAN_BE_OVERDUE = {"submitted", "awaiting"}


def tag(
    prefix: str,
    status: str,
    *,
    answered: int = 0,
    asked: int = 0,
    is_overdue: bool = False,
    needs_review: bool = False,
    error: str = "",
) -> str:
    """The tag, such as "Vouch - References 1 of 3". `error` says in two or three words what is missing."""
    words = WORDS[status]
    if status in CAN_BE_OVERDUE and is_overdue:
        words = "Overdue"
    elif status == "awaiting" and answered:
        words = f"References {answered} of {asked}"
    elif status == "completed" and needs_review:
        words = "Completed (review)"
    start = _start(prefix)
    if status == "error" and error:
        room = LONGEST_TAG - len(f"{start}{words} ()")
        words = f"{words} ({error[:room].rstrip()})"
    return start + words


def outcome_tags(prefix: str) -> dict[str, str]:
    """How it ended -> the tag that stands beside the other one: "Vouch - Hired". At most one of them stands there."""
    return {ended: _start(prefix) + words for ended, words in ENDINGS.items()}


def is_ours(tag: str, prefix: str) -> bool:
    """Whether Vouch wrote the tag, so that it may take it away again. Lever minds upper and lower case."""
    return tag.startswith(_start(prefix))


def _start(prefix: str) -> str:
    return f"{prefix[:LONGEST_PREFIX]} - "
