"""Work that a queue wakes: prospects on their way into Lever, and what their time brings."""

import random
import time

from django.conf import settings
from django.utils import timezone

from integrations.models import Connection
from notifications.leases import LONGEST_TASK
from notifications.tasks import wake_sender
from notifications.waking import wake
from prospects import asking, tending
from prospects.alone import alone
from prospects.models import Errand
from prospects.progress import note_begin
from prospects.running import THREADS, Lane, run

SHORT_TASK = 2.0  # seconds, where one worker has to do everything


def wake_export() -> None:
    """Ask a worker to go on with the export, if there is anything to do now."""
    if Connection.objects.filter(Errand.objects.waits_on(timezone.now())).exists():
        wake("prospects.tasks.export")


def export() -> None:
    """Whoever comes while another worker of the same cluster is at it leaves it to that one."""
    with alone() as is_ours:
        lanes = _lanes() if is_ours else []
        faults = run(lanes)
    if any(lane.has_more for lane in lanes):
        wake_export()
    if faults:
        raise ExceptionGroup("errands failed through a fault of ours", faults)


def wake_asking() -> None:
    if asking.unasked().exists():
        wake("prospects.tasks.ask")


def ask() -> None:
    """Whoever an import brought: was it them?"""
    if asking.ask(timezone.now()):
        wake_asking()
    wake_sender()


def _lanes() -> list[Lane]:
    """As many as have a thread, in any order: none comes last each time."""
    until = time.monotonic() + (LONGEST_TASK if settings.Q_CLUSTER["workers"] > 1 else SHORT_TASK)
    now = timezone.now()
    found = list(Connection.objects.filter(Errand.objects.waits_on(now)).values_list("pk", flat=True))
    lanes = [Lane(pk, until) for pk in random.sample(found, min(len(found), 4 * THREADS))]
    for lane in lanes:
        note_begin(lane.settings, lane.read(), now)
    return lanes


def sweep() -> None:
    """Every minute: whose time is over, and what a crash left behind."""
    now = timezone.now()
    tending.tend(now)
    wake_asking()
    wake_export()
