"""The sorts of purchases that a load is made of, and the document of each. Texts in ⟦ ⟧ differ in each copy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from purchasing.demo.catalogue import CLIMBING

SIZES = ((4, 1), (6, 1), (9, 2), (13, 2), (18, 3))
"""Lines and packages; 10 lines on average."""
OPEN, SHIPPED, PARTLY, RETURNED, CANCELLED = "open", "shipped", "partly", "returned", "cancelled"
"""What became of the packages: all of them, or (partly, returned) one of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A sort of purchase. `paid`: the share of its total that a payment covers, which is `applied` or only recorded.

    `weight`: how many there are of it beside others. `by_child`: placed by somebody of the company.
    """

    type: str = "order"
    payment_method: str = "platform_upfront"
    paid: Decimal = Decimal(0)
    applied: bool = True
    fate: str = OPEN
    weight: int = 1
    by_child: bool = False
    lines: int = 0
    packages: int = 0

    @property
    def was_open(self) -> bool:
        """Whether there is an earlier revision, in which nothing had been sent yet."""
        return self.fate in (SHIPPED, PARTLY, RETURNED)

    @property
    def is_done(self) -> bool:
        """Whether nobody has anything to do or to pay any more, as with most purchases of more than some weeks ago."""
        if self.type in ("quote", "cart") or self.fate == CANCELLED:
            return True
        return self.fate in (SHIPPED, RETURNED) and self.applied and self.paid == 1


_KINDS = (
    Shape(paid=Decimal(1), fate=SHIPPED, weight=8),
    Shape(payment_method="on_account", paid=Decimal(1), fate=SHIPPED, weight=10),
    Shape(payment_method="on_account", fate=SHIPPED, weight=3),
    Shape(payment_method="on_account", fate=PARTLY, weight=2),
    Shape(payment_method="invoice", paid=Decimal("0.5"), fate=SHIPPED, weight=2),
    Shape(paid=Decimal(1), fate=RETURNED),
    Shape(paid=Decimal(1), applied=False),
    Shape(fate=CANCELLED),
    Shape(),
    Shape(type="quote"),
    Shape(type="cart"),
    Shape(type="order_unconfirmed", payment_method="on_account"),
    Shape(type="awaiting_approval", payment_method="on_account"),
)
SHAPES = tuple(
    replace(kind, lines=lines, packages=packages, by_child=by_child)
    for kind in _KINDS
    for lines, packages in SIZES
    for by_child in (False, True)
)


def body_of(shape: Shape, *, placed_at: str, early: bool = False) -> dict[str, Any]:
    """The document; `early`: as it was before anything was sent."""
    items = list(CLIMBING.values())
    lines = []
    for number in range(shape.lines):
        item = items[(shape.lines * 3 + number * 2 + number // len(items)) % len(items)]
        pieces = 1 + (shape.packages + number) % 7
        net = {"number": f"{item.price * pieces:.2f}", "currency": "GBP"}
        lines.append(
            {
                "identifiers": {"sku": f"⟦s{number}⟧"},
                "name_parent": item.name,
                "name_child": item.variant,
                "quantity": pieces,
                "line_total": {"total_net": net, "tax_rate": 20},
            }
        )
    address = {
        "name": "Goods in",
        "company": "⟦company⟧",
        "address_line1": "⟦street⟧",
        "city": "⟦city⟧",
        "postal_code": "⟦postcode⟧",
        "country_code": "GB",
    }
    freight = {"name": "Standard", "line_total": {"total_net": {"number": "7.50", "currency": "GBP"}, "tax_rate": 20}}
    packages: list[dict[str, Any]] = []
    for place in range(shape.packages):
        share = lines[place * shape.lines // shape.packages : (place + 1) * shape.lines // shape.packages]
        state = _state(OPEN if early else shape.fate, last=place == shape.packages - 1, placed_at=placed_at)
        packages.append({**state, "line_items": share, "shipping_address": address})
    packages[0]["shipping_method"] = freight
    return {
        "type": shape.type,
        "customer_identifiers": {},
        "payment_method": shape.payment_method,
        "dates": {"placed_at": placed_at},
        "customer_reference": "⟦reference⟧",
        "currency_code": "GBP",
        "billing_address": address,
        "packages": packages,
    }


def skus_of(shape: Shape) -> list[str]:
    """What each line is a version of."""
    items = list(CLIMBING.values())
    return [
        items[(shape.lines * 3 + number * 2 + number // len(items)) % len(items)].sku for number in range(shape.lines)
    ]


def _state(fate: str, *, last: bool, placed_at: str) -> dict[str, Any]:
    shipped = {"type": "shipment", "dates": {"shipped_at": placed_at}}
    if fate == SHIPPED or (fate in (PARTLY, RETURNED) and not last):
        return shipped
    if fate == RETURNED:
        return {"type": "refund", "dates": {"shipped_at": placed_at, "returned_at": placed_at}}
    if fate == CANCELLED:
        return {"type": "cancelled", "dates": {"cancelled_at": placed_at}}
    return {"type": "processing"}
