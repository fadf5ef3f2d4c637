"""Exchange rates into their table, set-based: what is there already is left alone, so a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from pricing.models import ECB, ExchangeRate
from pricing.rate_files import PublishedRate
from pricing.signals import rates_published

_ROWS = 5_000
"""Rows in one piece of the way to the database: how often progress is told."""

_DIFFERENT = "(stored.usd_per_unit, stored.source) IS DISTINCT FROM (sent.usd_per_unit, %(source)s::text)"
_OURS = f"(stored.source = '{ECB}' OR %(source)s::text <> '{ECB}')"
_COUNT = f"""
    SELECT count(*) FILTER (WHERE stored.id IS NULL),
        count(*) FILTER (WHERE stored.id IS NOT NULL AND {_OURS} AND {_DIFFERENT}),
        count(*)
    FROM sent_rate AS sent
    LEFT JOIN pricing_exchangerate AS stored USING (currency_code, date)
"""  # noqa: S608  # fixed parts
_STORE = f"""
    INSERT INTO pricing_exchangerate AS stored (currency_code, date, usd_per_unit, source)
    SELECT sent.currency_code, sent.date, sent.usd_per_unit, %(source)s::text
    FROM sent_rate AS sent
    LEFT JOIN pricing_exchangerate AS stored USING (currency_code, date)
    WHERE stored.id IS NULL OR ({_OURS} AND {_DIFFERENT})
    ON CONFLICT (currency_code, date) DO UPDATE SET usd_per_unit = EXCLUDED.usd_per_unit, source = EXCLUDED.source
"""  # noqa: S608  # fixed parts


@dataclass(frozen=True, slots=True)
class Published:
    """How many rates were new, how many said something else than the stored one, how many were left as they stand."""

    added: int
    changed: int
    unchanged: int


def publish(
    rates: Iterable[PublishedRate], *, source: str, dry_run: bool = False, progress: Callable[[int], object]
) -> Published:
    """Store rates, each currency and day once among them; with `dry_run` only count.

    A rate of the European Central Bank takes no other source's place: what an operator brought stays. `progress` is
    called with each number of rates that were sent.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # One import at a time; purchases go on reading.
        cursor.execute("LOCK TABLE pricing_exchangerate IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("CREATE TEMPORARY TABLE sent_rate (currency_code text, date date, usd_per_unit numeric)")
        with cursor.copy("COPY sent_rate FROM STDIN") as copy:
            remaining = iter(rates)
            while piece := list(islice(remaining, _ROWS)):
                copy.write(
                    "".join(f"{rate.currency_code}\t{rate.date.isoformat()}\t{rate.usd_per_unit:f}\n" for rate in piece)
                )
                progress(len(piece))
        cursor.execute("ANALYZE sent_rate")
        cursor.execute(_COUNT, {"source": source})
        added, changed, total = cursor.fetchone()
        if not dry_run and (added or changed):
            cursor.execute(_STORE, {"source": source})
            cursor.execute("ANALYZE pricing_exchangerate")  # each purchase is about to look into it
        cursor.execute("DROP TABLE sent_rate")
    return Published(added, changed, total - added - changed)


def announce(*, now: datetime, progress: Callable[[int], object] = lambda _number: None) -> int:
    """Tell whoever waited for rates, after they are committed; answers how many rows were brought up to date."""
    answers: list[tuple[Any, Any]] = rates_published.send(sender=ExchangeRate, now=now, progress=progress)
    return sum(filled for _receiver, filled in answers)
