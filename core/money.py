"""Decimal money: exponents, the one rounding, parts that sum to the whole. Imports no Django.

Rules: `docs/money.md`. A float never enters: a JSON number is taken by its shortest decimal notation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import iso4217

ZERO = Decimal(0)
WHOLE_DIGITS = 12
"""Digits an amount may have before the point."""
LINE_DECIMALS = 6
"""Decimals a line or shipping amount may have."""
NUMBER_DIGITS = 15
"""Significant digits a JSON number may have; above it a binary fraction cannot be told from its neighbour."""

EXPONENTS: dict[str, int] = {c.code: c.exponent for c in iso4217.Currency if c.exponent is not None}
"""Active ISO 4217 currencies with a minor unit, and how many decimals it has (JPY 0, GBP 2, KWD 3)."""

_COMMON = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,2})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", re.ASCII)
_EXACT = Context(prec=100)
"""Wide enough for every amount that is read (64 characters): nothing is rounded by accident."""
_QUANTUM = {places: Decimal(1).scaleb(-places) for places in range(9)}


def read_currency(value: object) -> str:
    """The upper-case code of an active currency with a minor unit; ValueError otherwise (`XXX`, `XAU`, `XTS` too)."""
    if isinstance(value, str) and len(value) == 3 and value.isascii():
        code = value.upper()
        if code in EXPONENTS:
            return code
    raise ValueError("not an ISO 4217 currency code with a minor unit")


def read_decimal(value: object, *, decimals: int = LINE_DECIMALS, whole_digits: int = WHOLE_DIGITS) -> Decimal:
    """A decimal from a string or a JSON number; ValueError says what is wrong with it.

    Strings are ASCII digits with one optional sign and point. A number is read by its shortest decimal and may have
    15 significant digits. Trailing zeros do not count as decimals.
    """
    if isinstance(value, str) and decimals >= 2 and whole_digits >= WHOLE_DIGITS and _COMMON.fullmatch(value):
        return Decimal(value) + ZERO  # what nearly every amount looks like; no negative zero
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise ValueError("must be a decimal string or a number")
    if isinstance(value, str):
        if len(value) > 64 or not _DECIMAL.fullmatch(value):
            raise ValueError("must be ASCII digits with one optional sign and point")
        number = Decimal(value)
    else:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise ValueError("must be a finite number")
        if not isinstance(value, Decimal) and len(number.normalize().as_tuple().digits) > NUMBER_DIGITS:
            raise ValueError("has more than 15 significant digits: send it as a string")
    # Judged before it is written out: the zeros of 1E+300 would not fit into any decimal.
    if number and number.adjusted() >= whole_digits:
        raise ValueError(f"has more than {whole_digits} digits before the point")
    number = plain(number)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent > decimals:
        raise ValueError(f"has more than {decimals} decimals")
    return number


def read_movement(value: object, currency_code: str | None) -> Decimal:
    """An amount that moves money: not 0, and with no more decimals than its currency has (None: not known)."""
    amount = read_decimal(value)
    if amount == 0:
        raise ValueError("must not be 0")
    if currency_code and amount != round_money(amount, currency_code):
        raise ValueError(f"has more decimals than {currency_code} has")
    return amount


def plain(number: Decimal) -> Decimal:
    """The same value without trailing zeros, without exponent and without a negative zero: 2.50 → 2.5, 1E+2 → 100."""
    if not number:
        return ZERO
    number = number.normalize(_EXACT)
    return number.quantize(Decimal(1), context=_EXACT) if number.as_tuple().exponent > 0 else number  # type: ignore[operator]  # finite


def round_to(number: Decimal, places: int) -> Decimal:
    """`number` to `places` decimals, half up (away from zero on the half)."""
    return number.quantize(_QUANTUM[places], rounding=ROUND_HALF_UP)


def round_money(number: Decimal, currency_code: str) -> Decimal:
    """The one rounding: half up to the currency's ISO 4217 exponent."""
    return number.quantize(_QUANTUM[EXPONENTS[currency_code]], rounding=ROUND_HALF_UP)


def quantum_of(currency_code: str) -> Decimal:
    """The currency's minor unit: 0.01 for GBP, 1 for JPY."""
    return _QUANTUM[EXPONENTS[currency_code]]


def money_text(number: Decimal, currency_code: str) -> str:
    """A rounded amount as it is answered: the currency's digits, no exponent: `15.99`, `1500`, `0.00`."""
    return f"{round_money(number, currency_code) + ZERO:f}"


def price_text(amount: Decimal, currency_code: str) -> str:
    """All its decimals, and at least the currency's: what people read where the column holds 14.700000."""
    exact = plain(amount)
    if currency_code not in EXPONENTS:  # of a row that is being typed
        return f"{exact:f}"
    rounded = money_text(exact, currency_code)
    return rounded if Decimal(rounded) == exact else f"{exact:f}"


def spread(total: Decimal, weights: Sequence[Decimal | int], *, places: int) -> list[Decimal]:
    """`total` in as many parts as there are weights, proportional by largest remainder: the parts sum to the whole.

    `total` must not have more than `places` decimals. Weights are not negative; when all are 0 they count as equal.
    Ties go to the earlier part.
    """
    if not weights:
        raise ValueError("nothing to spread over")
    quantum = _QUANTUM[places]
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares, Fraction(0))
    if whole == 0:
        shares, whole = [Fraction(1)] * len(shares), Fraction(len(shares))
    units = int(abs(total) / quantum)
    exact = [units * share / whole for share in shares]
    floors = [int(part) for part in exact]
    missing = units - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda index: (floors[index] - exact[index], index))
    for index in by_remainder[:missing]:
        floors[index] += 1
    sign = -1 if total < 0 else 1
    return [Decimal(sign * part) * quantum for part in floors]
