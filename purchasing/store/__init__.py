"""One purchase in and out of its tables, in set-based SQL: the hot path.

Look-ups lock first and write later, as separate statements of one transaction: a single upsert that replaces children
is not safe under concurrent replaces of one key. The number of statements does not depend on the number of lines.
"""

from purchasing.store.dollars import fill_dollars, lock_without_dollars
from purchasing.store.finding import (
    LOOKUPS,
    Context,
    Name,
    find_purchases,
    find_with_context,
    known_spark_ids,
    lock_named,
    lock_purchase,
    lock_purchases,
    numbers_by_identifier,
    read_context,
    read_purchases,
    was_quote,
)
from purchasing.store.mails import note_mails, send_again
from purchasing.store.numbers import Needs, Numbers, take_numbers
from purchasing.store.payments import unapply_transaction, write_payment, write_transactions
from purchasing.store.rows import NamedCustomer, StoredPurchase, StoredTransaction
from purchasing.store.transactions import (
    find_transactions,
    find_with_transaction,
    read_transactions,
    read_transactions_with_context,
)
from purchasing.store.writing import WholePurchase, write_purchases

__all__ = [
    "LOOKUPS",
    "Context",
    "Name",
    "NamedCustomer",
    "Needs",
    "Numbers",
    "StoredPurchase",
    "StoredTransaction",
    "WholePurchase",
    "fill_dollars",
    "find_purchases",
    "find_transactions",
    "find_with_context",
    "find_with_transaction",
    "known_spark_ids",
    "lock_named",
    "lock_purchase",
    "lock_purchases",
    "lock_without_dollars",
    "note_mails",
    "numbers_by_identifier",
    "read_context",
    "read_purchases",
    "read_transactions",
    "read_transactions_with_context",
    "send_again",
    "take_numbers",
    "unapply_transaction",
    "was_quote",
    "write_payment",
    "write_purchases",
    "write_transactions",
]
