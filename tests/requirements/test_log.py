"""B2, as far as the log goes: every delivery with its verdict, the calls that it caused, and *process again*."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from accounts.roles import Role
from integrations.models import Action, Connection, Delivery
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import perform_actions, process_inbox
from tests.factories import make_user
from tests.integrations.signing import address, payload, signed

pytestmark = pytest.mark.django_db


def tell(client: Any, connection: Connection, opportunity: Opportunity, stage: str) -> None:
    """Lever says that the candidate came to the stage, and a worker takes it up."""
    body = signed(payload("candidateStageChange", opportunityId=opportunity.id, toStageId=stage))
    assert client.post(address(connection), body, content_type="application/json").status_code == 200
    process_inbox()


def read(client: Any, row: Delivery | Action) -> str:
    page = client.get(reverse(f"admin:integrations_{row._meta.model_name}_change", args=[row.pk])).text
    return " ".join(BeautifulSoup(page, "html.parser").select("main")[0].get_text(" ").split())


@pytest.fixture
def delivery(client: Any, connection: Connection, marcus: Opportunity) -> Delivery:
    """Marcus came to the stage, Lever told, and a super admin looks at what became of it."""
    tell(client, connection, marcus, connection.stage_id)
    perform_actions()
    client.force_login(make_user(connection.organization, Role.SUPER_ADMIN))
    return Delivery.objects.get()


def test_b2_a_delivery_says_what_was_decided_why_and_what_it_led_to(
    client: Any, delivery: Delivery, marcus: Opportunity
) -> None:
    text = read(client, delivery)
    assert text.startswith("Deliveries Marcus Webb Acted on")
    assert "What Vouch decided A check was started" in text
    assert "because the job is tagged deck-officer" in text
    assert f"GET /v1/opportunities/{marcus.id} 200" in text
    assert "Tag: Vouch - Candidate submitted Done" in text


def test_b2_an_action_says_which_calls_it_took(client: Any, delivery: Delivery, marcus: Opportunity) -> None:
    assert f"POST /v1/opportunities/{marcus.id}/addTags 200" in read(client, Action.objects.get())


def test_b2_every_delivery_is_found_by_the_candidates_name(
    client: Any, delivery: Delivery, connection: Connection, marcus: Opportunity
) -> None:
    """Also one without a check of its own."""
    tell(client, connection, marcus, "another-stage")
    page = client.get(reverse("admin:integrations_delivery_changelist"), {"q": "marcus"}).text
    names = [th.get_text(" ", strip=True) for th in BeautifulSoup(page, "html.parser").select(".list tbody th")]
    assert names == ["Marcus Webb", "Marcus Webb"]


def test_b2_processed_again_it_asks_lever_again_and_begins_nothing_twice(
    client: Any, delivery: Delivery, lever: SandboxServer, marcus: Opportunity
) -> None:
    url = reverse("admin:integrations_delivery_verb", args=[delivery.pk, "process-again"])
    assert "The delivery is processed again." in client.post(url, follow=True).text
    process_inbox()
    text = read(client, delivery)
    assert text.count(f"GET /v1/opportunities/{marcus.id} 200") == 2
    assert "A check was started with the template" in text  # what it did, whatever was looked at since
    assert Action.objects.count() == 1
