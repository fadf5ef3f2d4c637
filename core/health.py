"""Probes for balancers and service managers: is the process alive, and can it do its work?"""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.replica.state import replica_state


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so that a database restart does not kill web processes."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration of this version is applied; else 503 says which is not.

    A replica is told of and changes nothing: without it the primary answers everything.
    """
    problem = what_is_missing()
    if problem:
        return JsonResponse({"status": "unavailable", "detail": problem}, status=503, headers={"Retry-After": "2"})
    replica = replica_state()
    return JsonResponse({"status": "ready"} | ({} if replica is None else {"replica": replica}))


def what_is_missing() -> str | None:
    """Why work cannot be done now, or None when it can."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "The database cannot be reached."
    if _needed_migrations() - applied.keys():
        return "The database is not migrated: run `manage.py migrate`."
    return None


@cache
def _needed_migrations() -> frozenset[tuple[str, str]]:
    """Every migration of this version; read from disk once, as the files do not change under a running process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
