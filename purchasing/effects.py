"""What must follow when a purchase or its transactions change: ledger entries, history items, payment status.

Idempotent: works out from the purchase's own rows, under its lock, what *should* stand posted, and posts the
difference. A purchase has one figure for its charge and one for each transaction. Rules: `docs/money.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuid7
from django.db import transaction as database
from django.utils import timezone

from core.actors import Actor
from core.money import ZERO, money_text
from core.site_settings import ChargePosting, Settings, parse_settings
from customers import ledger
from customers.ledger import Kind, Posting
from purchasing import store
from purchasing.models import PurchaseTransaction
from purchasing.payment import Applied, Payment, is_on_account, judge_payment, sum_applied
from purchasing.store import StoredPurchase, StoredTransaction
from purchasing.warnings import (
    OF_DOCUMENT,
    OVER_REFUNDED,
    REFUND_WITHOUT_CREDIT,
    SUSPECTED_DUPLICATE,
    PurchaseWarning,
    warn,
)

DUPLICATE_WINDOW = timedelta(hours=72)


def charge_of(purchase: StoredPurchase) -> Decimal:
    """What the purchase should have posted as its charge, by the policy in force when it first became an order."""
    if purchase.deleted_at is not None or purchase.type != "order":
        return ZERO
    if purchase.charge_posting == ChargePosting.ALL_ORDERS:
        return purchase.amount_due
    if purchase.charge_posting == ChargePosting.ON_ACCOUNT and is_on_account(purchase.payment_method):
        return purchase.amount_due
    return ZERO


def judge(purchase: StoredPurchase, applied: Applied) -> list[PurchaseWarning]:
    """Set the payment status and figures on `purchase`; answers the warnings that they give rise to."""
    payment: Payment = judge_payment(
        type=purchase.type,
        applied=applied,
        amount_due=purchase.amount_due,
        live_or_empty=purchase.quantities.live_or_empty,
        reduced=purchase.credited != 0 or purchase.cancelled_quantity > 0,
    )
    purchase.paid, purchase.refunded = applied.paid, applied.refunded
    purchase.calculated_payment_status = payment.status
    purchase.outstanding, purchase.credit = payment.outstanding, payment.credit
    warnings = []
    if payment.over_refunded:
        warnings.append(warn(OVER_REFUNDED, "calculated_payment", "more was refunded than was paid"))
    if payment.refund_without_credit:
        warnings.append(
            warn(REFUND_WITHOUT_CREDIT, "calculated_payment", "money was refunded though nothing was credited for it")
        )
    return warnings


def differences(
    purchase: StoredPurchase,
    transactions: Sequence[StoredTransaction],
    *,
    account_id: int | None,
    settings: Settings,
) -> list[Posting]:
    """What is missing so that the charge and each transaction stand posted on `account_id` as they should.

    Sets the posted figures on `purchase` and `transactions`; the caller stores them and posts. `account_id`: who
    should owe now (None: nobody). A charge that stands elsewhere, or in another currency, is taken back there first.
    `transactions`: all of the purchase's.
    """
    postings: list[Posting] = []
    stands_elsewhere = (purchase.account_id, purchase.posted_currency_code) != (account_id, purchase.currency_code)
    if purchase.posted_charge and stands_elsewhere:
        postings.append(_charge(purchase, Kind.REVERSAL, -purchase.posted_charge))
        purchase.posted_charge = ZERO
    if account_id is not None:
        purchase.account_id, purchase.posted_currency_code = account_id, purchase.currency_code
    should = charge_of(purchase) if account_id is not None else ZERO
    if should != purchase.posted_charge:
        if purchase.charge_value_date is None:
            purchase.charge_value_date = purchase.ordered_at.astimezone(settings.time_zone).date()
        kind = Kind.CHARGE if should else Kind.REVERSAL
        postings.append(_charge(purchase, kind, should - purchase.posted_charge))
        purchase.posted_charge = should
    for transaction in transactions:
        should = -transaction.total if transaction.apply_to_balance and account_id is not None else ZERO
        if should != transaction.posted_amount:
            postings.append(_transaction(purchase, transaction, should, settings))
            transaction.posted_amount = should
    if not purchase.posted_charge and not any(transaction.posted_amount for transaction in transactions):
        purchase.account_id, purchase.posted_currency_code = None, ""
    return postings


def follow_saved_transaction(transaction: PurchaseTransaction) -> None:
    """What follows when a transaction was saved; leaves the purchase's warnings on it."""
    locked = transaction.locked if isinstance(transaction.locked, StoredPurchase) else None
    transaction.warnings = settle(
        site_id=transaction.site_id, purchase_id=transaction.purchase_id, author=transaction.author, locked=locked
    )


def take_back_transaction(transaction: PurchaseTransaction) -> None:
    """Un-apply a transaction that is about to be deleted, whoever deletes it."""
    store.unapply_transaction(site_id=transaction.site_id, transaction_id=transaction.id)
    settle(site_id=transaction.site_id, purchase_id=transaction.purchase_id, author=transaction.author)


@database.atomic(savepoint=False)
def settle(
    *, site_id: int, purchase_id: int, author: Actor, locked: StoredPurchase | None = None, now: datetime | None = None
) -> list[PurchaseWarning]:
    """Bring payment status, history and ledger up to date with the stored transactions of a purchase.

    Locks the purchase, then the accounts. `locked`: the purchase, when the caller holds its lock already and has
    changed nothing of it. Answers the purchase's warnings.
    """
    purchase = locked or store.lock_purchase(site_id=site_id, purchase_id=purchase_id)
    assert purchase is not None
    transactions, context = store.read_transactions_with_context(
        site_id=site_id, purchase_id=purchase_id, customer_id=purchase.customer_id or purchase.child_id
    )
    account_id, settings = _account_in(context, purchase)
    applied = sum_applied(item.total for item in transactions if item.apply_to_balance)
    payment_warnings = judge(purchase, applied)
    warnings = [
        *(item for item in orjson.loads(purchase.warnings) if item["code"] in OF_DOCUMENT),
        *payment_warnings,
        *suspect_duplicates(transactions),
    ]
    purchase.warnings = orjson.dumps(warnings).decode()
    before = {item.id: item.posted_amount for item in transactions}
    postings = differences(purchase, transactions, account_id=account_id, settings=settings)
    purchase.changes += 1
    purchase.changed_at = now or timezone.now()
    write_followed(purchase, transactions, before=before)
    ledger.post(site_id=site_id, postings=postings, author=author, net_terms_days=settings.net_terms_days)
    return warnings


def write_followed(
    purchase: StoredPurchase, transactions: Sequence[StoredTransaction], *, before: Mapping[UUID, Decimal]
) -> None:
    """Store the payment figures, and posted amounts and history where they differ from what stood `before`."""
    store.write_payment(
        purchase,
        items=[
            history_row(item, purchase.changed_at)
            for item in transactions
            if item.posted_amount != before[item.id] or _told_wrongly(item)
        ],
    )


def account_of(purchase: StoredPurchase) -> tuple[int | None, Settings]:
    """Who owes for the purchase, and the site's settings.

    While anything stands posted, the account it stands on; else the top-most parent, today, of its customer (or of
    its child when no customer is named); None without a customer.
    """
    payer = purchase.customer_id or purchase.child_id
    context = store.read_context(site_id=purchase.site_id, customer_ids=[payer] if payer else [], external_ids=[])
    return _account_in(context, purchase)


def _account_in(context: store.Context, purchase: StoredPurchase) -> tuple[int | None, Settings]:
    stored_settings, customers = context
    if purchase.account_id is not None:
        return purchase.account_id, parse_settings(stored_settings)
    return (customers[0].account_id if customers else None), parse_settings(stored_settings)


def suspect_duplicates(transactions: list[StoredTransaction]) -> list[PurchaseWarning]:
    """A warning for each applied transaction that repeats an earlier one: equal total and currency within 72 hours."""
    warnings = []
    earlier: dict[tuple[Decimal, str], StoredTransaction] = {}
    for item in transactions:
        if not item.apply_to_balance:
            continue
        key = (item.total, item.currency_code)
        other = earlier.get(key)
        if other is not None and item.created_at - other.created_at <= DUPLICATE_WINDOW:
            text = f"transaction {item.platform_id} repeats {other.platform_id}: the same amount within 72 hours"
            warnings.append(warn(SUSPECTED_DUPLICATE, "platform_id", text))
        earlier[key] = item
    return warnings


def _charge(purchase: StoredPurchase, kind: Kind, amount: Decimal) -> Posting:
    assert purchase.account_id is not None
    assert purchase.charge_value_date is not None
    return Posting(
        customer_id=purchase.account_id,
        currency_code=purchase.posted_currency_code,
        kind=kind,
        amount=amount,
        value_date=purchase.charge_value_date,
        purchase_id=purchase.id,
        purchase_spark_id=purchase.spark_id,
        reference=purchase.number,
    )


def _transaction(
    purchase: StoredPurchase, transaction: StoredTransaction, should: Decimal, settings: Settings
) -> Posting:
    assert purchase.account_id is not None
    return Posting(
        customer_id=purchase.account_id,
        currency_code=purchase.posted_currency_code,
        kind=Kind.TRANSACTION if should else Kind.REVERSAL,
        amount=should - transaction.posted_amount,
        value_date=transaction.created_at.astimezone(settings.time_zone).date(),
        purchase_id=purchase.id,
        purchase_spark_id=purchase.spark_id,
        transaction_id=transaction.id,
        reference=transaction.platform_id,
    )


def _told_wrongly(item: StoredTransaction) -> bool:
    """Whether the purchase history does not say what the transaction says."""
    if not item.apply_to_balance:
        return item.told_total is not None
    return item.told_total != item.total


def history_row(item: StoredTransaction, now: datetime) -> dict[str, Any]:
    payment = item.total > 0
    amount = f"{money_text(abs(item.total), item.currency_code)} {item.currency_code}"
    return {
        "id": uuid7.uuid7(),
        "transaction_id": item.id,
        "applied": item.apply_to_balance,
        "posted_amount": str(item.posted_amount),
        "type": "payment" if payment else "refund",
        "message": f"Payment of {amount} received" if payment else f"Refund of {amount} paid out",
        "total": str(item.total),
        "currency_code": item.currency_code,
        "created_at": now.isoformat(),
    }
