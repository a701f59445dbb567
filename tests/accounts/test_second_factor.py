"""The second factor: an app, codes on paper, and what guessing is worth."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from accounts.models import Allowance, Authenticator, RecoveryCode, SignInLink, User
from accounts.second_factor import WRONG_CODES
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def code_at(authenticator: Authenticator, moment: datetime) -> str:
    totp = TOTP(bytes.fromhex(authenticator.secret))
    totp.time = moment.timestamp()
    return f"{totp.token():06d}"


def secured(**fields: Any) -> tuple[User, Authenticator, list[str]]:
    user = make_user(password=PASSWORD, **fields)
    authenticator = Authenticator.begin(user, timezone.now())
    codes = authenticator.confirm(code_at(authenticator, timezone.now()), timezone.now())
    Authenticator.objects.update(last_step=-1)
    return user, Authenticator.of(user) or authenticator, codes


def with_password(client: Client, user: User) -> Any:
    return client.post(reverse("sign-in"), {"username": user.email, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_it_counts_from_the_first_right_code_on(db: None) -> None:
    user = make_user()
    authenticator = Authenticator.begin(user, NOON)
    assert authenticator.confirm("000000", NOON) == []
    assert Authenticator.of(user) is None
    assert len(authenticator.confirm(code_at(authenticator, NOON), NOON)) == 10
    assert Authenticator.of(user) == authenticator


@pytest.mark.parametrize(("seconds", "is_right"), [(-30, True), (0, True), (59, True), (-31, False), (60, False)])
def test_a_clock_may_be_half_a_minute_off(seconds: int, is_right: bool) -> None:
    authenticator = secured()[1]
    off = code_at(authenticator, NOON + timedelta(seconds=seconds))
    assert authenticator.accepts(off, NOON) is is_right


def test_a_code_of_the_app_works_once() -> None:
    authenticator = secured()[1]
    code = code_at(authenticator, NOON)
    assert [authenticator.accepts(code, NOON), authenticator.accepts(code, NOON)] == [True, False]


def test_a_code_on_paper_works_once_and_its_digest_alone_is_kept() -> None:
    _user, authenticator, codes = secured()
    assert [authenticator.accepts(codes[0].upper(), NOON), authenticator.accepts(codes[0], NOON)] == [True, False]
    assert not set(codes) & set(RecoveryCode.objects.values_list("code_digest", flat=True))


def test_after_ten_wrong_codes_the_right_one_is_refused_for_an_hour() -> None:
    authenticator = secured()[1]
    assert not any(authenticator.accepts("nonsense", NOON) for _ in range(WRONG_CODES))
    assert not authenticator.accepts(code_at(authenticator, NOON), NOON)
    later = NOON + timedelta(hours=1, seconds=1)
    assert authenticator.accepts(code_at(authenticator, later), later)


def test_what_no_app_shows_is_a_wrong_code_and_no_error() -> None:
    authenticator = secured()[1]
    assert not any(authenticator.accepts(odd, NOON) for odd in ("", "١٢٣٤٥٦", "12345", "x" * 5000, "12 34 5é"))


def test_a_password_alone_does_not_sign_in(client: Client) -> None:
    user, authenticator, _codes = secured()
    assert with_password(client, user).url == reverse("sign-in-code")
    assert not is_in(client)
    client.post(reverse("sign-in-code"), {"code": code_at(authenticator, timezone.now())})
    assert is_in(client)


def test_a_mailed_link_asks_for_the_code_too_and_leads_to_where_one_was_going(client: Client) -> None:
    user, authenticator, _codes = secured()
    token = SignInLink.issue(user, reverse("security"), timezone.now()) or ""
    assert client.post(reverse("sign-in-link", args=[token])).headers["Location"] == reverse("sign-in-code")
    answer = client.post(reverse("sign-in-code"), {"code": code_at(authenticator, timezone.now())})
    assert answer.headers["Location"] == reverse("security")


def test_a_wrong_code_says_so_and_lets_one_try_again(client: Client) -> None:
    user, _authenticator, codes = secured()
    with_password(client, user)
    page = client.post(reverse("sign-in-code"), {"code": "123"}).content.decode()
    assert "This code is not right" in page
    assert 'aria-describedby="id_code_error"' in page
    client.post(reverse("sign-in-code"), {"code": codes[3]})
    assert is_in(client)


def test_the_second_step_waits_ten_minutes(client: Client) -> None:
    user, authenticator, _codes = secured()
    with_password(client, user)
    session = client.session
    session["half_way"] = [*session["half_way"][:3], session["half_way"][3] - 601]
    session.save()
    answer = client.post(reverse("sign-in-code"), {"code": code_at(authenticator, timezone.now())})
    assert answer.headers["Location"] == reverse("sign-in")
    assert not is_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(client: Client) -> None:
    assert client.get(reverse("sign-in-code")).headers["Location"] == reverse("sign-in")


def test_somebody_shut_out_meanwhile_stays_out(client: Client) -> None:
    user, authenticator, _codes = secured()
    with_password(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.post(reverse("sign-in-code"), {"code": code_at(authenticator, timezone.now())})
    assert not is_in(client)


def test_an_app_is_set_up_on_the_page(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    page = client.get(reverse("security-app")).content.decode()
    authenticator = Authenticator._base_manager.get(user=user)
    assert "<svg" in page
    assert authenticator.key[:4] in page
    assert "style=" not in page
    page = client.post(reverse("security-app"), {"code": code_at(authenticator, timezone.now())}).content.decode()
    assert page.count("<li><code>") == 10
    assert client.get(reverse("security-app")).headers["Location"] == reverse("security")  # shown never again


@pytest.mark.parametrize("name", ["security-codes", "security-off"])
def test_taking_it_off_and_other_codes_ask_for_a_code(client: Client, name: str) -> None:
    user, authenticator, codes = secured()
    client.force_login(user)
    assert "This code is not right" in client.post(reverse(name), {"code": "000"}).content.decode()
    assert Authenticator.of(user)
    assert RecoveryCode.objects.filter(user=user, used_at=None).count() == 10
    client.post(reverse(name), {"code": codes[0]})
    assert bool(Authenticator.of(user)) == (name == "security-codes")
    assert not authenticator.accepts(codes[1], timezone.now())  # void


def test_the_limit_is_counted_for_each_person_alone() -> None:
    taken = [Allowance.take("links", who, 2, timedelta(hours=1), NOON) for who in ("a", "a", "a", "b")]
    assert taken == [True, True, False, True]
