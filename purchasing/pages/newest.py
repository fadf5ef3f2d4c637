"""The newest of a list's purchases, a page at a time, where few of a company's very many are on it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from purchasing.models.purchase import PurchaseQuerySet

MOST_BUYERS = 200
"""Of more, PostgreSQL chooses how the list is read."""


def newest_of(rows: PurchaseQuerySet, *, buyers: list[int] | None, limit: int, offset: int) -> PurchaseQuerySet:
    """A page of `rows`, which are these buyers' at most (None: anybody's), newest first.

    Of each buyer no more is read than the page can hold of him, by the index that has his in order, and then the
    newest of all. Without that, everything that is on the list would be read and sorted.
    """
    rows = rows.newest_first()
    if buyers is None or len(buyers) > MOST_BUYERS:
        page: PurchaseQuerySet = rows[offset : offset + limit]
        return page
    return rows.filter(pk__in=_numbers(rows, buyers, limit, offset))


def _numbers(rows: PurchaseQuerySet, buyers: list[int], limit: int, offset: int) -> list[int]:
    arms, values = [], list[Any]()
    for role in ("customer", "child"):
        theirs: Any = rows.select_related(None).filter(**{f"{role}_id": RawSQL("buyer.number", [])})
        try:
            text, given = theirs[: offset + limit].values_list("id", "ordered_at").query.sql_with_params()
        except EmptyResultSet:
            return []
        arms.append(f"({text})")
        values += given
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM (SELECT theirs.* FROM unnest(%s::bigint[]) AS buyer (number) "  # noqa: S608  # fixed parts
            f"CROSS JOIN LATERAL ({' UNION ALL '.join(arms)}) AS theirs) AS found (id, ordered_at) "
            "GROUP BY id, ordered_at ORDER BY ordered_at DESC, id DESC LIMIT %s OFFSET %s",
            [buyers, *values, limit, offset],
        )
        return [number for (number,) in cursor.fetchall()]
