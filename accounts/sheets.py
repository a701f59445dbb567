"""The text of a table as spreadsheets write it, on its way in; `cells` is the way out."""

DELIMITERS = (",", ";", "\t")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # "Unicode text" of Excel


def text_of(source: bytes) -> str:
    """With or without a mark of its encoding; raises UnicodeDecodeError where it is neither UTF-8 nor UTF-16."""
    return source.decode("utf-16" if source.startswith(UTF_16) else "utf-8-sig").removeprefix("\ufeff")


def without_note(text: str) -> tuple[str, int]:
    """Excel takes, and sometimes leaves, a first line such as `sep=;`. The rest, and how many lines went."""
    first, _end, rest = text.partition("\n")
    return (rest, 1) if first.strip().casefold().startswith("sep=") else (text, 0)


def delimiter_of(text: str) -> str:
    """The one that parts the first line most often."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)
