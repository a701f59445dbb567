"""Candidacies that end in the practice Lever, and checks that may hear of it."""

from datetime import datetime, timedelta

from django.utils import timezone

from checks.models import Check, Outcome
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox, sweep
from tests.factories import make_completed_check


def reason(lever: SandboxServer, text: str = "Hired") -> str:
    """The id of an archive reason: Hired, Underqualified, Withdrew, Position closed."""
    return next(each.id for each in lever.world.reasons.values() if each.text == text)


def completed(connection: Connection, marcus: Opportunity, now: datetime | None = None) -> Check:
    template = connection.organization.reference_templates.get()
    return make_completed_check(template=template, opportunity_id=marcus.id, now=now)


def outcome_of(check: Check) -> Outcome:
    """As it is stored now."""
    return Outcome.objects.get(for_check=check)


def heard(check: Check) -> tuple[str, str]:
    outcome = outcome_of(check)
    return outcome.in_ats, outcome.ats_reason


def archives(connection: Connection, lever: SandboxServer) -> None:
    """From now on what somebody says is archived in Lever, too."""
    Connection.objects.filter(pk=connection.pk).update(
        outcome_writes=Connection.OutcomeWrites.ARCHIVE,
        hired_reason_id=reason(lever, "Hired"),
        hired_reason_name="Hired",
        not_hired_reason_id=reason(lever, "Position closed"),
        not_hired_reason_name="Position closed",
    )


def days_pass(check: Check, days: int = 15) -> None:
    """As if it had been completed so long ago: what was planned for in so many days is due."""
    ago = timedelta(days=days)
    Check.objects.filter(pk=check.pk).update(completed_at=check.completed_at - ago)
    Outcome.objects.filter(for_check=check).update(ask_at=timezone.now() - timedelta(minutes=1))


def a_round() -> None:
    """The minute passes."""
    sweep()
    process_inbox()
