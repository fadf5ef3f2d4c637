"""Where a day of a time zone begins and ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, in UTC. Of a day that begins twice, or later than at midnight, it is the first too."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def moment_after(day: date, zone: ZoneInfo) -> datetime:
    """The first moment that is no more of this day, in UTC."""
    return beginning_of(day + timedelta(days=1), zone)
