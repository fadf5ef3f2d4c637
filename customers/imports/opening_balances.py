"""Files of opening balances: what each customer owed when this system became the books."""

from __future__ import annotations

from collections.abc import Hashable

from core.api.documents import validate
from core.documents import without_nulls
from core.errors import InvalidDocument, NotFound
from core.imports.cells import figure
from core.imports.importer import OneByOne, identifier
from core.imports.rows import Column, Record, Row
from core.written import Written
from customers.bookkeeping import post_entry_once
from customers.documents import NewEntry


class OpeningBalanceImporter(OneByOne):
    """Known by customer and reference. What is posted stays: other figures under a reference are rejected."""

    name = "opening balances"
    command = "import_opening_balances"
    columns = (
        Column("customer", "our id (cu_12) or the id elsewhere; it is posted to whoever owes for it", required=True),
        Column("amount", "above 0: owed; below 0: credit", required=True, read=figure),
        Column("currency_code", "such as GBP", required=True, for_file=True, read=figure),
        Column("reference", "once per customer, such as OB-2026", required=True, for_file=True),
        Column(
            "value_date",
            "such as 2026-01-31, at most a year ahead; today where nothing is said",
            for_file=True,
            read=figure,
        ),
        Column("reason", "for people"),
    )
    document = "an entry as POST /api/v1/customers/{id}/ledger takes it, with the customer; its kind is opening"
    piece = 1
    """Each has its own transaction: of several the accounts would be locked in the order of the file."""

    def key(self, row: Row) -> Hashable:
        customer, reference = identifier(row, "customer"), identifier(row, "reference")
        return (customer, reference) if customer and reference else None

    def store_one(self, record: Record) -> Written:
        if len(record.rows) > 1:
            raise InvalidDocument(f"Line {record.rows[1].line} is about the same customer and reference.")
        customer = identifier(record.rows[0], "customer")
        if not customer:
            raise InvalidDocument("Name the customer.", code="required", property="customer")
        body = without_nulls({name: value for name, value in record.values.items() if name != "customer"})
        document = validate(NewEntry, {"kind": "opening", **body})
        if document.kind != "opening":
            raise InvalidDocument("Only opening entries are imported.", property="kind")
        try:
            _entry, written = post_entry_once(
                site=self.site, customer_id=customer, document=document, actor=self.actor, now=self.now
            )
        except NotFound:
            raise InvalidDocument("There is no such customer.", property="customer") from None
        return written
