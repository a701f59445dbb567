"""The dry run leaves nothing behind, and shows what then really happens."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connections
from django.utils import timezone
from django_q import conf
from django_q.brokers import Broker
from django_q.models import OrmQ

from checks.models import Check
from integrations import rehearsal, scenes
from integrations.dry_run import DryRun, Subject, dry_run
from integrations.models import CallBudget, Connection
from integrations.rehearsal import Rehearsal, named_by, rehearse, stand_in
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.scenes import Scene
from integrations.tasks import perform_actions, process_inbox
from notifications.models import Message
from notifications.tasks import send_due
from notifications.waking import silence, wake
from templates_app.matching import match
from tests.factories import make_candidacy, make_check, make_connection, make_organization, make_template
from tests.integrations.delivering import moved

pytestmark = pytest.mark.django_db

Happened = list[tuple[str, ...]]


def everything(*but: type) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    models = (model for model in apps.get_models(include_auto_created=True) if model not in but)
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def play(connection: Connection, *tags: str, now: datetime | None = None, **candidacy: Any) -> Rehearsal:
    found = match(connection.organization, tags or ("deck-officer",))
    return rehearse(connection.organization, make_candidacy(**candidacy), found, now or timezone.now())


def of(connection: Connection, opportunity: Opportunity) -> DryRun:
    return dry_run(connection, Subject("opportunity", opportunity.id), timezone.now())


def tags(*played: Scene) -> list[str]:
    return [change.value for scene in played for change in scene.changes if change.kind == "tag"]


def turn(played: Rehearsal, beginning: str) -> tuple[Scene, ...]:
    return next(turn.scenes for turn in played.turns if turn.heading.startswith(beginning))


# --- harmless ---------------------------------------------------------------------------------------------------


def test_every_table_is_the_same_before_and_after(connection: Connection) -> None:
    make_check(connection.organization, connection.organization.reference_templates.get())
    before = everything()
    assert play(connection).turns
    assert everything() == before


def test_every_table_is_the_same_after_one_for_a_candidate_in_lever(
    connection: Connection, marcus: Opportunity
) -> None:
    before = everything(CallBudget)  # how fast the key is used is counted for these calls, too
    assert of(connection, marcus).rehearsal.turns
    assert everything(CallBudget) == before


@pytest.mark.parametrize("broken", ["_named", "_answered", "_cancel"])
def test_nothing_is_left_of_one_that_breaks_in_the_middle(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fall(*args: Any) -> str:
        assert Check.objects.exists()
        raise ZeroDivisionError

    before = everything()
    monkeypatch.setattr(rehearsal, broken, fall)
    with pytest.raises(ZeroDivisionError):
        play(connection)
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_when_it_is_a_transaction_of_its_own(connection: Connection) -> None:
    before = everything()
    assert play(connection).turns
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_nobody_else_ever_sees_its_rows(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = scenes.read_off

    def look(*args: Any) -> Scene:
        seen.append((Check.objects.count(), _as_another_sees_it("checks_check")))
        return real(*args)

    monkeypatch.setattr(rehearsal, "read_off", look)
    play(connection)
    assert set(seen) == {(1, 0)}


def _as_another_sees_it(table: str) -> int:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  (a name from this file)
            return int(cursor.fetchone()[0])
    finally:
        other.close()


def test_no_mail_leaves_and_no_task_is_queued(connection: Connection) -> None:
    play(connection)
    send_due()
    perform_actions()
    assert (mail.outbox, list(OrmQ.objects.all())) == ([], [])


class Queue(Broker):  # type: ignore[misc]  # django-q brings no types
    """A queue that no rollback reaches."""

    taken: list[str] = []

    def enqueue(self, task: str) -> str:
        self.taken.append(task)
        return ""


@pytest.fixture
def far_queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    monkeypatch.setattr(conf.Conf, "BROKER_CLASS", f"{__name__}.Queue")
    Queue.taken.clear()
    yield Queue.taken
    Queue.taken.clear()


def test_nobody_is_woken_by_whatever_queue_there_is(connection: Connection, far_queue: list[str]) -> None:
    wake("integrations.tasks.perform_actions")
    assert len(far_queue) == 1  # such a queue is told at once
    play(connection)
    assert len(far_queue) == 1


def test_silence_ends_where_it_ends_also_after_a_fault(far_queue: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), silence():
        _wake_and_fall()
    assert not far_queue
    wake("integrations.tasks.perform_actions")
    assert far_queue


def _wake_and_fall() -> None:
    wake("integrations.tasks.perform_actions")
    raise ZeroDivisionError


def test_lever_is_only_read(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    before = marcus.as_json()
    of(connection, marcus)
    assert {call.method for call in lever.calls.last()} == {"GET"}
    assert marcus.as_json() == before


def test_no_call_is_made_while_rows_are_locked(
    connection: Connection, lever: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = scenes.taken_back

    def counted() -> Any:
        calls.append(len(lever.calls.last()))
        return real()

    monkeypatch.setattr(rehearsal, "taken_back", counted)
    dry_run(connection, Subject("posting", lever.world.posting_named("Chief Officer").id), timezone.now())
    assert set(calls) == {1} == {len(lever.calls.last())}


def test_a_live_check_of_the_same_candidate_is_left_alone(connection: Connection, marcus: Opportunity) -> None:
    moved(connection, marcus)
    before = everything(CallBudget)
    of(connection, marcus)
    assert everything(CallBudget) == before


def test_links_in_it_open_nothing(connection: Connection) -> None:
    played = play(connection)
    texts = [mail.text for scene in played.scenes for mail in scene.mails]
    assert [text.count("http://testserver/c/…/") > 0 for text in texts] == [True] + [False] * 6
    assert [text.count("http://testserver/r/…/") > 0 for text in texts] == [False] + [
        True
    ] * 6  # thanks lead to the answers
    assert "http://testserver/reports/…/" in [change.value for change in played.scenes[-1].changes]


def test_mails_of_others_are_not_taken_for_its_own(connection: Connection) -> None:
    template = connection.organization.reference_templates.get()
    other = make_check(template=template, candidate_name="Noor Haddad")
    played = play(connection)
    assert "Noor Haddad" not in str(played)
    assert Message.objects.get(topic=other.topic).state == "waiting"


# --- true -------------------------------------------------------------------------------------------------------


def shown(played: Rehearsal) -> Happened:
    """All of the way that it should go, as a table of what reached whom and what came to stand in Lever."""
    return [line for scene in played.scenes for line in _lines(scene)]


def _lines(scene: Scene) -> Iterator[tuple[str, ...]]:
    yield from (("mail", mail.address, mail.subject) for mail in scene.mails)
    yield from ((change.kind, change.value) for change in scene.changes)


class Diary:
    """What really reaches people and Lever, from one look to the next."""

    def __init__(self, marcus: Opportunity) -> None:
        self.marcus, self.lines = marcus, Happened()
        self.mails, self.known = 0, set(self._in_lever())

    def _in_lever(self) -> Happened:
        notes = [("note", note.value) for note in self.marcus.notes]
        links = [("link", link) for link in self.marcus.contact.links]
        return [*(("tag", tag) for tag in self.marcus.tags), *links, *notes]

    def write(self) -> None:
        """Let the workers work, and note what is new."""
        send_due()
        perform_actions()
        new = mail.outbox[self.mails :]
        self.mails += len(new)
        self.lines += [("mail", letter.to[0].rpartition("<")[2].strip(">"), str(letter.subject)) for letter in new]
        self.lines += [line for line in self._in_lever() if line not in self.known]
        self.known |= set(self._in_lever())


def go_the_whole_way(connection: Connection, marcus: Opportunity) -> Happened:
    """What happens when the same candidate comes to the stage, and the same people answer."""
    diary = Diary(marcus)
    moved(connection, marcus)
    process_inbox()
    diary.write()
    check = Check.objects.get()
    check.name_references(named_by(check), "I agree.", timezone.now())
    diary.write()
    for reference in check.references.in_order():
        if Check.objects.get().is_live:
            reference.submit({}, timezone.now())
            diary.write()
    return [tuple(_veiled(part, check) for part in line) for line in diary.lines]


def _veiled(text: str, check: Check) -> str:
    return text.replace(str(check.public_id), "…").replace(check.public_id.hex[:12], "…")


def test_what_is_shown_is_what_then_happens(connection: Connection, marcus: Opportunity) -> None:
    before = shown(of(connection, marcus).rehearsal)
    assert before == go_the_whole_way(connection, marcus)
    assert [line[0] for line in before] == [
        *("mail", "tag"),
        *("mail", "mail", "mail", "tag"),
        *("mail", "tag", "mail", "tag"),
        *("mail", "tag", "link", "note"),
    ]


def test_it_is_also_true_of_a_tie_and_of_enough_answers(connection: Connection, marcus: Opportunity) -> None:
    make_template(connection.organization, name="A", ats_tag="fleet", minimum=1, priority=1)
    before = shown(of(connection, marcus).rehearsal)
    assert before == go_the_whole_way(connection, marcus)
    assert [line[0] for line in before].count("note") == 2
    assert [line[2] for line in before[-6:-4]] == ["Marcus Webb asked you for a reference"] * 2  # no longer needed


def test_what_is_shown_of_a_candidate_without_an_address_is_what_then_happens(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    marcus.contact.emails = []
    start = of(connection, marcus).start
    diary = Diary(marcus)
    moved(connection, marcus)
    diary.write()
    assert shown(start) == diary.lines == [("tag", "Vouch - ERROR (no email)")]


# --- how it may also go -----------------------------------------------------------------------------------------


def test_the_turns_are_those_that_a_check_can_take(connection: Connection) -> None:
    assert [turn.heading for turn in play(connection, candidate_name="Marcus Webb").turns] == [
        "If Marcus names nobody",
        "If the mail to Marcus comes back",
        "If nobody answers within 30 days",
        "If somebody declines",
        "If the mail to a reference comes back",
        "If it is canceled, or Marcus is archived in Lever",
        "If it is concluded early: by hand, after 30 days, or because Marcus is hired",
        "If Lever does not say within 14 days whether Marcus was hired",
    ]


def test_with_one_reference_it_cannot_be_concluded_early(connection: Connection) -> None:
    make_template(connection.organization, ats_tag="one", requests=("manager",))
    played = play(connection, "one")
    assert [scene.heading for scene in played.scenes[1:]] == [
        "When one reference is named",
        "When the reference has answered",
    ]
    assert not any("early" in turn.heading for turn in played.turns)


def test_who_does_not_answer_is_reminded_three_times_and_then_the_candidate_hears_of_it(connection: Connection) -> None:
    played = play(connection, candidate_email="m@post.example", now=MONDAY)
    *reminders, overdue, silent, expired = turn(played, "If nobody answers")
    assert [[mail.how for mail in scene.mails] for scene in reminders] == [["e-mail"] * 3] * 3
    assert [mail.address for mail in silent.mails] == ["m@post.example"] * 3
    assert (overdue.heading, expired.heading) == ("After 7 days", "After 30 days")


def test_each_reminder_stands_at_its_time_which_is_no_weekend(connection: Connection) -> None:
    *reminders, _overdue, _expired = turn(play(connection, now=MONDAY), "If Marcus names nobody")
    first, second, third = (scene.heading for scene in reminders)
    assert (first, second) == ("Tuesday, 24 November, 10:00", "Thursday, 26 November, 10:00")
    assert third.startswith("Monday, 30 November, 09:")  # two days later is a Saturday


def test_without_reminders_there_are_none(connection: Connection) -> None:
    connection.organization.reference_templates.update(reminders_at_most=0)
    played = turn(play(connection), "If nobody answers")
    assert [scene.heading for scene in played] == ["After 7 days", "After 30 days"]


@pytest.mark.usefixtures("texts_on")
def test_text_messages_own_words_and_the_templates_language_are_shown(connection: Connection) -> None:
    template = connection.organization.reference_templates.get()
    template.sends_texts, template.language = True, "de"
    template.save()
    words = {"language": "de", "moment": "reference-request", "organization": template.organization}
    template.notifications.create(subject="Auskunft", text="Guten Tag {reference},\n\n{link}", **words)
    template.notifications.create(channel="text", text="Bitte: {link}", **words)
    mails = play(connection).scenes[1].mails
    texts = [mail for mail in mails if mail.how == "text message"]
    assert {mail.subject for mail in mails if mail not in texts} == {"Auskunft"}
    assert [(mail.address, mail.text) for mail in texts] == [("+442079460000", "Bitte: http://testserver/r/…/")] * 3


def test_those_who_want_to_know_are_told(connection: Connection) -> None:
    connection.organization.reference_templates.update(
        tells_owner=True, tells_hiring_manager=True, hiring_manager_email="sam@northmoor.example"
    )
    played = play(connection, owner_email="ruth@northmoor.example")
    addresses = [mail.address for mail in played.scenes[-1].mails]
    assert {"sam@northmoor.example", "ruth@northmoor.example"} < set(addresses)
    assert "ruth@northmoor.example" in [
        mail.address for scene in turn(played, "If nobody answers") for mail in scene.mails
    ]


def test_a_day_from_which_fewer_are_enough_is_shown(connection: Connection) -> None:
    connection.organization.reference_templates.update(minimum=2, concludes_after_days=5)
    (scene,) = turn(play(connection), "If enough have answered after 5 days")
    assert tags(scene) == ["Vouch - Completed (review)"]


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("If Marcus names nobody", ["Vouch - Overdue", "Vouch - Expired"]),
        ("If the mail to Marcus", ["Vouch - ERROR (email refused)"]),
        ("If nobody answers", ["Vouch - Overdue", "Vouch - Expired"]),
        ("If somebody declines", ["Vouch - Awaiting references"]),
        ("If it is canceled", ["Vouch - Canceled"]),
        ("If it is concluded early", ["Vouch - Completed (review)"]),
    ],
)
def test_each_turn_has_its_tags(connection: Connection, beginning: str, expected: list[str]) -> None:
    assert tags(*turn(play(connection), beginning)) == expected


def test_whoever_was_asked_hears_that_it_is_over(connection: Connection) -> None:
    played = play(connection)
    for beginning, count in (("If nobody answers", 3), ("If it is canceled", 3), ("If it is concluded", 2)):
        mails = turn(played, beginning)[-1].mails
        assert ["no longer needed" in " ".join(mail.text.split()) for mail in mails] == [True] * count


def test_a_decline_asks_the_candidate_and_then_somebody_else(connection: Connection) -> None:
    declined, instead = turn(play(connection, candidate_email="m@post.example"), "If somebody declines")
    assert {mail.address for mail in declined.mails} == {"m@post.example", "reference-1@example.invalid"}
    assert [mail.name for mail in instead.mails] == ["Reference 4, manager"]


def test_without_a_template_there_is_the_error_and_nothing_else(connection: Connection) -> None:
    played = play(connection, "unknown")
    assert (tags(*played.scenes), played.turns) == (["Vouch - ERROR (no template)"], ())


def test_the_stand_in_is_called_the_candidate_throughout(connection: Connection) -> None:
    found = match(connection.organization, ["deck-officer"])
    played = rehearse(connection.organization, stand_in("Chief Officer"), found, timezone.now())
    assert played.scenes[0].heading == "When the candidate comes to the stage"
    assert "The candidate has applied to us" in played.scenes[1].mails[0].text.replace("\u00a0", " ")
    assert all(mail.address.endswith("example.invalid") for scene in played.scenes for mail in scene.mails)


def test_stand_ins_are_of_the_kind_that_the_template_asks_for(connection: Connection) -> None:
    names = [mail.name for mail in play(connection).scenes[1].mails]
    assert names == ["Reference 1, manager", "Reference 2, colleague", "Reference 3, colleague"]


def test_an_organization_without_a_connection_mails_and_writes_nothing_in_lever() -> None:
    organization = make_organization()
    make_template(organization, ats_tag="deck")
    played = rehearse(organization, make_candidacy(), match(organization, ["deck"]), timezone.now())
    assert not any(scene.changes for scene in played.scenes)


def test_the_tag_prefix_is_the_connections_own() -> None:
    connection = make_connection(tag_prefix="Refs")
    make_template(connection.organization, ats_tag="deck-officer")
    assert tags(play(connection).scenes[0]) == ["Refs - Candidate submitted"]
