"""Lists of purchases, by keyset or offset: page 1 and page 1,000 cost about the same by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from core import sql
from purchasing.search import Search

NEWEST = 4_000
"""Of how many purchases in the list's order a search reads the words, before it asks the index for all it finds.

A word that many purchases have fills its page from these; one that few have is cheap to ask the index for. Either way
alone is slow for the other kind.
"""
FARTHER = (2, 4)
"""So many times as many are read where those read first show that this fills the page."""
SAMPLE = 200
"""The newest purchases of a site, by which the rarest of several words is told."""
COMMON = 4
"""Of the sample: when even the rarest word stands in so many, collecting all that it stands in costs more than asking
the index for all words at once.
"""
ROOM = "SELECT set_config('work_mem', '32MB', true)"
"""For what an index finds of common words: without it, PostgreSQL remembers whole pages and reads every row of them."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by, then by our number in the same direction; `kind`: the type of its values in SQL."""

    name: str
    column: str
    kind: str
    descending: bool


_KEYS = {
    "placed_at": ("ordered_at", "timestamptz"),
    "created_at": ("COALESCE(created_at, stored_at)", "timestamptz"),
    "updated_at": ("changed_at", "timestamptz"),
    "visible": ('visible_id COLLATE "C"', "text"),
}
ORDERS = {
    name: Order(name, column, kind, descending=name.startswith("-"))
    for key, (column, kind) in _KEYS.items()
    for name in (key, f"-{key}")
}
"""By the names of `order_by`. None of these columns is ever null."""
DEFAULT_ORDER = ORDERS["-placed_at"]
BY_DELETION = Order("deleted_at", "deleted_at", "timestamptz", descending=False)


@dataclass(slots=True)
class ListedPurchase:
    """A purchase as a list shows it, by `key`. `header`, `warnings` and `approval` are JSON text."""

    id: int
    type: str
    currency_code: str
    header: str
    revision: int
    revision_at: datetime
    calculated_total: Decimal
    amount_due: Decimal
    open_quantity: int
    shipped_quantity: int
    returned_quantity: int
    cancelled_quantity: int
    calculated_fulfilment_status: str | None
    paid: Decimal
    refunded: Decimal
    calculated_payment_status: str | None
    outstanding: Decimal
    credit: Decimal
    calculated_total_usd: Decimal | None
    warnings: str
    approval: str | None
    key: Any


@dataclass(slots=True)
class DeletedPurchase:
    """What is told of a purchase that is gone."""

    id: int
    spark_id: UUID
    platform_id: str
    internal_id: str
    visible_id: str
    key: datetime


@dataclass(slots=True)
class Place:
    """A place in a list: the page continues behind it."""

    key: datetime | str
    id: int


@dataclass(slots=True)
class Condition:
    """A condition in SQL with its values. `steady`: one plan is good for all values it may have."""

    sql: str
    values: Sequence[datetime | int | str | UUID | list[int]] = ()
    steady: bool = True


@dataclass(slots=True)
class Listing:
    """Which purchases of a site are listed, and in what order."""

    site_id: int
    conditions: Sequence[Condition] = ()
    search: Search | None = None
    order: Order = DEFAULT_ORDER
    deleted: bool = False
    after: Place | None = None
    limit: int = 100
    offset: int = 0


_COLUMNS = ", ".join(
    f"{item.name}::text" if item.name in ("header", "warnings", "approval") else item.name
    for item in fields(ListedPurchase)[:-1]
)
_OF_DELETED = ", ".join(item.name for item in fields(DeletedPurchase)[:-1])
_CUSTOMER = (
    "(SELECT id FROM customers_customer "
    "WHERE site_id = %s AND deleted_at IS NULL AND external_id = %s AND external_id <> '')"
)


def of_customer(column: str, *, site_id: int, number: int | None, external_id: str) -> Condition:
    """Purchases whose customer, child or agent has this number, else this external id; a blank one is nobody's."""
    if number is not None:
        return Condition(f"{column} = %s", [number])
    return Condition(f"{column} = {_CUSTOMER}", [site_id, external_id])


def list_purchases(listing: Listing) -> list[ListedPurchase]:
    """One page of the purchases that meet all conditions."""
    return [ListedPurchase(*row) for row in _page(listing, _COLUMNS)]


def list_numbers(listing: Listing) -> list[int]:
    """One page of our numbers of the purchases that meet all conditions."""
    return [number for number, _key in _page(listing, "id")]


def list_deleted(listing: Listing) -> list[DeletedPurchase]:
    """One page of the purchases that are gone."""
    return [DeletedPurchase(*row) for row in _page(listing, _OF_DELETED)]


def count_purchases(listing: Listing) -> int:
    """How many purchases there are on all pages together."""
    chosen = _chosen(listing, all_pages=True)
    if listing.search is not None:
        chosen = _searched(listing, chosen)
    return int(_fetch(f"SELECT count(*) FROM purchasing_purchase WHERE {chosen.text}", chosen)[0][0])  # noqa: S608  # fixed parts


@dataclass(slots=True)
class _Chosen:
    """A condition put together from many, its values in their order."""

    text: str
    values: list[Any] = field(default_factory=list)
    steady: bool = True

    def having(self, text: str, values: Sequence[str]) -> _Chosen:
        """With a search besides: what it finds differs too much for one plan."""
        return _Chosen(f"{self.text} {text}", [*self.values, *values], steady=False)


def _page(listing: Listing, columns: str) -> list[tuple[Any, ...]]:
    order = listing.order
    by = "{0} DESC, id DESC" if order.descending else "{0}, id"
    # Written into the text: a plan that is kept for any number of rows would be one for a tenth of the table.
    part = f"LIMIT {listing.limit}" + (f" OFFSET {listing.offset}" if listing.offset else "")
    ordered, chosen = f"ORDER BY {by.format(order.column)}", _chosen(listing, all_pages=False)
    shown = f"SELECT {columns}, {order.column} AS key FROM purchasing_purchase"  # noqa: S608  # fixed parts
    if listing.search is None:
        return _fetch(f"{shown} WHERE {chosen.text} {ordered} {part}", chosen)
    reach: int | None = NEWEST
    while reach is not None:
        found = _fetch(
            f"SELECT {columns}, key FROM (SELECT *, {order.column} AS key FROM purchasing_purchase WHERE {chosen.text} "  # noqa: S608  # fixed parts
            f"{ordered} LIMIT {reach}) AS newest WHERE words @@ %s::tsquery ORDER BY {by.format('key')} {part}",
            chosen.having("", [listing.search.query]),
        )
        if len(found) == listing.limit:
            return found
        reach = _farther(reach, found=len(found), limit=listing.limit)
    searched = _searched(listing, chosen)
    # OFFSET 0 keeps the order out of the search: PostgreSQL cannot decide to read everything in it.
    numbers = (
        f"SELECT id FROM (SELECT id, {order.column} AS key FROM purchasing_purchase WHERE {searched.text} OFFSET 0) "  # noqa: S608  # fixed parts
        f"AS found ORDER BY {by.format('key')} {part}"
    )
    text = _numbered(f"{shown} WHERE site_id = %s AND id IN ({numbers}) {ordered}")
    return sql.fetch_together((ROOM, []), (text, [listing.site_id, *searched.values]), prepare=False)[1]


def _farther(reach: int, *, found: int, limit: int) -> int | None:
    """How many have to be read for a full page, when so many were found in `reach`; None: more than is worth it."""
    needed = reach * limit * 1.25 / found if found else float("inf")
    return next((NEWEST * times for times in FARTHER if max(needed, reach + 1) <= NEWEST * times), None)


def _chosen(listing: Listing, *, all_pages: bool) -> _Chosen:
    """What a purchase of the listing meets but for the search; on one page also that it stands behind the place."""
    conditions = [
        Condition("site_id = %s", [listing.site_id]),
        Condition(f"deleted_at IS {'NOT ' if listing.deleted else ''}NULL"),
        *listing.conditions,
    ]
    order, after = listing.order, listing.after
    if after is not None and not all_pages:
        beyond = "<" if order.descending else ">"
        conditions.append(Condition(f"({order.column}, id) {beyond} (%s::{order.kind}, %s)", [after.key, after.id]))
    return _Chosen(
        " AND ".join(condition.sql for condition in conditions),
        [value for condition in conditions for value in condition.values],
        all(condition.steady for condition in conditions),
    )


def asked_of_index(search: Search, *, site_id: int) -> tuple[str, str]:
    """What the index of words is asked for, and what the rows that it finds are to have, each as a query.

    Of several words the index is asked for the rarest alone, and the rows for the others: collecting all that a common
    one stands in costs the index more than reading the few rows of a rare one.
    """
    token, words = search.token, search.words
    if len(words) < 2:
        return search.query, search.query
    counts = ", ".join(["count(*) FILTER (WHERE words @@ %s::tsquery)"] * len(words))
    (sample,) = sql.fetch(
        _numbered(
            f"SELECT {counts} FROM (SELECT words FROM purchasing_purchase "  # noqa: S608  # fixed parts
            f"WHERE site_id = %s AND deleted_at IS NULL ORDER BY ordered_at DESC, id DESC LIMIT {SAMPLE}) AS sample"
        ),
        [*words, site_id],
    )
    count, _length, rarest = min((count, -len(word), word) for count, word in zip(sample, words, strict=True))
    return (search.query if count >= COMMON else f"{token} | {rarest}"), search.query


def _searched(listing: Listing, chosen: _Chosen) -> _Chosen:
    """What is chosen and found by the search."""
    assert listing.search is not None
    query, whole = asked_of_index(listing.search, site_id=listing.site_id)
    if query == whole:
        return chosen.having("AND words @@ %s::tsquery", [query])
    # The function behind @@: no index knows it.
    return chosen.having("AND words @@ %s::tsquery AND ts_match_vq(words, %s::tsquery)", [query, whole])


def _fetch(text: str, chosen: _Chosen) -> list[tuple[Any, ...]]:
    return sql.fetch(_numbered(text), chosen.values, prepare=chosen.steady)


@lru_cache(maxsize=256)
def _numbered(text: str) -> str:
    """`%s` in their order as `$1`, `$2`…: conditions are put together before anybody knows their places."""
    first, *others = text.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(others, start=1))
