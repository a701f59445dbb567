"""Whole addresses, for mails and for Lever: pages are told by name, the host comes from SITE_URL."""

from typing import Any

from django.conf import settings
from django.urls import reverse


def address_of(page: str, **parts: Any) -> str:
    return f"{settings.SITE_URL}{reverse(page, kwargs=parts)}"
