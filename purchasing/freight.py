"""What shipping costs, moved between the packages of a stored purchase: no move changes the sum. Pure functions.

Works on packages in their stored form (`purchasing.compose`), which it changes in place; rules in `docs/money.md`, 10.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import InvalidDocument
from core.money import ZERO, money_text

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


def credited_of(package: Form) -> Decimal:
    """What of a returned package's freight is credited, gross; 0 of any other package."""
    if package["type"] != "refund":
        return ZERO
    credited = package["refund_shipping"]
    return number_in(credited["gross"]) if credited else freight_of(package).gross


def freight_left(packages: Sequence[Form], sources: Collection[str]) -> Decimal:
    """Freight, gross, that can still be credited with goods of these packages (by id); never below 0.

    Theirs and what emptied packages handed on to returned ones; never more than the whole purchase has left.
    """
    near = [package for package in packages if package["type"] == "refund" or package["id"] in sources]
    return max(min(_gross_of(near), -_credited_too_much(packages)), ZERO)


def check_credit(packages: Sequence[Form], sources: Collection[str], credited: Form | None, currency_code: str) -> None:
    """Raises InvalidDocument `too-much-freight` when more than `freight_left` is to be credited."""
    left = freight_left(packages, sources)
    if credited and number_in(credited["gross"]) > left:
        raise _too_much(left, currency_code, "refund_shipping.gross")


def check_credits(before: Sequence[Form], after: Sequence[Form], currency_code: str) -> None:
    """Raises InvalidDocument `too-much-freight` when packages credit more freight than all of them have.

    On the first that goes further beyond its own than before. What was too much before may stay.
    """
    over = _credited_too_much(after)
    if over <= max(_credited_too_much(before), ZERO):
        return
    stood = {package["id"]: credited_of(package) - freight_of(package).gross for package in before}
    for index, package in enumerate(after):
        credited = credited_of(package)
        if credited - freight_of(package).gross > stood.get(package["id"], ZERO):
            raise _too_much(max(credited - over, ZERO), currency_code, f"packages[{index}].refund_shipping.gross")
    raise _too_much(ZERO, currency_code, "packages")


def _credited_too_much(packages: Sequence[Form]) -> Decimal:
    """What is credited beyond the freight of all live packages; below 0: what is left."""
    return sum(map(credited_of, packages), ZERO) - _gross_of(packages)


def _gross_of(packages: Iterable[Form]) -> Decimal:
    return sum((freight_of(package).gross for package in packages if package["type"] != "cancelled"), ZERO)


def _too_much(left: Decimal, currency_code: str, property: str) -> InvalidDocument:
    text = f"At most {money_text(left, currency_code)} {currency_code} of freight can still be credited."
    return InvalidDocument(text, code="too-much-freight", property=property)


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
