"""From where and when pages are used: what is kept of it, what is not, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import RequestFactory
from django.utils import timezone

from checks import watching
from checks.models import Check, Reference, Visit
from checks.tasks import tend_checks
from checks.visits import AT_MOST
from tests.factories import answers_for, make_awaiting_check, make_check

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ADDRESS, OTHER_ADDRESS = "81.2.69.142", "81.2.69.143"
BROWSER: dict[str, Any] = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11) Firefox/140.0", "HTTP_ACCEPT_LANGUAGE": "en-GB"}


def sent(address: str = ADDRESS, opened: str = "", **headers: Any) -> Any:
    """A form that somebody sends from there."""
    return RequestFactory().post("/", {"opened": opened}, REMOTE_ADDR=address, **{**BROWSER, **headers})


def digests(address: str, **headers: Any) -> tuple[str, str]:
    check = Check(public_id="5c1f0a9e-0000-4000-8000-000000000001")
    request = sent(address, **headers)
    return watching.address_digest(request, check), watching.device_digest(request, check)


def first_of(check: Check) -> Reference:
    reference: Reference = check.references.in_order()[0]
    return reference


# --- what is kept -----------------------------------------------------------------------------------


def test_a_page_that_is_only_looked_at_leaves_nothing() -> None:
    reference = first_of(make_awaiting_check())
    looked = RequestFactory().get("/", {"opened": watching.stamp(reference, NOW)}, REMOTE_ADDR=ADDRESS, **BROWSER)
    watching.note(looked, reference.for_check, reference, now=NOW)
    assert not Visit.objects.exists()
    assert Reference.objects.get(pk=reference.pk).opened_at is None


def test_what_is_sent_leaves_one_row_however_often() -> None:
    check = make_awaiting_check()
    for reference in (None, first_of(check)):
        watching.note(sent(), check, reference, now=NOW)
        watching.note(sent(), check, reference, now=NOW + timedelta(minutes=1))
    assert list(check.visits.order_by("pk").values_list("reference", "first_at")) == [
        (None, NOW),
        (first_of(check).pk, NOW),
    ]


def test_neither_address_nor_browser_can_be_read() -> None:
    check = make_awaiting_check()
    watching.note(sent(), check, now=NOW)
    kept = str(Visit.objects.values_list("address_digest", "device_digest").get())
    assert not any(plain in kept for plain in (ADDRESS, "Firefox", "en-GB"))


def test_two_checks_cannot_be_compared() -> None:
    for _number in range(2):
        watching.note(sent(), make_check(), now=NOW)
    assert Visit.objects.values("address_digest").distinct().count() == 2
    assert Visit.objects.values("device_digest").distinct().count() == 2


def test_another_key_makes_another_digest(settings: Any) -> None:
    before = digests(ADDRESS)
    settings.SECRET_KEY = "another"
    assert not set(before) & set(digests(ADDRESS))


def test_a_device_is_its_browser_and_its_languages() -> None:
    (_, usual), (_, german) = digests(ADDRESS), digests(ADDRESS, HTTP_ACCEPT_LANGUAGE="de")
    assert usual != german
    assert digests(OTHER_ADDRESS)[1] == usual


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2a02:8109:9440:1234::1", "2a02:8109:9440:1234:aaaa:bbbb:cccc:dddd"),  # one /64
        ("81.2.69.142", "::ffff:81.2.69.142"),
    ],
)
def test_one_connection_is_one_digest(one: str, other: str) -> None:
    assert digests(one)[0] == digests(other)[0] != ""


def test_other_connections_are_others() -> None:
    of_the_world = (ADDRESS, OTHER_ADDRESS, "2a02:8109:9440:1234::1", "2a02:8109:9440:1235::1")
    assert len({digests(address)[0] for address in of_the_world}) == 4


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "fd00::1", "not an address", ""])
def test_an_address_that_is_not_of_the_internet_tells_nothing(address: str) -> None:
    assert digests(address)[0] == ""


def test_the_visitors_word_about_proxies_is_not_taken(settings: Any) -> None:
    itself = digests(ADDRESS)
    settings.PROXY_COUNT = 1
    assert digests("10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.1.1.1, {ADDRESS}") == itself


def test_a_request_that_tells_nothing_leaves_nothing() -> None:
    watching.note(sent("127.0.0.1", HTTP_USER_AGENT="", HTTP_ACCEPT_LANGUAGE=""), make_check(), now=NOW)
    assert not Visit.objects.exists()


def test_nobody_can_fill_the_table() -> None:
    check = make_awaiting_check()
    for number in range(AT_MOST + 3):
        watching.note(sent(HTTP_USER_AGENT=f"Browser {number}"), check, now=NOW)
    watching.note(sent(), check, first_of(check), now=NOW)
    assert check.visits.filter(reference=None).count() == AT_MOST
    assert check.visits.exclude(reference=None).count() == 1


# --- for how long -----------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["complete", "cancel", "expire", "erase"])
def test_visits_go_when_the_check_ends(ends: str) -> None:
    check = make_awaiting_check(now=NOW)
    watching.note(sent(), check, first_of(check), now=NOW)
    assert getattr(check, ends)(NOW)
    assert not Visit.objects.exists()


def test_visits_go_when_the_candidate_is_lost() -> None:
    check = make_check()
    watching.note(sent(), check, now=NOW)
    assert check.lose_the_candidate(NOW)
    assert not Visit.objects.exists()


def test_nothing_is_kept_after_the_end() -> None:
    check = make_awaiting_check()
    check.cancel(NOW)
    watching.note(sent(), check, first_of(check), now=NOW)
    assert not Visit.objects.exists()


def test_after_thirty_days_visits_go_although_the_check_goes_on() -> None:
    check, now = make_awaiting_check(), timezone.now()
    watching.note(sent(), check, now=now - timedelta(days=30, minutes=1))
    watching.note(sent(OTHER_ADDRESS), check, now=now - timedelta(days=29))
    tend_checks()
    assert Visit.objects.get().first_at == now - timedelta(days=29)


def test_the_sweep_takes_the_oldest_so_many_at_once() -> None:
    check, now = make_awaiting_check(), timezone.now()
    for days in (40, 50, 60):
        watching.note(sent(f"81.2.69.{days}"), check, now=now - timedelta(days=days))
    Visit.objects.forget_outlived(now, 2)
    assert Visit.objects.get().first_at == now - timedelta(days=40)


# --- when it was opened -----------------------------------------------------------------------------


def test_the_earliest_opening_is_kept() -> None:
    reference = first_of(make_awaiting_check())
    for minutes in (3, 1, 2):
        stamp = watching.stamp(reference, NOW + timedelta(minutes=minutes))
        watching.note(sent(opened=stamp), reference.for_check, reference, now=NOW)
    kept = Reference.objects.get(pk=reference.pk).opened_at
    assert kept == reference.opened_at == NOW + timedelta(minutes=1)


def test_an_opening_that_is_missing_forged_or_somebody_elses_is_ignored() -> None:
    check = make_awaiting_check()
    one, two, _three = check.references.in_order()
    ours = watching.stamp(one, NOW)
    forged = ours.replace(ours[0], "2", 1), Signer(key="another").sign("1777885200"), "1777885200", "x:y", ""
    for stamp in (*forged, watching.stamp(two, NOW)):
        assert watching.opened(sent(opened=stamp), one) is None
    assert watching.opened(sent(opened=ours), one) == NOW


def test_a_reference_answers_all_the_same_without_it() -> None:
    reference = first_of(make_awaiting_check())
    watching.note(sent(opened="nonsense"), reference.for_check, reference, now=NOW)
    assert reference.submit(answers_for(reference), NOW)
    assert not reference.for_check.integrity_signals.exists()
