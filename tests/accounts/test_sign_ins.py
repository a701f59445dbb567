"""Where one is signed in, and how to end it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import SignedIn, User
from accounts.views import LINKS_PER_PLACE
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


def signed_in(user: User, browser: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": browser})
    client.post(reverse("sign-in"), {"username": user.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_each_browser_is_a_line_and_this_one_is_marked() -> None:
    user = make_user(password=PASSWORD)
    here = signed_in(user)
    signed_in(user, IPHONE)
    page = here.get(reverse("security")).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This browser") == 1
    assert page.count('name="sign_in"') == 1


def test_one_ends_another_browser_and_stays_oneself() -> None:
    user = make_user(password=PASSWORD)
    here, phone = signed_in(user), signed_in(user, IPHONE)
    row = SignedIn.objects.get(device="Safari on iPhone")
    here.post(reverse("security-end"), {"sign_in": row.pk})
    assert is_in(here)
    assert not is_in(phone)


def test_all_others_end_at_one_press() -> None:
    user = make_user(password=PASSWORD)
    here, others = signed_in(user), [signed_in(user, IPHONE) for _ in range(2)]
    here.post(reverse("security-end"))
    assert is_in(here)
    assert not any(map(is_in, others))


@pytest.mark.parametrize("chosen", ["foreign", "no number", "²", "9" * 5000])
def test_nobody_ends_another_persons_session(chosen: str) -> None:
    somebody = signed_in(make_user(password=PASSWORD))
    row = SignedIn.objects.get()
    other = signed_in(make_user(password=PASSWORD))
    answer = other.post(reverse("security-end"), {"sign_in": row.pk if chosen == "foreign" else chosen})
    assert answer.status_code == 404
    assert is_in(somebody)


def test_who_has_signed_out_is_listed_no_more() -> None:
    user = make_user(password=PASSWORD)
    here, phone = signed_in(user), signed_in(user, IPHONE)
    phone.post(reverse("sign-out"))
    assert "iPhone" not in here.get(reverse("security")).content.decode()
    assert SignedIn.objects.count() == 1


def test_a_changed_password_keeps_this_line_and_ends_the_others() -> None:
    user = make_user(password=PASSWORD)
    here, phone = signed_in(user), signed_in(user, IPHONE)
    new = "another long pass phrase"
    words = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    here.post(reverse("admin:password_change"), words)
    assert "This browser" in here.get(reverse("security")).content.decode()
    assert not is_in(phone)


def test_it_is_noted_now_and_then_that_a_session_is_used() -> None:
    here = signed_in(make_user(password=PASSWORD))
    before = SignedIn.objects.get().seen_at
    is_in(here)
    assert SignedIn.objects.get().seen_at == before
    session = here.session
    session["seen_at"] -= 601
    session.save()
    is_in(here)
    assert SignedIn.objects.get().seen_at > before


def test_the_key_of_a_session_is_not_kept_in_plain() -> None:
    here = signed_in(make_user(password=PASSWORD))
    key = here.cookies["session"].value
    row = SignedIn.objects.values("key_digest", "device").get()
    assert key
    assert key not in str(row)
    assert SignedIn.objects.get().session_key == key


def test_from_one_place_twenty_links_an_hour_are_enough(client: Client) -> None:
    ask = {"email": "nobody@northmoor.example"}
    codes = [client.post(reverse("sign-in"), ask).status_code for _ in range(LINKS_PER_PLACE + 1)]
    assert codes == [200] * LINKS_PER_PLACE + [429]
    assert client.post(reverse("sign-in"), ask, REMOTE_ADDR="192.0.2.9").status_code == 200
