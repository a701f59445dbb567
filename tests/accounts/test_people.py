"""Roles, what each may see, and people who come from Lever."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from accounts.encryption import DecryptionError, EncryptedTextField, decrypt, encrypt
from accounts.models import Organization, SignInLink, User
from accounts.roles import Role, may
from checks.models import Check
from tests.factories import make_check, make_operator, make_organization, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


# --- roles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role.values)
def test_only_super_admins_configure_the_connection(role: str) -> None:
    assert may(role, "change", "integrations.connection") == (role == Role.SUPER_ADMIN)


@pytest.mark.parametrize("role", Role.values)
def test_everybody_sees_checks(role: str) -> None:
    user = make_user(role=role)

    assert user.has_perm("checks.view_check")


def test_what_is_not_in_the_table_nobody_may() -> None:
    user = make_user(role=Role.SUPER_ADMIN)

    assert not user.has_perm("django_q.view_ormq")
    assert not user.has_perm("accounts.delete_organization")
    assert not user.has_perm("nonsense")


def test_who_is_switched_off_may_nothing() -> None:
    user = make_user(role=Role.SUPER_ADMIN, is_active=False)

    assert not user.has_perm("checks.view_check")


def test_the_operator_may_everything() -> None:
    assert make_operator().has_perm("django_q.delete_ormq")


# --- whose rows -------------------------------------------------------------------------------------


def test_a_reader_sees_the_own_organization_only() -> None:
    mine, _other = make_check(), make_check()

    assert list(Check.objects.visible_to(make_user(mine.organization))) == [mine]


def test_the_operator_sees_all_and_a_stranger_nothing() -> None:
    make_check()

    assert Check.objects.visible_to(make_operator()).count() == 1
    assert Check.objects.visible_to(AnonymousUser()).count() == 0
    assert Check.objects.visible_to(make_user()).count() == 0


def test_a_limited_team_member_sees_only_what_they_own_in_lever() -> None:
    mine = make_check(owner_email="Aoife@northmoor.example")
    make_check(mine.organization, mine.template, owner_email="ruth@northmoor.example")
    aoife = make_user(mine.organization, Role.LIMITED, email="aoife@northmoor.example")

    assert list(Check.objects.visible_to(aoife)) == [mine]


def test_an_organization_sees_itself() -> None:
    organization = make_organization()
    make_organization()

    assert list(Organization.objects.visible_to(make_user(organization))) == [organization]


# --- people from Lever ------------------------------------------------------------------------------


def take(organization: Organization, **changes: Any) -> User | None:
    values: dict[str, Any] = {
        "email": "Jonas@northmoor.example",
        "name": "Jonas Keller",
        "role": "team member",
        "active": True,
    }
    User.objects.take_from_lever(organization, **(values | changes))
    return User.objects.filter(email="jonas@northmoor.example").first()


def test_a_lever_user_can_sign_in_by_link_and_has_no_password() -> None:
    user = take(make_organization())

    assert user is not None
    assert user.role == Role.TEAM_MEMBER
    assert not user.has_usable_password()


def test_a_role_that_only_lever_has_becomes_the_least() -> None:
    user = take(make_organization(), role="interviewer")

    assert user is not None
    assert user.role == Role.LIMITED


def test_role_and_name_set_here_stay() -> None:
    organization = make_organization()
    take(organization)
    User.objects.update(role=Role.ADMIN, name="Jonas K.")

    user = take(organization)

    assert user is not None
    assert (user.role, user.name) == (Role.ADMIN, "Jonas K.")


def test_who_left_lever_leaves_and_may_come_back() -> None:
    organization = make_organization()
    take(organization)

    gone = take(organization, active=False)
    assert gone is not None
    assert not gone.is_active
    back = take(organization)
    assert back is not None
    assert back.is_active


def test_an_address_of_another_organization_is_left_alone() -> None:
    theirs = make_user(email="jonas@northmoor.example")

    take(make_organization())
    take(make_organization(), active=False)

    theirs.refresh_from_db()
    assert theirs.is_active
    assert User.objects.count() == 1


def test_who_is_not_from_lever_is_not_switched_off_by_it() -> None:
    organization = make_organization()
    make_user(organization, email="jonas@northmoor.example")

    user = take(organization, active=False)

    assert user is not None
    assert user.is_active


def test_an_address_is_one_account_whatever_its_letters() -> None:
    make_user(email="ruth@northmoor.example")

    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="RUTH@northmoor.example", organization=make_organization())])


# --- links ------------------------------------------------------------------------------------------


def test_a_link_works_once() -> None:
    token = SignInLink.issue(make_user(), "/reports/x/", NOW)
    assert token is not None
    link = SignInLink.find(token, NOW)
    assert link is not None

    assert link.redeem(NOW)
    assert not link.redeem(NOW)
    assert SignInLink.find(token, NOW) is None


def test_a_link_runs_out_after_twenty_minutes() -> None:
    token = SignInLink.issue(make_user(), "", NOW)
    assert token is not None

    assert SignInLink.find(token, NOW + timedelta(minutes=19)) is not None
    assert SignInLink.find(token, NOW + timedelta(minutes=20)) is None


def test_there_are_five_links_an_hour() -> None:
    user = make_user()
    issued = [SignInLink.issue(user, "", NOW) for _ in range(6)]

    assert issued[5] is None
    assert all(issued[:5])
    assert SignInLink.issue(user, "", NOW + timedelta(minutes=61))


def test_the_token_itself_is_not_stored() -> None:
    token = SignInLink.issue(make_user(), "", NOW)

    assert token not in str(SignInLink.objects.values().get())


# --- secrets ----------------------------------------------------------------------------------------


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(settings: Any) -> None:
    stored = encrypt("secret")
    settings.FIELD_ENCRYPTION_KEYS = ["bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE=", *settings.FIELD_ENCRYPTION_KEYS]

    assert decrypt(stored) == "secret"
    assert decrypt(encrypt("newer")) == "newer"


def test_without_the_key_there_is_an_error_and_never_the_stored_text(settings: Any) -> None:
    stored = encrypt("secret")
    settings.FIELD_ENCRYPTION_KEYS = ["bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE="]

    with pytest.raises(DecryptionError):
        decrypt(stored)


def test_an_encrypted_column_cannot_be_searched() -> None:
    with pytest.raises(TypeError, match="cannot be searched"):
        Check.objects.filter(token="x").count()


def test_a_check_s_token_is_encrypted_in_the_table() -> None:
    check = make_check()

    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM checks_check")
        (stored,) = cursor.fetchone()
    assert check.token not in stored
    assert isinstance(Check._meta.get_field("token"), EncryptedTextField)


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#12345g", "#123456\n"])
def test_a_colour_is_six_digits(colour: str) -> None:
    with pytest.raises(ValidationError):
        Organization(name="Northmoor", colour=colour).full_clean()
