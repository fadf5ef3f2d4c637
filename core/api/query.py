"""Reading query parameters: an unknown name or a bad value is refused, never ignored (`docs/api.md`, list filters)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from core.days import moment_after, read_day
from core.errors import Fault, InvalidDocument
from core.money import read_currency

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
TEXT_LIMIT = 1000
CURSOR_LIMIT = 4000
"""A cursor carries the text that a list is ordered by, twice encoded."""
DEFAULT_LIMIT = 100
HIGHEST_LIMIT = 500
HIGHEST_OFFSET = 2**31 - 1
LATEST = datetime(9999, 12, 30, tzinfo=UTC)
"""So late that its day and the next can be written in every time zone."""
RESOLUTION = timedelta(microseconds=1)
"""Of moments, in PostgreSQL as here."""


@dataclass(frozen=True, slots=True)
class Page:
    """How many rows from where."""

    limit: int
    offset: int


class Query:
    """The query parameters of one request. Read everything, then call `check()`: it names every fault at once.

    A parameter that is absent or has a fault reads as None.
    """

    def __init__(
        self, parameters: QueryDict, *, known: Collection[str], aliases: Mapping[str, str] | None = None
    ) -> None:
        """`known`: every name this address reads. `aliases`: other spellings, as {spelling: name}."""
        self.faults: list[Fault] = []
        self.values: dict[str, str] = {}
        for spelling, values in parameters.lists():
            name = (aliases or {}).get(spelling, spelling)
            if name not in known:
                self.refuse(spelling, "There is no such parameter here.", code="unknown-parameter")
            elif len(values) > 1 or name in self.values:
                self.refuse(spelling, "This parameter is given more than once.")
            elif len(values[0]) > (limit := CURSOR_LIMIT if name == "cursor" else TEXT_LIMIT) or "\0" in values[0]:
                self.refuse(spelling, f"Give at most {limit} characters, without NUL.")
            else:
                self.values[name] = values[0]

    def refuse(self, name: str, message: str, *, code: str = "invalid") -> None:
        self.faults.append(Fault(code, name, message))

    def check(self) -> None:
        """Raises `InvalidDocument` with every fault found so far."""
        if self.faults:
            raise InvalidDocument(faults=self.faults)

    def text(self, name: str) -> str | None:
        return self.values.get(name)

    def choice(self, name: str, choices: Collection[str], *, default: str | None = None) -> str | None:
        value = self.values.get(name)
        if value is None:
            return default
        if value not in choices:
            self.refuse(name, f"Choose one of: {', '.join(sorted(choices))}.")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        value = self.choice(name, ("true", "false"))
        return None if value is None else value == "true"

    def whole(self, name: str, *, lowest: int, highest: int, default: int | None = None) -> int | None:
        value = self.values.get(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdecimal() and len(value) <= 18 and lowest <= int(value) <= highest):
            self.refuse(name, f"Give a whole number from {lowest} to {highest}.")
            return None
        return int(value)

    def instant(self, name: str, *, time_zone: ZoneInfo) -> datetime | None:
        """A date-time, or a date for its first moment; without an offset in the site's time zone."""
        value = self.values.get(name)
        if value is None:
            return None
        # A plus sign that was not escaped arrives as a space.
        instant = _instant(value.replace(" ", "+") if "T" in value else value, time_zone)
        if instant is None:
            self.refuse(name, "Give a date-time such as 2026-01-31T09:30:00+00:00, from the year 1900 on.")
        return instant

    def day(self, name: str) -> date | None:
        """A date such as 2026-01-31, with a day after it."""
        value = self.values.get(name)
        day = None if value is None else _day(value)
        if value is not None and day is None:
            self.refuse(name, f"Give a date such as 2026-01-31, from {EARLIEST.date()} to {LATEST.date()}.")
        return day

    def instant_after(self, name: str, *, time_zone: ZoneInfo) -> datetime | None:
        """The first moment after an `instant`."""
        instant = self.instant(name, time_zone=time_zone)
        return None if instant is None else min(instant, LATEST) + RESOLUTION

    def moment_after(self, name: str, *, time_zone: ZoneInfo) -> datetime | None:
        """The first moment after the one that is given: a date-time, or a date for its last moment."""
        day = _day(self.values.get(name, ""))
        return self.instant_after(name, time_zone=time_zone) if day is None else moment_after(day, time_zone)

    def currency(self, name: str) -> str | None:
        """A currency code, in upper case."""
        value = self.values.get(name)
        try:
            return None if value is None else read_currency(value)
        except ValueError as error:
            self.refuse(name, f"This is {error}.")
            return None

    def page(self, *, highest: int = HIGHEST_LIMIT) -> Page:
        """`limit` (1 to `highest`, default 100) and `offset` (from 0)."""
        limit = self.whole("limit", lowest=1, highest=highest, default=min(DEFAULT_LIMIT, highest))
        offset = self.whole("offset", lowest=0, highest=HIGHEST_OFFSET, default=0)
        return Page(limit=limit or DEFAULT_LIMIT, offset=offset or 0)


def _day(value: str) -> date | None:
    try:
        day = read_day(value)
    except ValueError:
        return None
    return day if day <= LATEST.date() else None


def _instant(value: str, time_zone: ZoneInfo) -> datetime | None:
    if not value.isascii():
        return None
    try:
        parsed: Any = parse_datetime(value)
        if parsed is None:
            day = parse_date(value)
            parsed = day and datetime.combine(day, time.min)
        if parsed is None:
            return None
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=time_zone)
        return aware.astimezone(UTC) if aware >= EARLIEST else None
    except (ValueError, OverflowError):
        return None
