"""The state of a package and how far a purchase is fulfilled: the tables of the rules, row by row."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purchasing.documents import PackageType, PurchaseType
from purchasing.status import (
    TYPE_WORDS,
    FulfilmentStatus,
    PackageState,
    PackageStateConflict,
    Quantities,
    StateOfPackage,
    count_quantities,
    fulfilment_status,
    package_state,
)

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PROCESSING, SHIPPED = PackageState.PROCESSING, PackageState.SHIPPED
RETURNED, CANCELLED = PackageState.RETURNED, PackageState.CANCELLED
DATES = ("shipped_at", "cancelled_at", "returned_at", "refunded_at")


def judged(type: str, *dates: str) -> StateOfPackage:
    return package_state(type=type, **{name: DAY if name in dates else None for name in DATES})


@pytest.mark.parametrize(
    ("type", "dates", "state"),
    [
        ("processing", ["cancelled_at"], CANCELLED),
        ("", ["cancelled_at"], CANCELLED),
        ("incoming", ["cancelled_at"], CANCELLED),
        ("cancelled", ["cancelled_at"], CANCELLED),
        ("processing", ["returned_at"], RETURNED),
        ("processing", ["refunded_at"], RETURNED),
        ("shipment", ["returned_at"], RETURNED),
        ("shipment", ["refunded_at"], RETURNED),
        ("shipment", ["shipped_at", "returned_at"], RETURNED),
        ("refund", ["shipped_at", "refunded_at"], RETURNED),
        ("refund", ["returned_at"], RETURNED),
        ("processing", ["shipped_at"], SHIPPED),
        ("", ["shipped_at"], SHIPPED),
        ("shipment", ["shipped_at"], SHIPPED),
        ("processing", [], PROCESSING),
        ("incoming", [], PROCESSING),
        ("", [], PROCESSING),
    ],
)
def test_the_first_date_that_matches_decides(type: str, dates: list[str], state: PackageState) -> None:
    assert judged(type, *dates) == StateOfPackage(state, date_missing=False)


@pytest.mark.parametrize(
    ("type", "dates", "state"),
    [
        ("cancelled", [], CANCELLED),
        ("refund", [], RETURNED),
        ("refund", ["shipped_at"], RETURNED),
        ("shipment", [], SHIPPED),
    ],
)
def test_a_type_without_its_date_decides_and_the_date_is_missing(
    type: str, dates: list[str], state: PackageState
) -> None:
    assert judged(type, *dates) == StateOfPackage(state, date_missing=True)


@pytest.mark.parametrize(
    ("type", "dates"),
    [
        ("", ["cancelled_at", "shipped_at"]),
        ("", ["cancelled_at", "returned_at"]),
        ("", ["cancelled_at", "refunded_at"]),
        ("shipment", ["cancelled_at"]),
        ("refund", ["cancelled_at"]),
        ("cancelled", ["shipped_at"]),
        ("cancelled", ["returned_at"]),
        ("cancelled", ["refunded_at"]),
    ],
)
def test_cancelled_together_with_shipped_or_returned_is_a_conflict(type: str, dates: list[str]) -> None:
    with pytest.raises(PackageStateConflict):
        judged(type, *dates)


@pytest.mark.parametrize("type", get_args(PackageType))
@pytest.mark.parametrize("dates", list(product([False, True], repeat=4)))
def test_every_package_has_a_state_or_is_in_conflict(type: str, dates: tuple[bool, ...]) -> None:
    """And the word that an answer gives for the state is judged to be that state again."""
    given_dates = [name for name, present in zip(DATES, dates, strict=True) if present]
    try:
        state = judged(type, *given_dates).state
    except PackageStateConflict:
        return
    assert judged(TYPE_WORDS[state], *given_dates).state is state


def test_answers_give_the_word_of_the_state() -> None:
    assert TYPE_WORDS == {
        PROCESSING: "processing",
        SHIPPED: "shipment",
        RETURNED: "refund",
        CANCELLED: "cancelled",
    }


FULFILMENT = [
    # The quantities are those of open, shipped, returned and cancelled goods, in this order.
    pytest.param(0, 0, 0, 1, "cancelled", id="1: nothing live, something cancelled"),
    pytest.param(0, 0, 0, 0, "processing", id="2: no lines yet"),
    pytest.param(3, 0, 0, 0, "processing", id="2: all open"),
    pytest.param(3, 0, 0, 2, "processing", id="2: all live open, some cancelled"),
    pytest.param(1, 2, 0, 0, "partially_shipped", id="3: some open, some shipped"),
    pytest.param(1, 0, 2, 0, "partially_shipped", id="3: some open, some returned"),
    pytest.param(1, 1, 1, 1, "partially_shipped", id="3: some of each"),
    pytest.param(0, 0, 2, 0, "returned", id="4: all returned"),
    pytest.param(0, 0, 2, 1, "returned", id="4: all live returned, rest cancelled"),
    pytest.param(0, 1, 1, 0, "partially_returned", id="5: some returned"),
    pytest.param(0, 1, 1, 1, "partially_returned", id="5: some returned, some cancelled"),
    pytest.param(0, 2, 0, 0, "shipped", id="6: all shipped"),
    pytest.param(0, 2, 0, 1, "shipped", id="6: the unshipped rest cancelled"),
]


@pytest.mark.parametrize("type", ["order", "order_unconfirmed"])
@pytest.mark.parametrize(("open", "shipped", "returned", "cancelled", "expected"), FULFILMENT)
def test_fulfilment_goes_by_quantity(
    type: str, open: int, shipped: int, returned: int, cancelled: int, expected: str
) -> None:
    assert fulfilment_status(type=type, quantities=Quantities(open, shipped, returned, cancelled)) == expected


@pytest.mark.parametrize("type", ["quote", "cart", "awaiting_approval"])
@pytest.mark.parametrize(("open", "shipped", "returned", "cancelled", "_expected"), FULFILMENT)
def test_row_0_what_is_no_order_is_not_fulfilled(
    type: str, open: int, shipped: int, returned: int, cancelled: int, _expected: str
) -> None:
    assert fulfilment_status(type=type, quantities=Quantities(open, shipped, returned, cancelled)) is None


def test_every_type_is_fulfilled_or_not() -> None:
    statuses = {name: fulfilment_status(type=name, quantities=Quantities(open=1)) for name in get_args(PurchaseType)}
    assert statuses == {
        "order": FulfilmentStatus.PROCESSING,
        "order_unconfirmed": FulfilmentStatus.PROCESSING,
        "awaiting_approval": None,
        "quote": None,
        "cart": None,
    }


def test_quantities_count_units_and_not_parcels() -> None:
    lines = [(SHIPPED, 1), (SHIPPED, 1), (PROCESSING, 10), (RETURNED, 3), (CANCELLED, 4), (CANCELLED, 0)]
    assert count_quantities(lines) == Quantities(open=10, shipped=2, returned=3, cancelled=4)


@given(st.lists(st.tuples(st.sampled_from(list(PackageState)), st.integers(0, 5)), max_size=6))
def test_splitting_a_line_over_packages_of_a_state_changes_nothing(lines: list[tuple[PackageState, int]]) -> None:
    split = [(state, 1) for state, quantity in lines for _ in range(quantity)]
    assert fulfilment_status(type="order", quantities=count_quantities(split)) == fulfilment_status(
        type="order", quantities=count_quantities(lines)
    )


@pytest.mark.parametrize(
    ("quantities", "kept"),
    [
        (Quantities(), True),
        (Quantities(open=1), True),
        (Quantities(shipped=1, returned=1, cancelled=1), True),
        (Quantities(returned=1), False),
        (Quantities(cancelled=1), False),
        (Quantities(returned=1, cancelled=1), False),
    ],
)
def test_goods_are_kept_or_to_come_unless_all_is_cancelled_or_returned(quantities: Quantities, kept: bool) -> None:
    assert quantities.live_or_empty is kept
