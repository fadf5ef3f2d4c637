"""Files of prices."""

from pricing.imports.prices import PriceImporter

__all__ = ["PriceImporter"]
