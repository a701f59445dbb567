"""From the webhook's 200 to the candidate's e-mail at the mail server, while nothing else is going on."""

import smtplib
import time
from pathlib import Path
from statistics import median
from typing import Any

from config.bench.figures import Figure, Goal
from config.bench.ground import Ground, tell_lever, wait_until_idle
from config.demo import Demo
from integrations.sandbox.mailbox import mails

SAMPLES = 20


def measure(ground: Ground, samples: int = SAMPLES) -> list[Figure]:
    site, ours, bare = ground.shared, [], []
    for number in range(samples):
        if number % 5 == 0:
            ground.say(f"latency: {number} of {samples} samples")
        wait_until_idle(site)
        time.sleep(0.2 + 0.037 * number)  # not in step with whoever looks at the queue
        address = f"candidate-{number}@post.example"
        acknowledged = _acknowledged(site, _move_somebody(site, address))
        mail = _file(site, address)
        ours.append(mail.stat().st_mtime - acknowledged)
        bare.append(_hand_over(site, mail))
    beside = f"bare hand-over {1000 * median(bare):.1f} ms"
    return [
        Figure("latency", "webhook’s 200 to the e-mail at the server, median", median(ours), "s", Goal("at most", 1)),
        Figure("latency", "the same, worst of all", max(ours), "s", detail=f"{samples} samples, idle queue"),
        Figure("latency", "median against handing the same mail over", median(ours) / median(bare), detail=beside),
    ]


def _move_somebody(site: Demo, address: str) -> str:
    """A new candidate comes to the trigger stage; the opportunity's id."""
    opportunity = tell_lever(site, "people", name="Ines Duarte", email=address, posting="Chief Officer")["id"]
    tell_lever(site, "move", opportunity=opportunity, to="Reference check")
    return str(opportunity)


def _acknowledged(site: Demo, opportunity: str) -> float:
    """When Lever had the 200 for the stage change, in seconds since 1970."""

    def answer() -> Any:
        log = site.lever_state()["deliveries"]
        return [
            each["at"]
            for each in log
            if (each["opportunity"], each["event"], each["status"]) == (opportunity, "candidateStageChange", 200)
        ]

    at: int = site.until("Lever has told of the move", answer)[0]
    return at / 1000


def _file(site: Demo, address: str) -> Path:
    """The mail as the server wrote it, once it is there."""
    found = site.until(f"a mail to {address} arrives", lambda: mails(site.mail_dir, address))
    return site.mail_dir / "new" / str(found[0].mail.key)


def _hand_over(site: Demo, mail: Path) -> float:
    """Seconds to give the same mail to the same server, from connecting to its answer."""
    words = mail.read_bytes().replace(b"\n", b"\r\n")
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", site.smtp_port) as server:
        server.sendmail("bench@vouch.example", ["bench@vouch.example"], words)
        return time.perf_counter() - begun
