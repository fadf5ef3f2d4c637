"""Products, locations and stock for tests, made through the doors that everybody uses; and the reference's samples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from catalog.documents import NewLocation, NewProduct, StockRow
from catalog.models import Product, ProductVariant, StockLocation
from catalog.operations import create_location, create_product, update_stock
from core.models import Site
from tests.callers import ApiCaller, make_caller

PRODUCTS = "/api/v1/products"
VARIANTS = "/api/v1/variants"
LOCATIONS = "/api/v1/stock-locations"
ANY_SKUS = ["a/b", "a b", "100%", "a?b=c#d", "%2F", "ä/ö ", "a+b", "stock", "pv_1", ".", "日本", "a&b;c"]
"""What a SKU may look like in an address."""
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def sample(name: str) -> Any:
    """A body as the reference prints it, such as `product-create.request`."""
    return orjson.loads((Path(__file__).parent / "samples" / f"{name}.json").read_bytes())


def at(location: StockLocation, body: Any) -> Any:
    """The reference's body with its placeholder of a location replaced by one that is there."""
    return orjson.loads(orjson.dumps(body).replace(b'"sl_123"', f'"{location.public_id}"'.encode()))


def make_location(site: Site, external_id: str = "default") -> StockLocation:
    document = NewLocation(name=f"Warehouse {external_id}", external_id=external_id)
    return create_location(site=site, document=document)


def make_product(site: Site, *skus: str, **members: Any) -> Product:
    """A product with a live variant of each SKU; `members` of the product are added."""
    name = skus[0] if skus else "empty"
    variants = [{"sku": sku, "external_id": f"ext-{sku}", "status": "live"} for sku in skus]
    body = {"title": f"Product {name}", "slug": f"product-{name}", "external_id": f"P-{name}", "variants": variants}
    return create_product(site=site, document=NewProduct.model_validate(body | members), now=NOW)


def variant_of(site: Site, sku: str) -> ProductVariant:
    return ProductVariant.objects.for_site(site).get(sku=sku)


def put_in_stock(location: StockLocation, **levels: int) -> None:
    """So many pieces of each SKU at one location."""
    rows = [StockRow(stock_location_id=location.public_id, sku=sku, stock_level=level) for sku, level in levels.items()]
    update_stock(site=location.site, rows=rows, now=NOW)


def caller_with(site: Site, *scopes: str) -> ApiCaller:
    """A program that holds these scopes and no other."""
    return make_caller(site, name=" ".join(scopes), scopes=scopes)


def stock_of(sku: str) -> str:
    """The address of what is held of a SKU."""
    return f"{VARIANTS}/{quote(sku, safe='')}/stock"


def faults(answer: Any) -> list[tuple[str, str | None]]:
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]


def members(value: Any) -> Any:
    """The names of the members of a body, at every depth."""
    if isinstance(value, list):
        return [members(item) for item in value]
    return {name: members(item) for name, item in value.items()} if isinstance(value, dict) else None
