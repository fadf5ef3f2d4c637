"""A purchase as this face shows it, worked out from what is stored: plain values, no queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson

from core.money import ZERO, plain
from cortex.lines import CANCELLED, Line, Lines, lines_of
from purchasing.core_orders import ORDER_TYPES, Price, price_in, sum_of
from purchasing.store import StoredPurchase

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tax:
    title: str
    amount: Decimal


class ShownPurchase:
    """One purchase; what takes work is worked out when it is asked for, once."""

    def __init__(self, stored: StoredPurchase) -> None:
        self.stored = stored
        self.key = str(stored.id)
        self.currency_code = stored.currency_code

    @cached_property
    def header(self) -> Form:
        header: Form = orjson.loads(self.stored.header)
        return header

    @cached_property
    def packages(self) -> list[Form]:
        packages: list[Form] = orjson.loads(self.stored.contents)["packages"]
        return packages

    @cached_property
    def lines(self) -> Lines:
        return lines_of(self.packages, self.currency_code)

    @cached_property
    def _by_key(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines.all}

    def line(self, key: str) -> Line | None:
        return self._by_key.get(key)

    @property
    def is_listed(self) -> bool:
        """Whether it is a purchase here, and not (or not only) an order that waits to be submitted."""
        return self.stored.type in ORDER_TYPES

    @property
    def live(self) -> list[Form]:
        return [package for package in self.packages if package["type"] != CANCELLED]

    @property
    def status(self) -> str:
        quantities = self.stored.quantities
        if quantities.live + quantities.cancelled == 0:
            return "IN_PROGRESS"
        if quantities.live == 0:
            return "CANCELLED"
        return "IN_PROGRESS" if quantities.open else "COMPLETED"

    @cached_property
    def prices(self) -> list[Price]:
        """Of every live line and every live shipping."""
        totals = [line["line_total"] for package in self.live for line in package["line_items"]]
        totals += [_freight(package) for package in self.live]
        return [price_in(total) for total in totals if total]

    @property
    def tax(self) -> Decimal:
        """Live gross less live net."""
        return self.stored.calculated_total - sum((price.net for price in self.prices), ZERO)

    @property
    def taxes(self) -> list[Tax]:
        """Those that were named, else one for each rate."""
        if self.header["tax_lines"]:
            return [
                Tax(item["title"] or _percent(item["rate"]), Decimal(item["amount"]["number"]))
                for item in self.header["tax_lines"]
            ]
        by_rate: dict[Decimal, list[Price]] = {}
        for price in self.prices:
            by_rate.setdefault(plain(price.tax_rate), []).append(price)
        return [Tax(_percent(rate), price.gross - price.net) for rate, price in _sums(by_rate)]

    @property
    def discount(self) -> Decimal:
        totals = [line["line_total"] for package in self.live for line in package["line_items"]]
        totals += [total for package in self.live if (total := _freight(package))]
        return sum((Decimal(total["discount_net"]["number"]) for total in totals), ZERO)

    @property
    def billing_address(self) -> Form | None:
        address: Form | None = self.header["billing_address"]
        return address

    @cached_property
    def shipments(self) -> list[tuple[Form, int]]:
        """Packages that were sent, each with its place: shipped, or returned and known to have been shipped."""
        return [
            (package, place)
            for place, package in enumerate(self.packages)
            if package["type"] == "shipment" or (package["type"] == "refund" and package["dates"]["shipped_at"])
        ]


def _freight(package: Form) -> Form | None:
    method = package["shipping_method"]
    total: Form | None = method and method["line_total"]
    return total


def freight_of(package: Form) -> Decimal:
    """What the package's shipping comes to, gross."""
    return price_in(_freight(package)).gross


def _sums(by_rate: dict[Decimal, list[Price]]) -> Sequence[tuple[Decimal, Price]]:
    return [(rate, sum_of(prices)) for rate, prices in sorted(by_rate.items())]


def _percent(rate: object) -> str:
    return "Tax" if rate is None else f"{plain(Decimal(str(rate))):f}%"
