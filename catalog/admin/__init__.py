"""The back office of the catalogue: products with their variants, stock and its locations, saved by the operations."""

from catalog.admin.products import ProductAdmin
from catalog.admin.stock import StockAdmin, StockLocationAdmin
from catalog.admin.variants import VariantAdmin

__all__ = ["ProductAdmin", "StockAdmin", "StockLocationAdmin", "VariantAdmin"]
