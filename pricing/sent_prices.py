"""Prices as they came, in JSON or CSV, in one form; and which of their lines are at fault. Touches no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.api.documents import validate
from core.errors import Fault, InvalidDocument
from pricing.documents import MAX_ROWS, BreakDocument, ListedSkuPrices, SkuPrices

MOST_FAULTS = 1_000
"""That are listed; more nobody reads."""
_PLACE = re.compile(r"\[([0-9]+)\]\.?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a line: of a CSV file as an editor counts them, of a JSON array its item, from 1 on."""

    line: int
    field: str
    """A column or member; empty: the line as a whole."""
    message: str


class FaultyRows(InvalidDocument):
    """Lines of a bulk write that cannot be read; nothing was written. The API answers `rows` bare."""

    def __init__(self, rows: Iterable[RowFault]) -> None:
        self.rows = list(rows)[:MOST_FAULTS]
        super().__init__(faults=[Fault("invalid", f"line {row.line}: {row.field}", row.message) for row in self.rows])


@dataclass(frozen=True, slots=True)
class SentBreak:
    """A price that was sent, in what line and under what name its quantity stands there."""

    line: int
    field: str
    quantity: int
    price: Decimal
    tax_type: str
    unit_of_measure: str | None
    display_tax_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class SentPrices:
    """What a line says of a SKU on a list; `price_list_slug` is empty where the address names the list."""

    line: int
    price_list_slug: str
    sku: str
    breaks: Sequence[SentBreak]


def read_rows(model: type[SkuPrices | ListedSkuPrices], body: Any) -> list[SentPrices]:
    """What an array of rows says. Raises FaultyRows; a fault that concerns no item has line 0."""
    try:
        rows = validate(model, body).root
    except InvalidDocument as refusal:
        raise FaultyRows(_row_fault(fault) for fault in refusal.faults) from None
    return [
        SentPrices(
            line,
            getattr(row, "price_list_slug", ""),
            row.sku,
            sent_breaks(line, row.pricing, row.display_tax_rate),
        )
        for line, row in enumerate(rows, start=1)
    ]


def _row_fault(fault: Fault) -> RowFault:
    place = _PLACE.fullmatch(fault.property or "")
    return RowFault(int(place[1]) + 1, place[2], fault.message) if place else RowFault(0, "", fault.message)


def sent_breaks(line: int, breaks: Sequence[BreakDocument], display_tax_rate: Decimal | None) -> list[SentBreak]:
    """The breaks of one SKU; `display_tax_rate`: of those that name none."""
    return [
        SentBreak(
            line,
            f"pricing[{place}].quantity",
            item.quantity,
            item.price,
            item.tax_type,
            item.unit_of_measure or None,
            display_tax_rate if item.display_tax_rate is None else item.display_tax_rate,
        )
        for place, item in enumerate(breaks)
    ]


def check_sent(sent: Sequence[SentPrices]) -> None:
    """Raises FaultyRows when a break comes twice, or when there are more than can be written at once."""
    if sum(len(item.breaks) for item in sent) > MAX_ROWS:
        raise FaultyRows([RowFault(0, "", f"There are more than {MAX_ROWS} prices.")])
    if faults := list(_repeated(sent)):
        raise FaultyRows(faults)


def _repeated(sent: Iterable[SentPrices]) -> Iterator[RowFault]:
    seen: set[tuple[str, str, int]] = set()
    for item in sent:
        for row in item.breaks:
            key = (item.price_list_slug, item.sku, row.quantity)
            if key in seen:
                yield RowFault(row.line, row.field, f"{item.sku} has another price from {row.quantity} on.")
            seen.add(key)
