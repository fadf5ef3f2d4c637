"""What state a package is in, and how far a purchase is fulfilled. Pure functions; tables in `docs/money.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PackageState(StrEnum):
    """What has become of a package. Its values are words of the office; `type_word` gives those of the wire."""

    PROCESSING = "processing"
    SHIPPED = "shipped"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(state.value, state.value.capitalize()) for state in cls]


TYPE_WORDS = {
    PackageState.PROCESSING: "processing",
    PackageState.SHIPPED: "shipment",
    PackageState.RETURNED: "refund",
    PackageState.CANCELLED: "cancelled",
}
"""The package `type` that an answer carries for each state."""

STATES_BY_TYPE = {
    "": PackageState.PROCESSING,
    "processing": PackageState.PROCESSING,
    "incoming": PackageState.PROCESSING,
    "shipment": PackageState.SHIPPED,
    "refund": PackageState.RETURNED,
    "cancelled": PackageState.CANCELLED,
}
"""What a package `type` means when no date says more."""


class FulfilmentStatus(StrEnum):
    """`calculated_fulfilment_status`: by quantity, never by parcel count."""

    CANCELLED = "cancelled"
    PROCESSING = "processing"
    PARTIALLY_SHIPPED = "partially_shipped"
    RETURNED = "returned"
    PARTIALLY_RETURNED = "partially_returned"
    SHIPPED = "shipped"

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(status.value, status.value.replace("_", " ").capitalize()) for status in cls]


UNFULFILLED_TYPES = frozenset({"quote", "cart", "awaiting_approval"})
"""Purchase types that are not fulfilled at all: their fulfilment status is null."""


class PackageStateConflict(ValueError):
    """Cancelled together with shipped or returned."""


@dataclass(frozen=True, slots=True)
class StateOfPackage:
    """`state`, and whether its date is missing (the type alone said so)."""

    state: PackageState
    date_missing: bool


@dataclass(frozen=True, slots=True)
class Quantities:
    """Units by the state of the package they are in."""

    open: int = 0
    shipped: int = 0
    returned: int = 0
    cancelled: int = 0

    @property
    def live(self) -> int:
        return self.open + self.shipped + self.returned

    @property
    def live_or_empty(self) -> bool:
        """Not everything was cancelled or returned: goods are kept or to come, or there is no line yet."""
        return self.open + self.shipped > 0 or self.live + self.cancelled == 0


def package_state(
    *,
    type: str,
    shipped_at: datetime | None,
    cancelled_at: datetime | None,
    returned_at: datetime | None,
    refunded_at: datetime | None = None,
) -> StateOfPackage:
    """The state of a package: dates first, then its type.

    Raises PackageStateConflict for cancelled together with shipped or returned, by date or by type.
    """
    named = STATES_BY_TYPE[type]
    returned = returned_at is not None or refunded_at is not None
    cancelled = cancelled_at is not None or named is PackageState.CANCELLED
    fulfilled = shipped_at is not None or returned or named in (PackageState.SHIPPED, PackageState.RETURNED)
    if cancelled and fulfilled:
        raise PackageStateConflict("a package cannot be cancelled and also shipped or returned")
    if cancelled:
        return StateOfPackage(PackageState.CANCELLED, cancelled_at is None)
    if returned:
        return StateOfPackage(PackageState.RETURNED, date_missing=False)
    if named is PackageState.RETURNED:
        return StateOfPackage(PackageState.RETURNED, date_missing=True)
    if shipped_at is not None:
        return StateOfPackage(PackageState.SHIPPED, date_missing=False)
    return StateOfPackage(named, named is not PackageState.PROCESSING)


def count_quantities(lines: Iterable[tuple[PackageState, int]]) -> Quantities:
    """Quantities of (package state, quantity) pairs."""
    by_state = dict.fromkeys(PackageState, 0)
    for state, quantity in lines:
        by_state[state] += quantity
    return Quantities(
        open=by_state[PackageState.PROCESSING],
        shipped=by_state[PackageState.SHIPPED],
        returned=by_state[PackageState.RETURNED],
        cancelled=by_state[PackageState.CANCELLED],
    )


def fulfilment_status(*, type: str, quantities: Quantities) -> FulfilmentStatus | None:
    """`calculated_fulfilment_status` of a purchase of this type; null for types that are not fulfilled."""
    if type in UNFULFILLED_TYPES:
        return None
    live = quantities.live
    if live == 0 and quantities.cancelled > 0:
        return FulfilmentStatus.CANCELLED
    if quantities.open == live:
        return FulfilmentStatus.PROCESSING
    if quantities.open > 0:
        return FulfilmentStatus.PARTIALLY_SHIPPED
    if quantities.returned == live:
        return FulfilmentStatus.RETURNED
    if quantities.returned > 0:
        return FulfilmentStatus.PARTIALLY_RETURNED
    return FulfilmentStatus.SHIPPED
