"""Files of customers, and of what they owe to begin with."""

from customers.imports.customers import CustomerImporter
from customers.imports.opening_balances import OpeningBalanceImporter

__all__ = ["CustomerImporter", "OpeningBalanceImporter"]
