"""What transactions come to, written in one statement each: several transactions, payment figures, history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import sql
from purchasing.store.rows import StoredPurchase
from purchasing.store.writing import COLUMNS, columns_of, json_text, typed

_PAYMENT_COLUMNS = {
    name: COLUMNS[name]
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
    = (SELECT sent.* FROM json_to_record($3::json) AS sent({typed(_PAYMENT_COLUMNS)}))
WHERE site_id = $1 AND id = $2
"""  # noqa: S608  # fixed parts


def write_payment(purchase: StoredPurchase, *, items: list[dict[str, Any]]) -> None:
    """Write what changes without a revision: payment figures and decision of the purchase, posted amounts, history.

    `items`: the transactions whose posted amount or history item changes; applied ones are told in the history,
    others are not.
    """
    columns = json_text(columns_of(purchase, _PAYMENT_COLUMNS))
    sql.run(_WRITE_PAYMENT, [purchase.site_id, purchase.id, columns, json_text(items)])


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
    sql.run(_WRITE_TRANSACTIONS, [site_id, purchase_id, json_text(rows)])


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
