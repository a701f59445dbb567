"""What an API key may do, found out by calls that can change nothing.

Lever has no call that tells. It answers 403 to what a key may not do; reading asks for one item, and writing names
a record that cannot exist, so that Lever can only answer that there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .calls import Caller, Query
from .errors import Kind, LeverError

NO_RECORD = "00000000-0000-0000-0000-000000000000"
ONE: Query = (("limit", "1"),)
OPPORTUNITY = ("opportunities", NO_RECORD)


@dataclass(frozen=True)
class Probe:
    """A harmless call. Its body would change nothing, either, if there were such a record."""

    method: str
    path: Sequence[str]
    query: Query = ()
    body: object = None


PROBES = MappingProxyType(
    {
        "stages-read": Probe("GET", ("stages",), ONE),
        "users-read": Probe("GET", ("users",), ONE),
        "archive-reasons-read": Probe("GET", ("archive_reasons",), ONE),
        "postings-read": Probe("GET", ("postings",), ONE),
        "tags-read": Probe("GET", ("tags",), ONE),
        "opportunities-read": Probe("GET", ("opportunities",), ONE),
        "opportunities-write": Probe("POST", (*OPPORTUNITY, "addTags"), body={"tags": []}),
        "notes-read": Probe("GET", (*OPPORTUNITY, "notes"), ONE),
        "notes-write": Probe("POST", (*OPPORTUNITY, "notes"), body={"value": ""}),
        "files-write": Probe("POST", (*OPPORTUNITY, "files"), body={}),
        "webhooks-read": Probe("GET", ("webhooks",)),
        "webhooks-write": Probe("DELETE", ("webhooks", NO_RECORD)),
        "confidential": Probe("GET", ("opportunities",), (*ONE, ("confidentiality", "confidential"))),
    }
)


def is_granted(account: Caller, name: str, perform_as: str = "") -> bool:
    """Whether the key may do what is called so in PROBES. Raises LeverError when Lever did not say.

    `perform_as` is named in writes, because there are accounts that refuse them without it before anything else.
    """
    probe = PROBES[name]
    acting = [("perform_as", perform_as)] if perform_as and probe.body is not None else []
    try:
        account.call(probe.method, *probe.path, query=[*probe.query, *acting], body=probe.body)
    except LeverError as error:
        if error.kind is Kind.FORBIDDEN:
            return False
        if error.kind not in (Kind.NOT_FOUND, Kind.REFUSED):
            raise
    return True
