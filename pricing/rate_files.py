"""Files of exchange rates: the European Central Bank's table, and an operator's own list.

A file is taken whole or not at all: every row that cannot be read is named with its line and the reason.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from io import StringIO
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile, ZipFile, is_zipfile

from currency_converter import CURRENCY_FILE

from core.money import EXPONENTS, read_currency, read_decimal
from pricing.models import RATE_DECIMALS, WHOLE_DIGITS
from pricing.rates import DOLLAR

ECB_HISTORY = Path(CURRENCY_FILE)
"""The European Central Bank's rates since 1999, as they ship with the program."""
OWN_COLUMNS = ["currency_code", "date", "usd_per_unit"]

Key = TypeVar("Key", bound=Hashable)
Rows = Iterable[tuple[int, list[str]]]
"""The rows below the headings, each with its line."""

_NOT_FIXED = {"", "N/A"}
_EXACT = Context(prec=40, rounding=ROUND_HALF_UP)
_LAST_DIGIT = Decimal(1).scaleb(-RATE_DECIMALS)


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """US dollars for one unit of the currency on that day."""

    currency_code: str
    date: date
    usd_per_unit: Decimal


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read; the first line of a file is 1."""

    line: int
    reason: str


@dataclass(slots=True)
class RateFile:
    """What a file holds. `of_ecb`: it is the bank's own table, whose rates are against the euro."""

    of_ecb: bool
    rates: list[PublishedRate]
    bad_rows: list[BadRow]


_UNREADABLE = (OSError, UnicodeDecodeError, csv.Error, BadZipFile, zlib.error, RuntimeError)
"""RuntimeError: a ZIP that is encrypted or packed in an unknown way."""


class UnreadableFile(ValueError):
    """A file that is no list of rates at all; says why."""


def read_rate_file(path: Path) -> RateFile:
    """The rates of a file: CSV, or a ZIP with one CSV in it, as the European Central Bank offers them.

    Raises UnreadableFile when it cannot be opened, is not UTF-8, or begins with neither form's headings.
    """
    try:
        reader = csv.reader(StringIO(_text_of(path), newline=""))
        headings = [heading.strip() for heading in next(reader, [])]
        rows = ((reader.line_num, row) for row in reader if row)
        if headings[:2] == ["Date", DOLLAR]:
            return _ecb_table(headings, rows)
        if headings == OWN_COLUMNS:
            return _own_list(rows)
    except _UNREADABLE as error:
        raise UnreadableFile(f"{path} cannot be read: {error}") from error
    raise UnreadableFile(
        f"{path} does not begin with the headings {','.join(OWN_COLUMNS)}, nor with those of the European Central Bank."
    )


def _text_of(path: Path) -> str:
    content = path.read_bytes()
    if is_zipfile(path):
        with ZipFile(path) as archive:
            names = archive.namelist()
            content = archive.read(names[0]) if names else b""
    return content.decode("utf-8-sig")


# --- The European Central Bank: a column for each currency, units of it for one euro ---------------------------------


def _ecb_table(headings: Sequence[str], rows: Rows) -> RateFile:
    """Currencies that are no longer in use are passed over: no purchase can be in them."""
    file = RateFile(of_ecb=True, rates=[], bad_rows=[])
    columns = [(place, code) for place, code in enumerate(headings) if code in EXPONENTS and code != DOLLAR]
    days: dict[date, int] = {}
    for line, row in rows:
        try:
            day = _only_once(_ecb_day(row[0]), line, days)
            dollars = _ecb_figure(row[1]) if len(row) > 1 else None
            if dollars is None:
                continue  # nothing can be said in dollars of that day
            found = [PublishedRate("EUR", day, dollars)]
            for place, code in columns:
                units = _ecb_figure(row[place]) if place < len(row) else None
                if units is not None:
                    found.append(PublishedRate(code, day, _in_dollars(dollars, units)))
        except ValueError as error:
            file.bad_rows.append(BadRow(line, str(error)))
        else:
            file.rates += found
    return file


def _ecb_day(text: str) -> date:
    """The history writes 2026-10-30, the sheet of one day 30 October 2026."""
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  # a day has no zone


def _in_dollars(dollars: Decimal, units: Decimal) -> Decimal:
    """What one of the units for a euro is in dollars, to the last digit that is stored."""
    rate = _EXACT.quantize(_EXACT.divide(dollars, units), _LAST_DIGIT)
    if not rate or rate.adjusted() >= WHOLE_DIGITS:
        raise ValueError(f"{units} for a euro is no rate that can be stored")
    return rate


def _ecb_figure(text: str) -> Decimal | None:
    text = text.strip()
    return None if text in _NOT_FIXED else _positive(read_decimal(text, decimals=8), text)


# --- An operator's own list: currency_code, date, usd_per_unit -------------------------------------------------------


def _own_list(rows: Rows) -> RateFile:
    file = RateFile(of_ecb=False, rates=[], bad_rows=[])
    seen: dict[tuple[str, date], int] = {}
    for line, row in rows:
        try:
            rate = _own_rate(row)
            _only_once((rate.currency_code, rate.date), line, seen)
        except ValueError as error:
            file.bad_rows.append(BadRow(line, str(error)))
        else:
            file.rates.append(rate)
    return file


def _own_rate(row: list[str]) -> PublishedRate:
    """Raises ValueError with the reason."""
    if len(row) != len(OWN_COLUMNS):
        raise ValueError(f"has {len(row)} columns instead of {len(OWN_COLUMNS)}")
    code_text, day_text, rate_text = (text.strip() for text in row)
    try:
        code = read_currency(code_text)
    except ValueError as error:
        raise ValueError(f"currency_code {code_text!r}: {error}") from error
    if code == DOLLAR:
        raise ValueError("a dollar is a dollar: USD has no rate of its own")
    try:
        day = date.fromisoformat(day_text)
    except ValueError as error:
        raise ValueError(f"date {day_text!r}: not a day such as 2026-01-31") from error
    try:
        rate = _positive(read_decimal(rate_text, decimals=RATE_DECIMALS, whole_digits=WHOLE_DIGITS), rate_text)
    except ValueError as error:
        raise ValueError(f"usd_per_unit {rate_text!r}: {error}") from error
    return PublishedRate(code, day, rate)


def _positive(number: Decimal, text: str) -> Decimal:
    if number <= 0:
        raise ValueError(f"{text} is not more than 0")
    return number


def _only_once(key: Key, line: int, seen: dict[Key, int]) -> Key:
    """Raises ValueError when an earlier line says something of the same."""
    first = seen.setdefault(key, line)
    if first != line:
        raise ValueError(f"says again what line {first} says")
    return key
