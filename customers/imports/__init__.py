"""Files of customers."""

from customers.imports.customers import CustomerImporter

__all__ = ["CustomerImporter"]
