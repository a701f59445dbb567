"""The one error."""

import pickle

from integrations.lever.errors import LONGEST_MESSAGE, PERMANENT, WORDS, Kind, LeverError


def test_an_error_speaks_plainly() -> None:
    assert set(WORDS) == set(Kind)
    assert all(sentence.endswith(".") for sentence in WORDS.values())
    assert LeverError(Kind.FORBIDDEN).words == WORDS[Kind.FORBIDDEN]


def test_an_error_that_promises_another_try_is_not_permanent() -> None:
    trying_again = {kind for kind, sentence in WORDS.items() if "tries again" in sentence}

    assert trying_again == set(Kind) - PERMANENT


def test_an_error_survives_its_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(LeverError(Kind.RATE_LIMITED, "x" * 5_000, 429, 2.5)))

    assert (error.kind, error.status, error.retry_after) == (Kind.RATE_LIMITED, 429, 2.5)
    assert len(error.message) == LONGEST_MESSAGE
    assert str(error).startswith("rate_limited 429 xxx")
