"""Transactions of one purchase, read in as few exchanges as it takes."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from functools import cache
from uuid import UUID

from core import sql
from purchasing.models import PurchaseTransaction
from purchasing.store.finding import CONTEXT, Context, context_of, find_statement, found_by
from purchasing.store.rows import StoredPurchase, StoredTransaction


def _read(purchases: str) -> str:
    return (
        "SELECT sent.id, sent.platform_id, sent.total, sent.currency_code, sent.apply_to_balance, sent.posted_amount, "  # noqa: S608  # fixed parts
        "sent.created_at, told.total, sent.purchase_id "
        "FROM purchasing_purchasetransaction AS sent LEFT JOIN purchasing_purchasehistory AS told "
        "ON told.site_id = sent.site_id AND told.transaction_id = sent.id "
        f"WHERE sent.site_id = $1 AND sent.purchase_id = {purchases} ORDER BY sent.created_at, sent.id"
    )


_READ = _read("$2")
_READ_OF_SEVERAL = _read("ANY($2::bigint[])")


def read_transactions(*, site_id: int, purchase_ids: Collection[int]) -> dict[int, list[StoredTransaction]]:
    """The transactions of purchases, by purchase, oldest first, each with what the history says of it."""
    found: dict[int, list[StoredTransaction]] = {}
    for *row, purchase_id in sql.fetch(_READ_OF_SEVERAL, [site_id, list(purchase_ids)]):
        found.setdefault(purchase_id, []).append(StoredTransaction(*row))
    return found


def read_transactions_with_context(
    *, site_id: int, purchase_id: int, customer_id: int | None
) -> tuple[list[StoredTransaction], Context]:
    """As `read_transactions` of one purchase, and beside it the site's settings and one customer, in one exchange."""
    rows, context = sql.fetch_together(
        (_READ, [site_id, purchase_id]), (CONTEXT, [site_id, [customer_id] if customer_id else [], []])
    )
    return [StoredTransaction(*row) for *row, _purchase_id in rows], context_of(context)


_FIELDS = [field.attname for field in PurchaseTransaction._meta.concrete_fields]  # Django names it so for use


@cache
def _named(kind: str) -> str:
    return (
        f"SELECT {', '.join(_FIELDS)} FROM purchasing_purchasetransaction "  # noqa: S608  # fixed parts
        "WHERE site_id = $1 AND platform_id = $3 AND purchase_id = "
        f"(SELECT id FROM purchasing_purchase WHERE site_id = $1 AND deleted_at IS NULL AND {found_by(kind, 2)})"
    )


def find_with_transaction(
    *, site_id: int, kind: str, value: UUID | str | int, platform_id: str
) -> tuple[StoredPurchase | None, PurchaseTransaction | None]:
    """The purchase that a look-up finds, locked and without the texts of its document, and the transaction that an
    outside system's id names on it, in one exchange.
    """
    purchases, transactions = sql.fetch_together(
        (find_statement((kind,), lock=True, whole=False), [site_id, value]),
        (_named(kind), [site_id, value, platform_id]),
    )
    return (
        next((StoredPurchase(*row) for row in purchases), None),
        next((PurchaseTransaction.from_db(None, _FIELDS, row) for row in transactions), None),
    )


def find_transactions(
    *, site_id: int, purchase_id: int, platform_ids: Collection[str]
) -> dict[str, tuple[Decimal, str, bool, str]]:
    """Total, currency, application and text of the transactions that outside systems' ids name, by that id."""
    rows = sql.fetch(
        "SELECT platform_id, total, currency_code, apply_to_balance, full_transaction "
        "FROM purchasing_purchasetransaction "
        "WHERE site_id = $1 AND purchase_id = $2 AND platform_id = ANY($3::text[])",
        [site_id, purchase_id, list(platform_ids)],
    )
    return {platform_id: tuple(facts) for platform_id, *facts in rows}
