"""How far a purchase is paid. Pure functions over plain values; the table is in `docs/money.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.money import ZERO


class PaymentStatus(StrEnum):
    """`calculated_payment_status`."""

    UNPAID = "unpaid"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(status.value, status.value.replace("_", " ").capitalize()) for status in cls]


PAID_TYPES = frozenset({"order", "order_unconfirmed"})
"""Purchase types that are paid; for others every payment figure is null."""

ON_ACCOUNT_METHODS = frozenset({"on_account", "paymentonaccount", "invoice", "paymentbyinvoice"})


def is_on_account(payment_method: str) -> bool:
    """Whether a payment method means that the customer pays later, in any letter case."""
    return payment_method.lower() in ON_ACCOUNT_METHODS


@dataclass(frozen=True, slots=True)
class Applied:
    """Sums of the applied transactions: payments and refunds, both as positive amounts."""

    paid: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        return self.paid - self.refunded

    @property
    def any(self) -> bool:
        """Whether any transaction is applied (one never has a total of 0)."""
        return bool(self.paid or self.refunded)


@dataclass(frozen=True, slots=True)
class Payment:
    """Status and figures, in the purchase's currency. `status` and all figures are null for types that are not paid."""

    status: PaymentStatus | None
    outstanding: Decimal
    credit: Decimal
    over_refunded: bool = False
    refund_without_credit: bool = False


def sum_applied(totals: Iterable[Decimal]) -> Applied:
    """Payments and refunds among the totals of applied transactions."""
    paid = refunded = ZERO
    for total in totals:
        if total > 0:
            paid += total
        else:
            refunded -= total
    return Applied(paid, refunded)


def judge_payment(*, type: str, applied: Applied, amount_due: Decimal, live_or_empty: bool, reduced: bool) -> Payment:
    """Status, outstanding and credit of a purchase.

    `live_or_empty`: it has live quantity that is not all returned, or no line yet. `reduced`: something was credited
    or cancelled.
    """
    if type not in PAID_TYPES:
        return Payment(None, ZERO, ZERO)
    net, due = applied.net, amount_due
    outstanding, credit = max(due - net, ZERO), max(net - due, ZERO)
    if net < 0:
        return Payment(PaymentStatus.REFUNDED, outstanding, credit, over_refunded=True)
    if not applied.any:
        if due > 0:
            return Payment(PaymentStatus.UNPAID, outstanding, credit)
        return Payment(PaymentStatus.PAID if live_or_empty else None, outstanding, credit)
    if net == 0:
        return Payment(PaymentStatus.REFUNDED, outstanding, credit)
    if net > due:
        return Payment(PaymentStatus.OVERPAID, outstanding, credit)
    if net == due:
        status = PaymentStatus.PARTIALLY_REFUNDED if applied.refunded and reduced else PaymentStatus.PAID
        return Payment(status, outstanding, credit)
    if applied.refunded and applied.paid >= due:
        return Payment(PaymentStatus.PARTIALLY_REFUNDED, outstanding, credit, refund_without_credit=True)
    return Payment(PaymentStatus.PARTIALLY_PAID, outstanding, credit)
