"""Whoever an import brought, and who did not confirm it elsewhere, is asked by mail: many of them, and each once."""

import time
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from notifications.leases import LONGEST_TASK
from notifications.models import Message
from prospects import letters
from prospects.models import Prospect
from prospects.querysets import ProspectQuerySet

AT_ONCE = 100  # rows that are read together


def unasked() -> ProspectQuerySet:
    """Nothing was ever written to them."""
    topic = Concat(Value("prospect:"), Cast(OuterRef("pk"), CharField()))
    rows = Prospect.objects.filter(state="unconfirmed", source="import", problem="")
    return rows.filter(~Exists(Message.objects.filter(topic=topic)))


def ask(now: datetime) -> bool:
    """Until all are asked, or the task has had its time: True then."""
    begun = time.monotonic()
    while some := list(unasked().select_related("organization").order_by("pk")[:AT_ONCE]):
        for prospect in some:
            with transaction.atomic():
                prospect.hold()
                if prospect.state == Prospect.State.UNCONFIRMED:
                    letters.ask_whether_it_was_them(prospect, now, was_asked=True)
        if time.monotonic() - begun > LONGEST_TASK:
            return True
    return False
