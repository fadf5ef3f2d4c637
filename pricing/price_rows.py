"""Prices into and out of their table, set-based: the number of statements does not depend on the number of prices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson

from core import sql
from core.models import Site
from core.written import Written
from pricing.models import PriceList
from pricing.sent_prices import SentBreak, SentPrices

Pair = tuple[int, str]
"""Our number of a list, and a SKU on it."""
_Figures = tuple[Any, ...]
_FIGURES = ("price", "tax_type", "unit_of_measure", "display_tax_rate")
"""Of a break, beside its quantity."""

_REMOVE = """
DELETE FROM pricing_price WHERE site_id = $1 AND (price_list_id, sku, quantity) IN (
    SELECT price_list_id, sku, quantity FROM json_to_recordset($2::json)
        AS gone(price_list_id bigint, sku text, quantity integer)
)
"""
_STORED = """
SELECT price_list_id, sku, quantity, price, tax_type, unit_of_measure, display_tax_rate
FROM pricing_price WHERE site_id = $1 AND (price_list_id, sku) IN (
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
ON CONFLICT (site_id, price_list_id, sku, quantity) DO UPDATE
SET price = EXCLUDED.price, tax_type = EXCLUDED.tax_type, unit_of_measure = EXCLUDED.unit_of_measure,
    display_tax_rate = EXCLUDED.display_tax_rate
"""
_EMPTY = "DELETE FROM pricing_price WHERE site_id = $1 AND price_list_id = $2"
_DROP_RULES = "DELETE FROM pricing_pricelistrule WHERE site_id = $1 AND price_list_id = $2"
_DROP = "DELETE FROM pricing_pricelist WHERE site_id = $1 AND id = $2"


def replace_prices(*, site: Site, sent: Sequence[SentPrices], lists: dict[str, int]) -> dict[Pair, Written]:
    """What each SKU that is named costs on its list is what was sent, and nothing else. Three statements at most.

    Breaks that stand as they were sent are left alone, and one that changes stays the row it was, with its trail.
    `lists`: our number of each list by slug, all of them locked by the caller.
    """
    rows: dict[Pair, dict[int, _Figures]] = {(lists[item.price_list_slug], item.sku): {} for item in sent}
    for item in sent:
        breaks = rows[lists[item.price_list_slug], item.sku]
        breaks |= {row.quantity: _figures(row) for row in item.breaks}
    stored: dict[Pair, dict[int, _Figures]] = {}
    for price_list_id, sku, quantity, *figures in sql.fetch(_STORED, [site.pk, _pairs(rows)]):
        stored.setdefault((price_list_id, sku), {})[quantity] = tuple(figures)
    changed = {pair for pair, breaks in rows.items() if breaks != stored.get(pair, {})}
    if gone := [row for pair in changed for row in _rows(pair, _beyond(stored.get(pair, {}), rows[pair]))]:
        sql.run(_REMOVE, [site.pk, _json(gone)])
    if told := [row for pair in changed for row in _rows(pair, _other(rows[pair], stored.get(pair, {})))]:
        sql.run(_STORE, [site.pk, _json(told)])
    return {
        pair: Written.of(is_new=pair not in stored and pair in changed, is_changed=pair in changed) for pair in rows
    }


def _figures(row: SentBreak) -> _Figures:
    return (row.price, row.tax_type, row.unit_of_measure, row.display_tax_rate)


def _beyond(stored: dict[int, _Figures], sent: dict[int, _Figures]) -> dict[int, _Figures]:
    """The breaks that are there and were not sent."""
    return {quantity: figures for quantity, figures in stored.items() if quantity not in sent}


def _other(sent: dict[int, _Figures], stored: dict[int, _Figures]) -> dict[int, _Figures]:
    """The breaks that are not there as they were sent."""
    return {quantity: figures for quantity, figures in sent.items() if figures != stored.get(quantity)}


def _pairs(pairs: Iterable[Pair]) -> str:
    return _json([{"price_list_id": number, "sku": sku} for number, sku in pairs])


def _rows(pair: Pair, breaks: dict[int, _Figures]) -> Iterator[dict[str, Any]]:
    for quantity, figures in breaks.items():
        named = dict(zip(_FIGURES, figures, strict=True))
        yield {"price_list_id": pair[0], "sku": pair[1], "quantity": quantity, **named}


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
