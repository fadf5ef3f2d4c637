"""The proof of the books: every derived value worked out again, by SQL of its own, and set beside what is stored.

It shares no code with what writes those values. `purchasing.books.repair` puts right what differs.
"""

from purchasing.books.differences import REPAIRER, AccountDifference, Batch, Difference, batches, check, verify

__all__ = ["REPAIRER", "AccountDifference", "Batch", "Difference", "batches", "check", "verify"]
