from catalog.models.details import RetailPrice, SellingRule, VariantOption
from catalog.models.product import Product, ProductVariant
from catalog.models.querysets import ProductQuerySet, StockLocationQuerySet, StockQuerySet, VariantQuerySet
from catalog.models.stock import DEFAULT_LOCATION, Stock, StockLocation

__all__ = [
    "DEFAULT_LOCATION",
    "Product",
    "ProductQuerySet",
    "ProductVariant",
    "RetailPrice",
    "SellingRule",
    "Stock",
    "StockLocation",
    "StockLocationQuerySet",
    "StockQuerySet",
    "VariantOption",
    "VariantQuerySet",
]
