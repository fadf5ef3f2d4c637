"""What order the events of an order are told in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.money import ZERO
from purchasing.contents import Line, PackageView, Parcel
from purchasing.models import Purchase, PurchaseHistory
from purchasing.pages.timeline import EventKind, timeline_of
from purchasing.status import PackageState


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def a_package(**dates: datetime) -> PackageView:
    nothing: dict[str, datetime | None] = dict.fromkeys(("created_at", "shipped_at", "returned_at", "cancelled_at"))
    return PackageView(
        spark_id="",
        state=PackageState.SHIPPED,
        number="",
        lines=[Line("oli_1", "Rope", "", "", [], 3, None, ZERO, ZERO, ZERO)],
        parcels=[Parcel("Royal Parcel", "TR1", "")],
        files=[],
        ship_to=[],
        shipping_name="",
        shipping_net=ZERO,
        shipping_gross=ZERO,
        **{**nothing, **dates},
    )


def told(total: str, day: int) -> PurchaseHistory:
    kind = "payment" if Decimal(total) > 0 else "refund"
    return PurchaseHistory(type=kind, total=Decimal(total), currency_code="GBP", created_at=at(day))


@pytest.mark.parametrize(
    ("packages", "history", "expected"),
    [
        ([], [], ["placed"]),
        ([a_package()], [], ["placed"]),
        ([a_package(shipped_at=at(3))], [told("5", 2)], ["placed", "payment", "shipped"]),
        ([a_package(shipped_at=at(3))], [told("5", 4)], ["placed", "shipped", "payment"]),
        (
            [a_package(shipped_at=at(3), returned_at=at(5))],
            [told("5", 4)],
            ["placed", "shipped", "payment", "returned"],
        ),
        ([a_package(cancelled_at=at(2))], [told("5", 1), told("-5", 2)], ["placed", "payment", "cancelled", "refund"]),
        ([a_package(shipped_at=at(1))], [told("5", 1)], ["placed", "payment", "shipped"]),
    ],
)
def test_oldest_first(packages: list[PackageView], history: list[PurchaseHistory], expected: list[str]) -> None:
    events = timeline_of(purchase=Purchase(ordered_at=at(1)), packages=packages, history=history)

    assert [event.kind for event in events] == expected


def test_what_came_back_was_shipped_with_the_rest() -> None:
    there = a_package(shipped_at=at(2))
    back = a_package(shipped_at=at(2), returned_at=at(4))
    later = a_package(shipped_at=at(3))

    events = timeline_of(purchase=Purchase(ordered_at=at(1)), packages=[there, back, later], history=[])

    assert [(event.kind, event.at.day, event.quantity) for event in events[1:]] == [
        (EventKind.SHIPPED, 2, 6),
        (EventKind.SHIPPED, 3, 3),
        (EventKind.RETURNED, 4, 3),
    ]


def test_an_event_says_how_much() -> None:
    events = timeline_of(
        purchase=Purchase(ordered_at=at(1)), packages=[a_package(shipped_at=at(2))], history=[told("-5.00", 3)]
    )

    assert [(event.kind, event.quantity, len(event.parcels), event.amount) for event in events] == [
        (EventKind.PLACED, 0, 0, None),
        (EventKind.SHIPPED, 3, 1, None),
        (EventKind.REFUND, 0, 0, Decimal("5.00")),
    ]
