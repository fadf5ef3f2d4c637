"""Many purchases or transactions in one call: applied in the order sent, each for itself, or rehearsed.

Every item goes through the code of the single write and into a transaction of its own (of transactions those of one
purchase that follow each other), so that one that is refused leaves the others alone, no lock is held longer than one
item takes, and locks are taken in the order that holds everywhere: purchases, then accounts.
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
