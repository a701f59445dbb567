"""What is made of an answer that is no answer, and of one that says no."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from integrations.lever.calls import LONGEST_ANSWER
from integrations.lever.client import Lever
from integrations.lever.errors import Kind
from tests.integrations.lever.fake import KEY, FakeLever, failing, running


@pytest.mark.parametrize(
    ("status", "kind", "permanent"),
    [
        (400, Kind.REFUSED, True),
        (401, Kind.UNAUTHORIZED, True),
        (403, Kind.FORBIDDEN, True),
        (404, Kind.NOT_FOUND, True),
        (408, Kind.UNAVAILABLE, False),
        (409, Kind.REFUSED, True),
        (422, Kind.REFUSED, True),
        (429, Kind.RATE_LIMITED, False),
        (500, Kind.UNAVAILABLE, False),
        (502, Kind.UNAVAILABLE, False),
        (503, Kind.UNAVAILABLE, False),
    ],
)
def test_it_tells_errors_apart(fake: FakeLever, lever: Lever, status: int, kind: Kind, permanent: bool) -> None:
    fake.answers_with({"code": "Whatever", "message": "stages x was not found"}, status)

    error = failing(lever)

    assert (error.kind, error.permanent, error.status) == (kind, permanent, status)
    assert error.message == "stages x was not found"
    assert len(fake.seen) == 1


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"[1]", b'{"message": 5}', b"[" * 20_000])
def test_an_error_without_lever_words_has_those_of_http(fake: FakeLever, lever: Lever, body: bytes) -> None:
    fake.answers_with(body, 502)

    assert failing(lever).message == "Bad Gateway"


@pytest.mark.parametrize("body", [b"<!doctype html>", b'{"data": [{"id": "a"', b"\xff", b"[" * 20_000, b"1" * 5_000])
def test_an_answer_that_is_not_json_is_unreadable_and_may_be_asked_again(
    fake: FakeLever, lever: Lever, body: bytes
) -> None:
    fake.answers_with(body)

    error = failing(lever)

    assert (error.kind, error.status, error.permanent) == (Kind.UNREADABLE, 200, False)


def test_an_endless_answer_is_cut_off(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b" " * (LONGEST_ANSWER + 1))

    error = failing(lever)

    assert error.kind is Kind.UNREADABLE
    assert "10 MB" in error.message


def test_an_answer_that_breaks_off_counts_as_none(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b'{"data": []}', Content_Length="500")

    assert failing(lever).kind is Kind.UNREACHABLE


def test_a_packed_answer_that_is_broken_counts_as_none(fake: FakeLever, lever: Lever) -> None:
    fake.answers_with(b"not gzip", Content_Encoding="gzip")

    assert failing(lever).kind is Kind.UNREACHABLE


def test_it_gives_up_on_a_server_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with Lever(KEY, url, timeout=(0.2, 0.2)) as lever:
            started = time.monotonic()
            error = failing(lever)

    assert (error.kind, error.status, error.permanent) == (Kind.UNREACHABLE, None, False)
    assert time.monotonic() - started < 2


def test_it_gives_up_on_an_answer_that_trickles() -> None:
    """Each part comes in time, and the whole would not for ten seconds."""

    def trickle(door: socket.socket) -> None:
        with suppress(OSError), door.accept()[0] as caller:
            caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n")
            for _part in range(200):
                caller.sendall(b" ")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as slow:
        threading.Thread(target=trickle, args=(slow,), daemon=True).start()
        with Lever(KEY, f"http://127.0.0.1:{slow.getsockname()[1]}/v1", timeout=(0.2, 0.2)) as lever:
            started = time.monotonic()
            assert failing(lever).kind is Kind.UNREACHABLE

    assert time.monotonic() - started < 5


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}/v1"

    with Lever(KEY, url) as lever:
        assert failing(lever).kind is Kind.UNREACHABLE


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "server.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, private, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_it_does_not_speak_to_a_server_without_a_proper_certificate(tmp_path: Path) -> None:
    with running(self_signed(tmp_path)) as impostor, Lever(KEY, impostor.url, timeout=(1, 1)) as lever:
        error = failing(lever)

    assert error.kind is Kind.UNREACHABLE
    assert "CERTIFICATE_VERIFY_FAILED" in error.message
    assert not impostor.seen
