"""Prospects from a CSV file: what spreadsheets write, what is wrong in it, and that it is all or nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Organization
from accounts.roles import Role
from notifications.models import Message
from prospects import sheet, tasks, tending
from prospects.import_form import packed, unpacked
from prospects.importing import Comparison, compare, take
from prospects.lines import Table, understand
from prospects.models import Errand, Prospect, Suppression
from prospects.sheet import Unreadable, read
from tests.factories import make_connection, make_user
from tests.portal.connecting import notices, soup, text
from tests.prospects.people import make_prospect

NOW = timezone.now()
URL = "/admin/prospects/prospect/import/"
HEAD = "name,email,months,consent_text,agreed_on,confirmed_on"


def day(ago: int) -> str:
    return f"{timezone.localtime(NOW - timedelta(days=ago)):%Y-%m-%d}"


def line(name: str = "Ada Lind", ago: int = 10, confirmed: str | None = None, **cells: str) -> str:
    said = {"email": f"{name.split()[0].lower()}@post.example", "months": "12", "consent_text": "I agree.", **cells}
    when = day(ago - 1) if confirmed is None else confirmed
    return f"{name},{said['email']},{said['months']},{said['consent_text']},{said.get('agreed_on', day(ago))},{when}"


def table(*lines: str, head: str = HEAD) -> Table:
    return understand(read("\n".join([head, *lines]).encode()), NOW)


@pytest.fixture
def organization(db: None) -> Organization:
    return make_connection().organization


def imported(organization: Organization, *lines: str) -> Comparison:
    """And what a worker does then."""
    found = take(organization, table(*lines), NOW)
    tasks.ask()
    return found


# --- what spreadsheets write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "Name,E mail\nAda,a@b.example\n".replace("E mail", "email").encode(),
        "\ufeffname;email\r\nAda;a@b.example\r\n".encode(),
        "name\temail\nAda\ta@b.example\n\n\t\n".encode("utf-16"),
        b"sep=;\r\nNAME;email\r\n Ada ;'a@b.example\r\n".replace(b"'a", b"a"),
        b'email,name\n"a@b.example","Ada"\n',
    ],
)
def test_it_reads_what_excel_and_others_save(source: bytes) -> None:
    ((_number, cells),) = read(source).rows
    assert (cells["name"], cells["email"]) == ("Ada", "a@b.example")


def test_the_quote_of_our_own_files_is_taken_off_again() -> None:
    assert [sheet.plain(cell) for cell in ("'+4420", "'=x", "'tis", " a ")] == ["+4420", "=x", "'tis", "a"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("name\nJosé".encode("latin-1"), "not in UTF-8"),
        (b"", "empty"),
        (b"PK\x03\x04\0\0", "no text"),
        (b'name,email\n"Ada,x', "quotation mark"),
        (b"name,name\nAda,Bo", "stands there twice"),
        (b"name\n" + b"x\n" * 10_001, "more than 10,000 lines"),
        (b"n" * (sheet.LONGEST + 1), "longer than 5 MB"),
        (b"name,email\nAda,a@b.example", "months, consent_text, agreed_on"),
    ],
)
def test_what_cannot_be_read_is_said(source: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        understand(read(source), NOW)


def test_lines_are_counted_as_the_file_has_them() -> None:
    rows = read(b'name,consent_text\nAda,"two\nlines"\n\nBo,x\n').rows
    assert [number for number, _cells in rows] == [2, 5]


# --- what is wrong in it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"email": "ada@post"}, "“ada@post” is no e-mail address."),
        ({"consent_text": ""}, "consent_text is empty."),
        ({"months": "a year"}, "a whole number from 1 to 36"),
        ({"months": "37"}, "a whole number from 1 to 36"),
        ({"agreed_on": "03/04/2026"}, "agreed_on is to be written as 2026-03-31."),
        ({"agreed_on": "2099-01-01"}, "agreed_on is in the future."),
        ({"confirmed": day(11)}, "They confirmed it before they agreed to it."),
        ({"ago": 400}, "The time that they agreed to is over."),
        ({"name": "A" * 161}, "name is longer than 160 characters."),
    ],
)
def test_each_mistake_is_told_by_line(cells: dict[str, Any], words: str) -> None:
    (remark,) = table(line(**cells)).remarks
    assert remark.line == 2
    assert words in remark.text


def test_a_day_may_be_written_with_dots_and_a_telephone_must_be_whole() -> None:
    dotted = f"{timezone.localtime(NOW - timedelta(days=10)):%d.%m.%Y}"
    assert table(line(agreed_on=dotted)).lines[0].agreed_at == table(line()).lines[0].agreed_at
    found = table(f"{line()},+44 20 7183 8750", f"{line('Bo Ek')},12", head=f"{HEAD},phone")
    assert found.lines[0].phone == "+442071838750"
    assert "country code" in found.remarks[0].text


def test_one_address_stands_in_it_once_however_it_is_written() -> None:
    found = table(line(), line("Ada Two", email="ADA@post.example"))
    assert [remark.text for remark in found.remarks] == ["The same address stands in line 2 already."]


# --- what comes of it -----------------------------------------------------------------------------------


def test_who_confirmed_it_elsewhere_waits_and_who_did_not_is_asked(organization: Organization) -> None:
    imported(organization, line(), line("Bo Ek", confirmed=""))
    ada, bo = Prospect.objects.order_by("name")
    assert (ada.state, ada.source, ada.errands.get().kind) == ("waiting", "import", "export")
    assert timezone.localtime(ada.confirmed_at).date().isoformat() == day(9)
    assert ada.ends_at > NOW
    assert (bo.state, bo.confirmed_at, bo.errands.count()) == ("unconfirmed", None, 0)
    (mail,) = Message.objects.filter(organization=organization)
    assert (mail.kind, mail.to_address) == ("prospect-confirm", "bo@post.example")


def test_consent_of_long_ago_that_is_not_confirmed_has_thirty_days_from_now(organization: Organization) -> None:
    imported(organization, line(ago=100, confirmed=""))
    tasks.sweep()
    assert Prospect.objects.get().state == "unconfirmed"
    tending.tend(NOW + timedelta(days=31))
    assert Prospect.objects.get().state == "ended"


def test_the_link_in_that_mail_opens_their_page(organization: Organization) -> None:
    imported(organization, line(confirmed=""))
    assert Prospect.behind(Prospect.objects.get().token, NOW) == Prospect.objects.get()


def test_the_same_file_once_more_changes_nothing(organization: Organization) -> None:
    lines = line(), line("Bo Ek", confirmed="")
    imported(organization, *lines)
    found = imported(organization, *lines)
    assert (len(found.good), len(found.here)) == (0, 2)
    assert (Prospect.objects.count(), Message.objects.count()) == (2, 1)


def test_newer_consent_takes_the_place_of_older_and_older_of_nothing(organization: Organization) -> None:
    imported(organization, line(consent_text="Old.", ago=20))
    imported(organization, line(consent_text="New.", ago=5, months="24"))
    imported(organization, line(consent_text="Older.", ago=30))
    prospect = Prospect.objects.get()
    assert (prospect.consent_text, prospect.months, prospect.state) == ("New.", 24, "waiting")
    assert Message.objects.filter(kind="prospect-renewed").exists()


def test_newer_consent_that_is_not_confirmed_asks_again_whoever_never_said_yes(organization: Organization) -> None:
    make_prospect(organization.connection, email="ada@post.example", state="unconfirmed", agreed_at=NOW - timedelta(40))
    imported(organization, line(confirmed=""))
    assert Prospect.objects.get().state == "unconfirmed"
    assert Message.objects.get().kind == "prospect-confirm"


def test_who_is_suppressed_is_refused_by_line(organization: Organization) -> None:
    Suppression.add(organization, "ADA@post.example", NOW)
    found = imported(organization, line(), line("Bo Ek"))
    assert [remark.line for remark in found.remarks] == [2]
    assert "They do not wish to be a prospect" in found.remarks[0].text
    assert [prospect.name for prospect in Prospect.objects.all()] == ["Bo Ek"]


def test_who_says_no_while_the_file_is_taken_is_not_entered(organization: Organization) -> None:
    prospect = make_prospect(organization.connection, email="ada@post.example", agreed_at=NOW - timedelta(days=40))
    (newer,) = compare(organization, table(line())).newer
    prospect.withdraw(NOW)
    assert not prospect.enter(newer, NOW)
    assert (prospect.state, prospect.email) == ("withdrawn", "")


def test_it_is_all_or_nothing(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Prospect, "enter", fail)
    make_prospect(organization.connection, email="ada@post.example", agreed_at=NOW - timedelta(days=40))
    with pytest.raises(RuntimeError), transaction.atomic():
        imported(organization, line(), line("Bo Ek"))
    assert Prospect.objects.count() == 1
    assert Errand.objects.count() == 1


# --- the page -------------------------------------------------------------------------------------------


@pytest.fixture
def ruth(organization: Organization) -> Client:
    client = Client()
    client.force_login(make_user(organization, Role.ADMIN))
    return client


def choose(client: Client, *lines: str) -> Any:
    source = "\n".join([HEAD, *lines]).encode()
    return soup(client.post(URL, {"file": SimpleUploadedFile("some.csv", source)}))


def go_on(client: Client, page: Any, **more: str) -> Any:
    sent = {"packed": page.select_one("[name=packed]")["value"], "import": "1", **more}
    return soup(client.post(URL, sent, follow=True))


def test_the_preview_comes_first_and_changes_nothing(ruth: Client) -> None:
    page = choose(ruth, line(), line("Bo Ek", confirmed=""), line("Cia Ry", email="x"))
    assert page.h1.get_text() == "2 lines can be imported"
    assert text(page, ".mistakes li") == "Line 4 “x” is no e-mail address."
    assert not Prospect.objects.exists()


def test_with_mistakes_in_it_the_others_are_taken_by_a_tick_only(ruth: Client) -> None:
    page = choose(ruth, line(), line("Cia Ry", email="x"))
    assert "Nothing has been imported" in notices(go_on(ruth, page))
    assert not Prospect.objects.exists()
    assert "1 prospect was imported." in notices(go_on(ruth, page, without="on"))
    assert Prospect.objects.count() == 1


def test_nothing_of_the_file_is_kept_but_who_is_in_it(ruth: Client, organization: Organization) -> None:
    go_on(ruth, choose(ruth, line()))
    assert Prospect.objects.get().organization == organization
    assert "All of them are here already" in choose(ruth, line()).h1.get_text()


@pytest.mark.parametrize("sent", [{}, {"packed": "not what we packed"}, {"packed": "AAAA"}])
def test_without_a_file_it_asks_for_one(ruth: Client, sent: dict[str, str]) -> None:
    assert "Choose a file." in text(soup(ruth.post(URL, sent)), ".error")


def test_what_is_unreadable_is_said_at_the_field(ruth: Client) -> None:
    page = soup(ruth.post(URL, {"file": SimpleUploadedFile("some.csv", b'a,b\n"x')}))
    assert "Line 2: A quotation mark is not closed" in text(page, ".error")


def test_a_small_parcel_does_not_become_a_large_file() -> None:
    found = unpacked(packed(b"a" * (20 * sheet.LONGEST)))
    assert found is not None
    assert len(found) == sheet.LONGEST + 1


def test_a_moment_is_the_same_on_each_import() -> None:
    assert isinstance(table(line()).lines[0].agreed_at, datetime)
    assert table(line()).lines == table(line()).lines


def test_a_comparison_reads_little_however_long_the_file_is(
    organization: Organization, django_assert_max_num_queries: Any
) -> None:
    found = table(*[line(f"P{number} X") for number in range(300)])
    with django_assert_max_num_queries(8):
        assert len(compare(organization, found).new) == 300
