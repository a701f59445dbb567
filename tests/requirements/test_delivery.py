"""The report, 7: private and public, an expiring and revocable link with an e-mail check, print and PDF with the same
content, as a file in Lever, JSON and CSV; and that averages only are kept in each of them."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from checks import pdf
from checks.models import Check, Share
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.tasks import perform_actions
from notifications.models import Message
from tests.factories import make_awaiting_check, make_completed_check, make_template, make_user

pytestmark = pytest.mark.django_db
SECRETS = ("Eileen Farrow", "Bao Nguyen", "Margit Larsen")


def signed_in(check: Check, role: str = Role.TEAM_MEMBER, **fields: Any) -> Client:
    browser = Client()
    browser.force_login(make_user(check.organization, role, **fields))
    return browser


def at(page: str, check: Check) -> str:
    return reverse(page, args=[check.public_id])


def words(html: str) -> list[str]:
    """What a reader of the report reads, without the frame around it."""
    report = BeautifulSoup(html, "html.parser").select_one("article.report")
    assert report
    for tool in report.select(".no-print"):
        tool.decompose()
    return [" ".join(part.split()) for part in report.stripped_strings]


def test_report_7_the_owner_makes_it_private_and_names_readers() -> None:
    check = make_completed_check(owner_email="olga@northmoor.example", owner_name="Olga")
    other, reader = (signed_in(check, email=f"{name}@northmoor.example") for name in ("other", "reader"))
    owner = signed_in(check, Role.LIMITED, email="olga@northmoor.example")
    owner.post(at("report-readers", check), {"do": "private"})
    named = check.organization.users.get(email="reader@northmoor.example")
    owner.post(at("report-readers", check), {"do": "name", "reader": named.pk})
    codes = [browser.get(at("report", check)).status_code for browser in (owner, reader, other)]
    assert codes == [200, 200, 403]
    assert "Olga" in other.get(at("report", check)).content.decode()


def test_report_7_a_shared_link_asks_for_a_code_expires_and_is_revocable() -> None:
    check = make_completed_check()
    staff = signed_in(check)
    staff.post(at("share-report", check), {"do": "share", "name": "Bob", "email": "bob@client.example", "days": "7"})
    (link,) = re.findall(r"\S+/s/\S+", Message.objects.get(kind="share-link").text)
    browser = Client()
    page = browser.get(link.partition("testserver")[2] or "/s/" + link.partition("/s/")[2]).headers["Location"]
    assert "Farrow" not in browser.get(page).content.decode()
    browser.post(page, {"send": "yes"})
    code = re.search(r"^\d{3} \d{3}$", Message.objects.get(kind="share-code").text, re.MULTILINE)
    assert code
    browser.post(page, {"code": code[0]})
    assert "Eileen Farrow" in browser.get(page).content.decode()
    assert "Read first" in staff.get(at("share-report", check)).content.decode()
    staff.post(at("share-report", check), {"do": "end", "share": Share.objects.get().pk})
    assert browser.get(page).status_code == 404


def test_report_7_a_shared_link_ends_by_itself() -> None:
    check = make_completed_check()
    share = Share.make(check, "", "bob@client.example", 7, timezone.now(), make_user(check.organization))
    assert Share.behind(share.token, timezone.now() + timedelta(days=6)) == share
    assert Share.behind(share.token, timezone.now() + timedelta(days=7, seconds=1)) is None


def test_report_7_the_pdf_has_the_words_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is handed to the engine, which `tests/checks/test_pdf.py` looks at from the other side."""
    check, printed = make_completed_check(), list[str]()
    monkeypatch.setattr(pdf, "_made", lambda html: printed.append(html))
    browser = signed_in(check)
    page = browser.get(at("report", check)).content.decode()
    browser.get(at("report-pdf", check))
    assert words(printed[0]) == words(page)
    assert "Printed for Ruth Adeyemi on" in printed[0]


def test_report_7_json_and_csv_hold_what_the_page_shows() -> None:
    check = make_completed_check()
    browser = signed_in(check)
    found = json.loads(browser.get(at("report-json", check)).content)
    content = b"".join(browser.get(at("report-csv", check)).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [person["name"] for person in found["report"]["people"]] == list(SECRETS)
    assert {row["person"] for row in rows if row["what"] == "answer"} == set(SECRETS)


def test_report_7_with_averages_only_no_file_tells_who_said_what() -> None:
    template = make_template(make_user().organization, confidentiality="averages")
    check = make_completed_check(template=template)
    browser = signed_in(check)
    content = b"".join(browser.get(at("report-csv", check)).streaming_content).decode()  # type: ignore[attr-defined]
    report = json.loads(browser.get(at("report-json", check)).content)["report"]
    assert not [name for name in SECRETS if name in content]
    assert not [mark for scale in report["scales"] for mark in scale["marks"]]
    assert {said["person"] for part in (*report["words"], *report["yes_no"]) for said in part["said"]} <= {""}


def test_report_7_it_is_attached_in_lever_where_that_is_set(connection: Connection, marcus: Opportunity) -> None:
    Connection.objects.update(attaches_pdf=True)
    template = connection.organization.reference_templates.get()
    check = make_completed_check(template=template, opportunity_id=marcus.id)
    perform_actions()
    assert [file.name[:16] for file in marcus.files] == ["reference-report"]
    assert check.status == "completed"


def test_report_7_a_partial_report_is_for_readers_alone_too() -> None:
    check = make_awaiting_check()
    Check.objects.update(is_private=True)
    assert signed_in(check).get(at("report", check)).status_code == 403
