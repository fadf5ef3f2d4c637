"""What `/readyz` says of the replica."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import Error

from core.postgres.base import DatabaseWrapper
from core.replica.reading import PRIMARY, REPLICA, leave_replica, positions, wrapper
from core.replica.recent_writes import ask_primary

STATE = """
    SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END,
           round(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 1)::float8
"""


def replica_state() -> dict[str, object] | None:
    """None where there is none. Else its state, and how far it is behind the primary.

    `read`, `behind` (more than `DATABASE_REPLICA_LAG`) or `lost` (it did not answer, or is no replica). Seconds: since
    the last change that it has was made on the primary, 0 when it has all of them.
    """
    if REPLICA not in settings.DATABASES:
        return None
    if not positions.may_be_asked(time.monotonic()):
        return {"state": "lost"}
    position, _ = ask_primary(wrapper(PRIMARY), "", bound=0)
    try:
        replayed, seconds = _ask(wrapper(REPLICA))
    except Error:
        replayed, seconds = None, None
    if replayed is None:
        leave_replica()
        return {"state": "lost"}
    positions.replica_is_at(replayed)
    behind = max(0, position - replayed)
    seconds = 0.0 if not behind else seconds
    late = seconds is None or seconds > positions.bound
    return {"state": "behind" if late else "read", "bytes_behind": behind, "seconds_behind": seconds}


def _ask(replica: DatabaseWrapper) -> tuple[int | None, float | None]:
    [[(replayed, seconds)]] = replica.send([(STATE, [], True)])
    return replayed, seconds
