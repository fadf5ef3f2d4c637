"""Which exchange rate counts on a day. Rules: `docs/money.md`, US dollars.

A purchase keeps what is answered here; nobody asks again for one that has its rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core import sql

DOLLAR = "USD"
PAR = "par"
"""The source of a dollar's rate in dollars, which nobody publishes."""
MAX_AGE_DAYS = 60
"""How much older than the day a rate may be: weekends and holidays have none of their own, a dead series has no end."""


@dataclass(frozen=True, slots=True)
class UsdRate:
    """US dollars for one unit of a currency, as published for `date` by `source`."""

    usd_per_unit: Decimal
    date: date
    source: str


def rate_sql(currency_code: str, day: str) -> str:
    """A query for the rate that counts on a day (usd_per_unit, date, source): one row, or none when there is none.

    Its arguments are SQL: a parameter or a column. For statements that need the rate beside something else.
    """
    return (
        "SELECT usd_per_unit, date, source FROM pricing_exchangerate "  # noqa: S608  # fixed parts
        f"WHERE currency_code = {currency_code} AND date BETWEEN {day} - {MAX_AGE_DAYS} AND {day} "
        "ORDER BY date DESC LIMIT 1"
    )


_RATE = rate_sql("$1::text", "$2::date")


def rate_on(*, currency_code: str, day: date) -> UsdRate | None:
    """The last rate published on or before the day, at most 60 days older; 1 for the dollar; None: there is none."""
    if currency_code == DOLLAR:
        return par(day)
    return next((UsdRate(*row) for row in sql.fetch(_RATE, [currency_code, day])), None)


def par(day: date) -> UsdRate:
    """The dollar's own rate."""
    return UsdRate(Decimal(1), day, PAR)
