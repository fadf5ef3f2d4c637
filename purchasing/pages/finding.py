"""Orders that a search finds, a page at a time: at about the same cost however many there are and are found.

As the API's lists do it (`purchasing.store.listing`): the words of the newest orders in the list's order are read
first, which fills the page where a search finds much. Where it finds little, the index of words is asked, for these
buyers alone: every purchase has its customers among its words.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections

from core.ids import CUSTOMER, public_id
from core.replica.reading import database_to_read
from purchasing.models.purchase import PurchaseQuerySet
from purchasing.search import Search, quoted
from purchasing.store.listing import asked_of_index

NEWEST = 1_000
"""Of how many orders in the list's order the words are read. Fewer than of a whole site: they lie among others'."""
MOST_BUYERS = 200
"""More than so many are not named to the index of words."""


def find(
    rows: PurchaseQuerySet,
    search: Search,
    *,
    site_id: int,
    buyers: Callable[[], list[int] | None],
    descending: bool,
    limit: int,
    offset: int,
) -> list[int]:
    """Our numbers of a page of what the search finds among `rows`, in their order.

    `rows`: of one site, each with the `key` that it is ordered by, then by our number in the same direction.
    `buyers`: whose orders they are at most; None: anybody's. Asked only when the index of words is.
    """
    keyed: Any = rows  # which types do not know
    try:
        inner, values = keyed.values_list("id", "key", "words").query.sql_with_params()
    except EmptyResultSet:  # of nobody
        return []
    by = "key DESC, id DESC" if descending else "key, id"
    newest = _fetch(
        # The last that was read is answered too, found or not: it tells whether there are more.
        f"SELECT id, place, found FROM (SELECT id, key, row_number() OVER (ORDER BY {by}) AS place, "  # noqa: S608  # fixed parts
        f"words @@ %s::tsquery AS found FROM ({inner} LIMIT {NEWEST}) AS newest) AS numbered "
        f"WHERE found OR place = {NEWEST} ORDER BY {by} LIMIT {limit} OFFSET {offset}",
        [search.query, *values],
    )
    found = [number for number, _place, is_found in newest if is_found]
    reached = newest[-1][1] if newest else None
    if len(found) == limit or (reached != NEWEST and (newest or not offset)):
        return found
    query, whole = asked_of_index(search, site_id=site_id)
    wanted = buyers()
    if wanted is not None and len(wanted) <= MOST_BUYERS:
        theirs = " | ".join(quoted(f"{site_id}={public_id(CUSTOMER, number)}") for number in wanted)
        query = f"({query}) & ({theirs})"
    asked = keyed.order_by().filter(words__matches=query, words__also_matches=whole)
    inner, values = asked.values_list("id", "key").query.sql_with_params()
    # OFFSET 0 keeps the order out of the search: PostgreSQL cannot decide to read everything in it.
    listed = _fetch(
        f"SELECT id FROM ({inner} OFFSET 0) AS found ORDER BY {by} LIMIT {limit} OFFSET {offset}",  # noqa: S608  # fixed parts
        values,
    )
    return [number for (number,) in listed]


def _fetch(text: str, values: Any) -> list[tuple[Any, ...]]:
    with connections[database_to_read()].cursor() as cursor:
        cursor.execute(text, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
