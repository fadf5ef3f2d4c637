"""Prices into and out of their table, set-based: the number of statements does not depend on the number of prices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson

from core import sql
from core.models import Site
from pricing.models import PriceList
from pricing.sent_prices import SentPrices

_REMOVE = """
DELETE FROM pricing_price WHERE site_id = $1 AND (price_list_id, sku) IN (
    SELECT price_list_id, sku FROM json_to_recordset($2::json) AS pair(price_list_id bigint, sku text)
)
"""
_STORE = """
INSERT INTO pricing_price
    (site_id, price_list_id, sku, quantity, price, tax_type, unit_of_measure, display_tax_rate)
SELECT $1, sent.* FROM json_to_recordset($2::json) AS sent(
    price_list_id bigint, sku text, quantity integer, price numeric, tax_type text, unit_of_measure text,
    display_tax_rate numeric
)
"""
_EMPTY = "DELETE FROM pricing_price WHERE site_id = $1 AND price_list_id = $2"
_DROP_RULES = "DELETE FROM pricing_pricelistrule WHERE site_id = $1 AND price_list_id = $2"
_DROP = "DELETE FROM pricing_pricelist WHERE site_id = $1 AND id = $2"


def replace_prices(*, site: Site, sent: Sequence[SentPrices], lists: dict[str, int]) -> None:
    """What each SKU that is named costs on its list is what was sent, and nothing else. Two statements.

    `lists`: our number of each list by slug, all of them locked by the caller.
    """
    pairs = {(lists[item.price_list_slug], item.sku) for item in sent}
    sql.run(_REMOVE, [site.pk, _json([{"price_list_id": number, "sku": sku} for number, sku in pairs])])
    rows = [
        {
            "price_list_id": lists[item.price_list_slug],
            "sku": item.sku,
            "quantity": price.quantity,
            "price": price.price,
            "tax_type": price.tax_type,
            "unit_of_measure": price.unit_of_measure,
            "display_tax_rate": price.display_tax_rate,
        }
        for item in sent
        for price in item.breaks
    ]
    sql.run(_STORE, [site.pk, _json(rows)])


def empty(*, price_list: PriceList) -> None:
    """Take away every price of a list. One statement."""
    sql.run(_EMPTY, [price_list.site_id, price_list.pk])


def drop(*, price_list: PriceList) -> None:
    """Take away a list with its prices and rules.

    By its site as well as its number: an index begins with the site, and the ORM's own cascade would read all prices.
    """
    for statement in (_EMPTY, _DROP_RULES, _DROP):
        sql.run(statement, [price_list.site_id, price_list.pk])


def _json(rows: Any) -> str:
    return orjson.dumps(rows, default=_text).decode()


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no form in JSON")
