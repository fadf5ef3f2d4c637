"""Rates for tests: few, round, on days whose weekday matters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing.models import ECB, ExchangeRate

FRIDAY = date(2026, 1, 2)
"""The 2nd of January 2026; the 3rd and 4th are a weekend without rates."""


def publish(rate: str, currency_code: str = "GBP", day: date = FRIDAY, source: str = ECB) -> ExchangeRate:
    """Put a rate into the table as it is, telling nobody."""
    return ExchangeRate.objects.create(currency_code=currency_code, date=day, usd_per_unit=Decimal(rate), source=source)
