"""What the merchants of the demo ask for their goods: in pounds, for the trade, and in each other currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.models import Site
from core.money import round_money
from pricing.documents import NewPriceList, SkuPrices
from pricing.operations import create_price_list, update_price_list
from pricing.sent_prices import read_rows
from purchasing.demo.cast import Buyer, Merchant
from purchasing.demo.catalogue import PRICE_LEVEL

BASE, TRADE = "base-list", "trade"
BY_CURRENCY = {"EUR": "euro", "USD": "dollar", "JPY": "yen"}
"""Lists for customers who pay in another currency."""
OFF_FOR_THE_TRADE = Decimal("0.15")
MANY = 12
"""Pieces from which on one costs less."""
OFF_FOR_MANY = Decimal("0.95")


def fill_price_lists(*, site: Site, merchant: Merchant) -> None:
    """Prices of the whole shelf in pounds; everything else by rules."""
    rows: list[dict[str, Any]] = [
        {
            "sku": item.sku,
            "display_tax_rate": merchant.tax_rate,
            "pricing": [
                {"quantity": 1, "price": item.price, "unit_of_measure": "each"},
                {"quantity": MANY, "price": round_money(item.price * OFF_FOR_MANY, "GBP"), "unit_of_measure": "each"},
            ],
        }
        for item in merchant.shelf.values()
    ]
    _make_list(site, BASE, "Base price list", "GBP")
    update_price_list(site=site, slug=BASE, sent=read_rows(SkuPrices, rows))
    off = {"adjustment_percentage": OFF_FOR_THE_TRADE, "adjustment_direction": "minus"}
    _make_list(site, TRADE, "Trade, 15 % off", "GBP", off)
    for code, slug in BY_CURRENCY.items():
        _make_list(site, slug, f"Trade in {code}", code, {"currency_exchange_rate": PRICE_LEVEL[code]}, source=TRADE)


def price_lists_for(buyer: Buyer) -> list[str]:
    """His own: those who buy on account are of the trade; the others are priced by their group."""
    if buyer.currency_code in BY_CURRENCY:
        return [BY_CURRENCY[buyer.currency_code]]
    return [TRADE, BASE] if buyer.on_account or buyer.parent else []


def _make_list(
    site: Site, slug: str, name: str, currency_code: str, rule: dict[str, Any] | None = None, *, source: str = BASE
) -> None:
    rules = [] if rule is None else [rule | {"source_price_list_slug": source}]
    body = {"slug": slug, "name": name, "currency_code": currency_code, "rules": rules}
    create_price_list(site=site, document=NewPriceList.model_validate(body))
