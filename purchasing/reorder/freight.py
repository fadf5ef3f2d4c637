"""By which method what is ordered once more is sent, and what that costs. Pure functions.

Rules: `docs/my_account.md`, re-order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from core.money import ZERO, money_text
from purchasing.documents import Package, ShippingMethod
from purchasing.shipping.choice import Offer
from purchasing.totals import without_tax


def method_of(packages: Iterable[Package]) -> ShippingMethod | None:
    """How these packages were sent: the first method that has a name or a SKU."""
    methods = (package.shipping_method for package in packages)
    return next((method for method in methods if method and (method.name or method.sku)), None)


def chosen(offers: Sequence[Offer], before: ShippingMethod | None) -> Offer | None:
    """The method of before where it is offered, by its SKU, else by its name; else the first; None: none is offered."""
    if before is not None:
        for offer in offers:
            if before.sku and before.sku in (offer.band.sku, offer.method.sku):
                return offer
        for offer in offers:
            if not before.sku and before.name in (offer.method.title, offer.band.name):
                return offer
    return offers[0] if offers else None


def shipping_form(
    offer: Offer,
    before: ShippingMethod | None,
    *,
    default_tax_rate: Decimal | None,
    tax_exempt: bool,
    currency_code: str,
) -> dict[str, Any]:
    """The method as a document sends it. Its cost has tax in it: who pays none pays what is left without it."""
    rate = before.line_total.tax_rate if before and before.line_total else None
    if rate is None or tax_exempt:
        rate = default_tax_rate
    net = without_tax(offer.cost, rate or ZERO, currency_code)
    gross = net if tax_exempt else offer.cost
    if tax_exempt:
        rate = ZERO
    total: dict[str, Any] = {
        "total_net": {"number": money_text(net, currency_code), "currency": currency_code},
        "total_gross": {"number": money_text(gross, currency_code), "currency": currency_code},
    }
    if rate is not None:
        total["tax_rate"] = f"{rate:f}"
    return {"name": offer.method.title, "sku": offer.band.sku or offer.method.sku, "line_total": total}
