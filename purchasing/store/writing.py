"""Writes of the hot path: whole purchases, in one statement.

Values travel as JSON and are split by PostgreSQL: the statement is the same for one line and for two hundred, for one
purchase and for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol

import orjson

from core import sql
from purchasing.store.rows import StoredPurchase

COLUMNS = {
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
    "purchase_id": "bigint",
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
    "purchase_id": "bigint",
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


def typed(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


class WholePurchase(Protocol):
    """A purchase with its rows, and the lexemes it is found by."""

    purchase: StoredPurchase
    package_rows: list[dict[str, Any]]
    line_rows: list[dict[str, Any]]
    lexemes: list[str]


def _upsert(table: str, columns: dict[str, str], parameter: str) -> str:
    """Insert the sent rows, and bring those that stand up to date; rows that say the same are left alone."""
    rest = [name for name in columns if name not in ("id", "purchase_id")]
    return (
        f"INSERT INTO {table} AS stored (site_id, {', '.join(columns)}) "  # noqa: S608  # fixed parts
        f"SELECT $1, sent.* FROM json_to_recordset({parameter}::json) AS sent({typed(columns)}) "
        f"ON CONFLICT (id) DO UPDATE SET ({', '.join(rest)}) = ROW({', '.join(f'EXCLUDED.{name}' for name in rest)}) "
        f"WHERE ({', '.join(f'stored.{name}' for name in rest)}) "
        f"IS DISTINCT FROM ({', '.join(f'EXCLUDED.{name}' for name in rest)})"
    )


_TEXTS = {"header": "json", "contents": "json"}
_PLAIN = ", ".join((*COLUMNS, *_TEXTS))
_SENT_PLAIN = ", ".join(f"sent.{name}" for name in (*COLUMNS, *_TEXTS))
_SENT = f"""sent AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2::json) AS item(id bigint, {typed(COLUMNS | _TEXTS)}, lexemes text[])
)"""  # noqa: S608  # fixed parts
# $1 site, $2 purchases, $3 packages, $4 lines, $5 author
_PARTS = f"""packages AS ({_upsert("purchasing_package", _PACKAGE_COLUMNS, "$3")}),
lines AS ({_upsert("purchasing_lineitem", _LINE_COLUMNS, "$4")})
INSERT INTO purchasing_purchaserevision (site_id, purchase_id, number, at, author, header, contents)
SELECT $1, sent.id, sent.revision, sent.revision_at, $5, sent.header, sent.contents FROM sent
"""  # noqa: S608  # fixed parts
_INSERT = f"""WITH {_SENT}, purchases AS (
    INSERT INTO purchasing_purchase (site_id, id, {_PLAIN}, words, stored_at)
    SELECT $1, sent.id, {_SENT_PLAIN}, array_to_tsvector(sent.lexemes), sent.changed_at FROM sent
), {_PARTS}"""  # noqa: S608  # fixed parts
# Their numbers. PostgreSQL takes any JSON for a hundred rows, and would read whole tables for one purchase; an array it
# takes for ten, whatever is in it, so the one plan that is kept goes by index.
_THEIRS = "ANY(ARRAY(SELECT sent.id FROM sent))"
_REPLACE = f"""WITH {_SENT}, purchases AS (
    UPDATE purchasing_purchase AS stored
    SET ({_PLAIN}, words) = ROW({_SENT_PLAIN}, array_to_tsvector(sent.lexemes))
    FROM sent WHERE stored.site_id = $1 AND stored.id = {_THEIRS} AND stored.id = sent.id
), gone_lines AS (
    DELETE FROM purchasing_lineitem WHERE site_id = $1 AND purchase_id = {_THEIRS}
    AND id NOT IN (SELECT sent.id FROM json_to_recordset($4::json) AS sent(id bigint))
), gone_packages AS (
    DELETE FROM purchasing_package WHERE site_id = $1 AND purchase_id = {_THEIRS}
    AND id NOT IN (SELECT sent.id FROM json_to_recordset($3::json) AS sent(id bigint))
), {_PARTS}"""  # noqa: S608  # fixed parts


def write_purchases(wholes: Sequence[WholePurchase], *, author: str, new: bool) -> None:
    """Write purchases of one site, their packages and lines and a revision of each in one statement, all or none.

    All of them are `new`, or all stand. Raises IntegrityError when another purchase took one of their identifiers
    meanwhile.
    """
    purchases, packages, lines = [], [], []
    for whole in wholes:
        purchase = whole.purchase
        texts = {"header": orjson.Fragment(purchase.header), "contents": orjson.Fragment(purchase.contents)}
        purchases.append({"id": purchase.id, **columns_of(purchase, COLUMNS), **texts, "lexemes": whole.lexemes})
        packages += [{**row, "purchase_id": purchase.id} for row in whole.package_rows]
        lines += [{**row, "purchase_id": purchase.id} for row in whole.line_rows]
    values = [wholes[0].purchase.site_id, json_text(purchases), json_text(packages), json_text(lines), author[:255]]
    sql.run(_INSERT if new else _REPLACE, values)


def columns_of(purchase: StoredPurchase, columns: Iterable[str]) -> dict[str, Any]:
    """These columns of it, for `json_text`."""
    values = {name: getattr(purchase, name) for name in columns}
    values["warnings"] = orjson.Fragment(purchase.warnings)
    values["approval"] = purchase.approval and orjson.Fragment(purchase.approval)
    return values


def json_text(value: object) -> str:
    """As PostgreSQL reads it: amounts as texts."""
    return orjson.dumps(value, default=_decimal_text).decode()


def _decimal_text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not a column's value")
