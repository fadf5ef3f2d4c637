"""Purchases, transactions and history as they are answered (`purchasing.answers`).

A purchase is answered from the two JSON texts it is stored as, with what changes without a revision (payments,
warnings) set beside them: nothing is read again, parsed or built anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

import orjson

from core.ids import PURCHASE
from core.money import ZERO, money_text, quantum_of
from purchasing.decision import AWAITING, DecisionStatus, decision_text, told_decision
from purchasing.models import PurchaseHistory, PurchaseTransaction
from purchasing.payment import PAID_TYPES
from purchasing.warnings import PurchaseWarning


class Listed(Protocol):
    """The columns of a purchase that its answer reads beside the header."""

    id: int
    type: str
    currency_code: str
    header: str
    revision: int
    revision_at: Any
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


class Deleted(Protocol):
    """The columns of a purchase that are told of it when it is gone; `key`: when it went."""

    spark_id: UUID
    platform_id: str
    internal_id: str
    visible_id: str
    key: datetime


class Whole(Listed, Protocol):
    contents: str


def purchase_json(
    purchase: Whole, *, warnings: Sequence[PurchaseWarning] | None = None, to_customer: bool = False
) -> bytes:
    """A whole purchase. `warnings`: those of this request, instead of the stored ones.

    `to_customer`: as customers are told it, without warnings and without the names of staff.
    """
    told = None if warnings is None else orjson.dumps(warnings).decode()
    live = _live(purchase, told, to_customer=to_customer)
    return f'{{"id":"{PURCHASE}{purchase.id}",{purchase.header[1:-1]},{live},{purchase.contents[1:]}'.encode()


def rows_json(purchases: Sequence[Listed], *, to_customer: bool = False) -> bytes:
    """A list of purchases, each without packages and files; `to_customer` as for one."""
    rows = (
        f'{{"id":"{PURCHASE}{row.id}",{row.header[1:-1]},{_live(row, to_customer=to_customer)}}}' for row in purchases
    )
    return f"[{','.join(rows)}]".encode()


def deleted_rows_json(purchases: Sequence[Deleted]) -> bytes:
    """A list of deleted purchases."""
    return orjson.dumps(
        [
            {
                "purchase_identifiers": {
                    "sparklayer": row.spark_id,
                    "platform": row.platform_id,
                    "internal": row.internal_id,
                    "visible": row.visible_id,
                },
                "deleted_at": row.key,
            }
            for row in purchases
        ]
    )


def calculated_members(purchase: Listed) -> dict[str, Any]:
    """The members that are calculated."""
    members: dict[str, Any] = orjson.loads(f"{{{_live(purchase)}}}")
    return members


def _live(purchase: Listed, warnings: str | None = None, *, to_customer: bool = False) -> str:
    """The members that are calculated, as JSON text without braces.

    Put together by hand, as a list does it for every row: nothing in it needs escaping but the warnings, which are
    JSON already.
    """
    code = purchase.currency_code

    def money(amount: Decimal) -> str:
        return _money(amount, code)

    def word(status: str | None) -> str:
        return "null" if status is None else f'"{status}"'

    dollars = "null"
    if purchase.calculated_total_usd is not None:
        dollars = f'{{"number":"{purchase.calculated_total_usd!s}","currency":"USD"}}'
    payment = "null"
    if purchase.type in PAID_TYPES:
        payment = (
            f'{{"amount_due":{money(purchase.amount_due)},"paid":{money(purchase.paid)},'
            f'"refunded":{money(purchase.refunded)},"net_paid":{money(purchase.paid - purchase.refunded)},'
            f'"outstanding":{money(purchase.outstanding)},"credit":{money(purchase.credit)}}}'
        )
    return (
        f'"calculated_total":{money(purchase.calculated_total)},"calculated_total_usd":{dollars},'
        f'"calculated_fulfilment_status":{word(purchase.calculated_fulfilment_status)},'
        f'"calculated_quantities":{{"open":{purchase.open_quantity},"shipped":{purchase.shipped_quantity},'
        f'"returned":{purchase.returned_quantity},"cancelled":{purchase.cancelled_quantity}}},'
        f'"calculated_payment_status":{word(purchase.calculated_payment_status)},"calculated_payment":{payment},'
        f'"approval":{_approval(purchase, to_customer=to_customer)},'
        f'"warnings":{"[]" if to_customer else purchase.warnings if warnings is None else warnings},'
        f'"revision":{purchase.revision},"revision_date":"{purchase.revision_at.isoformat()}"'
    )


@lru_cache(maxsize=4_096)
def _money(amount: Decimal, code: str) -> str:
    """An amount as it is answered, remembered: most of a purchase are its total or 0.

    `!s`: the same text as without, in a third of the time.
    """
    return f'{{"number":"{(amount or ZERO).quantize(quantum_of(code))!s}","currency":"{code}"}}'


def _approval(purchase: Listed, *, to_customer: bool) -> str:
    """What was decided; of what waits for a decision, the revision and the total that one has to name."""
    if purchase.approval:
        return told_decision(purchase.approval) if to_customer else purchase.approval
    if purchase.type != AWAITING:
        return "null"
    return decision_text(
        DecisionStatus.PENDING,
        revision=purchase.revision,
        total=purchase.calculated_total,
        currency_code=purchase.currency_code,
    )


def transaction_form(transaction: PurchaseTransaction, spark_id: UUID) -> dict[str, Any]:
    """A transaction as it is answered; `total` has the currency's digits."""
    return {
        "id": transaction.id,
        "purchase_spark_id": spark_id,
        "platform_id": transaction.platform_id,
        "total": money_text(transaction.total, transaction.currency_code),
        "currency_code": transaction.currency_code,
        "apply_to_balance": transaction.apply_to_balance,
        "full_transaction": transaction.full_transaction,
        "created_at": transaction.created_at.isoformat(),
        "updated_at": transaction.updated_at.isoformat(),
    }


def history_form(item: PurchaseHistory, spark_id: UUID) -> dict[str, Any]:
    """A history item as it is answered."""
    return {
        "id": item.id,
        "purchase_spark_id": spark_id,
        "type": item.type,
        "message": item.message,
        "total": money_text(item.total, item.currency_code),
        "currency_code": item.currency_code,
        "created_at": item.created_at.isoformat(),
    }
