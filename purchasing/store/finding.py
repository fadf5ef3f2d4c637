"""Look-ups of the hot path: each locks or reads in one statement, whatever the number of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from purchasing.store.rows import PURCHASE_COLUMNS, NamedCustomer, StoredPurchase, StoredTransaction

_TEXT_COLUMNS = {"header", "contents", "warnings"}
_SELECTED = ", ".join(f"{name}::text" if name in _TEXT_COLUMNS else name for name in PURCHASE_COLUMNS)
_BY_LOOKUP = {
    "sparklayer": "spark_id = %s",
    "platform": "platform_id = %s AND platform_id <> ''",
    "internal": "internal_id = %s AND internal_id <> ''",
    "visible": "visible_id = %s AND visible_id <> ''",
}
LOOKUPS = tuple(_BY_LOOKUP)


def find_purchases(*, site_id: int, identifiers: dict[str, UUID | str], lock: bool = False) -> list[StoredPurchase]:
    """Purchases of the site that any of the identifiers (by look-up) finds, in id order; with `lock`, locked.

    Waiting for a lock reads the row again, so a locked purchase is always the newest version of itself.
    """
    arms = " OR ".join(f"({_BY_LOOKUP[kind]})" for kind in identifiers)
    sql = (
        f"SELECT {_SELECTED} FROM purchasing_purchase WHERE site_id = %s AND deleted_at IS NULL AND ({arms}) "  # noqa: S608  # fixed parts
        f"ORDER BY id{' FOR NO KEY UPDATE' if lock else ''}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [site_id, *identifiers.values()])
        return [StoredPurchase(*row) for row in cursor.fetchall()]


def lock_purchase(*, site_id: int, purchase_id: int) -> StoredPurchase | None:
    """The purchase by our number, locked; deleted ones too."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SELECTED} FROM purchasing_purchase WHERE site_id = %s AND id = %s FOR NO KEY UPDATE",  # noqa: S608  # fixed parts
            [site_id, purchase_id],
        )
        row = cursor.fetchone()
    return StoredPurchase(*row) if row else None


_CONTEXT = """
WITH RECURSIVE named AS (
    SELECT id, external_id, currency_code, deleted_at IS NOT NULL AS deleted, parent_id
    FROM customers_customer
    WHERE site_id = %(site_id)s AND (id = ANY(%(ids)s::bigint[]) OR (
        external_id = ANY(%(external_ids)s::text[]) AND external_id <> '' AND deleted_at IS NULL))
), chain AS (
    SELECT id AS start, id, parent_id FROM named
    UNION ALL
    SELECT chain.start, parent.id, parent.parent_id
    FROM chain JOIN customers_customer AS parent ON parent.id = chain.parent_id
)
SELECT NULL::bigint, NULL, NULL, NULL, NULL,
    (SELECT jsonb_object_agg(key, value)::text FROM core_sitesetting WHERE site_id = %(site_id)s)
UNION ALL
SELECT named.id, named.external_id, named.currency_code, named.deleted, chain.id, NULL
FROM named JOIN chain ON chain.start = named.id AND chain.parent_id IS NULL
"""


def read_context(
    *, site_id: int, customer_ids: Sequence[int], external_ids: Sequence[str]
) -> tuple[dict[str, Any], list[NamedCustomer]]:
    """The site's stored settings and the customers named by number or external id, in one look-up."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTEXT, {"site_id": site_id, "ids": list(customer_ids), "external_ids": list(external_ids)})
        rows = cursor.fetchall()
    stored: dict[str, Any] = {}
    customers = []
    for id_, external_id, currency_code, deleted, account_id, settings in rows:
        if id_ is None:
            stored = orjson.loads(settings) if settings else {}
        else:
            customers.append(NamedCustomer(id_, external_id, currency_code, deleted, account_id))
    return stored, customers


def take_numbers(*, purchase: bool, parts: int) -> tuple[int | None, list[int]]:
    """Running numbers for a new purchase (when asked for) and for new packages and lines, never used twice."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN %s THEN nextval('purchasing_purchase_id_seq') END, "
            "ARRAY(SELECT nextval('purchasing_part_number') FROM generate_series(1, %s))",
            [purchase, parts],
        )
        number, numbers = cursor.fetchone()
    return number, numbers


def read_transactions(*, site_id: int, purchase_id: int) -> list[StoredTransaction]:
    """The transactions of a purchase, oldest first, each with what the history says of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sent.id, sent.platform_id, sent.total, sent.currency_code, sent.apply_to_balance, "
            "sent.posted_amount, sent.created_at, told.total FROM purchasing_purchasetransaction AS sent "
            "LEFT JOIN purchasing_purchasehistory AS told "
            "ON told.site_id = sent.site_id AND told.transaction_id = sent.id "
            "WHERE sent.site_id = %s AND sent.purchase_id = %s ORDER BY sent.created_at, sent.id",
            [site_id, purchase_id],
        )
        return [StoredTransaction(*row) for row in cursor.fetchall()]
