"""Exchange rates for the demo's currencies, where none are published for the days of its purchases.

The rates that ship with the program end on some day; a demo that is made long after it would show no US dollars.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from pricing.publishing import publish
from pricing.rate_files import PublishedRate
from pricing.rates import DOLLAR, rate_on
from purchasing.demo.catalogue import PRICE_LEVEL
from purchasing.demo.stories import ROUTINE, STORIES

SOURCE = "demo"
OLDEST = timedelta(days=max(story.days_ago for story in (*ROUTINE, *STORIES)))
STEP = timedelta(days=45)
"""Between two rates: less than the time that one is good for."""


def publish_missing_rates(today: date) -> int:
    """Invent a rate wherever a purchase of the demo would find none; answers how many."""
    days = [today - STEP * step for step in range(OLDEST // STEP + 2)]
    missing = [
        PublishedRate(code, day, _invented(code))
        for code in PRICE_LEVEL
        for day in days
        if rate_on(currency_code=code, day=day) is None
    ]
    return publish(missing, source=SOURCE, progress=lambda _number: None).added


def _invented(currency_code: str) -> Decimal:
    """From the merchants' own price levels: near enough to look right, and named as what it is."""
    return (PRICE_LEVEL[DOLLAR] / PRICE_LEVEL[currency_code]).quantize(Decimal("0.000001"), ROUND_HALF_UP)
