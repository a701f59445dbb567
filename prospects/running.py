"""Several organizations' errands side by side, each in its own lane of threads, none waiting for another.

A lane begins with one thread. If that gets something through, the lane gets its other threads; if Lever is away, the
lane rests until the next task, and has cost one call. A turn of a thread is short, and then it stands in line again:
so many organizations share few threads evenly.
"""

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.db import connection, connections
from django.utils import timezone

from integrations.account import lever
from integrations.lever.client import Lever
from integrations.models import Connection
from prospects.models import Errand, ProspectSettings
from prospects.outbox import Came, perform

THREADS = 16  # of one task, whoever's
THREADS_EACH = 4  # of them, for one connection: more than the calls that Lever takes while it answers one
MANY = 10  # errands that wait: with fewer, one thread does
FIRST_TURN = 1.0  # seconds of one thread alone: most often that is all there is to do
TURN = 5.0  # seconds
TROUBLES = 3  # in a row without an errand that went through: the lane rests
REFUSALS = 5  # people in a row whom Lever refuses: something is wrong that is not theirs


@dataclass(frozen=True)
class Turn:
    """What a thread did in its turn: how many went through, and why it ended."""

    through: int = 0
    came: Came = Came.THROUGH
    is_empty: bool = False


class Lane:
    """One connection's errands in one task. Its counts are changed by one thread alone, that which hands out turns."""

    def __init__(self, connection_id: int, until: float) -> None:
        self.pk = connection_id
        # Errands read the settings by way of the organization.
        self.settings = ProspectSettings.of(self.read().organization)
        self.until = until
        self.is_proven = False
        self.is_empty = False
        self.troubles = self.refusals = self.at_work = 0

    def read(self) -> Connection:
        """The connection with its organization and settings, as they are now."""
        return Connection.objects.select_related("organization__prospect_settings").get(pk=self.pk)

    def take_turn(self) -> Turn:
        """Until the turn or the task is over, nothing is due, or something is amiss."""
        ends = min(self.until, time.monotonic() + (TURN if self.is_proven else FIRST_TURN))
        through = 0
        opened = self.read()
        with lever(opened) as account:
            while errand := self._claim(opened):
                came = self._attempt(errand, account)
                through += came is Came.THROUGH
                if came is not Came.THROUGH or time.monotonic() > ends:
                    return Turn(through, came)
        return Turn(through, is_empty=True)

    def _claim(self, opened: Connection) -> Errand | None:
        """The switches are read anew for each: who switches off stops the next one, and so does another key."""
        connection = self.read()
        if (connection.key_digest, connection.environment) != (opened.key_digest, opened.environment):
            return None
        rows = Errand.objects.select_related("prospect").defer("prospect__token")
        errand = rows.claim_on(connection, timezone.now())
        if errand:
            errand.connection = connection
            errand.prospect.organization = connection.organization
        return errand

    def _attempt(self, errand: Errand, account: Lever) -> Came:
        came: list[Came] = []
        errand.undergo(lambda row: came.append(perform(row, account)))
        return came[0] if came else Came.THROUGH

    def hear(self, turn: Turn) -> int:
        """Learn from a turn that ended; how many threads should now be sent instead of it."""
        self.at_work -= 1
        self.is_empty = self.is_empty or turn.is_empty
        if turn.through:
            self.is_proven, self.troubles, self.refusals = True, 0, 0
        self.troubles += turn.came is Came.TROUBLED
        self.refusals += turn.came is Came.REFUSED
        if self.refusals >= REFUSALS:
            self.settings.stop(self._last_refusal(), timezone.now())
            self.refusals = 0
        return 0 if self.is_over else (width() if self.is_proven else 1) - self.at_work

    def _last_refusal(self) -> str:
        refused = Errand.objects.filter(connection=self.pk, kind=Errand.Kind.EXPORT, state=Errand.State.FAILED)
        return refused.order_by("-done_at").values_list("error", flat=True).first() or "?"

    def is_short(self) -> bool:
        """So few wait that threads are not worth while."""
        waiting = Errand.objects.waiting().filter(connection=self.pk, next_at__lte=timezone.now())
        return len(waiting.values_list("pk")[:MANY]) < MANY

    @property
    def is_over(self) -> bool:
        is_stuck = self.troubles >= (TROUBLES if self.is_proven else 1)
        return self.is_empty or is_stuck or time.monotonic() > self.until

    @property
    def has_more(self) -> bool:
        return not self.is_empty and not self.troubles


def width() -> int:
    """Threads for one connection. SQLite lets one write at a time, and more would only wait for each other."""
    return 1 if connection.vendor == "sqlite" else THREADS_EACH


def run(lanes: list[Lane]) -> list[Exception]:
    """Work on all lanes until they are over; the faults of ours that came up meanwhile."""
    wanted = dict.fromkeys(lanes, 1) if len(lanes) > 1 else {lane: _alone(lane) for lane in lanes}
    if not any(wanted.values()):
        return []
    with ThreadPoolExecutor(min(THREADS, THREADS_EACH * len(lanes)), "export") as pool:
        return _together(pool, wanted)


def _alone(lane: Lane) -> int:
    """Without threads as long as one is enough, which it most often is; then how many the lane is to have."""
    more = 1
    while more == 1 or (more and lane.is_short()):
        lane.at_work += 1
        more = lane.hear(lane.take_turn())
    return more


def _together(pool: ThreadPoolExecutor, wanted: dict[Lane, int]) -> list[Exception]:
    """This thread alone hands out turns; whoever ends one stands in line again, behind the others."""
    pending: dict[Future[Turn], Lane] = {}
    faults: list[Exception] = []

    def send(lane: Lane, count: int) -> None:
        for _number in range(count):
            lane.at_work += 1
            pending[pool.submit(_in_a_thread, lane)] = lane

    for lane, count in wanted.items():
        send(lane, count)
    while pending:
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            lane, fault = pending.pop(future), future.exception()
            faults += [fault] if isinstance(fault, Exception) else []
            send(lane, lane.hear(Turn(came=Came.TROUBLED) if fault else future.result()))
    return faults


def _in_a_thread(lane: Lane) -> Turn:
    try:
        return lane.take_turn()
    finally:
        connections.close_all()
