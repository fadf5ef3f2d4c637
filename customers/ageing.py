"""How old a debt is: open items by the days they are past due. Pure; the rule is in `docs/money.md`, statements.

An open item is a purchase, with the sum of its entries, or one opening or manual entry. Items below 0 settle those
above, earliest due first; so whatever is still owed is owed for the items that are due last. That is how it is worked
out here: from the balance and the youngest items, without going through all that was settled in the years before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from core.money import ZERO

DAYS_PAST_DUE = (1, 31, 61, 91)
"""Where a bucket ends and the next begins. What is due today is not past due yet."""
YOUNG = DAYS_PAST_DUE[-1] - 1
"""Items at most so many days past due decide all buckets but the last."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is owed, by age. `credit` is what is left over of payments and credit notes: 0 or below.

    The six figures sum to the balance.
    """

    not_due: Decimal = ZERO
    d1_30: Decimal = ZERO
    d31_60: Decimal = ZERO
    d61_90: Decimal = ZERO
    over_90: Decimal = ZERO
    credit: Decimal = ZERO

    @property
    def overdue(self) -> Decimal:
        """What is past due, however long."""
        return self.d1_30 + self.d31_60 + self.d61_90 + self.over_90


BUCKETS = tuple(field.name for field in fields(Ageing))


def age(balance: Decimal, young: Sequence[Decimal]) -> Ageing:
    """A balance by age. `young`: the items above 0 in the buckets up to 90 days, summed, what is not due first."""
    if balance <= 0:
        return Ageing(credit=balance)
    owed = []
    for items in young:
        owed.append(min(items, balance))
        balance -= owed[-1]
    not_due, d1_30, d31_60, d61_90 = owed
    return Ageing(not_due, d1_30, d31_60, d61_90, over_90=balance)
