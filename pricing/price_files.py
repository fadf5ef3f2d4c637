"""Prices as CSV: UTF-8, with or without a byte order mark, commas, a first line that names the columns.

Columns: `sku`, `price`, `quantity` (or `qty`; 1 where it is empty), `unit_of_measure`, `tax_type`, `display_tax_rate`;
in a file of several lists `price_list_slug`. Others are ignored, empty cells count as absent. A SKU has the breaks of
all its lines; one with neither quantity nor price has none left.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import pydantic
from pydantic import BeforeValidator, Field

from core.api.problems import faults_of_validation
from core.documents import Change
from core.errors import Fault
from pricing.documents import MAX_ROWS, FromQuantity, Sku, Slug, TaxRate, TaxType, Unit, UnitPrice
from pricing.models import Price
from pricing.sent_prices import MOST_FAULTS, FaultyRows, RowFault, SentBreak, SentPrices

COLUMNS = ("sku", "quantity", "price", "unit_of_measure", "tax_type", "display_tax_rate")
"""As they are answered."""
LIST_COLUMN = "price_list_slug"
ALIASES = {"qty": "quantity"}
_DIGITS = re.compile(r"[0-9]{1,10}(?:\.0+)?", re.ASCII)


def _quantity(value: Any) -> Any:
    return int(value.partition(".")[0]) if isinstance(value, str) and _DIGITS.fullmatch(value) else value


def _letters(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


class _Line(Change):
    """The cells of one line that mean something."""

    needed = frozenset({"sku"})

    sku: Sku
    price_list_slug: Slug = "-"
    quantity: Annotated[FromQuantity | None, BeforeValidator(_quantity)] = None
    price: UnitPrice | None = None
    tax_type: Annotated[TaxType, BeforeValidator(_letters)] = Price.TaxType.NET
    unit_of_measure: Unit | None = Field(None)
    display_tax_rate: TaxRate | None = None


class _ListedLine(_Line):
    needed = frozenset({"sku", "price_list_slug"})

    price_list_slug: Slug


def read_prices(content: bytes, *, names_lists: bool) -> list[SentPrices]:
    """What the file says; `names_lists`: of several lists, named in a column. Raises FaultyRows."""
    lines = _lines(_text(content))
    header = next(lines, None)
    if header is None:
        raise FaultyRows([RowFault(1, "", "The file is empty: its first line names the columns.")])
    columns = _columns(header[1], names_lists=names_lists)
    model: type[_Line] = _ListedLine if names_lists else _Line
    sent: list[SentPrices] = []
    faults: list[RowFault] = []
    for line, cells in lines:
        found = _read(model, line, columns, cells)
        if isinstance(found, SentPrices):
            sent.append(found)
        else:
            faults += found
        if len(sent) > MAX_ROWS:
            faults.append(RowFault(line, "", f"The file has more than {MAX_ROWS} lines of prices."))
        if len(sent) > MAX_ROWS or len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise FaultyRows(faults)
    return sent


def write_prices(rows: Iterable[Sequence[Any]]) -> str:
    """A file of rows in the order of `COLUMNS`, which can be sent back as it is; None is an empty cell."""
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return target.getvalue()


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FaultyRows([RowFault(line, "", "The file is not UTF-8.")]) from None
    if (place := text.find("\0")) >= 0:
        raise FaultyRows([RowFault(text.count("\n", 0, place) + 1, "", "The file contains a NUL character.")])
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that say something, with the number at which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise FaultyRows([RowFault(line, "", f"This cannot be read as CSV: {error}.")]) from None


def _columns(header: Sequence[str], *, names_lists: bool) -> list[str]:
    columns = [ALIASES.get(name, name) for name in (cell.strip().lower() for cell in header)]
    needed = ("sku", "price", *((LIST_COLUMN,) if names_lists else ()))
    faults = [RowFault(1, name, "This column is missing.") for name in needed if name not in columns]
    known = (*COLUMNS, LIST_COLUMN)
    faults += [RowFault(1, name, "This column is there more than once.") for name in known if columns.count(name) > 1]
    if faults:
        raise FaultyRows(faults)
    return columns


def _read(model: type[_Line], line: int, columns: list[str], cells: list[str]) -> SentPrices | list[RowFault]:
    if any(cell.strip() for cell in cells[len(columns) :]):
        return [RowFault(line, "", f"The line has {len(cells)} cells; the first line names {len(columns)} columns.")]
    return _said(model, line, dict(zip(columns, cells, strict=False)))


def read_line(line: int, cells: Mapping[str, str]) -> SentPrices | list[RowFault]:
    """What one line of a file of several lists says, by the names of its columns; or what is wrong with it."""
    return _said(_ListedLine, line, cells)


def _said(model: type[_Line], line: int, cells: Mapping[str, str]) -> SentPrices | list[RowFault]:
    named = {name: _cell(name, cell) for name, cell in cells.items()}
    try:
        row = model.model_validate({name: cell for name, cell in named.items() if cell})
    except pydantic.ValidationError as error:
        return [RowFault(line, fault.property or "", _message(fault)) for fault in faults_of_validation(error)]
    slug = row.price_list_slug if isinstance(row, _ListedLine) else ""
    if row.price is None:
        if row.quantity is None:
            return SentPrices(line, slug, row.sku, ())
        return [RowFault(line, "price", "A quantity without a price; leave out both to take the SKU off the list.")]
    price = SentBreak(
        line,
        "quantity",
        1 if row.quantity is None else row.quantity,
        row.price,
        row.tax_type,
        row.unit_of_measure,
        row.display_tax_rate,
    )
    return SentPrices(line, slug, row.sku, (price,))


def _cell(name: str, cell: str) -> str:
    """Figures may have spaces around them; texts are exact."""
    return cell.strip() if name in ("quantity", "price", "tax_type", "display_tax_rate") else cell


def _message(fault: Fault) -> str:
    return "This cell is needed." if fault.code == "required" else fault.message
