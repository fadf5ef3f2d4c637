"""What the lines of a purchase add up to. Pure functions over plain values; rules in `docs/money.md`.

Each line's gross and each shipping gross is rounded once, half up, to the currency's exponent; every total is the
plain sum of those rounded figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from core.money import EXPONENTS, ZERO, round_money
from purchasing.status import PackageState, Quantities, count_quantities

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Digits enough for any amount times any rate: Python's default of 28 would round now and then."""
_CENT = Decimal("0.01")


class NegativeTotal(ValueError):
    """A purchase's total may not end below 0."""


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line's or shipping's money as sent, at most 6 decimals; None where nothing was sent."""

    net: Decimal
    tax: Decimal | None = None
    rate: Decimal | None = None
    gross: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line as the totals see it: units, rounded gross, and what was credited for it if it was returned."""

    quantity: int
    gross: Decimal
    refund: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PackageFigures:
    """A package as the totals see it: its state, its lines, shipping gross (rounded) and shipping credited."""

    state: PackageState
    lines: tuple[LineFigures, ...]
    shipping_gross: Decimal = ZERO
    refund_shipping: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """`calculated_total`, `credited`, `amount_due` in the purchase's currency, and the quantities."""

    total: Decimal
    credited: Decimal
    amount_due: Decimal
    quantities: Quantities


def with_tax(net: Decimal, rate: Decimal) -> Decimal:
    """Net and its tax at `rate` percent, to the last digit: nothing is rounded before the one rounding."""
    return _EXACT.multiply(net, _EXACT.add(1, _EXACT.scaleb(rate, -2)))


def without_tax(gross: Decimal, rate: Decimal, currency_code: str) -> Decimal:
    """What is left of a gross amount without its tax at `rate` percent, rounded to the currency."""
    return round_money(_EXACT.divide(gross, with_tax(Decimal(1), rate)), currency_code)


def gross_of(amounts: LineAmounts, currency_code: str) -> Decimal:
    """Supplied gross, else net + supplied tax, else net × (1 + rate / 100), else net; rounded to the currency."""
    if amounts.gross is not None:
        exact = amounts.gross
    elif amounts.tax is not None:
        exact = amounts.net + amounts.tax
    elif amounts.rate is not None:
        exact = with_tax(amounts.net, amounts.rate)
    else:
        exact = amounts.net
    return round_money(exact, currency_code)


def in_dollars(total: Decimal, usd_per_unit: Decimal) -> Decimal:
    """A purchase's total in US dollars: converted once, 2 places, half up; from the total, never from the lines."""
    return _EXACT.quantize(_EXACT.multiply(total, usd_per_unit), _CENT)


def differs(difference: Decimal, currency_code: str) -> bool:
    """Whether a difference is more than one minor unit of the currency."""
    return abs(difference) > Decimal(1).scaleb(-EXPONENTS[currency_code])


def mismatch_of(amounts: LineAmounts, currency_code: str) -> Decimal | None:
    """How far a supplied gross is from net + tax or from the rate, when that is more than one minor unit; else None.

    Compared, never adopted.
    """
    if amounts.gross is None:
        return None
    others = []
    if amounts.tax is not None:
        others.append(amounts.net + amounts.tax)
    if amounts.rate is not None:
        others.append(with_tax(amounts.net, amounts.rate))
    for other in others:
        difference = round_money(amounts.gross, currency_code) - round_money(other, currency_code)
        if differs(difference, currency_code):
            return difference
    return None


def add_up(packages: Iterable[PackageFigures]) -> Totals:
    """Total, credited and amount due of all packages. Raises NegativeTotal when the total ends below 0.

    Cancelled packages are out. Returned ones stay in: a return does not change what was invoiced, it creates credit.
    """
    total = credited = ZERO
    units: list[tuple[PackageState, int]] = []
    for package in packages:
        units.extend((package.state, line.quantity) for line in package.lines)
        if package.state is PackageState.CANCELLED:
            continue
        total += sum((line.gross for line in package.lines), package.shipping_gross)
        if package.state is PackageState.RETURNED:
            shipping = package.shipping_gross if package.refund_shipping is None else package.refund_shipping
            credited += sum((line.gross if line.refund is None else line.refund for line in package.lines), shipping)
    if total < 0:
        raise NegativeTotal(f"the total would be {total}")
    return Totals(total, credited, max(total - credited, ZERO), count_quantities(units))
