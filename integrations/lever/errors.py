"""What can go wrong between Vouch and Lever: one error, of a few kinds."""

from enum import StrEnum

_ = str  # marks a sentence for makemessages; who shows it translates it

LONGEST_MESSAGE = 1000


class Kind(StrEnum):
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"


# Trying again changes nothing: somebody has to look.
PERMANENT = {Kind.UNAUTHORIZED, Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.REFUSED, Kind.ELSEWHERE}

# An optional part of Lever's API that this key or this account does not have.
NOT_TO_BE_HAD = {Kind.FORBIDDEN, Kind.NOT_FOUND, Kind.REFUSED}

# Lever's documentation: do not rely on `code` in the answer. 408 comes with "File took too long to upload".
KIND_BY_STATUS = {
    401: Kind.UNAUTHORIZED,
    403: Kind.FORBIDDEN,
    404: Kind.NOT_FOUND,
    408: Kind.UNAVAILABLE,
    429: Kind.RATE_LIMITED,
}

WORDS = {
    Kind.UNAUTHORIZED: _(
        "Lever does not know this API key. Make a new one in Lever and enter it on the connection page."
    ),
    Kind.FORBIDDEN: _(
        "Lever does not allow this to the API key. The permissions of a key cannot be changed afterwards: "
        "make a new key in Lever with all that the help page lists."
    ),
    Kind.NOT_FOUND: _("Lever has no such record, or does not show it to this API key."),
    Kind.REFUSED: _("Lever did not accept what Vouch sent. Its own words say why."),
    Kind.ELSEWHERE: _(
        "Lever's address answers with another address, where Vouch does not follow. "
        "The operator can check the address of Lever's API."
    ),
    Kind.RATE_LIMITED: _("Lever asks for fewer calls. Vouch waits and tries again."),
    Kind.UNAVAILABLE: _("Lever is not available at the moment. Vouch tries again by itself."),
    Kind.UNREACHABLE: _("Vouch got no answer from Lever. It tries again by itself."),
    Kind.UNREADABLE: _("Vouch could not read Lever's answer. It tries again by itself."),
}


class LeverError(Exception):
    """A call to Lever that did not succeed. Whether Lever did what was asked is unknown unless `permanent`.

    `message` is Lever's own text, or what the network said. `status` is None when no answer came.
    `retry_after` is in seconds, and None unless Lever named a time, which its documentation does not promise.
    All arguments are kept in `args`, so that the error survives pickling on its way between processes.
    """

    def __init__(
        self, kind: Kind, message: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        message = message[:LONGEST_MESSAGE]
        super().__init__(kind, message, status, retry_after)
        self.kind = kind
        self.message = message
        self.status = status
        self.retry_after = retry_after

    @property
    def permanent(self) -> bool:
        return self.kind in PERMANENT

    @property
    def words(self) -> str:
        """What it means, as an English sentence for a person at the desk."""
        return WORDS[self.kind]

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.kind, self.status, self.message) if part)


def kind_of(status: int) -> Kind:
    """The kind of an answer that is not 2xx."""
    if status in KIND_BY_STATUS:
        return KIND_BY_STATUS[status]
    return Kind.REFUSED if 400 <= status < 500 else Kind.UNAVAILABLE
