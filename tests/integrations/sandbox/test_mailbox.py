import mailbox
import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from bs4 import BeautifulSoup

from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World
from tests.integrations.sandbox.visitors import ask

HTML = "<html><head><title>x</title></head><body><a href='https://vouch.example/r/1/'>Answer</a></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mailbox.Maildir(tmp_path / "mail").close()
    return tmp_path / "mail"


@pytest.fixture
def sandbox(folder: Path) -> Iterator[SandboxServer]:
    with SandboxServer(World.empty(), mail_dir=folder) as server:
        yield server


def deliver(folder: Path, subject: str, to: str = "Eileen Farrow <eileen@solent.example>", html: str = "") -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "references@vouch.example", to, subject
    mail["Message-ID"] = f"<{subject.replace(' ', '-')}@vouch.example>"
    mail.set_content("Good day,\n\nhttps://vouch.example/r/1/?a=1&b=2\n\n<Ruth>\n")
    if html:
        mail.add_alternative(html, subtype="html")
    mailbox.Maildir(folder).add(mail)


def mails(sandbox: SandboxServer, to: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(sandbox, "GET", "/mailbox.json", params={"to": to}).json()["mails"]
    return found


def test_a_mail_that_was_sent_by_smtp_is_read_by_scripts(sandbox: SandboxServer, folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    server.start()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("a@vouch.example", ["b@post.example"], "Subject: Hello\nTo: b@post.example\n\nSee you.\n")
    server.stop()
    mail = mails(sandbox)[0]
    assert (mail["to"], mail["subject"], mail["text"].strip()) == ("b@post.example", "Hello", "See you.")


def test_the_list_shows_each_message_once(sandbox: SandboxServer, folder: Path) -> None:
    deliver(folder, "Asked")
    deliver(folder, "Asked")
    deliver(folder, "Thanked")
    soup = BeautifulSoup(ask(sandbox, "GET", "/mailbox/").text, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in soup.select("tbody tr")]
    assert len(rows) == 2
    assert sum("delivered 2 times" in row for row in rows) == 1
    assert sorted(mail["copies"] for mail in mails(sandbox)) == [1, 2]


def test_the_newest_mail_comes_first(sandbox: SandboxServer, folder: Path) -> None:
    for subject in ("First", "Second", "Third"):
        deliver(folder, subject)
    assert [mail["subject"] for mail in mails(sandbox)] == ["Third", "Second", "First"]


def test_the_list_can_be_narrowed_to_an_address(sandbox: SandboxServer, folder: Path) -> None:
    deliver(folder, "To Eileen")
    deliver(folder, "To Bao", to="bao@post.example")
    assert [mail["subject"] for mail in mails(sandbox, "BAO@post")] == ["To Bao"]
    assert "To Eileen" not in ask(sandbox, "GET", "/mailbox/?to=bao@post.example").text
    assert "Nothing was sent to nobody" in ask(sandbox, "GET", "/mailbox/?to=nobody").text


def test_a_mail_shows_its_headers_and_its_text_with_links(sandbox: SandboxServer, folder: Path) -> None:
    deliver(folder, "Asked")
    soup = BeautifulSoup(ask(sandbox, "GET", f"/mailbox/{mails(sandbox)[0]['key']}/").text, "html.parser")
    link = soup.select_one(".mail-text a")
    assert link is not None
    assert link["href"] == "https://vouch.example/r/1/?a=1&b=2"
    assert "<Ruth>" in soup.select(".mail-text")[0].get_text()
    assert "Message-ID" in soup.get_text()
    assert "no HTML part" in soup.get_text()
    assert not soup.select("iframe")


def test_the_html_part_stands_in_a_frame_that_may_do_nothing_but_style(sandbox: SandboxServer, folder: Path) -> None:
    deliver(folder, "Asked", html=HTML)
    key = mails(sandbox)[0]["key"]
    frame = BeautifulSoup(ask(sandbox, "GET", f"/mailbox/{key}/").text, "html.parser").select_one("iframe")
    assert frame is not None
    assert "allow-scripts" not in frame["sandbox"]
    shown = ask(sandbox, "GET", str(frame["src"]))
    assert '<head><base target="_blank"><title>' in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_a_mail_without_an_html_part_has_no_frame(sandbox: SandboxServer, folder: Path) -> None:
    deliver(folder, "Asked")
    assert ask(sandbox, "GET", f"/mailbox/{mails(sandbox)[0]['key']}/html").status_code == 404


@pytest.mark.parametrize("key", ["nothing", "...", "%2e%2e%2fnew"])
def test_an_unknown_mail_is_not_found(sandbox: SandboxServer, key: str) -> None:
    assert ask(sandbox, "GET", f"/mailbox/{key}/").status_code == 404


def test_a_mail_in_a_strange_charset_is_shown_all_the_same(sandbox: SandboxServer, folder: Path) -> None:
    raw = b"To: b@post.example\nContent-Type: text/plain; charset=martian\n\nGr\xfc\xdfe\n"
    mailbox.Maildir(folder).add(raw)
    assert mails(sandbox)[0]["text"].startswith("Gr")


def test_it_says_so_when_there_is_no_mailbox(sandbox: SandboxServer) -> None:
    sandbox.sandbox.mail_dir = None
    assert "without a mailbox" in ask(sandbox, "GET", "/mailbox/").text
    assert mails(sandbox) == []
