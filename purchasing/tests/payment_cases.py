"""The payment cases of the rules, worded as packages and payments; tested as arithmetic and over HTTP alike."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """An order of `packages` (type of package → net) and what was paid (more than 0) and refunded (less)."""

    name: str
    status: str | None
    packages: dict[str, str] = field(default_factory=lambda: {"processing": "100"})
    money: tuple[str, ...] = ()
    informational: tuple[str, ...] = ()
    type: str = "order"
    outstanding: str = "0"
    credit: str = "0"
    warning: str | None = None

    def __str__(self) -> str:
        return self.name


RETURNED_20 = {"shipment": "80", "refund": "20"}
CANCELLED_20 = {"processing": "80", "cancelled": "20"}

WORKED_CASES = [
    Case("pay 120", "overpaid", money=("120",), credit="20"),
    Case("pay 120, refund 20", "paid", money=("120", "-20")),
    Case("pay 100, 20 returned, not refunded", "overpaid", RETURNED_20, ("100",), credit="20"),
    Case("then refund 20", "partially_refunded", RETURNED_20, ("100", "-20")),
    Case("pay 100, all returned, refund 100", "refunded", {"refund": "100"}, ("100", "-100")),
    Case("pay 50, refund 50, nothing returned", "refunded", money=("50", "-50"), outstanding="100"),
    Case("pay 50, refund 20", "partially_paid", money=("50", "-20"), outstanding="70"),
    Case(
        "pay 100, refund 10, nothing returned",
        "partially_refunded",
        money=("100", "-10"),
        outstanding="10",
        warning="refund-without-credit",
    ),
    Case("total 0", "paid", {"processing": "0"}),
    Case("20 cancelled before shipping, pay 100", "overpaid", CANCELLED_20, ("100",), credit="20"),
    Case("pay 50, 20 returned", "partially_paid", RETURNED_20, ("50",), outstanding="30"),
    Case("pay 100 with apply_to_balance false", "unpaid", informational=("100",), outstanding="100"),
]

ROWS = [
    Case("1: a quote", None, type="quote", money=("10",)),
    Case("1: a cart", None, type="cart"),
    Case("1: awaiting approval", None, type="awaiting_approval", money=("10", "-20")),
    Case("2: more refunded than paid", "refunded", money=("10", "-20"), outstanding="110", warning="over-refunded"),
    Case("2: refunded without payment", "refunded", {"refund": "9"}, ("-9",), outstanding="9", warning="over-refunded"),
    Case("3: nothing applied, something due", "unpaid", outstanding="100"),
    Case("3: unconfirmed orders too", "unpaid", type="order_unconfirmed", outstanding="100"),
    Case("4: a free order", "paid", {"shipment": "0"}),
    Case("4: no line yet", "paid", {}),
    Case("4: all cancelled", None, {"cancelled": "100"}),
    Case("4: all returned", None, {"refund": "100"}),
    Case("4: all cancelled or returned", None, {"refund": "60", "cancelled": "40"}),
    Case("5: as much refunded as paid", "refunded", money=("100", "-100"), outstanding="100"),
    Case("5: also when nothing is due", "refunded", {"cancelled": "100"}, ("100", "-100")),
    Case("6: more paid than due", "overpaid", money=("101",), credit="1"),
    Case("6: also after a refund", "overpaid", RETURNED_20, ("100", "-5"), credit="15"),
    Case("6: also when all is cancelled", "overpaid", {"cancelled": "100"}, ("100",), credit="100"),
    Case("7: as much paid as due", "paid", money=("60", "40")),
    Case("7: refunded what was returned", "partially_refunded", RETURNED_20, ("100", "-20")),
    Case("7: refunded what was cancelled", "partially_refunded", CANCELLED_20, ("100", "-20")),
    Case("7: returned before it was paid", "paid", RETURNED_20, ("80",)),
    Case("7: refunded though nothing was credited", "paid", money=("110", "-10")),
    Case("8: less paid than due", "partially_paid", money=("99.99",), outstanding="0.01"),
    Case("8: refunded before all was paid", "partially_paid", money=("99", "-9"), outstanding="10"),
    Case(
        "8: refunded after all was paid",
        "partially_refunded",
        RETURNED_20,
        ("80", "-20"),
        outstanding="20",
        warning="refund-without-credit",
    ),
]
