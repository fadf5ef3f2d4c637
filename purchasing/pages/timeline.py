"""What happened to an order, as its buyer sees it, oldest first.

Purchase history, events of the packages, and what `purchasing.pages.story` tells between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from purchasing.contents import PackageView, Parcel
from purchasing.models import Purchase, PurchaseHistory


class EventKind(StrEnum):
    """In the order in which events of one moment are told."""

    PLACED = "placed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    APPROVED = "approved"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    PAYMENT = "payment"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUND = "refund"


_ORDER = {kind: position for position, kind in enumerate(EventKind)}


@dataclass(frozen=True, slots=True)
class Event:
    """`amount`: of a payment or refund, positive. `quantity` and `parcels`: of a package.

    `by`: who did it, empty where it is not told. `details`: sentences below it.
    """

    at: datetime
    kind: EventKind
    amount: Decimal | None = None
    currency_code: str = ""
    quantity: int = 0
    parcels: Sequence[Parcel] = ()
    by: str = ""
    details: Sequence[str] = ()


def timeline_of(
    *,
    purchase: Purchase,
    packages: Iterable[PackageView],
    history: Iterable[PurchaseHistory],
    between: Iterable[Event] = (),
) -> list[Event]:
    """Every event that has a moment, and those `between` them. A package whose type alone says its fate has none."""
    events = [Event(purchase.ordered_at, EventKind.PLACED), *between, *_of_packages(packages)]
    events.extend(Event(item.created_at, EventKind(item.type), abs(item.total), item.currency_code) for item in history)
    return sorted(events, key=lambda event: (event.at, _ORDER[event.kind]))


def _of_packages(packages: Iterable[PackageView]) -> Iterator[Event]:
    """What happened at one moment, with the same parcels, is one event.

    So goods that came back, which leave the package they were shipped in, are told with it when they were shipped.
    """
    units: dict[tuple[datetime, EventKind, tuple[Parcel, ...]], int] = {}
    for package in packages:
        moments = (
            (package.shipped_at, EventKind.SHIPPED),
            (package.cancelled_at, EventKind.CANCELLED),
            (package.returned_at, EventKind.RETURNED),
        )
        for at, kind in moments:
            if at is not None:
                key = at, kind, tuple(package.parcels if kind is EventKind.SHIPPED else ())
                units[key] = units.get(key, 0) + package.quantity
    for (at, kind, parcels), quantity in units.items():
        yield Event(at, kind, quantity=quantity, parcels=parcels)
