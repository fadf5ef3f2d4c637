"""One purchase in and out of its tables, in set-based SQL: the hot path.

Look-ups lock first and write later, as separate statements of one transaction: a single upsert that replaces children
is not safe under concurrent replaces of one key. The number of statements does not depend on the number of lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from core.ids import PURCHASE, public_id
from purchasing.status import Quantities

PURCHASE_COLUMNS = (
    "id",
    "site_id",
    "spark_id",
    "platform_id",
    "internal_id",
    "visible_id",
    "type",
    "customer_id",
    "child_id",
    "impersonator_id",
    "payment_method",
    "customer_reference",
    "currency_code",
    "created_at",
    "placed_at",
    "updated_at",
    "submitted_at",
    "ordered_at",
    "stored_at",
    "changed_at",
    "deleted_at",
    "header",
    "contents",
    "given_package_ids",
    "revision",
    "revision_at",
    "changes",
    "calculated_total",
    "credited",
    "amount_due",
    "open_quantity",
    "shipped_quantity",
    "returned_quantity",
    "cancelled_quantity",
    "calculated_fulfilment_status",
    "paid",
    "refunded",
    "calculated_payment_status",
    "outstanding",
    "credit",
    "warnings",
    "charge_posting",
    "account_id",
    "posted_charge",
    "posted_currency_code",
    "charge_value_date",
)


@dataclass(slots=True)
class StoredPurchase:
    """A purchase as its row holds it. `header`, `contents` and `warnings` are JSON text."""

    id: int
    site_id: int
    spark_id: UUID
    platform_id: str
    internal_id: str
    visible_id: str
    type: str
    customer_id: int | None
    child_id: int | None
    impersonator_id: int | None
    payment_method: str
    customer_reference: str
    currency_code: str
    created_at: datetime | None
    placed_at: datetime | None
    updated_at: datetime | None
    submitted_at: datetime | None
    ordered_at: datetime
    stored_at: datetime
    changed_at: datetime
    deleted_at: datetime | None
    header: str
    contents: str
    given_package_ids: list[UUID]
    revision: int
    revision_at: datetime
    changes: int
    calculated_total: Decimal
    credited: Decimal
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
    warnings: str
    charge_posting: str
    account_id: int | None
    posted_charge: Decimal
    posted_currency_code: str
    charge_value_date: date | None

    @property
    def quantities(self) -> Quantities:
        return Quantities(
            self.open_quantity, self.shipped_quantity, self.returned_quantity, self.cancelled_quantity
        )

    @property
    def etag(self) -> str:
        """The version, opaque to clients: running number (never used twice), revision, changes that are no revision."""
        return f"{self.id}.r{self.revision}.{self.changes}"

    @property
    def number(self) -> str:
        """The number people use: visible, else internal, else platform id, else `o_12`."""
        return self.visible_id or self.internal_id or self.platform_id or public_id(PURCHASE, self.id)


@dataclass(slots=True)
class StoredTransaction:
    """A transaction as its row holds it. `told_total`: what the purchase history says of it, None when nothing."""

    id: UUID
    platform_id: str
    total: Decimal
    currency_code: str
    apply_to_balance: bool
    posted_amount: Decimal
    created_at: datetime
    told_total: Decimal | None


@dataclass(slots=True)
class NamedCustomer:
    """A customer that a document names, with the account that would owe for it today."""

    id: int
    external_id: str
    currency_code: str
    deleted: bool
    account_id: int


_TEXT_COLUMNS = {"header", "contents", "warnings"}
_SELECTED = ", ".join(f"{name}::text" if name in _TEXT_COLUMNS else name for name in PURCHASE_COLUMNS)
_BY_LOOKUP = {
    "sparklayer": "spark_id = %s",
    "platform": "platform_id = %s AND platform_id <> ''",
    "internal": "internal_id = %s AND internal_id <> ''",
    "visible": "visible_id = %s AND visible_id <> ''",
}
LOOKUPS = tuple(_BY_LOOKUP)


def find_purchases(
    *, site_id: int, identifiers: dict[str, UUID | str], lock: bool = False
) -> list[StoredPurchase]:
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
        cursor.execute(
            _CONTEXT, {"site_id": site_id, "ids": list(customer_ids), "external_ids": list(external_ids)}
        )
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


_WRITTEN = [name for name in PURCHASE_COLUMNS if name not in ("id", "site_id", "stored_at", "deleted_at")]
_CAST = {"header": "::json", "contents": "::json", "warnings": "::jsonb", "given_package_ids": "::uuid[]"}
_VALUES = ", ".join(f"%({name})s{_CAST.get(name, '')}" for name in _WRITTEN)
_PACKAGE_TYPES = {
    "id": "bigint",
    "position": "integer",
    "spark_package_id": "uuid",
    "platform_id": "text",
    "internal_id": "text",
    "visible_id": "text",
    "state": "text",
    "created_at": "timestamptz",
    "shipped_at": "timestamptz",
    "cancelled_at": "timestamptz",
    "returned_at": "timestamptz",
    "shipping_name": "text",
    "shipping_net": "numeric",
    "shipping_gross": "numeric",
    "refund_shipping": "numeric",
    "ship_to": "text",
    "tracking": "jsonb",
}
_LINE_TYPES = {
    "id": "bigint",
    "package_id": "bigint",
    "position": "integer",
    "sku": "text",
    "name_parent": "text",
    "name_child": "text",
    "quantity": "bigint",
    "total_net": "numeric",
    "discount_net": "numeric",
    "gross": "numeric",
    "refund_total": "numeric",
}


def _upsert(table: str, types: dict[str, str], parameter: str) -> str:
    columns = ", ".join(types)
    typed = ", ".join(f"{name} {kind}" for name, kind in types.items())
    rest = [name for name in types if name != "id"]
    return (
        f"INSERT INTO {table} AS stored (site_id, purchase_id, {columns}) "  # noqa: S608  # fixed parts
        f"SELECT %(site_id)s, %(id)s, {columns} FROM json_to_recordset(%({parameter})s::json) AS sent({typed}) "
        f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = EXCLUDED.{name}' for name in rest)} "
        f"WHERE ({', '.join(f'stored.{name}' for name in rest)}) "
        f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in rest)})"
    )


_PARTS = f"""packages AS ({_upsert("purchasing_package", _PACKAGE_TYPES, "package_rows")}),
lines AS ({_upsert("purchasing_lineitem", _LINE_TYPES, "line_rows")})
INSERT INTO purchasing_purchaserevision (site_id, purchase_id, number, at, author, header, contents)
VALUES (%(site_id)s, %(id)s, %(revision)s, %(revision_at)s, %(author)s, %(header)s::json, %(contents)s::json)
"""

_INSERT = f"""WITH purchase AS (
    INSERT INTO purchasing_purchase (id, site_id, stored_at, {", ".join(_WRITTEN)})
    VALUES (%(id)s, %(site_id)s, %(stored_at)s, {_VALUES})
), {_PARTS}"""  # noqa: S608  # fixed parts

_REPLACE = f"""WITH purchase AS (
    UPDATE purchasing_purchase SET ({", ".join(_WRITTEN)}) = ROW({_VALUES})
    WHERE id = %(id)s AND site_id = %(site_id)s
), gone_lines AS (
    DELETE FROM purchasing_lineitem
    WHERE site_id = %(site_id)s AND purchase_id = %(id)s AND NOT id = ANY(%(line_ids)s::bigint[])
), gone_packages AS (
    DELETE FROM purchasing_package
    WHERE site_id = %(site_id)s AND purchase_id = %(id)s AND NOT id = ANY(%(package_ids)s::bigint[])
), {_PARTS}"""  # noqa: S608  # fixed parts


def write_purchase(
    purchase: StoredPurchase,
    *,
    package_rows: list[dict[str, Any]],
    line_rows: list[dict[str, Any]],
    author: str,
    new: bool,
) -> None:
    """Write the purchase, its packages and lines and its revision in one statement, whole or not at all.

    Raises IntegrityError when another purchase took one of its identifiers meanwhile.
    """
    values: dict[str, Any] = {name: getattr(purchase, name) for name in PURCHASE_COLUMNS}
    values["author"] = author[:255]
    values["package_rows"] = orjson.dumps(package_rows).decode()
    values["line_rows"] = orjson.dumps(line_rows).decode()
    if not new:
        values["package_ids"] = [row["id"] for row in package_rows]
        values["line_ids"] = [row["id"] for row in line_rows]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT if new else _REPLACE, values)


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


_PAYMENT_COLUMNS = (
    "paid",
    "refunded",
    "calculated_payment_status",
    "outstanding",
    "credit",
    "warnings",
    "account_id",
    "posted_charge",
    "posted_currency_code",
    "charge_value_date",
    "changes",
    "changed_at",
    "deleted_at",
)
_WRITE_PAYMENT = f"""
WITH sent AS (
    SELECT * FROM json_to_recordset(%(items)s::json) AS item(
        id uuid, transaction_id uuid, applied boolean, posted_amount numeric, type text, message text, total numeric,
        currency_code text, created_at timestamptz
    )
), posted AS (
    UPDATE purchasing_purchasetransaction AS stored SET posted_amount = sent.posted_amount
    FROM sent WHERE stored.site_id = %(site_id)s AND stored.id = sent.transaction_id
), gone AS (
    DELETE FROM purchasing_purchasehistory AS stored
    USING sent WHERE stored.site_id = %(site_id)s AND stored.transaction_id = sent.transaction_id AND NOT sent.applied
), told AS (
    INSERT INTO purchasing_purchasehistory AS stored (
        id, site_id, purchase_id, transaction_id, type, message, total, currency_code, created_at
    )
    SELECT id, %(site_id)s, %(id)s, transaction_id, type, message, total, currency_code, created_at
    FROM sent WHERE applied
    ON CONFLICT (site_id, transaction_id) DO UPDATE
    SET type = EXCLUDED.type, message = EXCLUDED.message, total = EXCLUDED.total,
        currency_code = EXCLUDED.currency_code
)
UPDATE purchasing_purchase SET ({", ".join(_PAYMENT_COLUMNS)})
    = ROW({", ".join(f"%({name})s{_CAST.get(name, '')}" for name in _PAYMENT_COLUMNS)})
WHERE site_id = %(site_id)s AND id = %(id)s
"""  # noqa: S608  # fixed parts


def write_payment(purchase: StoredPurchase, *, items: list[dict[str, Any]]) -> None:
    """Write what the transactions come to: payment figures of the purchase, posted amounts, history items.

    `items`: the transactions whose posted amount or history item changes; applied ones are told in the history,
    others are not.
    """
    values: dict[str, Any] = {name: getattr(purchase, name) for name in _PAYMENT_COLUMNS}
    values |= {"site_id": purchase.site_id, "id": purchase.id, "items": orjson.dumps(items).decode()}
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_PAYMENT, values)
