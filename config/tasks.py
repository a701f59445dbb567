from django.utils import timezone

from integrations.models import Heartbeat


def beat() -> None:
    """Went through the queue and was carried out: the queue moves."""
    Heartbeat.beat(timezone.now())
