"""Price lists and prices as they are answered: declared for the schema, and made from rows.

Core resources answer currency codes in lower case. Prices that stand on a list are JSON numbers, digit by digit; what
is worked out for somebody is Money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

import orjson
from pydantic import BaseModel, Field, RootModel

from core.api.renderer import json_number
from core.api.schema import Problem
from core.models import Site
from core.money import plain
from pricing.arithmetic import price_text
from pricing.choose import Choice, CustomerPrice
from pricing.documents import Direction, Source, TaxType
from pricing.models import Price, PriceList

Row = dict[str, Any]


class RuleAnswer(BaseModel):
    """How prices are made out of another list's."""

    source_price_list_slug: str = Field(examples=["base-list"])
    adjustment_percentage: float = Field(description="A fraction: 0.15 is 15 %.")
    adjustment_direction: Direction
    currency_exchange_rate: float


class PriceListAnswer(BaseModel):
    """A price list."""

    slug: str = Field(examples=["base-list"])
    name: str
    currency_code: str = Field(examples=["gbp"])
    source: Source
    tax_inclusive_display: bool
    rules: list[RuleAnswer]


class PriceListRows(RootModel[list[PriceListAnswer]]):
    """Price lists by name."""


class Pagination(BaseModel):
    """Which page this is, of how many."""

    current_page: int
    total_pages: int


class PriceListPage(BaseModel):
    """A page of price lists."""

    data: list[PriceListAnswer]
    pagination: Pagination


class BreakAnswer(BaseModel):
    """What one piece costs from a quantity on."""

    quantity: int
    price: float = Field(examples=[10.49])
    tax_type: TaxType
    unit_of_measure: str | None
    display_tax_rate: float = Field(default=0, description="Per cent; left out when none is stored.")


class VariantPricingAnswer(BaseModel):
    """What a SKU costs on one list."""

    price_list_slug: str = Field(examples=["base-list"])
    pricing: list[BreakAnswer]


class VariantPricesAnswer(RootModel[list[VariantPricingAnswer]]):
    """What a SKU costs, by list."""


class FlatPriceAnswer(BaseModel):
    """One break of one SKU."""

    sku: str
    quantity: int
    price: float = Field(examples=[10.49])
    unit_of_measure: str | None
    tax_type: TaxType = Field(default=Price.TaxType.GROSS, description="Left out when the price is net.")
    display_tax_rate: float = Field(default=0, description="Per cent; left out when none is stored.")


class FlatPricesAnswer(RootModel[list[FlatPriceAnswer]]):
    """The prices that stand on a list, by SKU and quantity."""


class RowFaultAnswer(BaseModel):
    """What is wrong in one line."""

    line: int = Field(description="Of a CSV file, the header being line 1; of an array its item, from 1 on; 0: of all.")
    field: str = Field(description="The column or member; empty: the line as a whole.", examples=["price"])
    message: str


class RowFaultAnswers(RootModel[list[RowFaultAnswer] | Problem]):
    """Every line at fault; the problem object when it is not a matter of lines (no JSON, too many levels, …)."""


class UnitMoney(BaseModel):
    """An amount in one currency."""

    number: str = Field(examples=["10.49"])
    currency: str = Field(examples=["gbp"])


class CalculatedBreak(BaseModel):
    """The net price of one piece from a quantity on."""

    quantity: int
    price: UnitMoney


class CalculatedPrice(BaseModel):
    """The list that wins for a SKU, and its prices."""

    sku: str
    price_list_slug: str
    pricing: list[CalculatedBreak]


class CalculatedPrices(RootModel[list[CalculatedPrice]]):
    """By SKU, in the order asked for; those without prices are left out."""


class CustomerPriceAnswer(BaseModel):
    """What a customer pays for one of his items."""

    sku: str
    quantity: int
    price_list_slug: str | None = Field(description="Null to a customer's own token, and when no list has the SKU.")
    price: UnitMoney | None = Field(description="Of one, net, after his discount; null when there is none.")
    line_total: UnitMoney | None = Field(description="price × quantity, rounded to the currency.")


class CustomerPriceAnswers(RootModel[list[CustomerPriceAnswer]]):
    """One for each item asked for, in that order."""


def price_lists_answered(price_lists: Iterable[PriceList]) -> list[Row]:
    """Lists that came `for_answer`."""
    return [
        {
            "slug": item.slug,
            "name": item.name,
            "currency_code": item.currency_code.lower(),
            "source": item.source,
            "tax_inclusive_display": item.tax_inclusive_display,
            "rules": [
                {
                    "source_price_list_slug": rule.source_price_list.slug,
                    "adjustment_percentage": _number(rule.adjustment_percentage),
                    "adjustment_direction": rule.adjustment_direction,
                    "currency_exchange_rate": _number(rule.currency_exchange_rate),
                }
                for rule in item.rules.all()
            ],
        }
        for item in price_lists
    ]


def variant_prices_answered(site: Site, sku: str) -> list[Row]:
    """What stands on each list for a SKU, by slug and quantity. One query."""
    names = ("price_list__slug", "quantity", "price", "tax_type", "unit_of_measure", "display_tax_rate")
    rows = Price.objects.for_site(site).of_skus([sku]).order_by("price_list__slug", "quantity").values_list(*names)
    return [
        {
            "price_list_slug": slug,
            "pricing": [
                {
                    "quantity": quantity,
                    "price": _number(price),
                    "tax_type": tax_type,
                    "unit_of_measure": unit,
                    **_tax_rate(rate),
                }
                for _, quantity, price, tax_type, unit, rate in breaks
            ],
        }
        for slug, breaks in groupby(rows, key=lambda row: row[0])
    ]


def flat_prices_answered(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Rows of SKU, quantity, price, unit, kind of tax and its rate."""
    return [
        {
            "sku": sku,
            "quantity": quantity,
            "price": _number(price),
            "unit_of_measure": unit,
            **({} if tax_type == Price.TaxType.NET else {"tax_type": tax_type}),
            **_tax_rate(rate),
        }
        for sku, quantity, price, unit, tax_type, rate in rows
    ]


def calculated_answered(chosen: Mapping[str, Choice]) -> list[Row]:
    return [
        {
            "sku": sku,
            "price_list_slug": choice.price_list_slug,
            "pricing": [
                {"quantity": item.quantity, "price": _money(item.price, choice.currency_code)} for item in choice.breaks
            ],
        }
        for sku, choice in chosen.items()
    ]


def customer_prices_answered(prices: Iterable[CustomerPrice], *, names_lists: bool) -> list[Row]:
    """`names_lists`: which list it is, is the merchant's own, and no customer's to know."""
    return [
        {
            "sku": price.item.sku,
            "quantity": price.item.quantity,
            "price_list_slug": price.choice.price_list_slug if price.choice and names_lists else None,
            "price": _money_of(price.choice, price.price.price if price.price else None),
            "line_total": _money_of(price.choice, price.line_total),
        }
        for price in prices
    ]


def _money_of(choice: Choice | None, number: Decimal | None) -> Row | None:
    return None if choice is None or number is None else _money(number, choice.currency_code)


def _money(number: Decimal, currency_code: str) -> Row:
    return {"number": price_text(number, currency_code), "currency": currency_code.lower()}


def _tax_rate(rate: Decimal | None) -> Row:
    return {} if rate is None else {"display_tax_rate": _number(rate)}


def _number(number: Decimal) -> orjson.Fragment:
    return json_number(plain(number))
