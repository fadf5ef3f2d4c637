"""Price lists and prices on the wire, as they are sent. What is answered: `pricing.api.answers`.

A change names only what it changes. Null clears what may be null; elsewhere it counts as not sent (`docs/api.md`,
nulls).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, WithJsonSchema

from core.documents import HIGHEST_INT32, Change, CurrencyCode, Identifier, Whole, fault, read_digits
from core.money import read_decimal
from pricing.models import (
    PERCENTAGE_DECIMALS,
    RULE_RATE_DECIMALS,
    RULE_RATE_DIGITS,
    SKU_LENGTH,
    SLUG_LENGTH,
    UNIT_LENGTH,
    Price,
    PriceList,
    PriceListRule,
)

MAX_RULES = 100
"""Of one list."""
MAX_BREAKS = 1_000
"""Of a SKU on a list."""
MAX_ROWS = 50_000
"""Of a batch."""
MAX_ASKED = 10_000
"""SKUs that one question may name."""
MAX_LISTS = 1_000
"""Lists that one question may name."""


def _price(value: Any) -> Decimal:
    return _not_negative(read_decimal(value))


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _fraction(value: Any) -> Decimal:
    number = read_decimal(value, decimals=PERCENTAGE_DECIMALS)
    if not 0 <= number <= 1:
        raise ValueError("must be between 0 and 1: 0.15 is 15 %")
    return number


def _rate(value: Any) -> Decimal:
    number = read_decimal(value, decimals=RULE_RATE_DECIMALS, whole_digits=RULE_RATE_DIGITS)
    if number <= 0:
        raise ValueError("must be more than 0")
    return number


def _tax_rate(value: Any) -> Decimal:
    number = read_decimal(value)
    if not 0 <= number <= 999:
        raise ValueError("must be between 0 and 999")
    return number


def _one_per_list(rows: list[VariantPricing]) -> list[VariantPricing]:
    slugs = [row.price_list_slug for row in rows]
    if twice := next((slug for place, slug in enumerate(slugs) if slug in slugs[:place]), None):
        raise fault("repeated", f"names the price list {twice} more than once")
    return rows


def _one_per_quantity(breaks: list[BreakDocument]) -> list[BreakDocument]:
    seen: set[int] = set()
    for item in breaks:
        if item.quantity in seen:
            raise fault("repeated", f"has more than one price from {item.quantity} on")
        seen.add(item.quantity)
    return breaks


Slug = Annotated[str, Field(strict=True, min_length=1, max_length=SLUG_LENGTH), BeforeValidator(read_digits)]
Name64 = Annotated[str, Field(strict=True, min_length=1, max_length=64)]
Sku = Annotated[str, Field(strict=True, min_length=1, max_length=SKU_LENGTH), BeforeValidator(read_digits)]
Unit = Annotated[str, Field(strict=True, max_length=UNIT_LENGTH)]
UnitPrice = Annotated[Decimal, BeforeValidator(_price), WithJsonSchema({"type": "number", "minimum": 0})]
Fraction = Annotated[
    Decimal, BeforeValidator(_fraction), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})
]
ExchangeRate = Annotated[Decimal, BeforeValidator(_rate), WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]
TaxRate = Annotated[
    Decimal, BeforeValidator(_tax_rate), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 999})
]
FromQuantity = Annotated[int, Whole(1, HIGHEST_INT32)]
Flag = Annotated[bool, Field(strict=True)]
# Written out where they stand: as components of the schema they would be called as others are.
Source = Annotated[PriceList.Source, WithJsonSchema({"type": "string", "enum": PriceList.Source.values})]
Direction = Annotated[
    PriceListRule.Direction, WithJsonSchema({"type": "string", "enum": PriceListRule.Direction.values})
]
TaxType = Annotated[Price.TaxType, WithJsonSchema({"type": "string", "enum": Price.TaxType.values})]


class RuleDocument(Change):
    """Prices made out of another list's: exchanged, then a part added or taken off."""

    needed = frozenset({"source_price_list_slug"})

    source_price_list_slug: Slug = Field(examples=["base-list"])
    adjustment_percentage: Fraction = Field(Decimal(0), description="A fraction: 0.15 is 15 %.")
    adjustment_direction: Direction = PriceListRule.Direction.PLUS
    currency_exchange_rate: ExchangeRate = Field(
        Decimal(1),
        description="Units of this list's currency for one of the source's. Needed when these currencies differ.",
    )


class PriceListChange(Change):
    """What changes of a price list. `rules` are replaced when sent."""

    needed = frozenset({"slug", "name", "currency_code"})

    slug: Slug = Field("", description="Unique on the site. Customers keep the slugs that they were given.")
    name: Name64 = ""
    currency_code: CurrencyCode = ""
    source: Source = PriceList.Source.CUSTOM
    tax_inclusive_display: Flag = False
    rules: list[RuleDocument] = Field(
        default_factory=list, max_length=MAX_RULES, description="The first whose source has prices for a SKU counts."
    )


class NewPriceList(PriceListChange):
    """A price list to set up."""

    slug: Slug = Field(description="Unique on the site.", examples=["base-list"])
    name: Name64
    currency_code: CurrencyCode


class BreakDocument(Change):
    """What one piece costs from a quantity on."""

    needed = frozenset({"price"})

    quantity: FromQuantity = 1
    price: UnitPrice = Field(description="Of one, in the currency of the list; at most 6 decimals.")
    tax_type: TaxType = Price.TaxType.NET
    unit_of_measure: Unit | None = Field(None, examples=["each"])
    display_tax_rate: TaxRate | None = Field(None, description="Per cent. Not sent: as the row says.")


Breaks = Annotated[list[BreakDocument], Field(max_length=MAX_BREAKS), AfterValidator(_one_per_quantity)]


class VariantPricing(Change):
    """Everything that a SKU costs on one list; an empty array: it has no price there."""

    needed = frozenset({"price_list_slug", "pricing"})

    price_list_slug: Slug = Field(examples=["base-list"])
    pricing: Breaks
    display_tax_rate: TaxRate | None = Field(None, description="Per cent, of every break that says nothing else.")


class VariantPrices(
    RootModel[Annotated[list[VariantPricing], Field(max_length=MAX_LISTS), AfterValidator(_one_per_list)]]
):
    """What a SKU costs on each list that is named."""


class SkuPricing(Change):
    """Everything that one SKU costs on the list; an empty array: it has no price there."""

    needed = frozenset({"sku", "pricing"})

    sku: Sku
    pricing: Breaks
    display_tax_rate: TaxRate | None = Field(None, description="Per cent, of every break that says nothing else.")


class SkuPrices(RootModel[Annotated[list[SkuPricing], Field(max_length=MAX_ROWS)]]):
    """What SKUs cost on one list. A SKU that comes more than once has the breaks of all its rows."""


class ListedSkuPricing(SkuPricing):
    """Everything that one SKU costs on one list; an empty array: it has no price there."""

    needed = frozenset({"sku", "price_list_slug", "pricing"})

    price_list_slug: Slug = Field(examples=["base-list"])


class ListedSkuPrices(RootModel[Annotated[list[ListedSkuPricing], Field(max_length=MAX_ROWS)]]):
    """What SKUs cost on lists. A pair that comes more than once has the breaks of all its rows."""


class PriceQuestion(Change):
    """Which SKUs, and on which lists, tried in the order sent; unknown ones are passed over."""

    needed = frozenset({"skus", "price_list_slugs"})

    skus: list[Identifier] = Field(max_length=MAX_ASKED)
    price_list_slugs: list[Identifier] = Field(max_length=MAX_LISTS)


class AskedItem(Change):
    """So many pieces of a SKU."""

    needed = frozenset({"sku"})

    sku: Identifier
    quantity: FromQuantity = 1


LookUpBy = Literal["sparklayer", "platform", "external_id", "email"]


class CustomerQuestion(Change):
    """What a customer pays for these."""

    needed = frozenset({"line_items"})

    customer_id: Identifier | None = Field(
        None,
        description="Whose prices. A customer's own token may leave it out, and names nobody else.",
        examples=["cu_123"],
    )
    customer_lookup_by: LookUpBy | None = Field(
        None,
        description="What `customer_id` is: our id (`sparklayer`), an external id (`platform`, `external_id`) or an "
        "`email`. Not sent: an id or external id.",
    )
    line_items: list[AskedItem] = Field(max_length=MAX_ASKED)
