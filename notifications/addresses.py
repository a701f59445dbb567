"""Whole addresses, for mails and for Lever: pages are told by name, the host comes from SITE_URL."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.encryption import digest

LONGEST_ADDRESS = 254  # characters of an e-mail address, which is what a mail server must take and our columns hold


def address_of(page: str, **parts: Any) -> str:
    return f"{settings.SITE_URL}{reverse(page, kwargs=parts)}"


def receiver(address: str) -> str:
    """One and the same person for one address, however it is written; says nothing of who that is."""
    return digest(address.strip().casefold())
