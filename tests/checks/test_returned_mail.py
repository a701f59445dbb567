"""Mail that came back, at once or days later: the check moves on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from checks.models import Check, Reference
from checks.tasks import tend_checks
from notifications.models import Message
from tests.factories import make_awaiting_check, make_check

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def message_to(reference: Reference, kind: str, **fields: Any) -> Message:
    return Message.objects.create(
        organization=reference.for_check.organization,
        key=f"{kind}:{reference.pk}",
        kind=kind,
        topic=reference.topic,
        to_address=reference.email,
        created_at=NOW,
        next_at=NOW,
        **fields,
    )


@pytest.fixture
def reference() -> Reference:
    found: Reference = make_awaiting_check().references.in_order()[0]
    return found


def test_an_invitation_that_comes_back_later_asks_for_another_reference(reference: Reference) -> None:
    assert reference.invitation is not None
    reference.invitation.settle("done", NOW)
    reference.invitation.learn_fate("bounced", NOW, "550 No such user")

    tend_checks()

    reference.refresh_from_db()
    assert reference.status == "bounced"
    assert Message.objects.filter(topic=reference.for_check.topic, kind="candidate-another").count() == 1


@pytest.mark.parametrize("came_back", [{"state": "failed"}, {"state": "done", "fate": "bounced"}])
def test_a_reminder_that_comes_back_counts_as_well(reference: Reference, came_back: dict[str, str]) -> None:
    message_to(reference, "reference-reminder", **came_back)

    assert list(Reference.objects.bouncing()) == [reference]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("reference-reminder", {"state": "done", "fate": "delivered"}),
        ("reference-reminder", {"state": "done", "fate": "complained"}),
        ("reference-reminder", {"state": "failed", "channel": "text"}),
        ("reference-released", {"state": "failed"}),
    ],
)
def test_other_news_does_not(reference: Reference, kind: str, fields: dict[str, str]) -> None:
    message_to(reference, kind, **fields)

    assert not Reference.objects.bouncing().exists()


def test_a_candidate_whose_mail_comes_back_later_is_lost() -> None:
    check = make_check()
    assert check.invitation is not None
    check.invitation.settle("done", NOW)
    check.invitation.learn_fate("bounced", NOW, "550 No such user")

    assert list(Check.objects.uninvited()) == [check]
    tend_checks()
    check.refresh_from_db()
    assert (check.status, check.problem) == ("error", "email refused")


def plan(rows: Any) -> Iterator[str]:
    return iter(rows.explain().splitlines())


def test_they_are_found_from_the_mails_and_not_from_everybody_who_is_asked(reference: Reference) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by how much there is; here there is nothing.")

    assert not any("SCAN checks_reference" in step for step in plan(Reference.objects.bouncing()))
