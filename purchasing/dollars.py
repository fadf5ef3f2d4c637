"""The total in US dollars: the rate is found once, frozen with the purchase, and never asked for again.

It is worked out anew only when the currency or `placed_at` changes; when the total changes, with the frozen rate. A
purchase without a rate has none of it, and gets it when rates arrive. Rules: `docs/money.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from core.models import Site
from core.retries import in_transaction
from pricing.rates import UsdRate
from purchasing import store
from purchasing.store import StoredPurchase
from purchasing.totals import in_dollars
from purchasing.warnings import USD_RATE_MISSING, PurchaseWarning, warn

_BATCH = 1_000
"""Purchases that are locked and filled at a time."""


def rate_day(ordered_at: datetime) -> date:
    """The day whose rate counts: that of `ordered_at` (placed, else submitted, else created), in UTC."""
    return ordered_at.astimezone(UTC).date()


def day_of_rate_sought(
    *, currency_code: str, placed_at: datetime | None, ordered_at: datetime, stored: StoredPurchase | None
) -> date | None:
    """The day whose rate has to be found for a purchase; None when that of `stored`, which it replaces, stays.

    That is frozen unless currency or `placed_at` change. Where there was none, none is looked for again before its day
    is another or rates arrive.
    """
    day = rate_day(ordered_at)
    if stored is None or (currency_code, placed_at) != (stored.currency_code, stored.placed_at):
        return day
    if stored.usd_rate is None and day != rate_day(stored.ordered_at):
        return day
    return None


def frozen_rate(stored: StoredPurchase | None) -> UsdRate | None:
    """The rate that a purchase keeps."""
    if stored is None or stored.usd_rate is None:
        return None
    assert stored.usd_rate_date is not None
    assert stored.usd_rate_source is not None
    return UsdRate(stored.usd_rate, stored.usd_rate_date, stored.usd_rate_source)


def set_dollars(purchase: StoredPurchase, rate: UsdRate | None) -> list[PurchaseWarning]:
    """Set the total in US dollars and what it was worked out by; answers the warning when there is no rate."""
    if rate is None:
        purchase.calculated_total_usd = purchase.usd_rate = None
        purchase.usd_rate_date = purchase.usd_rate_source = None
        text = f"no exchange rate from {purchase.currency_code} to USD for {rate_day(purchase.ordered_at)}"
        return [warn(USD_RATE_MISSING, "calculated_total_usd", text)]
    purchase.calculated_total_usd = in_dollars(purchase.calculated_total, rate.usd_per_unit)
    purchase.usd_rate, purchase.usd_rate_date, purchase.usd_rate_source = rate.usd_per_unit, rate.date, rate.source
    return []


def fill_missing_dollars(*, now: datetime, progress: Callable[[int], object]) -> int:
    """Give every purchase of every site that lacks a rate the one that has arrived; answers how many.

    Set-based, some at a time, each time under the purchases' locks. Each is a change that is no revision. Doing it
    again changes nothing. `progress` is called with each number of purchases.
    """
    filled = 0
    for site_id in Site.objects.values_list("pk", flat=True):
        after = 0
        while numbers := in_transaction(partial(_fill_some, site_id=site_id, after=after, now=now)):
            after = numbers[-1]
            filled += len(numbers)
            progress(len(numbers))
    return filled


def _fill_some(*, site_id: int, after: int, now: datetime) -> list[int]:
    """The numbers of the next purchases behind `after`, which have their rate now."""
    numbers = store.lock_without_dollars(site_id=site_id, after=after, limit=_BATCH)
    if numbers:
        store.fill_dollars(site_id=site_id, purchase_ids=numbers, now=now)
    return numbers
