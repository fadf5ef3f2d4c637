"""Files of purchases: a row for each line, those of a purchase after each other; or the API's documents."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Conflict, InvalidDocument
from core.imports.importer import Importer, Outcome, rejected
from core.imports.rows import Record, Row, RowFault
from core.written import Written
from purchasing.bulk import BulkOutcome, Item, put_purchases, read_purchases
from purchasing.imports.columns import COLUMNS, IDENTIFIERS
from purchasing.imports.flat import FlatPurchase

MEMBER = "purchase_identifiers"


@dataclass(slots=True)
class _Draft:
    """A record's document, or what keeps it from having one. `flat`: how a table's rows became it."""

    body: Any = None
    flat: FlatPurchase | None = None
    faults: list[RowFault] = field(default_factory=list)


class PurchaseImporter(Importer):
    """Known by its identifiers. The file says the purchase whole, as a PUT does."""

    name = "purchases"
    command = "import_purchases"
    columns = COLUMNS
    document = "a purchase as PUT /api/v1/purchases/{lookupBy}/{identifier} takes it, its identifiers inside"

    def key(self, row: Row) -> Hashable:
        """By the first identifier that is said."""
        return named_by(row.values.get(MEMBER) if row.is_document else identifiers_in(row.values))

    def store(self, records: Sequence[Record]) -> list[Outcome]:
        """By the bulk operation, all locks of the piece first. Raises Conflict `try-again`."""
        drafts = [_draft_of(record) for record in records]
        sound = [place for place, draft in enumerate(drafts) if not draft.faults]
        sent = read_purchases(drafts[place].body for place in sound)
        items = put_purchases(site=self.site, sent=sent, actor=self.actor, together=True)
        for place, item in zip(sound, items, strict=True):
            drafts[place].faults = _faults(records[place], drafts[place], item)
        written = {place: item.outcome for place, item in zip(sound, items, strict=True)}
        return [
            rejected(record, draft.faults) if draft.faults else Outcome(record, Written(written[place].value))
            for place, (record, draft) in enumerate(zip(records, drafts, strict=True))
        ]


def identifiers_in(values: Mapping[str, Any]) -> dict[str, str]:
    """The identifiers of a purchase that a row of a table says."""
    return {kind: values[column] for column, kind in IDENTIFIERS.items() if column in values}


def named_by(identifiers: object) -> tuple[str, str] | None:
    """The first identifier that names a purchase."""
    if isinstance(identifiers, Mapping):
        for kind in IDENTIFIERS.values():
            value = identifiers.get(kind)
            if value and isinstance(value, str | int):
                return kind, str(value).lower() if kind == "sparklayer" else str(value)
    return None


def refused_in(item: Item) -> list[tuple[str, str]]:
    """Property and message of each error. Raises Conflict `try-again`: that is no fault of the record."""
    if item.outcome is not BulkOutcome.REJECTED:
        return []
    for error in item.errors:
        if error["code"] == "try-again":
            raise Conflict(error["message"], code="try-again")
    return [(error["property"] or "", error["message"]) for error in item.errors]


def _draft_of(record: Record) -> _Draft:
    if record.is_document:
        return _Draft(dict(record.values))
    try:
        flat = FlatPurchase(record)
    except InvalidDocument as refusal:
        return _Draft(faults=[_contradiction(record, fault.property or "", fault.message) for fault in refusal.faults])
    return _Draft(flat.body, flat)


def _contradiction(record: Record, place: str, message: str) -> RowFault:
    line, _, column = place.removeprefix("line ").partition(": ")
    return RowFault(int(line) if line.isdecimal() else record.line, column, message)


def _faults(record: Record, draft: _Draft, item: Item) -> list[RowFault]:
    faults = []
    for name, message in refused_in(item):
        line, column = draft.flat.place(name) if draft.flat else (record.line, name)
        faults.append(RowFault(line, column, message))
    return faults
