"""From where and when the pages of a check are used, as far as a reader of the report may want to know it.

Nothing is noted when a page is only looked at: mail scanners follow links. What somebody sends tells their internet
connection and the kind of their device. Both are kept as keyed digests, which can be compared within one check, read
by nobody, and are deleted when the check ends.
"""

from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.backends import visitors_address
from checks.visits import Visit

if TYPE_CHECKING:
    from checks.models import Check, Reference

OPENED = "opened"  # the form's field


def note(request: HttpRequest, check: "Check", reference: "Reference | None" = None, *, now: datetime) -> None:
    """Keep from where a page was sent, and when it was opened; call it before the answers are taken.

    `reference` None: the candidate. Nothing is kept of a page that was only looked at, nor after the check's end.
    """
    if request.method != "POST" or not check.is_live:
        return
    address, device = address_digest(request, check), device_digest(request, check)
    if address or device:
        Visit.keep(check, reference, address, device, now)
    if reference and (moment := opened(request, reference)):
        reference.note_opening(moment)


# --- when it was opened -----------------------------------------------------------------------------


def stamp(reference: "Reference", now: datetime) -> str:
    """For the hidden field `opened`: when the page was shown, signed, and good for this reference alone."""
    return _signer(reference).sign(str(int(now.timestamp())))


def opened(request: HttpRequest, reference: "Reference") -> datetime | None:
    """What the field tells; None without it, and when we did not write it."""
    with suppress(BadSignature):
        seconds = _signer(reference).unsign(request.POST.get(OPENED, ""))
        return datetime.fromtimestamp(int(seconds), UTC)
    return None


def _signer(reference: "Reference") -> Signer:
    return Signer(salt=f"checks.watching.opened:{reference.public_id}")


# --- from where -------------------------------------------------------------------------------------


def address_digest(request: HttpRequest, check: "Check") -> str:
    """Of the internet connection; empty where it is not known.

    An address that is not of the internet is a proxy's that we were not told of. It would tie everybody together.
    """
    known = visitors_address(request)
    address = ip_address(known) if known else None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return _digest(check, "address", _connection(address)) if address and address.is_global else ""


def _connection(address: IPv4Address | IPv6Address) -> str:
    """With IPv6 each device has addresses of its own, and changes them: the connection is their first half."""
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False))


def device_digest(request: HttpRequest, check: "Check") -> str:
    """Of what the browser says of itself and its languages: a kind of device, which many people have alike."""
    said = [request.headers.get(name, "") for name in ("User-Agent", "Accept-Language")]
    return _digest(check, "device", "\n".join(said)) if any(said) else ""


def _digest(check: "Check", what: str, value: str) -> str:
    """Keyed by SECRET_KEY and by the check, so that no two checks can be compared."""
    return salted_hmac(f"checks.visits.{what}:{check.public_id}", value, algorithm="sha256").hexdigest()
