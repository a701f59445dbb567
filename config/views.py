"""Pages of the house itself: is it alive, is it ready."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from integrations.models import Heartbeat


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Touches nothing else."""
    return JsonResponse({"alive": True})


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database reachable, migrations applied, queue moving; 503 with what is not."""
    try:
        checks = {
            "database": True,
            "migrations": _is_migrated(),
            "queue": Heartbeat.is_beating(timezone.now()),
        }
    except DatabaseError:
        checks = {"database": False, "migrations": False, "queue": False}
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _is_migrated() -> bool:
    """Remembered once it is true: a running process never sees fewer migrations than before."""
    if cache.get("migrated"):
        return True
    executor = MigrationExecutor(connection)
    done = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if done:
        cache.set("migrated", True, timeout=None)
    return done
