"""When a client was last used: written after the answer has gone out, at most once a minute per process."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from django.db import DatabaseError
from django.db.models.functions import Now

from core.models import ApiClient

INTERVAL_SECONDS = 60

_noted: dict[int, float] = {}
_waiting: set[int] = set()


def note_use(client_pk: int) -> None:
    """Remember that the client is being used. Writes nothing."""
    clock = time.monotonic()
    if clock - _noted.get(client_pk, -INTERVAL_SECONDS) >= INTERVAL_SECONDS:
        _noted[client_pk] = clock
        _waiting.add(client_pk)


def write_uses(**_signal: Any) -> None:
    """Write what was noted. Receiver of the end of a request; several may end at once."""
    if not _waiting:
        return
    clients = _waiting.copy()
    _waiting.difference_update(clients)
    # The note is of no weight: when the database is away it is left out, and the next minute writes it.
    with contextlib.suppress(DatabaseError):
        ApiClient.objects.filter(pk__in=clients).update(last_used_at=Now())
