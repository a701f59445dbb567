"""Where Lever's API is: its hosts, and nobody else's."""

import re
from urllib.parse import urlsplit

LEVER_HOST = re.compile(r"(?:[a-z0-9-]+\.)+lever\.co")

# The API's root in each of Lever's environments. Production is documented; the others are seen in working clients.
API_URLS = {
    "production": "https://api.lever.co/v1",
    "eu": "https://api.eu.lever.co/v1",
    "sandbox": "https://api.sandbox.lever.co/v1",
}


def is_levers(url: str) -> bool:
    """Whether an address is https and one of Lever's hosts."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(LEVER_HOST.fullmatch(parts.hostname or ""))
