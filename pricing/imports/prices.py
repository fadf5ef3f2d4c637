"""Files of prices: a table has a row for each break, those of a SKU on a list after each other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

from core.errors import Fault, NotFound
from core.imports.importer import Importer, Outcome, identifier, rejected
from core.imports.rows import Column, Record, Row, RowFault
from core.written import Written
from pricing.documents import MAX_ROWS, ListedSkuPrices
from pricing.operations import SLUG, update_prices
from pricing.price_files import read_line
from pricing.sent_prices import FaultyRows, SentPrices, check_sent, read_rows


class PriceImporter(Importer):
    """Known by SKU and list. What the SKU costs on the list is what the file says, breaks that it does not name go."""

    name = "prices"
    command = "import_prices"
    columns = (
        Column("sku", "of a variant, or of one that comes later", required=True),
        Column(SLUG, "the list that the price stands on", required=True, for_file=True),
        Column("quantity", "the price is good from this many pieces on; 1 where nothing is said", aliases=("qty",)),
        Column("price", "of one piece; empty, with an empty quantity: the SKU has no price on the list", required=True),
        Column("unit_of_measure", "such as each"),
        Column("tax_type", "net (where nothing is said) or gross"),
        Column("display_tax_rate", "per cent"),
    )
    document = "a row as PATCH /api/v1/batch-update-pricing takes it, with all breaks of the SKU on the list"
    piece = 1_000
    most_uploaded = 5_000

    def key(self, row: Row) -> Hashable:
        sku, slug = identifier(row, "sku"), identifier(row, SLUG)
        return (sku, slug) if sku and slug else None

    def store(self, records: Sequence[Record]) -> list[Outcome]:
        """Four statements, however many records; one more when lists are not there."""
        sent: dict[int, SentPrices] = {}
        faults: dict[int, list[RowFault]] = {}
        for place, record in enumerate(records):
            try:
                sent[place] = _prices_of(record)
            except FaultyRows as refusal:
                faults[place] = [
                    RowFault(record.line if record.is_document else fault.line, fault.field, fault.message)
                    for fault in refusal.rows
                ]
        stored = self._stored(sent)
        for place in sent.keys() - stored.keys():
            slug = sent[place].price_list_slug
            faults[place] = [RowFault(records[place].line, SLUG, f"{SLUG} not found: {slug}")]
        return [
            rejected(record, faults[place]) if place in faults else Outcome(record, stored[place])
            for place, record in enumerate(records)
        ]

    def _stored(self, sent: Mapping[int, SentPrices]) -> dict[int, Written]:
        """What was done, by place; those of lists that are not there are left out."""
        if sum(len(item.breaks) for item in sent.values()) > MAX_ROWS:
            places, half = list(sent), len(sent) // 2
            parts = ({place: sent[place] for place in part} for part in (places[:half], places[half:]))
            return {place: done for part in parts for place, done in self._stored(part).items()}
        try:
            return dict(zip(sent, update_prices(site=self.site, sent=list(sent.values())), strict=True))
        except NotFound as refusal:
            unknown = {_slug_of(fault, sent.values()) for fault in refusal.faults}
            return self._stored({place: item for place, item in sent.items() if item.price_list_slug not in unknown})


def _slug_of(fault: Fault, sent: Iterable[SentPrices]) -> str:
    """The list that is not there: `[6].price_list_slug` is said of line 7."""
    return next(item.price_list_slug for item in sent if fault.property == f"[{item.line - 1}].{SLUG}")


def _prices_of(record: Record) -> SentPrices:
    """Raises FaultyRows, also for a break that comes twice."""
    if record.is_document:
        (sent,) = read_rows(ListedSkuPrices, [dict(record.values)])
        check_sent([sent])
        return replace(sent, line=record.line)
    read = [read_line(row.line, row.values) for row in record.rows]
    if faults := [fault for found in read if isinstance(found, list) for fault in found]:
        raise FaultyRows(faults)
    lines = [found for found in read if isinstance(found, SentPrices)]
    check_sent(lines)
    return replace(lines[0], breaks=[price for found in lines for price in found.breaks])
