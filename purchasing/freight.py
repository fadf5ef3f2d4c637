"""What shipping costs, moved between the packages of a stored purchase: no move changes the sum. Pure functions.

Works on packages in their stored form (`purchasing.compose`), which it changes in place; rules in `docs/money.md`, 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import ZERO

Form = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Net and gross, in the purchase's currency."""

    net: Decimal
    gross: Decimal

    def __bool__(self) -> bool:
        return bool(self.net or self.gross)


NOTHING = Amounts(ZERO, ZERO)


def money(number: Decimal, currency_code: str) -> Form:
    return {"number": f"{number:f}", "currency": currency_code}


def number_in(form: Form | None) -> Decimal:
    """The amount of a Money in its stored form; 0 where there is none."""
    return Decimal(form["number"]) if form else ZERO


def plain_total(amounts: Amounts, currency_code: str) -> Form:
    """A line total of which nothing but net and gross is known."""
    return {
        "total_net": money(amounts.net, currency_code),
        "total_gross": money(amounts.gross, currency_code),
        "calculated_gross": money(amounts.gross, currency_code),
    }


def amounts_in(total: Form | None) -> Amounts:
    """What a line or shipping comes to: its net, and its gross as it was rounded."""
    return Amounts(number_in(total["total_net"]), number_in(total["calculated_gross"])) if total else NOTHING


def freight_of(package: Form) -> Amounts:
    return amounts_in(_total_of(package))


def set_freight(package: Form, amounts: Amounts, currency_code: str) -> None:
    """The package's shipping costs this, and nothing more is known of it; the same amounts leave it as it is."""
    if freight_of(package) != amounts:
        _method(package)["line_total"] = plain_total(amounts, currency_code)


def take_off(package: Form, wanted: Amounts, currency_code: str) -> Amounts:
    """Take as much off the package's shipping as there is, down to 0, net and gross each; answers what was taken."""
    there = freight_of(package)
    taken = Amounts(min(max(there.net, ZERO), wanted.net), min(max(there.gross, ZERO), wanted.gross))
    if taken:
        total = _method(package)["line_total"]
        _change(total, Amounts(-taken.net, -taken.gross), currency_code)
    return taken


def hand_on(emptied: Form, receiver: Form, currency_code: str) -> None:
    """What is left of an emptied package's shipping is the receiver's from now on.

    A returned receiver credits no more than before: freight is credited only when named.
    """
    rest = freight_of(emptied)
    if not rest:
        return
    if receiver["type"] == "refund" and receiver["refund_shipping"] is None:
        gross = freight_of(receiver).gross
        receiver["refund_shipping"] = {"net": None, "gross": money(gross, currency_code)}
    if _total_of(receiver) is None:
        _method(receiver)["line_total"] = _total_of(emptied)
    else:
        _change(_method(receiver)["line_total"], rest, currency_code)


def _change(total: Form, by: Amounts, currency_code: str) -> None:
    """Add to a shipping total: its gross is fixed; a rate that no longer says how it came about is dropped."""
    now = amounts_in(total)
    total.update(plain_total(Amounts(now.net + by.net, now.gross + by.gross), currency_code))
    if total.pop("total_tax", None):
        total["total_tax"] = money(now.gross + by.gross - now.net - by.net, currency_code)
    total.pop("tax_rate", None)


def _total_of(package: Form) -> Form | None:
    method = package["shipping_method"]
    total: Form | None = method["line_total"] if method else None
    return total


def _method(package: Form) -> Form:
    if package["shipping_method"] is None:
        package["shipping_method"] = {"name": "", "sku": "", "line_total": None}
    method: Form = package["shipping_method"]
    return method
