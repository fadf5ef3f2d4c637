"""Where in the primary's log the last write of each caller ended, so that any process knows when the replica has it.

Kept on the primary, in a table that is not logged: a note costs neither a sync nor a place on the replica. A crash of
the primary empties it. Notes older than the bound say nothing, as a replica older than that is not read.
"""

from __future__ import annotations

import logging

from django.db import Error

from core.postgres.base import DatabaseWrapper

logger = logging.getLogger(__name__)

NOTE = """
    INSERT INTO core_recentwrite AS known (caller, position, written_at)
    VALUES ($1, (pg_current_wal_flush_lsn() - '0/0')::bigint, now())
    ON CONFLICT (caller) DO UPDATE
       SET position = EXCLUDED.position, written_at = EXCLUDED.written_at
     WHERE known.position < EXCLUDED.position OR known.written_at < now() - interval '1 minute'
"""
ASK = """
    SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint,
           (SELECT position FROM core_recentwrite
             WHERE caller = $1 AND written_at > now() - $2::float8 * interval '1 second')
"""
ASK_REPLICA = """
    SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END
"""


def note_write(primary: DatabaseWrapper, caller: str) -> None:
    """What this caller has written until now is what he must see. For the end of a request, outside transactions.

    When the primary has gone away meanwhile the note is left out: what was confirmed stays confirmed, and without the
    primary nobody is told where to read.
    """
    try:
        primary.send([(NOTE, [caller], True)])
    except Error:
        logger.warning("The end of a write could not be noted: until the replica has it, its caller may not see it.")


def ask_primary(primary: DatabaseWrapper, caller: str, *, bound: float) -> tuple[int, int | None]:
    """Where the primary is now, and where the last write of this caller ended, if that was within the bound."""
    [[(position, needed)]] = primary.send([(ASK, [caller, str(bound)], True)])
    return position, needed


def ask_replica(replica: DatabaseWrapper) -> int | None:
    """How far the replica is; None when it is none (any more)."""
    [[(position,)]] = replica.send([(ASK_REPLICA, [], True)])
    return None if position is None else int(position)
