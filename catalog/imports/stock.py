"""Files of stock levels: one SKU at one location a row."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime

from catalog.documents import StockRow
from catalog.operations import update_stock
from catalog.stock_levels import located, sent_in
from core.actors import Actor
from core.api.documents import validate
from core.errors import InvalidDocument
from core.imports.cells import figure, whole_number
from core.imports.importer import Importer, Outcome, identifier, rejected
from core.imports.rows import Column, Record, Row, RowFault
from core.models import Site

_LOCATIONS = ("stock_location_external_id", "stock_location_id")
_PLACE = re.compile(r"\[([0-9]+)\]\.?(.*)", re.DOTALL)


class StockImporter(Importer):
    """Known by SKU and location. A level replaces the one that stands: what a row does not say is null or 0."""

    name = "stock levels"
    command = "import_stock"
    columns = (
        Column("sku", "of a variant, or of one that comes later", required=True),
        Column("stock_location_external_id", "the location's id elsewhere; or stock_location_id", for_file=True),
        Column("stock_location_id", "our id of the location (sl_12), or its id elsewhere"),
        Column(
            "stock_level", "pieces held, a whole number", required=True, aliases=("quantity", "qty"), read=whole_number
        ),
        Column("restock_date", "when more is expected, such as 2026-01-31", read=figure),
        Column("min_stock_level", "how far it may be sold down; 0 where nothing is said", read=whole_number),
    )
    document = "a row as PATCH /api/v1/batch-update-stock takes it"
    piece = 1_000
    most_uploaded = 5_000

    def __init__(self, *, site: Site, actor: Actor, now: datetime) -> None:
        super().__init__(site=site, actor=actor, now=now)
        self._first_line: dict[tuple[str, int], int] = {}

    def key(self, row: Row) -> Hashable:
        sku = identifier(row, "sku")
        location = next((found for name in _LOCATIONS if (found := identifier(row, name))), "")
        return (sku, location) if sku and location else None

    def store(self, records: Sequence[Record]) -> list[Outcome]:
        """Three statements, however many records."""
        rows: dict[int, StockRow] = {}
        faults: dict[int, list[RowFault]] = {}
        for place, record in enumerate(records):
            if len(record.rows) > 1:  # which of them counts?
                message = f"This is about the same SKU and location as line {record.line}."
                faults[place] = [RowFault(record.rows[1].line, "", message)]
                continue
            try:
                rows[place] = validate(StockRow, record.values)
            except InvalidDocument as refusal:
                faults[place] = [RowFault(record.line, fault.property or "", fault.message) for fault in refusal.faults]
        for place, fault in self._refused(records, rows):
            del rows[place]
            faults[place] = [fault]
        written = update_stock(site=self.site, rows=list(rows.values()), now=self.now)
        stored = dict(zip(rows, written, strict=True))
        return [
            rejected(record, faults[place]) if place in faults else Outcome(record, stored[place])
            for place, record in enumerate(records)
        ]

    def _refused(self, records: Sequence[Record], rows: Mapping[int, StockRow]) -> list[tuple[int, RowFault]]:
        """Rows of a location that is not there, or of one that an earlier row names in another way."""
        places = list(rows)
        held, faults = located(site=self.site, sent=sent_in(rows.values()))
        refused: dict[int, RowFault] = {}
        for fault in faults:
            found = _PLACE.fullmatch(fault.property or "")
            assert found is not None
            place = places[int(found[1])]
            refused[place] = RowFault(records[place].line, found[2], fault.message)
        for place, level in zip((place for place in places if place not in refused), held, strict=True):
            line = records[place].line
            first = self._first_line.setdefault((level.sku, level.location_id), line)
            if first != line:
                refused[place] = RowFault(line, "", f"This is about the same SKU and location as line {first}.")
        return list(refused.items())
