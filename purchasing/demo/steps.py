"""What can happen to an order in a story. `day`: how many days after it was placed (fractions allowed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Quantities = Mapping[int, int]
"""How many of which line: the line's place in the order, from 0, and pieces. A step without them takes everything."""


Relation = Literal["component", "dependent"]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A quote, an approval or an unconfirmed order becomes the order."""

    day: float
    type: Literal["order", "order_unconfirmed"] = "order"


@dataclass(frozen=True, slots=True)
class Shipped:
    """Open goods leave in a package of their own."""

    day: float
    take: Quantities | None = None
    carrier: str = "DPD"


@dataclass(frozen=True, slots=True)
class Returned:
    """Shipped goods come back. `credit`: per line, what is credited instead of its gross."""

    day: float
    take: Quantities | None = None
    credit: Mapping[int, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Open goods will not be sent."""

    day: float
    take: Quantities | None = None


@dataclass(frozen=True, slots=True)
class Invoiced:
    """An invoice is filed with the order."""

    day: float


@dataclass(frozen=True, slots=True)
class Paid:
    """Money came in: `share` of the order's total. Not `applied`: recorded for information only."""

    day: float
    share: Decimal = Decimal(1)
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money went back: `share` of what is credited, or of what was paid when nothing is."""

    day: float
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bounced:
    """The last payment was taken back by the bank: un-applied."""

    day: float


Step = Confirmed | Shipped | Returned | Cancelled | Invoiced | Paid | Refunded | Bounced


@dataclass(frozen=True, slots=True)
class Story:
    """One purchase from its first PUT to today. `order`: which place on the merchant's shelf, and pieces."""

    number: str
    buyer: str
    days_ago: int
    order: tuple[tuple[int, int], ...]
    steps: tuple[Step, ...] = ()
    type: str = "order"
    method: str = "invoice"
    reference: str = ""
    discount: Decimal = Decimal(0)
    """Per cent off every line."""
    child: str = ""
    agent: str = ""
    quote_status: str | None = None
    expires_in: int | None = None
    """Days from today on which a quote expires."""
    note: str = ""
    options: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """What the buyer chose or filled in, by the line's place in the order."""
    parts: Mapping[int, tuple[int, Relation]] = field(default_factory=dict)
    """Lines that belong to another line of the order, by their places; parts of a bundle are paid with it."""
    bare: bool = False
    """Nobody has said yet where to send the invoice."""
    everywhere: bool = False
    """Told at every merchant, under the same number."""
