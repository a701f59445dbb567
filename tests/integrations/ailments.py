"""What can be amiss with a connection, and what the doctor says of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from integrations.doctor.lines import Level
from integrations.models import Action, CallBudget, Connection, Delivery, Heartbeat, Refusal
from integrations.sandbox.faults import Fault
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from notifications.models import Message
from templates_app.models import ReferenceTemplate
from tests.factories import make_check, make_connection
from tests.integrations.ending import archives

WELL, LOOK, BROKEN, OPEN = Level.WELL, Level.LOOK, Level.BROKEN, Level.OPEN
ALL = {
    f"{what}:{how}"
    for what in (
        "stages",
        "users",
        "archive_reasons",
        "postings",
        "tags",
        "opportunities",
        "notes",
        "files",
        "webhooks",
    )
    for how in ("read", "write")
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def came(connection: Connection, webhook: str = "stage-change", at: datetime | None = None, **fields: Any) -> Delivery:
    """Something in the inbox, settled unless said otherwise."""
    values = {"state": "ignored", "event": "candidateStageChange", **fields}
    key, at = f"{webhook}{Delivery.objects.count()}", at or timezone.now()
    return Delivery.objects.create(
        connection=connection, webhook=webhook, dedupe_key=key, created_at=at, next_at=at, **values
    )


def found(connection: Connection, *hours_ago: float) -> None:
    """Arrivals that Vouch found by itself, in as many comparisons."""
    for hours in hours_ago:
        came(connection, at=timezone.now() - timedelta(hours=hours), source="found", event="")


# --- how each line becomes what it is not when all is well -------------------------------------------------

Sick = Callable[[Connection, SandboxServer], object]


def set_to(**fields: Any) -> Sick:
    """Other values stored in the connection."""

    def arrange(connection: Connection, lever: SandboxServer) -> None:
        vars(connection).update(fields)
        connection.save()

    return arrange


def without(*permissions: str) -> Sick:
    """A key that lacks a permission. To write includes to read, so the one goes with the other."""

    def arrange(connection: Connection, lever: SandboxServer) -> None:
        lacking = {*permissions, *(each.replace(":read", ":write") for each in permissions)}
        lever.world.add_key("narrow-key", ALL - lacking, confidential=True)
        set_to(api_key="narrow-key")(connection, lever)

    return arrange


def key(**fields: Any) -> Sick:
    def arrange(connection: Connection, lever: SandboxServer) -> None:
        lever.world.keys["other-key"] = ApiKey("other-key", **fields)
        set_to(api_key="other-key")(connection, lever)

    return arrange


def fault(kind: str, path: str = "", **more: Any) -> Sick:
    return lambda connection, lever: lever.faults.add(Fault(kind, times=99, path=path, **more))


def clock(ahead: float) -> Sick:
    return lambda connection, lever: setattr(lever.sandbox, "clock_ahead", ahead)


def refused(webhook: str, count: int = 3) -> Sick:
    """Good events until an hour ago, and refusals since."""
    return lambda connection, lever: Refusal.objects.create(
        connection=connection, webhook=webhook, count=count, first_at=timezone.now() - HOUR / 2, last_at=timezone.now()
    )


def unknown_token(webhook: str) -> Sick:
    return lambda connection, lever: connection.webhook_tokens.filter(webhook=webhook).delete()


def never_heard(webhook: str) -> Sick:
    return lambda connection, lever: connection.deliveries.filter(webhook=webhook).delete()


def misplaced(webhook: str) -> Sick:
    return lambda connection, lever: came(connection, webhook, event="contactCreated", decision="wrong-address")


def both(*arrangements: Sick) -> Sick:
    return lambda connection, lever: [each(connection, lever) for each in arrangements]


def in_lever(event: str, webhook: str) -> Sick:
    return lambda connection, lever: lever.world.add_webhook(event, connection.webhook_url(webhook))


def waiting(minutes: int) -> Sick:
    return lambda connection, lever: came(connection, at=timezone.now() - timedelta(minutes=minutes), state="waiting")


def actions(*states: str, minutes: int = 0) -> Sick:
    def arrange(connection: Connection, lever: SandboxServer) -> None:
        check, at = make_check(connection.organization), timezone.now() - timedelta(minutes=minutes)
        Action.objects.all().delete()
        for number, state in enumerate(states):
            values = {"kind": "tag", "mark": str(number), "value": "Vouch", "created_at": at, "next_at": at}
            Action.objects.create(connection=connection, for_check=check, state=state, **values)

    return arrange


def given_up(count: int) -> Sick:
    return lambda connection, lever: [came(connection, state="failed") for _ in range(count)]


def heartbeat(age: timedelta | None) -> Sick:
    def arrange(connection: Connection, lever: SandboxServer) -> None:
        Heartbeat.objects.all().delete()
        if age:
            Heartbeat.beat(timezone.now() - age)

    return arrange


def mail(age: timedelta = timedelta(0), **fields: Any) -> Sick:
    def arrange(connection: Connection, lever: SandboxServer) -> None:
        make_check(connection.organization)
        Message.objects.update(created_at=timezone.now() - age, **fields)

    return arrange


def twin(connection: Connection, lever: SandboxServer) -> None:
    make_connection(api_key=connection.api_key)


def the_reason_is_gone(connection: Connection, lever: SandboxServer) -> None:
    archives(connection, lever)
    connection.refresh_from_db()
    nobody_is_hired(connection, lever)


def nobody_is_hired(connection: Connection, lever: SandboxServer) -> None:
    lever.world.reasons = {name: each for name, each in lever.world.reasons.items() if each.type != "hired"}


def he_left(connection: Connection, lever: SandboxServer) -> None:
    lever.world.users[connection.perform_as_id].deactivated_at = 1


def stage_removed(connection: Connection, lever: SandboxServer) -> None:
    del lever.world.stages[connection.stage_id]


def stage_renamed(connection: Connection, lever: SandboxServer) -> None:
    set_to(stage_name="References")(connection, lever)


def slowed(connection: Connection, lever: SandboxServer) -> None:
    CallBudget.slow_down(connection.budget_key, timezone.now(), timedelta(seconds=0))


# line, what has happened, how the line stands then, and words of its sentence
CASES: tuple[tuple[str, Sick, Level, str], ...] = (
    ("connection", set_to(status="failing", problem="Lever refuses."), BROKEN, "Lever refuses."),
    ("connection", set_to(status="disabled"), LOOK, "Switched off"),
    ("connection", set_to(status="incomplete"), LOOK, "what is missing"),
    ("key", set_to(api_key=""), BROKEN, "No key is stored"),
    ("key", set_to(api_key="wrong"), BROKEN, "does not know this API key"),
    ("key", key(revoked=True), BROKEN, "does not know this API key"),
    ("key", fault("reset"), BROKEN, "got no answer"),
    ("key", fault("html"), BROKEN, "could not read"),
    ("key", fault("truncated"), BROKEN, "could not read"),
    ("key", fault("status", status=503), BROKEN, "not available"),
    ("key", fault("status", status=500), BROKEN, "not available"),
    ("key", fault("status", status=404), BROKEN, "no such record"),
    ("key", fault("status", status=429), LOOK, "fewer calls"),
    ("key", without("users:read"), WELL, "may not read users"),
    ("same-key", twin, LOOK, "Another connection"),
    ("stages-read", without("stages:read"), BROKEN, "Not allowed: Vouch cannot see whether the stage"),
    ("stages-read", fault("status", path="stages", status=500), LOOK, "Not known: Lever is not available"),
    ("stages-read", fault("reset", path="stages"), LOOK, "Not known: Vouch got no answer"),
    ("stages-read", fault("html", path="stages"), LOOK, "Not known: Vouch could not read"),
    ("users-read", without("users:read"), BROKEN, "Not allowed: nobody can be chosen"),
    ("opportunities-read", without("opportunities:read"), BROKEN, "Not allowed: no check can begin"),
    ("opportunities-write", without("opportunities:write"), BROKEN, "Not allowed: Lever shows neither"),
    ("notes-read", without("notes:read"), BROKEN, "Not allowed: Vouch cannot see whether a note"),
    ("notes-write", without("notes:write"), BROKEN, "Not allowed: the outcome"),
    ("files-write", without("files:write"), BROKEN, "Not allowed: no report can be attached"),
    ("files-write", set_to(attaches_pdf=False), OPEN, "Not asked: no report is attached"),
    ("postings-read", without("postings:read"), LOOK, "Not allowed: checks bear no job title"),
    (
        "archive-reasons-read",
        without("archive_reasons:read"),
        LOOK,
        "Not allowed: Vouch knows of a hire only by the webhook",
    ),
    ("tags-read", without("tags:read"), LOOK, "Not allowed"),
    ("webhooks-read", without("webhooks:read"), LOOK, "by hand"),
    ("webhooks-write", without("webhooks:write"), LOOK, "by hand"),
    ("confidential", key(confidential=False), LOOK, "This key cannot see them"),
    ("confidential", without("opportunities:read"), OPEN, "permission to read opportunities comes first"),
    ("stages", lambda connection, lever: lever.world.stages.clear(), BROKEN, "no stages at all"),
    ("stages", without("stages:read"), OPEN, "permission to read this comes first"),
    ("stage", stage_removed, BROKEN, "“Reference check” no longer exists"),
    ("stage", stage_renamed, WELL, "Lever calls it “Reference check” now"),
    ("stage", set_to(stage_id="", stage_name=""), LOOK, "No stage is chosen"),
    ("user", he_left, BROKEN, "Ruth Adeyemi is deactivated"),
    ("user", set_to(perform_as_id="somebody-else"), BROKEN, "no user Ruth Adeyemi"),
    ("user", set_to(perform_as_id=""), LOOK, "Nobody is chosen"),
    ("hired-reasons", nobody_is_hired, LOOK, "No archive reason"),
    ("hired-reasons", the_reason_is_gone, BROKEN, "The archive reason “Hired” is not in use in Lever any more"),
    ("clock", clock(40), LOOK, "behind Lever’s"),
    ("clock", clock(-40), LOOK, "ahead of Lever’s"),
    ("clock", clock(400), BROKEN, "Whoever runs Vouch sets the clock"),
    ("stage-change", unknown_token("stage-change"), BROKEN, "every event is refused"),
    ("stage-change", refused("stage-change"), BROKEN, "3 requests were refused since"),
    ("stage-change", misplaced("stage-change"), BROKEN, "pasted at the wrong event: contactCreated"),
    ("stage-change", lambda connection, lever: found(connection, 2, 0.5), BROKEN, "Lever does not tell"),
    ("stage-change", lambda connection, lever: found(connection, 0.5), LOOK, "if Vouch itself was down"),
    ("stage-change", never_heard("stage-change"), LOOK, "press Verify connection"),
    ("hired", refused("hired", 1), BROKEN, "1 request was refused on"),
    ("hired", misplaced("hired"), BROKEN, "under “Candidate Hired”"),
    ("hired", never_heard("hired"), OPEN, "Nothing has come yet"),
    ("archived", both(unknown_token("archived"), refused("archived")), LOOK, "they are refused"),
    ("archived", misplaced("archived"), BROKEN, "wrong event"),
    ("deleted", refused("deleted"), BROKEN, "does not match"),
    ("deleted", unknown_token("deleted"), OPEN, "does without"),
    ("applied", refused("applied"), BROKEN, "does not match"),
    ("applied", unknown_token("applied"), OPEN, "does without"),
    ("webhooks", in_lever("candidateHired", "hired"), LOOK, "Candidate hired: In Lever more than once."),
    ("webhooks", in_lever("candidateHired", "deleted"), LOOK, "on candidateHired"),
    ("webhooks", lambda connection, lever: lever.world.webhooks.clear(), OPEN, "Lever lists none"),
    ("webhooks", without("webhooks:read"), OPEN, "permission to read this comes first"),
    ("queue", heartbeat(None), BROKEN, "No worker has been seen"),
    ("queue", heartbeat(HOUR), BROKEN, "1\xa0hour ago"),
    ("inbox", waiting(minutes=5), LOOK, "1 waits, for 5\xa0minutes"),
    ("inbox", waiting(minutes=50), BROKEN, "tried again by itself"),
    ("inbox", both(waiting(minutes=50), set_to(status="disabled")), LOOK, "when the connection is active"),
    ("outbox", actions("waiting", "waiting", minutes=5), LOOK, "2 wait, the oldest for 5\xa0minutes"),
    ("outbox", actions("waiting", minutes=50), BROKEN, "tried again by itself"),
    ("rate", slowed, LOOK, "asked for fewer calls a moment ago; Vouch makes at most 7."),
    ("failures", given_up(5), BROKEN, "The last five in a row"),
    ("failures", given_up(1), LOOK, "1 of the last ten was given up"),
    ("failures", actions("failed", "failed", "failed", "failed", "failed"), BROKEN, "The last five in a row"),
    ("failures", actions("failed", "failed", "failed", "failed", "failed", "done"), LOOK, "4 of the last ten were"),
    ("mail", mail(state="failed"), LOOK, "1 mail of this week could not be delivered"),
    ("mail", mail(HOUR, attempts=3), LOOK, "the mail server"),
    ("templates", lambda connection, lever: ReferenceTemplate.objects.update(is_default=False), LOOK, "is the default"),
    ("templates", lambda connection, lever: ReferenceTemplate.objects.all().delete(), LOOK, "There is no template"),
)
