"""What an entry is called where people read it: money that came in is a payment, money that went back a refund, and
a charge below 0 is one that was lowered.

Its kind says `transaction` of both, and an entry posts a difference: whether it is a payment, one that was corrected,
or one that was taken back, is said by what stood posted for the transaction before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from core import sql
from core.money import ZERO
from customers.entries import BATCH, Entry
from customers.models import AccountEntry

Kind = AccountEntry.Kind


class What(StrEnum):
    OPENING = "opening"
    CHARGE = "charge"
    CHARGE_LOWERED = "charge_lowered"
    """Of a purchase that is charged still, but less."""
    PAYMENT = "payment"
    PAYMENT_CORRECTED = "payment_corrected"
    PAYMENT_TAKEN_BACK = "payment_taken_back"
    REFUND = "refund"
    REFUND_CORRECTED = "refund_corrected"
    REFUND_TAKEN_BACK = "refund_taken_back"
    REVERSAL = "reversal"
    """Of a charge."""
    MANUAL = "manual"


# $1 site, $2 entries. What stood posted for the transaction of each before it.
_STOOD = """
SELECT id, stood FROM (
    SELECT id, sum(amount) OVER (
        PARTITION BY transaction_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS stood
    FROM customers_accountentry
    WHERE site_id = $1 AND transaction_id IS NOT NULL AND purchase_id = ANY(ARRAY(
        SELECT purchase_id FROM customers_accountentry WHERE site_id = $1 AND id = ANY($2::bigint[])
    ))
) AS posted WHERE id = ANY($2::bigint[])
"""


def told(entries: Iterable[Entry], *, site_id: int) -> Iterator[tuple[Entry, What]]:
    """Each of the site's entries with what it is. One query for 2,000 of them, none where none is of a transaction."""
    rest = iter(entries)
    while batch := list(islice(rest, BATCH)):
        stood = _stood(batch, site_id)
        yield from ((entry, _what(entry, stood.get(entry.id, ZERO))) for entry in batch)


def _stood(entries: Sequence[Entry], site_id: int) -> dict[int, Decimal]:
    numbers = [entry.id for entry in entries if entry.transaction_id is not None]
    return {number: stood or ZERO for number, stood in sql.fetch(_STOOD, [site_id, numbers])} if numbers else {}


def _what(entry: Entry, stood: Decimal) -> What:
    """What is owed is positive: a payment posts less than 0."""
    if entry.kind == Kind.TRANSACTION:
        if stood + entry.amount < 0:
            return What.PAYMENT_CORRECTED if stood else What.PAYMENT
        return What.REFUND_CORRECTED if stood else What.REFUND
    if entry.kind == Kind.REVERSAL and stood:
        return What.PAYMENT_TAKEN_BACK if stood < 0 else What.REFUND_TAKEN_BACK
    if entry.kind == Kind.CHARGE and entry.amount < 0:
        return What.CHARGE_LOWERED
    return What(entry.kind)
