"""The letters of the managed way: who gets which, and what stands in them."""

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from accounts.roles import Role
from integrations import hand_over
from integrations.lever.objects import Stage
from integrations.managed import CUSTOMERS, Step
from integrations.sandbox.world import DEMO_API_KEY
from notifications.models import Message
from tests.factories import make_operator, make_user
from tests.integrations.walk import STEPS, TOKEN, Walk, browser_of, words

pytestmark = pytest.mark.django_db


TOLD = {"request": "operators", "enable": "super admins", "settings": "operators", "address": "super admins"}
TOLD |= {"activate": "super admins"}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_told_to_those_who_go_on_and_to_nobody_else(walk: Walk, step: str) -> None:
    second = make_user(walk.organization, Role.SUPER_ADMIN, email="mirjam@northmoor.example")
    make_user(walk.organization, Role.ADMIN)
    make_user(walk.organization, Role.SUPER_ADMIN, is_active=False)
    make_user(role=Role.SUPER_ADMIN)
    other = make_operator(email="other@vouch.example")
    make_operator(email="gone@vouch.example", is_active=False)
    readers = {"operators": {walk.operator.email, other.email}, "super admins": {walk.ruth.email, second.email}}
    walk.to(step)
    expected = readers[TOLD[step]] if step in TOLD else set()
    assert {mail.to_address for mail in walk.mails(step)} == expected


@pytest.mark.parametrize("step", TOLD)
def test_a_letter_is_from_vouch_and_its_answer_reaches_who_acted(walk: Walk, step: str) -> None:
    walk.to(step)
    (mail,) = walk.mails(step)
    actor = walk.ruth if step in CUSTOMERS else walk.operator
    assert (mail.from_name, mail.reply_to, mail.organization) == ("Vouch", actor.email, walk.organization)
    assert (mail.kind, mail.topic) == (f"connection-{step}", f"connection:{walk.connection.pk}")
    assert OrmQ.objects.exists()


@pytest.mark.parametrize("step", TOLD)
def test_no_letter_holds_a_secret(walk: Walk, step: str) -> None:
    walk.to(Step.ACTIVATE)
    (mail,) = walk.mails(step)
    assert [secret for secret in (DEMO_API_KEY, TOKEN) if secret in mail.text + mail.html + mail.subject] == []


@pytest.mark.parametrize("step", TOLD)
def test_both_twins_say_the_same_and_lead_to_a_page_of_ours(walk: Walk, step: str) -> None:
    walk.to(step)
    (mail,) = walk.mails(step)
    links = [line for line in mail.text.splitlines() if line.startswith("http://testserver/admin/")]
    assert links
    assert all(f'href="{link}"' in mail.html for link in links)
    reader = walk.operator if TOLD[step] == "operators" else walk.ruth
    assert {
        browser_of(reader).get(link.removeprefix("http://testserver"), follow=True).status_code for link in links
    } == {200}
    assert max(map(len, [line for line in mail.text.splitlines() if "http" not in line])) <= 72


@pytest.mark.parametrize(("role", "sees"), [(Role.SUPER_ADMIN, True), (Role.ADMIN, True), (Role.TEAM_MEMBER, False)])
def test_who_may_not_see_connections_sees_no_letter_about_one(walk: Walk, role: str, sees: bool) -> None:
    walk.take(Step.REQUEST)
    browser = browser_of(make_user(walk.organization, role))
    assert ("asks to be connected" in browser.get("/admin/notifications/message/").text) == sees
    page = browser.get(f"/admin/notifications/message/{walk.mails('request')[0].pk}/change/")
    assert (page.status_code == 200) == sees


def test_a_choice_that_is_left_is_said_at_its_step_to_the_operator_alone(walk: Walk) -> None:
    walk.to(Step.SETTINGS, stage="Referees")
    assert "Choose below, from what the account has." in words(walk.steps())
    assert "Choose below" not in words(walk.steps(walk.ruth))


def test_the_stage_is_no_news_to_anybody(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    earlier = Message.objects.count()
    walk.take(Step.STAGE)
    assert Message.objects.count() == earlier


def test_an_effect_sees_the_stage_that_was_found(walk: Walk) -> None:
    walk.take(Step.REQUEST)
    found = Stage(id="x" * 10, text="y" * 300)
    hand_over.store_stage(walk.connection, "y", found, walk.operator, timezone.now())
    assert (walk.connection.stage_id, len(walk.connection.stage_name)) == ("x" * 10, 120)
