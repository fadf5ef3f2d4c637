"""SQL of the hot path: statements as PostgreSQL reads them (`$1`, `$2`), in the caller's transaction.

Django's own cursor translates `%s` in every statement anew, which for the longest ones costs more than running them.
(Sending several without waiting for each answer was tried: the driver's bookkeeping costs what the round trips save.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def fetch(statement: str, values: Sequence[Any], *, prepare: bool = True) -> list[tuple[Any, ...]]:
    """Run one statement and answer its rows. Its text is one of a fixed few: PostgreSQL keeps those prepared.

    `prepare=False` has it planned for these values each time, for a statement whose best plan depends on them.

    Errors are Django's (`django.db.IntegrityError` and the like).
    """
    return _run(statement, values, prepare=None if prepare else False).fetchall()


def run(statement: str, values: Sequence[Any]) -> None:
    """Run one statement that answers no rows."""
    _run(statement, values)


def _run(statement: str, values: Sequence[Any], *, prepare: bool | None = None) -> psycopg.RawCursor[tuple[Any, ...]]:
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    if database.queries_logged:
        database.queries_log.append({"sql": statement, "time": "0"})
    with database.wrap_database_errors:
        return psycopg.RawCursor(database.connection).execute(statement, values, prepare=prepare)
