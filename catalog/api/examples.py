"""What the API's description shows: one product with its variant, one location, what it holds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_LEVEL = {"stock_location_id": "sl_123", "stock_level": 9, "restock_date": "2020-01-01", "min_stock_level": -9}
_VARIANT: dict[str, Any] = {
    "external_id": "IDV001",
    "sku": "IDV001",
    "weight_in_grams": 0,
    "tax_type": 1,
    "position": 1,
    "cart_image_url": None,
    "rrp": [{"value": 10.49, "currency_code": "gbp"}],
    "options": [{"group": "Color", "value": "Blue"}],
    "status": "live",
    "settings": [
        {
            "customer_group": "default",
            "pack_size": 1,
            "reserve_stock_quantity": None,
            "min_order_quantity": None,
            "max_order_quantity": None,
            "min_order_parent_quantity": None,
            "max_order_parent_quantity": None,
            "display": None,
            "sell": None,
        }
    ],
    "stock": [_LEVEL],
}
_PRODUCT = {"external_id": "ID001", "title": "Striped Jumper", "slug": "striped-jumper"}
_TIMES = {"created_at": "2019-08-24T14:15:22Z", "updated_at": "2019-08-24T14:15:22Z"}
_VARIANT_ANSWERED = {"product_id": "pp_123", "id": "pv_234", **_TIMES, **_VARIANT}
_PRODUCT_ANSWERED = {"id": "pp_123", "variants": [_VARIANT_ANSWERED], **_TIMES, **_PRODUCT}
_LOCATION = {"name": "Stock Warehouse 1", "external_id": "warehouse-1"}

PRODUCT_CREATED = OpenApiExample("new product", value={"variants": [_VARIANT], **_PRODUCT}, request_only=True)
PRODUCT_PATCHED = OpenApiExample(
    "suspend one variant",
    value={"title": "Striped Jumper", "variants": [{"sku": "IDV001", "status": "suspended"}]},
    request_only=True,
)
PRODUCT = OpenApiExample("product", value=_PRODUCT_ANSWERED, response_only=True)
PRODUCTS = OpenApiExample("products", value=[_PRODUCT_ANSWERED], response_only=True)
VARIANT_PATCHED = OpenApiExample(
    "new recommended price", value={"rrp": [{"value": 11.49, "currency_code": "gbp"}]}, request_only=True
)
VARIANT = OpenApiExample("variant", value=_VARIANT_ANSWERED, response_only=True)
VARIANTS = OpenApiExample("variants", value=[_VARIANT_ANSWERED], response_only=True)
STOCK_PATCHED = OpenApiExample("counted", value=[_LEVEL], request_only=True)
STOCK = OpenApiExample("stock", value=[_LEVEL], response_only=True)
STOCK_ASKED = OpenApiExample(
    "everywhere", value={"skus": ["IDV001"], "filter": {"all_stock_locations": True}}, request_only=True
)
STOCK_FETCHED = OpenApiExample("stock by SKU", value=[{"sku": "IDV001", "stock": [_LEVEL]}], response_only=True)
STOCK_BATCH = OpenApiExample(
    "counted",
    value=[
        {"stock_location_id": "sl_123", "sku": "IDV001", "stock_level": 9, "min_stock_level": -9},
        {"stock_location_external_id": "warehouse-1", "sku": "IDV001", "stock_level": 4, "restock_date": "2020-01-01"},
    ],
    request_only=True,
)
STOCK_REMOVED = OpenApiExample("no longer kept", value={"skus": ["IDV001"]}, request_only=True)
LOCATION_CREATED = OpenApiExample("new location", value=_LOCATION, request_only=True)
LOCATION_PATCHED = OpenApiExample("new name", value={"name": "Stock Warehouse 1"}, request_only=True)
LOCATION = OpenApiExample("location", value={"id": "sl_2", **_LOCATION}, response_only=True)
LOCATIONS = OpenApiExample("locations", value=[{"id": "sl_2", **_LOCATION}], response_only=True)
