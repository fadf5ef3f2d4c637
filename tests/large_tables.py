"""Tables that PostgreSQL takes for large ones when it plans, as it would where there is much in them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

ROWS = 300_000


def take_for_large(tables: Iterable[str]) -> None:
    """Until the test ends. The planner multiplies the density of rows by the pages there are, also by empty ones that
    earlier tests leave; so what is told of both is as it is, but for the number of rows.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(
                "UPDATE pg_class SET reltuples = %s, relpages = pg_relation_size(oid) / 8192 WHERE oid = %s::regclass",
                [ROWS, table],
            )
