"""What a built-in text is made from: the values of its fields, and the little that decides how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Occasion:
    """`values` has a text of one line for each field of the moment, so that none of them can begin a paragraph.

    `count` chooses between one and several; what is said of it stands in `values`.
    """

    values: Mapping[str, str]
    count: int = 2
    trouble: str = ""  # why a reference does not answer: "bounced", "declined" or "silent"
    waiting: str = ""  # the names of those who have not answered
    line: str = ""  # the candidate's own words to a reference
    until: str = ""  # the day on which the check ends by itself
    done: str = ""  # the day on which it was completed

    @classmethod
    def of(cls, values: Mapping[str, Any], **more: Any) -> "Occasion":
        return cls({name: " ".join(str(value).split()) for name, value in values.items()}, **more)
