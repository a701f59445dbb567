"""How a tag is kept and compared. Lever tells capitals apart, and its accounts hold tags such as Deck and deck."""

from collections.abc import Iterable
from unicodedata import normalize


def kept(tag: str) -> str:
    """In lower case, with single spaces inside and none around; letters with accents are one character each."""
    return " ".join(normalize("NFC", tag.lower()).split())


def tidy(tags: Iterable[str]) -> list[str]:
    """The tags as they are compared, each once, in their order."""
    return [tag for tag in dict.fromkeys(map(kept, tags)) if tag]
