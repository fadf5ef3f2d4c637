"""Files of transactions: one a row, which names its purchase by any of its identifiers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from core.api.documents import validate
from core.documents import without_nulls
from core.errors import Fault, InvalidDocument
from core.imports.cells import figure, flag
from core.imports.importer import Importer, Outcome, identifier, rejected
from core.imports.rows import Column, Record, Row, RowFault
from core.written import Written
from purchasing import store
from purchasing.bulk import SentTransaction, record_transactions
from purchasing.documents import TransactionDocument
from purchasing.identity import Lookup, read_lookup
from purchasing.imports.columns import IDENTIFIERS
from purchasing.imports.purchases import MEMBER, identifiers_in, named_by, refused_in

_SPARK_ID = "purchase_spark_id"
_COLUMN_OF = {kind: column for column, kind in IDENTIFIERS.items()}


class TransactionImporter(Importer):
    """Known by its purchase and its id elsewhere."""

    name = "transactions"
    command = "import_transactions"
    columns = (
        Column("purchase_sparklayer", "our id of the purchase; or one of the next", aliases=(_SPARK_ID,)),
        Column("purchase_platform", "the purchase's id on the shop platform"),
        Column("purchase_internal", "the purchase's id in the books"),
        Column("purchase_visible", "the purchase's number for people"),
        Column("platform_id", "the transaction's id elsewhere", required=True, aliases=("transaction_id",)),
        Column("total", "above 0 a payment, below 0 a refund", required=True, read=figure),
        Column("currency_code", "such as GBP", required=True, for_file=True, read=figure),
        Column("apply_to_balance", "true: it counts; false: it is only listed", required=True, read=flag),
        Column("full_transaction", "the outside system's own text, kept as it is"),
    )
    document = (
        "a transaction as PUT /api/v1/purchase-transactions takes it; instead of purchase_spark_id it may have "
        "purchase_identifiers"
    )

    def key(self, row: Row) -> Hashable:
        purchase, platform_id = named_by(_named_in(row)), identifier(row, "platform_id")
        return (purchase, platform_id) if purchase and platform_id else None

    def store(self, records: Sequence[Record]) -> list[Outcome]:
        """By the bulk operation, all locks of the piece first. Raises Conflict `try-again`."""
        names = {name for record in records for name in _names(record)}
        known = store.numbers_by_identifier(site_id=self.site.pk, identifiers=names)
        sent = [_sent_of(record, known) for record in records]
        items = record_transactions(site=self.site, sent=sent, actor=self.actor, together=True)
        return [
            rejected(record, (RowFault(_line_at_fault(record), *refused) for refused in faults))
            if (faults := refused_in(item))
            else Outcome(record, Written(item.outcome.value))
            for record, item in zip(records, items, strict=True)
        ]


def _named_in(row: Row) -> dict[str, Any]:
    """Every identifier that the row names its purchase by."""
    if not row.is_document:
        return identifiers_in(row.values)
    sent = row.values.get(MEMBER)
    named = {kind: value for kind, value in sent.items() if value} if isinstance(sent, dict) else {}
    spark_id = row.values.get(_SPARK_ID)
    return {**named, "sparklayer": spark_id} if spark_id else named


def _names(record: Record) -> list[tuple[str, str]]:
    """Those that can be looked up."""
    names = []
    for kind, value in _named_in(record.rows[0]).items():
        try:
            names.append((kind, str(read_lookup(kind, str(value)).value)))
        except InvalidDocument:
            continue
    return names


def _line_at_fault(record: Record) -> int:
    return record.rows[-1].line


def _sent_of(record: Record, known: dict[tuple[str, str], int]) -> SentTransaction:
    try:
        lookup = _purchase_of(record, known)
        members = {name: value for name, value in record.values.items() if name in TransactionDocument.model_fields}
        document = validate(TransactionDocument, without_nulls({**members, _SPARK_ID: None}))
    except InvalidDocument as refusal:
        return SentTransaction({}, refusal=refusal)
    return SentTransaction({}, lookup, document)


def _purchase_of(record: Record, known: dict[tuple[str, str], int]) -> Lookup:
    """How the record names its purchase. Raises InvalidDocument unless everything it says names the same one."""
    row = record.rows[0]
    if len(record.rows) > 1:
        raise InvalidDocument(f"This is about the same as line {row.line}.", code="invalid")
    lookups: list[Lookup] = []
    for kind, value in _named_in(row).items():
        try:
            lookups.append(read_lookup(kind, str(value)))
        except InvalidDocument as refusal:
            raise InvalidDocument(faults=[Fault("invalid", _told(row, kind), refusal.faults[0].message)]) from None
    if not lookups:
        raise InvalidDocument("Name the purchase.", code="required", property=_told(row, "sparklayer"))
    numbers = {}
    for lookup in lookups:
        number = known.get((lookup.kind, str(lookup.value)))
        if number is None:
            raise InvalidDocument(
                "There is no such purchase.", code="resource-not-found", property=_told(row, lookup.kind)
            )
        numbers[number] = lookup
    if len(numbers) > 1:
        raise InvalidDocument(
            "This names another purchase.", code="identifier-conflict", property=_told(row, lookups[-1].kind)
        )
    return lookups[0]


def _told(row: Row, kind: str) -> str:
    """Column or member of this look-up."""
    if not row.is_document:
        return _COLUMN_OF[kind]
    return _SPARK_ID if kind == "sparklayer" else f"{MEMBER}.{kind}"
