"""Files of the catalogue: products with their variants, stock levels."""

from catalog.imports.products import ProductImporter
from catalog.imports.stock import StockImporter

__all__ = ["ProductImporter", "StockImporter"]
