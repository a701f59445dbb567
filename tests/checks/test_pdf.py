"""The report as a PDF. What Pango draws it with must be there: `manage.py test` brings it."""

import re
import socket
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import ImageFile

from checks import pdf
from checks.models import Check
from checks.references import Given
from config.checks import pdfs_can_be_made
from tests.factories import answers_for, make_awaiting_check, make_completed_check, make_template, make_user


@pytest.fixture
def check(db: None) -> Check:
    return make_completed_check(candidate_name="Mårten ؜Webb")


@pytest.fixture
def no_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without it: WeasyPrint's import ends with an OSError."""

    def refuse() -> Any:
        raise pdf.CannotPrint("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "_weasyprint", refuse)


@pytest.fixture
def somewhere() -> Iterator[tuple[str, list[bytes]]]:
    """An address that would hear of every request, and what it heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            try:
                while True:
                    with listener.accept()[0] as caller:
                        heard.append(caller.recv(100))
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x.png", heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def plain(content: bytes) -> bytes:
    """With its streams unpacked. A stream's own last byte may be taken for the line's end; it is of its checksum."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return content + b"".join(zlib.decompressobj().decompress(each) for each in streams if each[:1] == b"x")


def test_it_is_tagged_a4_in_english_and_pdf_ua(check: Check) -> None:
    content = plain(pdf.pdf_of(check, "Ruth", timezone.now()))
    assert content.startswith(b"%PDF-")
    for part in (b"/StructTreeRoot", b"/Marked true", b"pdfuaid:part", b"/Lang", b"/Figure"):
        assert part in content, part
    assert re.search(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]", content)


def test_every_drawing_in_it_has_words(check: Check) -> None:
    content = plain(pdf.pdf_of(check, "Ruth", timezone.now()))
    assert len(re.findall(rb"/S /Figure", content)) == len(re.findall(rb"/Alt ", content)) > 4


def test_whoever_may_read_the_report_gets_it_as_a_file(check: Check) -> None:
    reader, browser = make_user(check.organization), Client()
    browser.force_login(reader)
    answer = browser.get(reverse("report-pdf", args=[check.public_id]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reference-report-marten-webb.pdf"'
    assert check.events.filter(kind="opened", user=reader).count() == 1


def test_nothing_is_fetched_for_it_whatever_stands_in_an_answer(
    db: None, somewhere: tuple[str, list[bytes]], tmp_path: Any
) -> None:
    (tmp_path / "secret.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    check = make_awaiting_check(template=make_template(make_user().organization, ("peer",)))
    address, heard = somewhere
    check.references.get().submit(
        answers_for(check.references.get(), strength=Given(text=f'<img src="{address}">')), timezone.now()
    )
    check.refresh_from_db()
    assert pdf.pdf_of(check, "", timezone.now())
    raw = f'<img src="{address}"><img src="file://{tmp_path}/secret.svg"><link rel="stylesheet" href="{address}">'
    assert pdf._made(f"<html lang='en'><title>t</title>{raw}")
    assert heard == []


def test_where_no_pdf_can_be_made_a_page_offers_the_print_view(check: Check, no_pango: None) -> None:
    browser = Client()
    browser.force_login(make_user(check.organization))
    answer = browser.get(reverse("report-pdf", args=[check.public_id]))
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert reverse("report", args=[check.public_id]) in shown
    assert "libpango-1.0-0" in shown


def test_a_deployment_without_what_pdfs_need_is_told_the_packages(no_pango: None) -> None:
    (found,) = pdfs_can_be_made(None)
    assert found.id == "vouch.W012"
    assert "libpango-1.0-0" in str(found.hint)


def test_a_deployment_that_has_it_is_told_nothing() -> None:
    assert pdfs_can_be_made(None) == []


def test_its_drawings_have_the_designs_colours() -> None:
    drawn = pdf._drawn()
    assert drawn["dot"] == ' fill="#1f449c" stroke="#fffefc" stroke-width="1.5"'
    assert {"dot", "ring", "mean", "spread", "selfmark", "grid"} <= set(drawn)
    assert "var(" not in "".join(drawn.values())


def test_printing_does_not_make_damaged_pictures_welcome() -> None:
    pdf._weasyprint()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
