"""Products, variants, locations and stock on the wire, as they are sent. What is answered: `catalog.api.answers`.

One declaration serves creating and changing: a change names only what it changes. Null clears what may be null; where a
member may not be null it counts as not sent, unless creating needs it: then it is a fault (`docs/api.md`, nulls).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, RootModel, WithJsonSchema, model_validator

from catalog.models import ProductVariant
from core.documents import (
    HIGHEST_INT32,
    Change,
    CurrencyCode,
    Identifier,
    Int32,
    Name,
    WebAddress512,
    Whole,
    fault,
    not_one_of_ours,
    read_digits,
)
from core.ids import PRODUCT, STOCK_LOCATION, VARIANT
from core.money import read_decimal
from customers.models import DEFAULT_GROUP

MAX_VARIANTS = 5_000
"""Of one product, in one body."""
MAX_ENTRIES = 1_000
"""Of a variant's lists."""
MAX_ROWS = 10_000
"""Of a batch."""

Item = TypeVar("Item")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a date such as 2026-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day that exists") from None
    if day.year < 1900:
        raise ValueError("must not be before 1900")
    return day


def _number(value: Any) -> Decimal:
    return read_decimal(value, whole_digits=9)


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _amount(value: Any) -> Decimal:
    return _not_negative(read_decimal(value))


def _group(value: str) -> str:
    return DEFAULT_GROUP if value == "base" else value


def one_per(name: str, key: Callable[[Any], object]) -> AfterValidator:
    """A list in which nothing is named twice by `key`, for people `name`."""

    def check(items: list[Item]) -> list[Item]:
        if (twice := _first_repeated(map(key, items))) is not None:
            raise fault("repeated", f"has more than one item of the {name} {twice}")
        return items

    return AfterValidator(check)


def _first_repeated(keys: Iterable[object]) -> object | None:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            return key
        seen.add(key)
    return None


_NUMBER = WithJsonSchema({"type": "number"})
_POSITIVE_NUMBER = WithJsonSchema({"type": "number", "minimum": 0})

Name255 = Annotated[str, Field(strict=True, min_length=1, max_length=255)]
Id = Annotated[str, Field(strict=True, min_length=1, max_length=255), BeforeValidator(read_digits)]
Id100 = Annotated[str, Field(strict=True, max_length=100), BeforeValidator(read_digits)]
ProductExternalId = Annotated[Id100, not_one_of_ours(PRODUCT)]
VariantExternalId = Annotated[Id100, not_one_of_ours(VARIANT)]
LocationExternalId = Annotated[Id, not_one_of_ours(STOCK_LOCATION)]
Sku = Annotated[str, Field(strict=True, min_length=1, max_length=100), BeforeValidator(read_digits)]
Number = Annotated[Decimal, BeforeValidator(_number), _NUMBER]
Grams = Annotated[Decimal, BeforeValidator(_number), AfterValidator(_not_negative), _POSITIVE_NUMBER]
Amount = Annotated[Decimal, BeforeValidator(_amount), _POSITIVE_NUMBER]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2020-01-01"]}),
]
Group = Annotated[str, Field(strict=True, min_length=1, max_length=30), AfterValidator(_group)]
Pieces = Annotated[int, Whole(0, HIGHEST_INT32)]
PackSize = Annotated[int, Whole(1, HIGHEST_INT32)]
Flag = Annotated[bool, Field(strict=True)]
# Written out where it stands: as a component of the schema it would be called Status, as others are.
Status = Annotated[ProductVariant.Status, WithJsonSchema({"type": "string", "enum": ProductVariant.Status.values})]


class RetailPriceDocument(Change):
    """What the merchant recommends that one piece is sold for."""

    needed = frozenset({"value", "currency_code"})

    value: Amount
    currency_code: CurrencyCode


class OptionDocument(Change):
    """What tells a variant from its siblings."""

    needed = frozenset({"group", "value"})

    group: Name255
    value: Name


class SellingRuleDocument(Change):
    """How a variant is sold to one group of customers. Null: as the group `default` says, else no rule."""

    needed = frozenset({"customer_group"})

    customer_group: Group = Field(description="The slug of a customer group, which need not exist yet.")
    pack_size: PackSize | None = Field(1, description="Ordered in multiples of this many.")
    reserve_stock_quantity: Pieces | None = Field(None, description="Pieces that this group cannot buy.")
    min_order_quantity: Pieces | None = None
    max_order_quantity: Pieces | None = None
    min_order_parent_quantity: Pieces | None = Field(None, description="Over all variants of the product.")
    max_order_parent_quantity: Pieces | None = Field(None, description="Over all variants of the product.")
    display: Flag | None = None
    sell: Flag | None = None


class StockLevel(Change):
    """What one location holds of a SKU."""

    needed = frozenset({"stock_location_id", "stock_level"})

    stock_location_id: Id = Field(description="An id or external id.", examples=["sl_123"])
    stock_level: Int32 = Field(description="Pieces held.")
    restock_date: Day | None = None
    min_stock_level: Int32 = Field(
        0, description="How far it may be sold down: with -9 and level 0, nine pieces may still be sold."
    )


class VariantChange(Change):
    """What changes of a variant. `rrp`, `options` and `settings` are replaced when sent; other stock stays."""

    needed = frozenset({"sku"})

    external_id: VariantExternalId = Field("", description="Yours; unique on the site. Not `pv_…`.")
    sku: Sku = Field("", description="Unique on the site, letter by letter.")
    weight_in_grams: Grams = Decimal(0)
    tax_type: Number = Field(Decimal(1), description="Deprecated.")
    position: Number | None = Field(Decimal(1), description="Lower first; null: last.")
    cart_image_url: WebAddress512 | None = Field(None, description="An http or https address. Deprecated.")
    rrp: Annotated[list[RetailPriceDocument], one_per("currency", lambda price: price.currency_code)] = Field(
        default_factory=list, max_length=MAX_ENTRIES
    )
    options: Annotated[list[OptionDocument], one_per("group", lambda option: option.group)] = Field(
        default_factory=list, max_length=MAX_ENTRIES
    )
    status: Status = Field(ProductVariant.Status.PENDING, description="Only live ones are shown to buyers.")
    settings: Annotated[list[SellingRuleDocument], one_per("customer group", lambda rule: rule.customer_group)] = Field(
        default_factory=list, max_length=MAX_ENTRIES
    )
    stock: list[StockLevel] = Field(default_factory=list, max_length=MAX_ENTRIES)


class NewVariant(VariantChange):
    """A variant of a new product."""

    sku: Sku = Field(description="Unique on the site, letter by letter.")


class NamedVariant(VariantChange):
    """A variant of a product that is changed: the one that `id`, else `external_id`, else `sku` names, or a new one."""

    id: Identifier = Field("", description="Of a variant of this product.", examples=["pv_234"])


class ProductChange(Change):
    """What changes of a product. Variants that are not named stay as they are."""

    needed = frozenset({"title", "slug"})

    title: Name255 = ""
    slug: Name255 = Field("", description="Its name in links; unique on the site.")
    external_id: ProductExternalId = Field("", description="Yours; unique on the site. Not `pp_…`.")
    variants: list[NamedVariant] = Field(default_factory=list, max_length=MAX_VARIANTS)


class NewProduct(Change):
    """A product to create, with its variants."""

    needed = frozenset({"title", "slug"})

    title: Name255
    slug: Name255 = Field(description="Its name in links; unique on the site.")
    external_id: ProductExternalId = Field("", description="Yours; unique on the site. Not `pp_…`.")
    variants: list[NewVariant] = Field(default_factory=list, max_length=MAX_VARIANTS)


class LocationChange(Change):
    """What changes of a stock location."""

    needed = frozenset({"name", "external_id"})

    name: Name255 = ""
    external_id: LocationExternalId = Field("", description="Yours; unique on the site. Not `sl_…`.")


class NewLocation(LocationChange):
    """A stock location to set up."""

    name: Name255
    external_id: LocationExternalId = Field(description="Yours; unique on the site. Not `sl_…`.")


class StockLevels(RootModel[Annotated[list[StockLevel], Field(max_length=MAX_ENTRIES)]]):
    """What locations hold of one SKU."""


class StockRow(Change):
    """What one location holds of one SKU. The location is named by exactly one of its two members."""

    needed = frozenset({"sku", "stock_level"})

    stock_location_id: Id | None = Field(None, description="An id or external id.", examples=["sl_123"])
    stock_location_external_id: Id | None = Field(None, examples=["warehouse-1"])
    sku: Sku
    stock_level: Int32
    restock_date: Day | None = None
    min_stock_level: Int32 = 0

    @model_validator(mode="after")
    def _one_location(self) -> Self:
        if (self.stock_location_id is None) == (self.stock_location_external_id is None):
            raise fault("invalid", "needs exactly one of stock_location_id and stock_location_external_id")
        return self


class StockRows(RootModel[Annotated[list[StockRow], Field(max_length=MAX_ROWS)]]):
    """Levels to store, each pair of SKU and location at most once."""


class StockFilter(Change):
    """Which locations; without one of these only the location whose external id is `default`."""

    stock_location_ids: list[Id] = Field(
        default_factory=list, max_length=MAX_ENTRIES, description="Ids or external ids; unknown ones hold nothing."
    )
    all_stock_locations: Flag = False


class StockQuestion(Change):
    """Which SKUs, and at which locations."""

    needed = frozenset({"skus"})

    skus: list[Identifier] = Field(max_length=MAX_ROWS)
    filter: StockFilter = Field(default_factory=StockFilter)


class StockRemoval(Change):
    """SKUs of which no location holds anything any more."""

    needed = frozenset({"skus"})

    skus: list[Identifier] = Field(max_length=MAX_ROWS)
