"""One process of a load's clients: `python -m config.bench.clients JOB`, the job as JSON."""

import json
import secrets
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from config.bench.load import CLIENTS, Job, Load
from integrations.lever.webhooks import signature

Client = Callable[[], bool]  # asks once; whether the answer was good


def delivery(secret: str) -> bytes:
    """A stage change with a token of its own, signed as Lever signs."""
    token, now, opportunity = secrets.token_hex(24), time.time_ns() // 1_000_000, secrets.token_hex(16)
    data = {"opportunityId": opportunity, "candidateId": opportunity, "contactId": secrets.token_hex(16)}
    data |= {"fromStageId": secrets.token_hex(16), "toStageId": secrets.token_hex(16)}
    signed = {"token": token, "signature": signature(token, now, secret)}
    return json.dumps({"event": "candidateStageChange", "triggeredAt": now, "data": data, **signed}).encode()


def webhooks(job: Job) -> Client:
    """Sends deliveries on a connection that is kept."""
    parts = urlsplit(job.target)
    connection = socket.create_connection((parts.hostname, parts.port or 80), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = connection.makefile("rb")
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"

    def send() -> bool:
        body = delivery(job.secret)
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        status, length = answers.readline().split()[1], 0
        for line in iter(answers.readline, b"\r\n"):
            name, _colon, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        answers.read(length)
        return status == b"200"

    return send


def inserts(job: Job) -> Client:
    """The least that keeps a delivery: the newest row of the table once more, under another key, and a commit."""
    connection = psycopg.connect(job.target, autocommit=True, prepare_threshold=0)
    found = connection.execute("SELECT * FROM integrations_delivery ORDER BY id DESC LIMIT 1")
    names = [column.name for column in found.description or ()]
    row = dict(zip(names, found.fetchone() or (), strict=True))
    del row["id"]
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Placeholder, row))
    command = sql.SQL("INSERT INTO integrations_delivery ({}) VALUES ({})").format(columns, values)

    def insert() -> bool:
        row["dedupe_key"], row["body"] = secrets.token_hex(32), delivery(job.secret)
        return connection.execute(command, row).rowcount == 1

    return insert


KINDS: dict[str, Callable[[Job], Client]] = {"webhooks": webhooks, "inserts": inserts}


def ask(job: Job) -> Load:
    """One client from the common start to the end; what is under way then is waited for, and counts."""
    once, good, milliseconds = KINDS[job.kind](job), 0, []
    time.sleep(max(0.0, job.at - time.time()))
    begun = now = time.perf_counter()
    while now - begun < job.seconds:
        good += once()
        then, now = now, time.perf_counter()
        milliseconds.append(round(1000 * (now - then), 3))
    return Load(good, len(milliseconds) - good, good / (now - begun), milliseconds)


if __name__ == "__main__":
    with ThreadPoolExecutor(CLIENTS) as pool:
        loads = list(pool.map(ask, [Job(**json.loads(sys.argv[1]))] * CLIENTS))
    sys.stdout.write(json.dumps(asdict(Load.together(loads))))
