"""Writes of the hot path: a whole purchase, or what its transactions come to, in one statement each.

Values travel as JSON and are split by PostgreSQL: the statement is the same for one line and for two hundred.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from core import sql
from purchasing.store.rows import StoredPurchase

_TEXTS = ("header", "contents", "words")
_SENT_TEXTS = "$4::json, $5::json, array_to_tsvector($9::text[])"
_COLUMNS = {
    "spark_id": "uuid",
    "platform_id": "text",
    "internal_id": "text",
    "visible_id": "text",
    "type": "text",
    "customer_id": "bigint",
    "child_id": "bigint",
    "impersonator_id": "bigint",
    "payment_method": "text",
    "customer_reference": "text",
    "currency_code": "text",
    "created_at": "timestamptz",
    "placed_at": "timestamptz",
    "updated_at": "timestamptz",
    "submitted_at": "timestamptz",
    "ordered_at": "timestamptz",
    "changed_at": "timestamptz",
    "given_package_ids": "uuid[]",
    "revision": "integer",
    "revision_at": "timestamptz",
    "changes": "integer",
    "calculated_total": "numeric",
    "credited": "numeric",
    "amount_due": "numeric",
    "open_quantity": "bigint",
    "shipped_quantity": "bigint",
    "returned_quantity": "bigint",
    "cancelled_quantity": "bigint",
    "calculated_fulfilment_status": "text",
    "paid": "numeric",
    "refunded": "numeric",
    "calculated_payment_status": "text",
    "outstanding": "numeric",
    "credit": "numeric",
    "calculated_total_usd": "numeric",
    "usd_rate": "numeric",
    "usd_rate_date": "date",
    "usd_rate_source": "text",
    "warnings": "jsonb",
    "approval": "jsonb",
    "charge_posting": "text",
    "account_id": "bigint",
    "posted_charge": "numeric",
    "posted_currency_code": "text",
    "charge_value_date": "date",
}
_PACKAGE_COLUMNS = {
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
_LINE_COLUMNS = {
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
_PAYMENT_COLUMNS = {
    name: _COLUMNS[name]
    for name in (
        "paid",
        "refunded",
        "calculated_payment_status",
        "outstanding",
        "credit",
        "warnings",
        "approval",
        "account_id",
        "posted_charge",
        "posted_currency_code",
        "charge_value_date",
        "changes",
        "changed_at",
    )
} | {"deleted_at": "timestamptz"}


def _typed(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


def _upsert(table: str, columns: dict[str, str], parameter: str) -> str:
    """Insert the sent rows, and bring those that stand up to date; rows that say the same are left alone."""
    rest = [name for name in columns if name != "id"]
    return (
        f"INSERT INTO {table} AS stored (site_id, purchase_id, {', '.join(columns)}) "  # noqa: S608  # fixed parts
        f"SELECT $1, $2, sent.* FROM json_to_recordset({parameter}::json) AS sent({_typed(columns)}) "
        f"ON CONFLICT (id) DO UPDATE SET ({', '.join(rest)}) = ROW({', '.join(f'EXCLUDED.{name}' for name in rest)}) "
        f"WHERE ({', '.join(f'stored.{name}' for name in rest)}) "
        f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in rest)})"
    )


_NAMES = ", ".join((*_COLUMNS, *_TEXTS))
_SENT_PURCHASE = f"json_to_record($3::json) AS sent({_typed(_COLUMNS)})"
# $1 site, $2 purchase, $3 its columns, $4 header, $5 contents, $6 packages, $7 lines, $8 author, $9 lexemes
_PARTS = f"""packages AS ({_upsert("purchasing_package", _PACKAGE_COLUMNS, "$6")}),
lines AS ({_upsert("purchasing_lineitem", _LINE_COLUMNS, "$7")})
INSERT INTO purchasing_purchaserevision (site_id, purchase_id, number, at, author, header, contents)
SELECT $1, $2, sent.revision, sent.revision_at, $8, $4::json, $5::json
FROM json_to_record($3::json) AS sent(revision integer, revision_at timestamptz)
"""  # noqa: S608  # fixed parts
_INSERT = f"""WITH purchase AS (
    INSERT INTO purchasing_purchase (site_id, id, {_NAMES}, stored_at)
    SELECT $1, $2, sent.*, {_SENT_TEXTS}, sent.changed_at FROM {_SENT_PURCHASE}
), {_PARTS}"""  # noqa: S608  # fixed parts
_REPLACE = f"""WITH purchase AS (
    UPDATE purchasing_purchase SET ({_NAMES}) = (SELECT sent.*, {_SENT_TEXTS} FROM {_SENT_PURCHASE})
    WHERE site_id = $1 AND id = $2
), gone_lines AS (
    DELETE FROM purchasing_lineitem WHERE site_id = $1 AND purchase_id = $2
    AND id NOT IN (SELECT sent.id FROM json_to_recordset($7::json) AS sent(id bigint))
), gone_packages AS (
    DELETE FROM purchasing_package WHERE site_id = $1 AND purchase_id = $2
    AND id NOT IN (SELECT sent.id FROM json_to_recordset($6::json) AS sent(id bigint))
), {_PARTS}"""  # noqa: S608  # fixed parts


def write_purchase(
    purchase: StoredPurchase,
    *,
    package_rows: list[dict[str, Any]],
    line_rows: list[dict[str, Any]],
    lexemes: list[str],
    author: str,
    new: bool,
) -> None:
    """Write the purchase, its packages and lines and its revision in one statement, whole or not at all.

    Raises IntegrityError when another purchase took one of its identifiers meanwhile.
    """
    sql.run(
        _INSERT if new else _REPLACE,
        [
            purchase.site_id,
            purchase.id,
            _columns_of(purchase, _COLUMNS),
            purchase.header,
            purchase.contents,
            orjson.dumps(package_rows).decode(),
            orjson.dumps(line_rows).decode(),
            author[:255],
            lexemes,
        ],
    )


# $1 site, $2 purchase, $3 its columns, $4 transactions with what they are told as. Naming the purchase beside its
# transactions keeps PostgreSQL, which takes any JSON for a hundred rows, from reading the whole table for one.
_WRITE_PAYMENT = f"""WITH sent AS (
    SELECT * FROM json_to_recordset($4::json) AS item(
        id uuid, transaction_id uuid, applied boolean, posted_amount numeric, type text, message text, total numeric,
        currency_code text, created_at timestamptz
    )
), posted AS (
    UPDATE purchasing_purchasetransaction AS stored SET posted_amount = sent.posted_amount
    FROM sent WHERE stored.site_id = $1 AND stored.purchase_id = $2 AND stored.id = sent.transaction_id
), gone AS (
    DELETE FROM purchasing_purchasehistory AS stored USING sent
    WHERE stored.site_id = $1 AND stored.purchase_id = $2 AND stored.transaction_id = sent.transaction_id
        AND NOT sent.applied
), told AS (
    INSERT INTO purchasing_purchasehistory AS stored (
        id, site_id, purchase_id, transaction_id, type, message, total, currency_code, created_at
    )
    SELECT id, $1, $2, transaction_id, type, message, total, currency_code, created_at
    FROM sent WHERE applied
    ON CONFLICT (site_id, transaction_id) DO UPDATE
    SET type = EXCLUDED.type, message = EXCLUDED.message, total = EXCLUDED.total,
        currency_code = EXCLUDED.currency_code
)
UPDATE purchasing_purchase SET ({", ".join(_PAYMENT_COLUMNS)})
    = (SELECT sent.* FROM json_to_record($3::json) AS sent({_typed(_PAYMENT_COLUMNS)}))
WHERE site_id = $1 AND id = $2
"""  # noqa: S608  # fixed parts


def write_payment(purchase: StoredPurchase, *, items: list[dict[str, Any]]) -> None:
    """Write what changes without a revision: payment figures and decision of the purchase, posted amounts, history.

    `items`: the transactions whose posted amount or history item changes; applied ones are told in the history,
    others are not.
    """
    columns = _columns_of(purchase, _PAYMENT_COLUMNS)
    sql.run(_WRITE_PAYMENT, [purchase.site_id, purchase.id, columns, orjson.dumps(items).decode()])


_WRITE_TRANSACTIONS = """
INSERT INTO purchasing_purchasetransaction AS stored (
    id, site_id, purchase_id, platform_id, total, currency_code, apply_to_balance, full_transaction, created_at,
    updated_at, posted_amount, recorded_by
)
SELECT id, $1, $2, platform_id, total, currency_code, apply_to_balance, full_transaction, at, at, 0, recorded_by
FROM json_to_recordset($3::json) AS sent(
    id uuid, platform_id text, total numeric, currency_code text, apply_to_balance boolean, full_transaction text,
    at timestamptz, recorded_by text
)
ON CONFLICT (site_id, purchase_id, platform_id) DO UPDATE
SET total = EXCLUDED.total, currency_code = EXCLUDED.currency_code, apply_to_balance = EXCLUDED.apply_to_balance,
    full_transaction = EXCLUDED.full_transaction, updated_at = EXCLUDED.updated_at
"""


def write_transactions(*, site_id: int, purchase_id: int, rows: list[dict[str, Any]]) -> None:
    """Write many transactions of one purchase, whose lock is held, each platform id once.

    Fires no signal: whoever writes them settles the purchase afterwards, once (`purchasing.effects.settle`).
    """
    sent = orjson.dumps(rows, default=_decimal_text).decode()
    sql.run(_WRITE_TRANSACTIONS, [site_id, purchase_id, sent])


def unapply_transaction(*, site_id: int, transaction_id: UUID) -> None:
    """Switch a transaction's application off without the signal; its effects are the caller's to settle.

    Locks the purchase first, as every writer of its rows does.
    """
    sql.run(
        "SELECT purchase.id FROM purchasing_purchase AS purchase "
        "JOIN purchasing_purchasetransaction AS sent "
        "ON sent.site_id = purchase.site_id AND sent.purchase_id = purchase.id "
        "WHERE purchase.site_id = $1 AND sent.id = $2 FOR NO KEY UPDATE OF purchase",
        [site_id, transaction_id],
    )
    sql.run(
        "UPDATE purchasing_purchasetransaction SET apply_to_balance = false "
        "WHERE site_id = $1 AND id = $2 AND apply_to_balance",
        [site_id, transaction_id],
    )


def _columns_of(purchase: StoredPurchase, columns: dict[str, str]) -> str:
    values = {name: getattr(purchase, name) for name in columns}
    values["warnings"] = orjson.Fragment(purchase.warnings)
    values["approval"] = purchase.approval and orjson.Fragment(purchase.approval)
    return orjson.dumps(values, default=_decimal_text).decode()


def _decimal_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a column's value")
