"""Workers for an account whose limit is so many times Lever's: nothing in the product can be told that.

It is an app of the bench's own settings, and exists in no other process.
"""

import environ
from django.apps import AppConfig


class Haste(AppConfig):
    """All that is per second becomes BENCH_HASTE times as fast.

    What is kept of the burst grows with it: one call in hand is a tenth of a second at Lever's own pace, and it stays
    one. The machine is not so many times as quick as the clock.
    """

    name = "config.bench"

    def ready(self) -> None:
        from integrations.models import CallBudget

        haste = environ.Env().float("BENCH_HASTE")
        in_hand = 20 - CallBudget.BURST
        CallBudget.BURST = max(1, 20 - round(in_hand * haste))
        for name in ("RATE", "SLOWEST", "RECOVERY"):
            setattr(CallBudget, name, getattr(CallBudget, name) * haste)
