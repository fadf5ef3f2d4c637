"""Days as they are written, and where one begins and ends in a time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLIEST = date(1900, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(value: object) -> date:
    """A date such as 2026-01-31, from the year 1900 on; ValueError otherwise."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a date such as 2026-01-31")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a date that exists") from None
    if day < EARLIEST:
        raise ValueError(f"must be {EARLIEST} or later")
    return day


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, in UTC. Of a day that begins twice, or later than at midnight, it is the first too."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def moment_after(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is no more of this day, in UTC."""
    return beginning_of(day + timedelta(days=1), zone)
