"""Products, variants and stock, many at once."""

from __future__ import annotations

from typing import Any

from catalog.models import Product, ProductVariant, Stock, StockLocation, VariantOption
from tests.many.stage import NOW, V1, Call, Calls, Stage


def _products(stage: Stage, size: int, variants: int = 1) -> list[Product]:
    """So many products, each with variants that have an option."""
    site, times = stage.site, {"created_at": NOW, "updated_at": NOW}
    made = Product.objects.bulk_create(
        Product(site=site, title=name, slug=name, external_id=name, **times) for name in stage.names(size)
    )
    rows = ProductVariant.objects.bulk_create(
        ProductVariant(site=site, product=product, sku=name, external_id=name, status="live", **times)
        for product in made
        for name in stage.names(variants)
    )
    VariantOption.objects.bulk_create(
        VariantOption(site=site, variant=row, group="Colour", value="Blue") for row in rows
    )
    return made


def _skus(product: Product) -> list[str]:
    return list(ProductVariant.objects.filter(product=product).order_by("pk").values_list("sku", flat=True))


def _locations(stage: Stage, size: int) -> list[StockLocation]:
    return StockLocation.objects.bulk_create(
        StockLocation(site=stage.site, name=name, external_id=name) for name in stage.names(size)
    )


def _held(stage: Stage, size: int) -> list[str]:
    """SKUs of which a level is held at one location."""
    [location] = _locations(stage, 1)
    skus = stage.names(size)
    Stock.objects.bulk_create(
        Stock(site=stage.site, location=location, sku=sku, stock_level=5, updated_at=NOW) for sku in skus
    )
    return skus


def _sent_variants(stage: Stage, skus: list[str]) -> list[dict[str, Any]]:
    [location] = _locations(stage, 1)
    return [
        {
            "sku": sku,
            "rrp": [{"value": 9, "currency_code": "gbp"}],
            "options": [{"group": "Colour", "value": "Red"}],
            "settings": [{"customer_group": "default", "pack_size": 2}],
            "stock": [{"stock_location_id": location.external_id, "stock_level": 3}],
        }
        for sku in skus
    ]


def list_products(stage: Stage, size: int) -> Call:
    _products(stage, size)
    return Call("GET", f"{V1}/products?limit=500")


def create_product(stage: Stage, size: int) -> Call:
    name = stage.name()
    variants = _sent_variants(stage, stage.names(size))
    return Call("POST", f"{V1}/products", {"title": name, "slug": name, "variants": variants})


def read_product(stage: Stage, size: int) -> Call:
    [product] = _products(stage, 1, variants=size)
    return Call("GET", f"{V1}/products/{product.public_id}")


def change_product(stage: Stage, size: int) -> Call:
    """As many variants are changed as are added."""
    [product] = _products(stage, 1, variants=size)
    variants = _sent_variants(stage, [*_skus(product), *stage.names(size)])
    return Call("PATCH", f"{V1}/products/{product.public_id}", {"variants": variants})


def list_variants(stage: Stage, size: int) -> Call:
    _products(stage, 1, variants=size)
    return Call("GET", f"{V1}/variants?limit=500")


def _options(stage: Stage, size: int) -> list[dict[str, str]]:
    return [{"group": name, "value": "x"} for name in stage.names(size)]


def change_variant(stage: Stage, size: int) -> Call:
    [product] = _products(stage, 1)
    [sku] = _skus(product)
    stock = [{"stock_location_id": place.external_id, "stock_level": 1} for place in _locations(stage, size)]
    settings = [{"customer_group": name, "pack_size": 2} for name in stage.names(size)]
    body = {"options": _options(stage, size), "settings": settings, "stock": stock}
    return Call("PATCH", f"{V1}/variants/{sku}", body)


def read_variant(stage: Stage, size: int) -> Call:
    call = change_variant(stage, size)
    assert stage.api.patch(call.path, json=call.json).status_code == 200
    return Call("GET", call.path)


def read_stock(stage: Stage, size: int) -> Call:
    sku = stage.name()
    Stock.objects.bulk_create(
        Stock(site=stage.site, location=place, sku=sku, updated_at=NOW) for place in _locations(stage, size)
    )
    return Call("GET", f"{V1}/variants/{sku}/stock")


def change_stock(stage: Stage, size: int) -> Call:
    [product] = _products(stage, 1)
    [sku] = _skus(product)
    rows = [{"stock_location_id": place.public_id, "stock_level": 4} for place in _locations(stage, size)]
    return Call("PATCH", f"{V1}/variants/{sku}/stock", rows)


def fetch_stock(stage: Stage, size: int) -> Call:
    body = {"skus": _held(stage, size), "filter": {"all_stock_locations": True}}
    return Call("POST", f"{V1}/batch-fetch-stock", body)


def update_stock(stage: Stage, size: int) -> Call:
    [place] = _locations(stage, 1)
    named = {"stock_location_external_id": place.external_id, "stock_level": 4}
    return Call("POST", f"{V1}/batch-update-stock", [{"sku": sku, **named} for sku in _held(stage, size)])


def delete_stock(stage: Stage, size: int) -> Call:
    return Call("POST", f"{V1}/batch-delete-stock", {"skus": _held(stage, size)})


def list_locations(stage: Stage, size: int) -> Call:
    _locations(stage, size)
    return Call("GET", f"{V1}/stock-locations")


CALLS: Calls = {
    ("GET", "/api/v1/products"): list_products,
    ("POST", "/api/v1/products"): create_product,
    ("GET", "/api/v1/products/{id}"): read_product,
    ("PATCH", "/api/v1/products/{id}"): change_product,
    ("GET", "/api/v1/variants"): list_variants,
    ("GET", "/api/v1/variants/{id}"): read_variant,
    ("PATCH", "/api/v1/variants/{id}"): change_variant,
    ("GET", "/api/v1/variants/{sku}/stock"): read_stock,
    ("PATCH", "/api/v1/variants/{sku}/stock"): change_stock,
    ("POST", "/api/v1/batch-fetch-stock"): fetch_stock,
    ("POST", "/api/v1/batch-update-stock"): update_stock,
    ("POST", "/api/v1/batch-delete-stock"): delete_stock,
    ("GET", "/api/v1/stock-locations"): list_locations,
}
