"""Products, variants, locations and stock as they are answered: declared for the schema, and made from rows.

Core resources answer currency codes in lower case and instants with `Z`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel, Field, RootModel

from catalog.documents import Status
from catalog.models import Product, ProductVariant, Stock, StockLocation
from core.api.renderer import core_instant, json_number
from core.ids import PRODUCT, STOCK_LOCATION, public_id
from core.models import Site
from core.money import plain

RULE = (
    "customer_group",
    "pack_size",
    "reserve_stock_quantity",
    "min_order_quantity",
    "max_order_quantity",
    "min_order_parent_quantity",
    "max_order_parent_quantity",
    "display",
    "sell",
)


class RetailPriceAnswer(BaseModel):
    """What the merchant recommends that one piece is sold for."""

    value: float = Field(examples=[10.49])
    currency_code: str = Field(examples=["gbp"])


class OptionAnswer(BaseModel):
    """What tells a variant from its siblings."""

    group: str = Field(examples=["Color"])
    value: str = Field(examples=["Blue"])


class SellingRuleAnswer(BaseModel):
    """How a variant is sold to one group of customers. Null: as the group `default` says, else no rule."""

    customer_group: str = Field(examples=["default"])
    pack_size: int | None
    reserve_stock_quantity: int | None
    min_order_quantity: int | None
    max_order_quantity: int | None
    min_order_parent_quantity: int | None
    max_order_parent_quantity: int | None
    display: bool | None
    sell: bool | None


class StockAnswer(BaseModel):
    """What one location holds of a SKU."""

    stock_location_id: str = Field(examples=["sl_123"])
    stock_level: int
    restock_date: date | None
    min_stock_level: int


class StockAnswers(RootModel[list[StockAnswer]]):
    """What each location holds of a SKU."""


class SkuStock(BaseModel):
    """What is held of one SKU."""

    sku: str
    stock: list[StockAnswer]


class SkuStocks(RootModel[list[SkuStock]]):
    """SKUs in the order they were asked for; those without stock are left out."""


class VariantAnswer(BaseModel):
    """A variant."""

    product_id: str = Field(examples=["pp_123"])
    id: str = Field(examples=["pv_234"])
    created_at: AwareDatetime
    updated_at: AwareDatetime
    external_id: str
    sku: str
    weight_in_grams: float
    tax_type: float
    position: float | None
    cart_image_url: str | None
    rrp: list[RetailPriceAnswer]
    options: list[OptionAnswer]
    status: Status
    settings: list[SellingRuleAnswer]
    stock: list[StockAnswer] = Field(description="Empty for a token that may not read stock.")


class VariantRows(RootModel[list[VariantAnswer]]):
    """A page of variants."""


class ProductAnswer(BaseModel):
    """A product with its variants."""

    id: str = Field(examples=["pp_123"])
    variants: list[VariantAnswer]
    created_at: AwareDatetime
    updated_at: AwareDatetime = Field(description="When the product or one of its variants changed.")
    external_id: str
    title: str
    slug: str


class ProductRows(RootModel[list[ProductAnswer]]):
    """A page of products."""


class LocationAnswer(BaseModel):
    """A stock location."""

    id: str = Field(examples=["sl_2"])
    name: str
    external_id: str


class LocationRows(RootModel[list[LocationAnswer]]):
    """All stock locations of the site."""


def products_answered(site: Site, products: Sequence[Product], *, with_stock: bool) -> list[dict[str, Any]]:
    """Products that came `for_answer`; one further query for what is held of all their SKUs."""
    skus = [variant.sku for product in products for variant in product.variants.all()]
    stock = stock_answered(site, skus) if with_stock else {}
    return [
        {
            "id": product.public_id,
            "variants": [_variant_answered(variant, stock) for variant in product.variants.all()],
            "created_at": core_instant(product.created_at),
            "updated_at": core_instant(product.updated_at),
            "external_id": product.external_id,
            "title": product.title,
            "slug": product.slug,
        }
        for product in products
    ]


def variants_answered(site: Site, variants: Sequence[ProductVariant], *, with_stock: bool) -> list[dict[str, Any]]:
    """Variants that came `for_answer`; one further query for what is held of all their SKUs."""
    stock = stock_answered(site, [variant.sku for variant in variants]) if with_stock else {}
    return [_variant_answered(variant, stock) for variant in variants]


def stock_answered(
    site: Site, skus: Iterable[str], *, location_ids: Collection[int] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """What is held of each SKU, by location; `location_ids`: only there. SKUs without stock are left out. One query."""
    rows = Stock.objects.for_site(site).of_skus(list(skus)).order_by("location")
    if location_ids is not None:
        rows = rows.filter(location__in=location_ids)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.sku].append(
            {
                "stock_location_id": public_id(STOCK_LOCATION, row.location_id),
                "stock_level": row.stock_level,
                "restock_date": row.restock_date,
                "min_stock_level": row.min_stock_level,
            }
        )
    return found


def location_answered(location: StockLocation) -> dict[str, Any]:
    return {"id": location.public_id, "name": location.name, "external_id": location.external_id}


def _variant_answered(variant: ProductVariant, stock: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "product_id": public_id(PRODUCT, variant.product_id),
        "id": variant.public_id,
        "created_at": core_instant(variant.created_at),
        "updated_at": core_instant(variant.updated_at),
        "external_id": variant.external_id,
        "sku": variant.sku,
        "weight_in_grams": _number(variant.weight_in_grams),
        "tax_type": _number(variant.tax_type),
        "position": None if variant.position is None else _number(variant.position),
        "cart_image_url": variant.cart_image_url or None,
        "rrp": [
            {"value": _number(price.value), "currency_code": price.currency_code.lower()} for price in variant.rrp.all()
        ],
        "options": [{"group": option.group, "value": option.value} for option in variant.options.all()],
        "status": variant.status,
        "settings": [{name: getattr(rule, name) for name in RULE} for rule in variant.settings.all()],
        "stock": stock.get(variant.sku, []),
    }


def _number(number: Decimal) -> orjson.Fragment:
    return json_number(plain(number))
