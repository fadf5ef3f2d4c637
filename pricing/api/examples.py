"""What the API's description shows: a base list, one made out of it by a rule, and what a SKU costs on them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_RULE = {
    "source_price_list_slug": "base-list",
    "adjustment_percentage": 0.15,
    "adjustment_direction": "minus",
    "currency_exchange_rate": 1,
}
_BASE = {"slug": "base-list", "name": "Base Price List", "currency_code": "gbp"}
_FILLED_IN: dict[str, Any] = {"source": "custom", "tax_inclusive_display": False, "rules": []}
_TRADE = {"slug": "trade", "name": "Trade", "currency_code": "gbp", **_FILLED_IN, "rules": [_RULE]}
_BREAK = {"quantity": 1, "price": 10.49, "tax_type": "net"}
_WHOLESALE = {"quantity": 10, "price": 9.99, "tax_type": "net"}
_MONEY = {"number": "10.49", "currency": "gbp"}

LIST_CREATED = OpenApiExample("new price list", value=_BASE, request_only=True)
LIST_BY_RULE = OpenApiExample(
    "15 % less than another list",
    value={**_BASE, "slug": "trade", "name": "Trade", "rules": [_RULE]},
    request_only=True,
)
LIST_PATCHED = OpenApiExample("new name", value={"name": "Base Price List 2027"}, request_only=True)
LIST = OpenApiExample("price list", value={**_BASE, **_FILLED_IN}, response_only=True)
LISTS = OpenApiExample("price lists", value=[{**_BASE, **_FILLED_IN}, _TRADE], response_only=True)
LISTS_PAGE = OpenApiExample(
    "a page",
    value={"data": [{**_BASE, **_FILLED_IN}, _TRADE], "pagination": {"current_page": 1, "total_pages": 1}},
    response_only=True,
)
PRICING_PATCHED = OpenApiExample(
    "two breaks", value=[{"price_list_slug": "base-list", "pricing": [_BREAK, _WHOLESALE]}], request_only=True
)
PRICING = OpenApiExample(
    "prices by list",
    value=[{"price_list_slug": "base-list", "pricing": [{**_BREAK, "unit_of_measure": None}]}],
    response_only=True,
)
LIST_PRICES = OpenApiExample(
    "prices of a list",
    value=[{"sku": "IDV001", "quantity": 1, "price": 10.49, "unit_of_measure": None}],
    response_only=True,
    media_type="application/json",
)
LIST_PRICES_CSV = OpenApiExample(
    "as CSV",
    value="sku,quantity,price,unit_of_measure,tax_type,display_tax_rate\r\nIDV001,1,10.49,,net,\r\n",
    response_only=True,
    media_type="text/csv",
)
LIST_PRICES_PATCHED = OpenApiExample(
    "one SKU priced, one taken off",
    value=[{"sku": "IDV001", "pricing": [_BREAK, _WHOLESALE]}, {"sku": "IDV002", "pricing": []}],
    request_only=True,
    media_type="application/json",
)
LIST_PRICES_PATCHED_CSV = OpenApiExample(
    "the same as CSV",
    value="sku,price,qty\r\nIDV001,10.49,1\r\nIDV001,9.99,10\r\nIDV002,,\r\n",
    request_only=True,
    media_type="text/csv",
)
BATCH = OpenApiExample(
    "on two lists",
    value=[
        {"sku": "IDV001", "price_list_slug": "base-list", "pricing": [_BREAK]},
        {"sku": "IDV001", "price_list_slug": "trade", "pricing": []},
    ],
    request_only=True,
    media_type="application/json",
)
BATCH_CSV = OpenApiExample(
    "the same as CSV",
    value="price_list_slug,sku,price,qty\r\nbase-list,IDV001,10.49,1\r\ntrade,IDV001,,\r\n",
    request_only=True,
    media_type="text/csv",
)
ROW_FAULTS = OpenApiExample(
    "lines at fault",
    value=[{"line": 3, "field": "price", "message": "Must not be negative."}],
    response_only=True,
    status_codes=["400"],
)
ASKED = OpenApiExample(
    "two lists", value={"skus": ["IDV001"], "price_list_slugs": ["trade", "base-list"]}, request_only=True
)
CALCULATED = OpenApiExample(
    "the list that wins",
    value=[{"sku": "IDV001", "price_list_slug": "base-list", "pricing": [{"quantity": 1, "price": _MONEY}]}],
    response_only=True,
)
CUSTOMER_ASKED = OpenApiExample(
    "by external id",
    value={
        "customer_id": "XXXX00123",
        "customer_lookup_by": "platform",
        "line_items": [{"sku": "IDV001", "quantity": 2}],
    },
    request_only=True,
)
CUSTOMER_PRICES = OpenApiExample(
    "one with a price, one without",
    value=[
        {
            "sku": "IDV001",
            "quantity": 2,
            "price_list_slug": "base-list",
            "price": _MONEY,
            "line_total": {"number": "20.98", "currency": "gbp"},
        },
        {"sku": "IDV009", "quantity": 1, "price_list_slug": None, "price": None, "line_total": None},
    ],
    response_only=True,
)
