"""Many purchases or transactions in one call: applied in the order sent, each for itself, or rehearsed.

Every item goes through the code of the single write. Purchases that follow each other and have nothing to do with each
other share a transaction, some at a time; so do the transactions of one purchase that follow each other. One that is
refused leaves the others alone, locks are held for a fraction of a second, and they are taken in the order that holds
everywhere: purchases, then accounts.
"""

from purchasing.bulk.items import BulkOutcome, Item
from purchasing.bulk.purchases import put_purchases
from purchasing.bulk.sent import MAX_ITEMS, SentPurchase, SentTransaction, read_purchases, read_transactions
from purchasing.bulk.transactions import record_transactions

__all__ = [
    "MAX_ITEMS",
    "BulkOutcome",
    "Item",
    "SentPurchase",
    "SentTransaction",
    "put_purchases",
    "read_purchases",
    "read_transactions",
    "record_transactions",
]
