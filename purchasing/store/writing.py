"""Writes of the hot path: a whole purchase, or what its transactions come to, in one statement each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from purchasing.store.rows import PURCHASE_COLUMNS, StoredPurchase

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
"""  # noqa: S608  # fixed parts

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


def unapply_transaction(*, site_id: int, transaction_id: UUID) -> None:
    """Switch a transaction's application off without the signal; its effects are the caller's to settle.

    Locks the purchase first, as every writer of its rows does.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT purchase.id FROM purchasing_purchase AS purchase "
            "JOIN purchasing_purchasetransaction AS sent "
            "ON sent.site_id = purchase.site_id AND sent.purchase_id = purchase.id "
            "WHERE purchase.site_id = %s AND sent.id = %s FOR NO KEY UPDATE OF purchase",
            [site_id, transaction_id],
        )
        cursor.execute(
            "UPDATE purchasing_purchasetransaction SET apply_to_balance = false "
            "WHERE site_id = %s AND id = %s AND apply_to_balance",
            [site_id, transaction_id],
        )
