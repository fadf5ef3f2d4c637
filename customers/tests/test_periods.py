"""Periods: whole days of the site's time zone, and the moment that cuts them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.errors import InvalidDocument
from customers.periods import Period, period_of

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
"""Half past midnight, on 1 April, in London."""


def period(
    *, first: date | None = None, last: date | None = None, until: datetime | None = None, zone: ZoneInfo = LONDON
) -> Period:
    return period_of(first=first, last=last, until=until, zone=zone, now=NOW)


def test_is_by_default_the_month_so_far_where_the_site_is() -> None:
    assert period() == Period(
        first=date(2026, 4, 1),
        last=date(2026, 4, 1),
        starts=datetime(2026, 3, 31, 23, tzinfo=UTC),
        ends=datetime(2026, 4, 1, 23, tzinfo=UTC),
        day=date(2026, 4, 1),
    )
    assert period(zone=ZoneInfo("UTC")).first == date(2026, 3, 1)


def test_begins_by_default_with_the_month_of_its_last_day() -> None:
    found = period(last=date(2026, 2, 14))
    assert (found.first, found.last, found.day) == (date(2026, 2, 1), date(2026, 2, 14), date(2026, 2, 14))


@pytest.mark.parametrize(
    ("zone", "day", "starts", "ends"),
    [
        # The clocks go forward: a day of 23 hours; and back: one of 25.
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00Z", "2026-03-29T23:00Z"),
        ("Europe/London", date(2026, 10, 25), "2026-10-24T23:00Z", "2026-10-26T00:00Z"),
        # They go forward at midnight, so that the day begins at one; and back over midnight, so that it begins twice.
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00Z", "2018-11-05T02:00Z"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00Z", "2026-11-02T05:00Z"),
        ("Pacific/Kiritimati", date(2026, 1, 1), "2025-12-31T10:00Z", "2026-01-01T10:00Z"),
    ],
)
def test_days_are_those_of_the_time_zone(zone: str, day: date, starts: str, ends: str) -> None:
    found = period(first=day, last=day, zone=ZoneInfo(zone))
    assert (found.starts, found.ends) == (datetime.fromisoformat(starts), datetime.fromisoformat(ends))


def test_the_moment_cuts_the_period_and_stands_for_today() -> None:
    until = datetime(2026, 2, 10, 12, tzinfo=UTC)
    found = period(until=until)
    assert (found.first, found.last, found.ends, found.day) == (
        date(2026, 2, 1),
        date(2026, 2, 10),
        until,
        date(2026, 2, 10),
    )
    closed = period(first=date(2026, 1, 1), last=date(2026, 1, 31), until=until)
    assert (closed.ends, closed.day) == (datetime(2026, 2, 1, tzinfo=UTC), date(2026, 1, 31))
    running = period(last=date(2026, 2, 28), until=until)
    assert (running.ends, running.day) == (until, date(2026, 2, 10))


def test_what_is_before_midnight_is_of_the_day_before() -> None:
    assert period(until=datetime(2026, 2, 1, tzinfo=UTC)).last == date(2026, 1, 31)


@pytest.mark.parametrize(
    "asked",
    [
        {"first": date(2026, 3, 2), "last": date(2026, 3, 1)},
        {"first": date(2026, 4, 2)},
        {"first": date(2026, 3, 2), "until": datetime(2026, 3, 1, 12, tzinfo=UTC)},
        {"first": date(2026, 3, 2), "last": date(2026, 3, 31), "until": datetime(2026, 3, 1, 12, tzinfo=UTC)},
    ],
)
def test_a_period_that_begins_after_its_end_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument) as refusal:
        period(**asked)
    assert [fault.property for fault in refusal.value.faults] == ["from"]
