"""A private report: who reads it, who may say so, and whom to ask. Who may read is `CheckQuerySet.readable_by`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role

if TYPE_CHECKING:
    from checks.models import Check

ADMINS = (Role.SUPER_ADMIN, Role.ADMIN)
AT_MOST = 500  # people of an organization who are offered


def may_read(user: Any, check: "Check") -> bool:
    return type(check).objects.readable_by(user).filter(pk=check.pk).exists()


def may_change(user: Any, check: "Check") -> bool:
    """Its owner and admins always; others who may change checks, if they may read this one."""
    if not isinstance(user, User) or not type(check).objects.visible_to(user).filter(pk=check.pk).exists():
        return False
    if user.is_operator or user.role in ADMINS or is_address_of(user, check.owner_email):
        return True
    return user.has_perm("checks.change_check") and may_read(user, check)


def is_address_of(user: User, address: str) -> bool:
    return bool(address) and user.email.lower() == address.lower()


def whom_to_ask(check: "Check") -> list[str]:
    """The owner in Lever, else the organization's super admins, by name."""
    if check.owner_name:
        return [check.owner_name]
    admins = User.objects.active().filter(organization=check.organization_id, role=Role.SUPER_ADMIN)
    return [str(user) for user in admins.order_by("name", "pk")[:5]]


def people(check: "Check") -> QuerySet[User]:
    """Whom one can name: the organization's people who see the check at all."""
    staff = User.objects.active().filter(organization=check.organization_id)
    limited = Q(role=Role.LIMITED)
    involved = Q(email__iexact=check.owner_email) | Q(email__in=list(check.followers.values_list("email", flat=True)))
    return staff.filter(~limited | involved).order_by("name", "email")


def of_themselves(check: "Check") -> list[str]:
    """Those who read it without being named: the owner and the hiring manager, as sentences name them."""
    frozen = check.frozen
    owner, manager = check.owner_name or check.owner_email, frozen.hiring_manager_name or frozen.hiring_manager_email
    found = [(_("%(name)s, owner in Lever"), owner), (_("%(name)s, hiring manager"), manager)]
    return [words % {"name": name} for words, name in found if name]


def make_private(check: "Check", now: datetime, by: User) -> bool:
    """For the owner, the hiring manager and those who are named; False when it was so before."""
    return _turn(check, True, "private", now, by)


def make_public(check: "Check", now: datetime, by: User) -> bool:
    """For everybody in the organization who sees the check. Those who were named stay so, for another time."""
    return _turn(check, False, "public", now, by)


def _turn(check: "Check", is_private: bool, kind: str, now: datetime, by: User) -> bool:
    with transaction.atomic():
        rows = type(check).objects.filter(pk=check.pk).exclude(is_private=is_private)
        if not rows.update(is_private=is_private):
            return False
        check.is_private = is_private
        if is_private:
            check.shares.all().revoke(now)  # whoever reads it outside is no named reader
        check.record(kind, now, user=by)
    return True


def add_reader(check: "Check", reader: User, now: datetime, by: User) -> bool:
    """False when they were named before."""
    through = type(check).readers.through
    with transaction.atomic():
        type(check).objects.select_for_update().get(pk=check.pk)
        if through._default_manager.filter(check=check.pk, user=reader.pk).exists():
            return False
        check.readers.add(reader)
        check.record("reader", now, user=by, detail=str(reader))
    return True


def remove_reader(check: "Check", reader: User, now: datetime, by: User) -> bool:
    through = type(check).readers.through
    with transaction.atomic():
        if not through._default_manager.filter(check=check.pk, user=reader.pk).delete()[0]:
            return False
        check.record("no reader", now, user=by, detail=str(reader))
    return True


def may_be_told(check: "Check", address: str) -> bool:
    """Whether a mail about the report may go there: with a private one, only to somebody who can then read it."""
    if not check.is_private:
        return True
    found = User.objects.active().filter(email__iexact=address, organization=check.organization_id).first()
    return found is not None and may_read(found, check)
