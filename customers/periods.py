"""Periods of statements: whole days of the site's time zone, cut at a moment where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.days import beginning_of, moment_after
from core.errors import InvalidDocument


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included: everything posted from `starts` on and before `ends`."""

    first: date
    last: date
    starts: datetime
    ends: datetime
    day: date
    """The day on which debts are looked at: the last day of the period, or that of the moment if it comes earlier."""


def period_of(
    *, first: date | None, last: date | None, until: datetime | None, zone: ZoneInfo, now: datetime
) -> Period:
    """The period from `first` to `last` as it stood before `until` (None: as it stands `now`).

    `last` is by default the day of that moment, `first` the first day of its month. Raises InvalidDocument naming
    `from` when the period ends, or the moment lies, before it.
    """
    today = ((until - timedelta(microseconds=1)) if until else now).astimezone(zone).date()
    last = last or today
    first = first or last.replace(day=1)
    if first > last:
        raise InvalidDocument("The period begins after its last day.", property="from")
    if until is not None and first > today:
        raise InvalidDocument("The period begins after the moment in as_at.", property="from")
    ends = moment_after(last, zone)
    return Period(first, last, beginning_of(first, zone), min(ends, until) if until else ends, min(last, today))
