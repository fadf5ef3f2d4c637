"""A balance by age, against the rule taken at its word: items below 0 settle those above, one after the other."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.ageing import DAYS_PAST_DUE, Ageing, age

Item = tuple[int, int]
"""An amount, and by how many days it is past due."""


def literally(items: list[Item]) -> Ageing:
    """Items above 0 in the order they are due (the first named first), each settled as far as the credit goes."""
    credit = sum(amount for amount, _ in items if amount < 0)
    left = [0] * (len(DAYS_PAST_DUE) + 1)
    for amount, days in sorted((item for item in items if item[0] > 0), key=lambda item: -item[1]):
        settled = min(amount, -credit)
        credit += settled
        left[sum(days >= first for first in DAYS_PAST_DUE)] += amount - settled
    return Ageing(*map(Decimal, [*left, credit]))


def young(items: list[Item]) -> list[Decimal]:
    bounds = [(-(10**9), 1), (1, 31), (31, 61), (61, 91)]
    return [Decimal(sum(amount for amount, days in items if amount > 0 and a <= days < b)) for a, b in bounds]


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-40, 140)), max_size=12))
def test_is_what_settling_one_after_the_other_gives(items: list[Item]) -> None:
    balance = Decimal(sum(amount for amount, _ in items))

    ageing = age(balance, young(items))

    assert ageing == literally(items)
    figures = [getattr(ageing, name) for name in Ageing.__slots__]
    assert sum(figures) == balance
    assert ageing.overdue == ageing.d1_30 + ageing.d31_60 + ageing.d61_90 + ageing.over_90


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-30, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (5000, 4)],
)
def test_where_one_bucket_ends_and_the_next_begins(days: int, bucket: int) -> None:
    ageing = age(Decimal(7), young([(7, days)]))
    owed = [ageing.not_due, ageing.d1_30, ageing.d31_60, ageing.d61_90, ageing.over_90]
    assert owed.index(Decimal(7)) == bucket
    assert sum(owed) == 7
