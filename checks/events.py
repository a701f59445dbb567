"""What happened to a check, one line each, never changed."""

from django.db import models

from accounts.models import User
from checks.querysets import EventQuerySet

# Kinds whose detail is a figure, a word of ours or about the template, and never about a person.
IMPERSONAL = ("started", "invited", "named", "completed", "canceled", "erased", "spared", "later", "fewer")


class Event(models.Model):
    """Something that a person or Vouch did. `kind` is a key of the sentences in `checks/timeline.py`."""

    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="events")
    reference = models.ForeignKey("checks.Reference", models.CASCADE, null=True, related_name="events")
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=12)
    detail = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["for_check", "at"])]
        constraints = [
            # A person's first reading of a report is noted once, whatever is clicked at the same moment.
            models.UniqueConstraint(
                fields=["for_check", "user"],
                condition=models.Q(kind="opened"),
                name="checks_event_opened_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
