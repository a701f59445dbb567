"""Every button of a row, clicked: what it changes, who may click it, and that a look changes nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.utils import timezone
from django_q.models import OrmQ

from accounts.models import Authenticator, User
from accounts.roles import Role
from checks.models import Check
from integrations.models import Action, Connection, Delivery, Webhook
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World as LeversWorld
from notifications.models import Message
from prospects.models import Prospect
from templates_app.models import ReferenceTemplate, Survey
from tests.factories import answers_for, make_user
from tests.portal.world import VISITORS, World, address

NOW = timezone.now()
Prepare = Callable[[World], Model]


def with_an_answer(world: World) -> Check:
    first = world.ours.check.references.in_order()[0]
    first.submit(answers_for(first), world.ours.check.created_at)
    return world.ours.check


def completed(world: World) -> Check:
    with_an_answer(world).complete(world.ours.check.created_at)
    return world.ours.check


def failed(name: str) -> Prepare:
    def prepare(world: World) -> Model:
        row: Model = getattr(world.ours, name)
        type(row)._base_manager.filter(pk=row.pk).update(state="failed", attempts=20, error="It went wrong.")
        return row

    return prepare


def complete(world: World) -> Connection:
    world.ours.connection.disable()
    return world.ours.connection


def changed_survey(world: World) -> Survey:
    survey: Survey = world.ours.template.survey
    survey.questions.filter(key="strength").delete()
    survey.note_changes()
    return survey


def with_an_app(world: World) -> User:
    user = make_user(world.ours.organization)
    Authenticator.objects.create(user=user, secret="a1", created_at=NOW, confirmed_at=NOW)
    return user


def archived(world: World) -> ReferenceTemplate:
    world.ours.template.archive()
    return world.ours.template


def refused(world: World) -> Prospect:
    Prospect.objects.filter(pk=world.ours.prospect.pk).update(state="refused", problem="No.")
    world.ours.prospect.errands.update(state="failed", error="No.", done_at=NOW)
    return world.ours.prospect


def still_in_lever(world: World) -> Prospect:
    rows = Prospect.objects.filter(pk=world.ours.prospect.pk)
    rows.update(state="withdrawn", withdrawn_at=NOW, exported_at=NOW, opportunity_id="an-opportunity")
    return world.ours.prospect


# model and verb -> a row in the state for it, who may click (as in VISITORS), what is true of the row afterwards
WRITERS = {Role.SUPER_ADMIN, Role.ADMIN, "operator"}
SUPER = {Role.SUPER_ADMIN, "operator"}
CHECKERS = {Role.SUPER_ADMIN, Role.ADMIN, Role.TEAM_MEMBER, "operator"}
VERBS: dict[tuple[str, str], tuple[Prepare, set[str], Callable[[Any], bool]]] = {
    ("accounts.user", "forget_app"): (with_an_app, SUPER, lambda user: not Authenticator.of(user)),
    ("checks.check", "conclude"): (with_an_answer, CHECKERS, lambda check: check.status == "completed"),
    ("checks.check", "cancel"): (lambda world: world.ours.check, CHECKERS, lambda check: check.status == "canceled"),
    ("checks.check", "hired"): (completed, CHECKERS, lambda check: check.outcome.said == "hired"),
    ("checks.check", "not_hired"): (completed, CHECKERS, lambda check: check.outcome.said == "not-hired"),
    ("checks.check", "ask_now"): (completed, CHECKERS, lambda check: check.outcome.ask_at <= timezone.now()),
    ("checks.check", "ask_nobody"): (completed, CHECKERS, lambda check: check.outcome.ask_at is None),
    ("checks.check", "reopen"): (completed, CHECKERS, lambda check: check.status == "awaiting"),
    ("checks.check", "erase"): (lambda world: world.ours.check, WRITERS, lambda check: check.erased_at is not None),
    ("prospects.prospect", "try_again"): (refused, WRITERS, lambda prospect: prospect.state == "waiting"),
    ("prospects.prospect", "clear"): (still_in_lever, WRITERS, lambda prospect: prospect.cleared_at is not None),
    ("prospects.prospect", "withdraw"): (
        lambda world: world.ours.prospect,
        WRITERS,
        lambda prospect: prospect.state == "withdrawn",
    ),
    ("notifications.message", "send_again"): (failed("message"), CHECKERS, lambda message: message.state == "waiting"),
    ("integrations.delivery", "process_again"): (failed("delivery"), SUPER, lambda row: row.state == "waiting"),
    ("integrations.action", "process_again"): (failed("action"), SUPER, lambda row: row.state == "waiting"),
    ("integrations.connection", "activate"): (complete, SUPER, lambda connection: connection.is_active),
    ("integrations.connection", "switch_off"): (
        lambda world: world.ours.connection,
        SUPER,
        lambda connection: connection.status == "disabled",
    ),
    ("integrations.connection", "disconnect"): (
        lambda world: world.ours.connection,
        SUPER,
        lambda connection: not connection.api_key and not connection.webhook_tokens.exists(),
    ),
    ("integrations.connection", "make_webhooks"): (
        lambda world: world.ours.connection,
        SUPER,
        lambda connection: connection.webhook_tokens.exclude(lever_id="").count() == len(Webhook),
    ),
    ("templates_app.referencetemplate", "make_default"): (
        lambda world: world.ours.template,
        WRITERS,
        lambda template: template.is_default,
    ),
    ("templates_app.survey", "duplicate"): (
        lambda world: world.ours.template.survey,
        WRITERS,
        lambda survey: Survey.objects.filter(name="Ours survey, copy 1").exists(),
    ),
    ("templates_app.survey", "discard"): (
        changed_survey,
        WRITERS,
        lambda survey: not survey.has_changes and survey.drafted() == survey.published(),
    ),
    ("templates_app.referencetemplate", "restore"): (archived, WRITERS, lambda template: not template.is_archived),
    ("templates_app.referencetemplate", "duplicate"): (
        lambda world: world.ours.template,
        WRITERS,
        lambda template: ReferenceTemplate.objects.filter(name="Ours template, copy 1").exists(),
    ),
}
WAKES = {"checks.check", "notifications.message", "integrations.delivery", "integrations.action"}
LATER = {("checks.check", "ask_now"), ("checks.check", "ask_nobody")}  # nothing is to be done before the next sweep

WHY = {"why": "They wrote to us."}  # for the verbs that ask


@pytest.fixture(scope="module")
def practice_lever() -> Iterator[SandboxServer]:
    with SandboxServer(LeversWorld.empty()) as server:
        server.world.add_key("Ours-secret-key")
        server.sandbox.rate = server.sandbox.burst = 1_000
        yield server


@pytest.fixture(autouse=True)
def lever(practice_lever: SandboxServer, settings: Any) -> None:
    """Some buttons ask Lever."""
    settings.LEVER_API_URL = practice_lever.api_url


def the_url(label: str, verb: str, row: Model) -> str:
    return address(label, "verb", row.pk, verb.replace("_", "-"))


def test_the_table_names_every_verb() -> None:
    pages: dict[Any, Any] = admin.site._registry
    found = {(m._meta.label_lower, verb) for m, page in pages.items() for verb in page.verbs}
    assert found == set(VERBS)


@pytest.mark.parametrize(("label", "verb"), VERBS)
def test_a_click_does_it_says_so_and_wakes_the_workers(world: World, label: str, verb: str) -> None:
    prepare, _who, is_done = VERBS[label, verb]
    row = prepare(world)
    OrmQ.objects.all().delete()
    answer = world.visitor(Role.SUPER_ADMIN).post(the_url(label, verb, row), WHY, follow=True)
    assert is_done(type(row)._base_manager.get(pk=row.pk))
    assert 'class="notice good"' in answer.text
    assert OrmQ.objects.exists() or label not in WAKES or (label, verb) in LATER


@pytest.mark.parametrize(("label", "verb"), VERBS)
def test_looking_at_its_page_changes_nothing(world: World, label: str, verb: str) -> None:
    prepare, _who, is_done = VERBS[label, verb]
    row = prepare(world)
    page = world.visitor(Role.SUPER_ADMIN).get(the_url(label, verb, row))
    assert page.status_code == 200
    assert not is_done(type(row)._base_manager.get(pk=row.pk))


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize(("label", "verb"), VERBS)
def test_only_those_who_may_can_click(world: World, label: str, verb: str, visitor: str) -> None:
    prepare, who, is_done = VERBS[label, verb]
    row = prepare(world)
    world.visitor(visitor).post(the_url(label, verb, row), WHY)
    assert is_done(type(row)._base_manager.get(pk=row.pk)) == (visitor in who)


@pytest.mark.parametrize(("label", "verb"), VERBS)
def test_the_button_is_there_for_those_who_may_and_for_nobody_else(world: World, label: str, verb: str) -> None:
    prepare, who, _is_done = VERBS[label, verb]
    row = prepare(world)
    url, page = the_url(label, verb, row), address(label, "change", row.pk)
    found = {visitor for visitor in VISITORS if url in world.visitor(visitor).get(page, follow=True).text}
    assert found == who


@pytest.mark.parametrize(("label", "verb"), VERBS)
def test_the_lists_menu_has_the_button_too(world: World, label: str, verb: str) -> None:
    row = VERBS[label, verb][0](world)
    shown = {"kept": "archived"} if verb == "restore" else {}  # what is archived is asked for
    assert the_url(label, verb, row) in world.visitor("operator").get(address(label, "changelist"), shown).text


def test_a_click_that_comes_too_late_says_so(world: World) -> None:
    world.ours.check.cancel(world.ours.check.created_at)
    answer = world.visitor(Role.ADMIN).post(the_url("checks.check", "conclude", world.ours.check), follow=True)
    assert "things have moved on" in answer.text
    assert Check.objects.get(pk=world.ours.check.pk).status == "canceled"


def test_a_click_is_put_down_to_its_person(world: World) -> None:
    check = with_an_answer(world)
    browser = world.visitor(Role.TEAM_MEMBER)
    browser.post(the_url("checks.check", "conclude", check))
    assert check.events.get(kind="concluded").user == world.ours.people[Role.TEAM_MEMBER]
    assert "Conclude with what is in" in browser.get(address("checks.check", "history", check.pk)).text


def test_after_the_click_one_is_back_where_the_button_stood(world: World) -> None:
    url = the_url("templates_app.referencetemplate", "make_default", world.ours.template)
    back = address("templates_app.referencetemplate", "changelist")
    browser = world.visitor(Role.ADMIN)
    assert browser.post(url, {"next": back}).headers["Location"] == back
    assert browser.post(url, {"next": "https://elsewhere.example/"}).headers["Location"].startswith("/admin/")


def test_a_forged_click_from_elsewhere_does_nothing(world: World) -> None:
    browser = world.visitor(Role.SUPER_ADMIN)
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(the_url("checks.check", "cancel", world.ours.check))
    assert answer.status_code == 403
    assert Check.objects.get(pk=world.ours.check.pk).is_live


def test_an_unknown_verb_is_not_found(world: World) -> None:
    assert world.visitor("operator").post(the_url("checks.check", "delete_all", world.ours.check)).status_code == 404


@pytest.mark.parametrize("kind", ["candidate-request", "reference-request", "sign-in"])
def test_a_mail_that_has_had_its_consequences_is_not_sent_again(world: World, kind: str) -> None:
    failed("message")(world)
    Message.objects.filter(pk=world.ours.message.pk).update(kind=kind)
    world.visitor(Role.SUPER_ADMIN).post(the_url("notifications.message", "send_again", world.ours.message))
    assert Message.objects.get(pk=world.ours.message.pk).state == "failed"


def test_what_is_done_in_lever_is_not_done_twice(world: World) -> None:
    Action.objects.filter(pk=world.ours.action.pk).update(state="done")
    world.visitor(Role.SUPER_ADMIN).post(the_url("integrations.action", "process_again", world.ours.action))
    assert Action.objects.get(pk=world.ours.action.pk).state == "done"


def test_a_delivery_that_was_ignored_can_be_processed_again(world: World) -> None:
    Delivery.objects.filter(pk=world.ours.delivery.pk).update(state="ignored")
    world.visitor(Role.SUPER_ADMIN).post(the_url("integrations.delivery", "process_again", world.ours.delivery))
    assert Delivery.objects.get(pk=world.ours.delivery.pk).state == "waiting"


def test_an_incomplete_connection_cannot_be_activated(world: World) -> None:
    connection = world.ours.connection
    connection.forget()
    world.visitor(Role.SUPER_ADMIN).post(the_url("integrations.connection", "activate", connection))
    assert Connection.objects.get(pk=connection.pk).status == "incomplete"


def test_a_copy_asks_the_same_people_and_has_no_tag(world: World) -> None:
    browser = world.visitor(Role.ADMIN)
    browser.post(the_url("templates_app.referencetemplate", "duplicate", world.ours.template))
    browser.post(the_url("templates_app.referencetemplate", "duplicate", world.ours.template))
    copies = ReferenceTemplate.objects.filter(name__startswith="Ours template, copy").order_by("name")
    assert [copy.name[-1] for copy in copies] == ["1", "2"]
    assert [request.relationship for request in copies[0].requests.order_by("position")] == ["manager", "peer", "any"]
    assert not any(copy.ats_tag or copy.is_default for copy in copies)


def test_there_is_never_more_than_one_default(world: World) -> None:
    browser, copy = world.visitor(Role.ADMIN), world.ours.template.duplicate()
    for template in (world.ours.template, copy):
        browser.post(the_url("templates_app.referencetemplate", "make_default", template))
    defaults = ReferenceTemplate.objects.filter(organization=world.ours.organization, is_default=True)
    assert list(defaults) == [copy]


def test_a_verb_that_asks_why_is_not_done_without_an_answer_and_keeps_it_in_the_history(world: World) -> None:
    browser, row = world.visitor(Role.ADMIN), world.ours.prospect
    url = the_url("prospects.prospect", "withdraw", row)
    assert "A few words are needed." in browser.post(url, {"why": "  "}).text
    assert Prospect.objects.get(pk=row.pk).state == "waiting"
    browser.post(url, WHY)
    history = browser.get(address("prospects.prospect", "history", row.pk)).text
    assert "Withdraw on their behalf: They wrote to us." in history
    assert not LogEntry.objects.filter(object_repr__contains="Farrow").exists()
