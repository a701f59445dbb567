from typing import Any

from django.contrib.auth.backends import ModelBackend

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
