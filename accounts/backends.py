from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.roles import may, may_any


class RoleBackend(ModelBackend):
    """Permissions come from the role, by the table in `accounts/roles.py`; there are no groups to keep in step."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        app_label, _, codename = perm.partition(".")
        verb, _, model = codename.partition("_")
        return may(user_obj.role, verb, f"{app_label}.{model}")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return isinstance(user_obj, User) and user_obj.is_active and may_any(user_obj.role, app_label)


def visitors_address(request: HttpRequest) -> str | None:
    """The visitor's IP address, by which guesses at a password are counted; None when it is not known.

    Each proxy adds to the end of X-Forwarded-For whom it heard from. So the last PROXY_COUNT entries are our own
    proxies' words, and what stands before them was sent by the visitor, who may have made it up.
    """
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    known = settings.PROXY_COUNT and len(heard) >= settings.PROXY_COUNT
    address = heard[-settings.PROXY_COUNT] if known else request.META.get("REMOTE_ADDR", "")
    with suppress(ValueError):
        return str(ip_address(address.strip()))
    return None
