"""On what terms the merchants of the demo sell: customer groups, what they ask of an order, how goods are sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.models import Site
from customers.group_documents import GroupChange, GroupSettings, NewGroup
from customers.groups import create_group, patch_group, set_group_settings
from customers.models import DEFAULT_GROUP
from purchasing.demo.cast import Merchant
from purchasing.demo.catalogue import PRICE_LEVEL
from purchasing.demo.price_lists import BASE, TRADE
from purchasing.shipping.documents import NewMethod
from purchasing.shipping.operations import create_method

OVERSEAS = "overseas"
GROUPS: tuple[tuple[str, str, str | None, list[str]], ...] = (
    ("default", "Default", None, [BASE]),
    ("trade", "Trade", "base", [TRADE, BASE]),
    (OVERSEAS, "Trade overseas", "trade", []),
)
"""Slug, name, the group it comes under, and the price lists of customers who have none of their own."""
TRADE_MINIMUM = Decimal(100)
"""In GBP and before tax; in other currencies at the merchants' own level of prices, for customers overseas."""
HOME = ["GB", "IE"]
ABROAD = ["DE", "AT", "CH", "FR", "US", "CA", "JP"]


def set_terms(*, site: Site, merchant: Merchant, today: datetime) -> None:
    """Two groups with order minimums; a courier, a pallet and a parcel abroad."""
    for slug, name, parent_slug, price_lists in GROUPS:
        body = {"slug": slug, "name": name, "parent_slug": parent_slug, "price_lists": price_lists}
        if slug == DEFAULT_GROUP:
            patch_group(site=site, slug=slug, document=GroupChange.model_validate(body))
        else:
            create_group(site=site, document=NewGroup.model_validate(body))
    for slug, codes in (("trade", ["GBP"]), (OVERSEAS, ["EUR", "USD", "CHF"])):
        minimums = [
            {"currency_code": code, "minimum_value": TRADE_MINIMUM * PRICE_LEVEL[code], "compare_type": "net"}
            for code in codes
        ]
        settings = GroupSettings.model_validate([{"key": "orderTotalsValidation", "value": minimums}])
        set_group_settings(site=site, slug=slug, settings=settings.root)
    for body in _methods(merchant):
        create_method(site=site, document=NewMethod.model_validate(body), now=today)


def _methods(merchant: Merchant) -> list[dict[str, Any]]:
    gross = merchant.freight * (1 + merchant.tax_rate / 100)

    def fixed(factor: int) -> dict[str, Any]:
        return {"type": "fixed", "amount": gross * factor, "currency_code": merchant.currency_code}

    free_from = {"type": "price", "min": 500, "currency_code": merchant.currency_code}
    return [
        {
            "sku": "COURIER",
            "title": "Courier",
            "countries": HOME if merchant.currency_code == "GBP" else ABROAD,
            "bands": [
                {"name": "Large orders", "sku": "COURIER-FREE", "requirement": free_from, "cost": {"type": "free"}},
                {
                    "name": "Up to 30 kg",
                    "priority": 1,
                    "sku": "COURIER-30",
                    "requirement": {"type": "weight", "min": 0, "max": 30_000},
                    "cost": fixed(1),
                },
            ],
        },
        {
            "sku": "PALLET",
            "title": "Pallet",
            "prority": 5,
            "countries": HOME,
            "groups": ["trade"],
            "bands": [
                {
                    "name": "From 30 kg",
                    "sku": "PALLET",
                    "requirement": {"type": "weight", "min": 30_000},
                    "cost": fixed(8),
                }
            ],
        },
        {
            "sku": "ABROAD",
            "title": "Parcel abroad",
            "prority": 9,
            "countries": ABROAD,
            "bands": [{"name": "Any weight", "sku": "ABROAD", "cost": fixed(3)}],
        },
    ]
