"""Look-ups of the hot path: each locks or reads in one statement, whatever the number of lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from core import sql
from core.postgres.exchange import Rows
from purchasing.store.rows import PURCHASE_COLUMNS, NamedCustomer, StoredPurchase

_TEXT_COLUMNS = {"header", "contents", "warnings", "approval"}
_SELECTED = ", ".join(f"{name}::text" if name in _TEXT_COLUMNS else name for name in PURCHASE_COLUMNS)
_WITHOUT_TEXTS = _SELECTED.replace("header::text", "''").replace("contents::text", "''")
_COLUMN_OF = {"sparklayer": "spark_id", "platform": "platform_id", "internal": "internal_id", "visible": "visible_id"}
LOOKUPS = tuple(_COLUMN_OF)
"""How the caller may name a purchase; beside them there is our own `number`."""
Name = tuple[str, str]
"""A look-up and its value."""
_COLUMN_OF["number"] = "id"
_NEVER_BLANK = ("sparklayer", "number")


_TYPE_OF = {"sparklayer": "uuid", "platform": "text", "internal": "text", "visible": "text"}
"""How what is sent in bulk may name a purchase, and the type of that."""


def found_by(kind: str, position: int, *, several: bool = False) -> str:
    """The condition that a purchase is found by a look-up whose value is the parameter at `position`; with `several`,
    by one of the values there.
    """
    not_blank = "" if kind in _NEVER_BLANK else f" AND {_COLUMN_OF[kind]} <> ''"
    value = f"ANY(${position}::{_TYPE_OF[kind]}[])" if several else f"${position}"
    return f"{_COLUMN_OF[kind]} = {value}{not_blank}"


@cache
def find_statement(kinds: tuple[str, ...], *, lock: bool, whole: bool, several: bool = False) -> str:
    """The statement for these look-ups; blank identifiers match nothing, as the partial indexes leave them out."""
    arms = " OR ".join(found_by(kind, position, several=several) for position, kind in enumerate(kinds, start=2))
    return (
        f"SELECT {_SELECTED if whole else _WITHOUT_TEXTS} FROM purchasing_purchase "  # noqa: S608  # fixed parts
        f"WHERE site_id = $1 AND deleted_at IS NULL AND ({arms}) "
        f"ORDER BY id{' FOR NO KEY UPDATE' if lock else ''}"
    )


def find_purchases(
    *, site_id: int, identifiers: Mapping[str, UUID | str | int], lock: bool = False, whole: bool = True
) -> list[StoredPurchase]:
    """Purchases of the site that any of the identifiers (by look-up) finds, in id order; with `lock`, locked.

    Without `whole` the two texts of the document are left out (empty).

    Waiting for a lock reads the row again, so a locked purchase is always the newest version of itself.
    """
    rows = sql.fetch(find_statement(tuple(identifiers), lock=lock, whole=whole), [site_id, *identifiers.values()])
    return [StoredPurchase(*row) for row in rows]


def lock_named(*, site_id: int, names: Collection[Name]) -> dict[Name, StoredPurchase]:
    """The purchase of the site that each of these (look-up, value) finds; one that finds none is left out.

    Whole, and locked in id order. As of `find_purchases` each is the newest version of itself, and found by that.
    """
    values: dict[str, list[str]] = {}
    for kind, value in names:
        values.setdefault(kind, []).append(value)
    statement = find_statement(tuple(sorted(values)), lock=True, whole=True, several=True)
    rows = sql.fetch(statement, [site_id, *(values[kind] for kind in sorted(values))])
    wanted = set(names)
    found = {}
    for purchase in (StoredPurchase(*row) for row in rows):
        for kind in values:
            name = kind, str(getattr(purchase, _COLUMN_OF[kind]))
            if name in wanted:
                found[name] = purchase
    return found


def read_purchases(*, site_id: int, numbers: Sequence[int]) -> list[StoredPurchase]:
    """Those purchases of the site, whole, that are known by these numbers and not deleted; in any order."""
    rows = sql.fetch(
        f"SELECT {_SELECTED} FROM purchasing_purchase WHERE site_id = $1 AND id = ANY($2::bigint[]) "  # noqa: S608  # fixed parts
        "AND deleted_at IS NULL",
        [site_id, list(numbers)],
    )
    return [StoredPurchase(*row) for row in rows]


def lock_purchase(*, site_id: int, purchase_id: int) -> StoredPurchase | None:
    """The purchase by our number, locked, without the texts of its document; deleted ones too."""
    rows = sql.fetch(
        f"SELECT {_WITHOUT_TEXTS} FROM purchasing_purchase WHERE site_id = $1 AND id = $2 FOR NO KEY UPDATE",  # noqa: S608  # fixed parts
        [site_id, purchase_id],
    )
    return next((StoredPurchase(*row) for row in rows), None)


_NUMBERS = " UNION ALL ".join(
    f"SELECT '{kind}', {_COLUMN_OF[kind]}::text, id FROM purchasing_purchase "  # noqa: S608  # fixed parts
    f"WHERE site_id = $1 AND deleted_at IS NULL AND {_COLUMN_OF[kind]} = ANY(${position}::{column_type}[])"
    + ("" if kind in _NEVER_BLANK else f" AND {_COLUMN_OF[kind]} <> ''")
    for position, (kind, column_type) in enumerate(_TYPE_OF.items(), start=2)
)


def numbers_by_identifier(*, site_id: int, identifiers: Collection[Name]) -> dict[Name, int]:
    """The number of the purchase that each of these (look-up, value) finds; one that finds none is left out."""
    values = [[value for kind, value in identifiers if kind == wanted] for wanted in _TYPE_OF]
    return {(kind, value): number for kind, value, number in sql.fetch(_NUMBERS, [site_id, *values])}


def lock_purchases(*, site_id: int, numbers: Collection[int]) -> list[StoredPurchase]:
    """Those purchases of the site, locked, in id order, without the texts of their documents."""
    rows = sql.fetch(
        f"SELECT {_WITHOUT_TEXTS} FROM purchasing_purchase "  # noqa: S608  # fixed parts
        "WHERE site_id = $1 AND id = ANY($2::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [site_id, list(numbers)],
    )
    return [StoredPurchase(*row) for row in rows]


# Two: those that stand have an index of their ids, and so have those that are gone, but not all of them together.
_KNOWN = " UNION ALL ".join(
    f"SELECT spark_id FROM purchasing_purchase WHERE site_id = $1 AND deleted_at {state} AND spark_id = ANY($2::uuid[])"  # noqa: S608  # fixed parts
    for state in ("IS NULL", "IS NOT NULL")
)


def known_spark_ids(*, site_id: int, spark_ids: Collection[UUID]) -> set[UUID]:
    """Which of these SparkLayer ids a purchase of the site has or had: deleted ones too."""
    return {spark_id for (spark_id,) in sql.fetch(_KNOWN, [site_id, list(spark_ids)])}


def was_quote(purchase: StoredPurchase) -> bool:
    """Whether an earlier version of the purchase was a quote."""
    return bool(
        sql.fetch(
            "SELECT FROM purchasing_purchaserevision "
            "WHERE site_id = $1 AND purchase_id = $2 AND header ->> 'type' = 'quote' LIMIT 1",
            [purchase.site_id, purchase.id],
        )
    )


Context = tuple[dict[str, Any], list[NamedCustomer]]
"""A site's stored settings, and customers."""

CONTEXT = """
WITH RECURSIVE named AS (
    SELECT id, external_id, company_name, currency_code, deleted_at IS NOT NULL AS deleted, parent_id
    FROM customers_customer
    WHERE site_id = $1 AND (id = ANY($2::bigint[]) OR (
        external_id = ANY($3::text[]) AND external_id <> ''))
), chain AS (
    SELECT id AS start, id, parent_id FROM named
    UNION
    SELECT chain.start, parent.id, parent.parent_id
    FROM chain JOIN customers_customer AS parent ON parent.id = chain.parent_id
)
SELECT NULL::bigint, NULL, NULL, NULL, NULL, NULL,
    (SELECT jsonb_object_agg(key, value)::text FROM core_sitesetting WHERE site_id = $1)
UNION ALL
SELECT named.id, named.external_id, named.company_name, named.currency_code, named.deleted, chain.id, NULL
FROM named JOIN chain ON chain.start = named.id AND chain.parent_id IS NULL
"""


def read_context(*, site_id: int, customer_ids: Sequence[int], external_ids: Sequence[str]) -> Context:
    """The site's stored settings and the customers named by number or external id, in one look-up."""
    return context_of(sql.fetch(CONTEXT, [site_id, list(customer_ids), list(external_ids)]))


def find_with_context(
    *,
    site_id: int,
    identifiers: Mapping[str, UUID | str | int],
    customer_ids: Sequence[int],
    external_ids: Sequence[str],
) -> tuple[list[StoredPurchase], Context]:
    """As `find_purchases` with their lock, and behind it as `read_context`, in one exchange."""
    rows, context = sql.fetch_together(
        (find_statement(tuple(identifiers), lock=True, whole=True), [site_id, *identifiers.values()]),
        (CONTEXT, [site_id, list(customer_ids), list(external_ids)]),
    )
    return [StoredPurchase(*row) for row in rows], context_of(context)


def context_of(rows: Rows) -> Context:
    stored: dict[str, Any] = {}
    customers = []
    for *customer, settings in rows:
        if customer[0] is None:
            stored = orjson.loads(settings) if settings else {}
        else:
            customers.append(NamedCustomer(*customer))
    return stored, customers
