"""SQL of the hot path: statements as PostgreSQL reads them (`$1`, `$2`), in the caller's transaction.

Django's own cursor translates `%s` in every statement anew, which for the longest ones costs more than running them.
Within `pipelined()` statements are sent without waiting for the one before; results wait until they are fetched.
Errors are Django's (`django.db.IntegrityError` and the like).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


class Sent:
    """A statement that was sent; `rows()` waits for what it answers."""

    def __init__(self, cursor: psycopg.RawCursor[tuple[Any, ...]]) -> None:
        self._cursor = cursor

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.wrap_database_errors:
            return self._cursor.fetchall()


def send(sql: str, values: Sequence[Any]) -> Sent:
    """Send one statement. Its text is one of a fixed few, so that PostgreSQL keeps it prepared."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql, "time": "0"})
    with connection.wrap_database_errors:
        cursor = psycopg.RawCursor(connection.connection)
        cursor.execute(sql, values)  # type: ignore[arg-type]  # not a literal, but one of a fixed few
    return Sent(cursor)


@contextmanager
def pipelined() -> Iterator[None]:
    """Send the statements of this block together; leaving it waits until all have run."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
