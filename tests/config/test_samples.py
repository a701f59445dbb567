"""The two reports that the demo ships."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks.models import Check
from checks.report_parts import report_of
from config import prospect_samples, samples
from notifications.models import Message
from prospects.models import Errand, Prospect
from templates_app.packs import load_shipped
from tests.factories import make_connection, make_organization, make_user

pytestmark = pytest.mark.django_db


def told() -> tuple[Check, Check, str, str]:
    """Both checks, and the pages of their reports."""
    reader, client = make_user(make_organization()), Client()
    assert reader.organization
    load_shipped(reader.organization)
    checks = samples.tell(reader.organization, reader, timezone.now())
    client.force_login(reader)
    clear, difficult = (client.get(reverse("report", args=[check.public_id])).text for check in checks)
    return *checks, clear, difficult


def test_the_clear_one_is_whole_and_names_who_said_what() -> None:
    clear, _other, page, _page = told()
    assert (clear.status, clear.counts()) == ("completed", (3, 3))
    assert "Odd Brekke" in page
    assert "port auxiliary" in page


def test_the_difficult_one_is_split_has_a_decline_a_cleared_signal_and_averages_only() -> None:
    _other, check, _page, page = told()
    assert check.frozen.is_averages_only
    assert sorted(check.references.values_list("status", flat=True)) == ["declined", *["submitted"] * 4]
    assert any(scale.is_far_apart for scale in report_of(check).scales) or "spread" in page
    assert "share one connection" in page


def test_no_mail_of_theirs_waits_to_be_sent() -> None:
    told()
    assert not Message.objects.waiting().exists()


def test_of_two_prospects_one_is_on_the_way_to_lever_and_one_waits() -> None:
    clear, *_rest = told()
    connection = make_connection(clear.organization)
    prospect_samples.tell(clear, timezone.now())
    connection.refresh_from_db()
    waiting = [prospect.name for prospect in Prospect.objects.waiting().order_by("pk")]
    assert waiting == ["Odd Brekke", "Pat Gallagher"]
    assert [str(errand.prospect) for errand in Errand.objects.due(timezone.now())] == ["Odd Brekke"]
    assert not Message.objects.waiting().exists()
