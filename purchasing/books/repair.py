"""Putting right what `verify_books` found: derived columns by recomputation, the ledger by posting, never by editing.

A purchase is repaired under its lock: the sender's document (as its last revision holds it) and the transactions are
believed, everything else is written again; then its postings are brought from what the entries say to what they should
be. An account is repaired under its own lock; its entries are believed, except where an entry without a purchase came
or went while the stored balance and the chain still agree on what it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.money import ZERO
from purchasing.books.differences import AccountDifference, Difference
from purchasing.books.repair_accounts import repair_balance, repair_chain
from purchasing.books.repair_purchases import repair_purchase


def repair(differences: Iterable[Difference | AccountDifference]) -> None:
    """Put right what differs. Each account, then each purchase, in a transaction of its own."""
    accounts, purchases = set(), set()
    due: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for difference in differences:
        if isinstance(difference, AccountDifference):
            accounts.add((difference.site_id, difference.key))
            continue
        purchases.add((difference.site_id, difference.purchase_id))
        if difference.part == "ledger":
            customer_id, currency_code = difference.key.split(" ")[:2]
            due[difference.site_id, int(customer_id), currency_code] += _amount(difference.should) - _amount(
                difference.stored
            )
    for site_id, account_id in sorted(accounts):
        repair_balance(site_id, account_id, due)
    for site_id, purchase_id in sorted(purchases):
        repair_purchase(site_id, purchase_id)
    for site_id, account_id in sorted(accounts):
        repair_chain(site_id, account_id)


def _amount(row: dict[str, Any] | None) -> Decimal:
    return Decimal(row["amount"]) if row else ZERO
