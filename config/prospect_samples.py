"""Two references of the demo's clear report who wish to hear of jobs: one goes to Lever, one waits behind a switch.

The people do not exist. One confirmed it before the first switch was put on, and is exported by the demo's own worker;
the other confirmed it later, and would go by the second switch.
"""

from datetime import datetime, timedelta

from checks.interest import JobInterest
from checks.models import Check
from integrations.models import Connection
from notifications.models import Message
from prospects.models import Prospect
from prospects.tasks import wake_export

AGREED = (
    "{company} may write to me at {address} about jobs for 12 months from today. I wish to hear about: {topics}. I can "
    "take this back at any time. It has nothing to do with the reference."
)
# Which of the references, what they wish to hear of, their job, and how many days ago they said so.
WHO = ((0, "marine engineering", "Chief Engineer", 4), (2, "surveys and classification", "Surveyor", 1))
SWITCHED_ON = timedelta(days=2)


def tell(check: Check, now: datetime) -> None:
    references = list(check.references.in_order())
    for place, topics, title, days in WHO:
        reference, then = references[place], now - timedelta(days=days)
        words = {"company": check.organization.name, "address": reference.email, "topics": topics}
        JobInterest.give(reference, months=12, topics=topics, consent_text=AGREED.format(**words), now=then)
        for prospect in Prospect.objects.of(reference):
            theirs = {"name": reference.name, "company": reference.company, "title": title}
            prospect.confirm(then + timedelta(hours=1), **theirs)
            Message.objects.about(prospect.topic).waiting().update(state=Message.State.DONE)
    on = {"exports_existing_prospects": True, "exports_existing_since": now - SWITCHED_ON}
    Connection.objects.filter(organization=check.organization).update(**on)
    wake_export()
