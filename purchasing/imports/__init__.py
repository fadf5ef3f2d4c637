"""Files of purchases and of transactions."""

from purchasing.imports.purchases import PurchaseImporter
from purchasing.imports.transactions import TransactionImporter

__all__ = ["PurchaseImporter", "TransactionImporter"]
