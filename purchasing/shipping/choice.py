"""Which shipping methods an order may choose, and what each costs. Pure functions over plain values.

Rules: `docs/customers.md`, shipping methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from core.money import ZERO, round_money
from customers.models import DEFAULT_GROUP

Kind = Literal["", "weight", "price"]
"""What a band measures; empty: nothing, it holds for any goods."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What is to be sent, where, and for whom.

    `groups`: the slugs of the buyer's group and of those above it. `grams`: what everything weighs. `value`: what it
    costs with tax, without freight, in `currency_code`.
    """

    country_code: str
    groups: frozenset[str]
    grams: Decimal
    value: Decimal
    currency_code: str


@dataclass(frozen=True, slots=True)
class Band:
    """For which goods, and for what cost (None: free). `currency_code`: of its money; empty: for any order."""

    name: str = ""
    sku: str = ""
    priority: int = 0
    requirement: Kind = ""
    minimum: Decimal = ZERO
    maximum: Decimal | None = None
    amount: Decimal | None = None
    currency_code: str = ""

    def fits(self, goods: Goods) -> bool:
        """Both limits are included; without a maximum, or with one of 0, there is no upper one."""
        if self.currency_code not in ("", goods.currency_code):
            return False
        if not self.requirement:
            return True
        measured = goods.grams if self.requirement == "weight" else goods.value
        return self.minimum <= measured and (not self.maximum or measured <= self.maximum)


@dataclass(frozen=True, slots=True)
class Method:
    """A shipping method. `number`: ours. `bands`: as they were written down."""

    number: int
    sku: str
    title: str
    countries: Sequence[str]
    priority: int = 0
    groups: Sequence[str] = (DEFAULT_GROUP,)
    bands: Sequence[Band] = ()

    def is_for(self, goods: Goods) -> bool:
        """Countries are compared by their letters, whatever their case; the group `default` is everybody."""
        wanted = goods.country_code.upper()
        sends_there = any(country.upper() == wanted for country in self.countries)
        return sends_there and (DEFAULT_GROUP in self.groups or not goods.groups.isdisjoint(self.groups))


@dataclass(frozen=True, slots=True)
class Offer:
    """A method that may be chosen, by which of its bands, and what it costs with tax, in the order's currency."""

    method: Method
    band: Band
    cost: Decimal


def offers_for(goods: Goods, methods: Iterable[Method]) -> list[Offer]:
    """Every method that may be chosen, lower priorities first, then older ones.

    Of a method's bands the first that fits counts, lower priorities first, then as they were written down; a method
    without one is not offered.
    """
    offers = []
    for method in sorted(methods, key=lambda method: (method.priority, method.number)):
        if not method.is_for(goods):
            continue
        fitting = [band for band in method.bands if band.fits(goods)]
        if fitting:
            band = min(fitting, key=lambda band: band.priority)  # the first of equals
            offers.append(Offer(method, band, round_money(band.amount or ZERO, goods.currency_code)))
    return offers
