"""Indexes and references of tables that are filled by COPY, made anew in one go afterwards.

Sorting once is several times cheaper than finding the place of each row. Constraints that other tables refer to stay,
and so do checks; references are checked when they are made again. Within one transaction: others never see the tables
without them, and wait.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from django.db import connection

_REFERENCES = """
SELECT format('%%s', conrelid::regclass), quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]::oid[]) ORDER BY conrelid, conname
"""
_INDEXES = """
SELECT held.indexrelid::regclass::text, pg_get_indexdef(held.indexrelid) FROM pg_index AS held
WHERE held.indrelid = ANY(%s::regclass[]::oid[])
    AND NOT EXISTS (SELECT FROM pg_constraint AS made WHERE made.conindid = held.indexrelid)
ORDER BY held.indrelid, 1
"""
MEMORY = "1GB"
"""For sorting; given back with the transaction."""


@contextlib.contextmanager
def indexes_aside(tables: Sequence[str], *, tell: Callable[[str], None]) -> Iterator[None]:
    """Within the caller's transaction: the tables without their indexes and references while the block lasts."""
    if not tables:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_REFERENCES, [list(tables)])
        references = cursor.fetchall()
        cursor.execute(_INDEXES, [list(tables)])
        indexes = cursor.fetchall()
        for table, name, _definition in references:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [MEMORY])
        for name, definition in indexes:
            tell(f"index {name}")
            cursor.execute(definition)
        for table, name, definition in references:
            tell(f"reference {name}")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
