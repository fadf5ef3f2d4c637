"""Files of customers: a table has a row for each address, those of a customer after each other."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

from core.api.documents import validate
from core.errors import InvalidDocument
from core.imports.cells import figure, flag, listed, whole_number, word
from core.imports.importer import OneByOne, identifier
from core.imports.rows import Column, Record, Row
from core.written import Written
from customers.merging import MergedCustomer, merge_customer

_ON_ACCOUNT = {"credit_limit": "credit_limit", "credit_currency_code": "currency_code", "net_terms": "net_terms"}
_ADDRESS = {
    "address_external_id": "external_id",
    "address_title": "title",
    "address_first_name": "first_name",
    "address_last_name": "last_name",
    "address_company": "company",
    "address_line1": "address_line1",
    "address_line2": "address_line2",
    "address_city": "city",
    "address_region_code": "region_code",
    "address_postal_code": "postal_code",
    "address_country_code": "country_code",
    "address_phone": "phone",
    "address_mobile": "mobile",
    "address_nickname": "nickname",
    "address_default_for": "default_for",
}
"""Columns of an address, and the members of the document that they are."""
_PLACE = re.compile(r"addresses\[([0-9]+)\]\.?(.*)", re.DOTALL)
_TOGETHER = "payment_on_account and the three columns after it belong together: what is empty is cleared"


class CustomerImporter(OneByOne):
    """Known by external id, else by e-mail. What a file does not say stays, addresses that it does not name too."""

    name = "customers"
    command = "import_customers"
    columns = (
        Column("external_id", "the customer's id elsewhere; or email"),
        Column("email", "unique on the site; a new customer needs one"),
        Column("first_name", "a new customer needs one"),
        Column("last_name", "a new customer needs one"),
        Column("title", "such as Dr"),
        Column("company_name", "as it is printed on documents"),
        Column("accounting_id", "the customer's number in the books"),
        Column("status", "active (where nothing is said), pending, inactive or rejected", read=word),
        Column("role", "main, limited-customer, sales-agent or sales-admin", read=word),
        Column("group", "the slug of a customer group; default where nothing is said"),
        Column("parent_customer_id", "our id or the id elsewhere of the company; its row comes first"),
        Column("currency_code", "such as GBP", read=figure),
        Column("price_lists", "slugs in order of trial: retail|summer", read=listed),
        Column("sales_agent_groups", "such as north|south", read=listed),
        Column("vatin_numbers", "such as GB999999973", read=listed),
        Column("available_shipping_addresses", "such as a1|a2", read=listed),
        Column("discount_percentage", "0 to 100", read=figure),
        Column("tax_exempt", "true or false", read=flag),
        Column("payment_by_invoice", "true or false; else as the group says", read=flag),
        Column("payment_on_account", f"true or false; {_TOGETHER}", read=flag),
        Column("credit_limit", "an amount; else no limit", read=figure),
        Column("credit_currency_code", "of the limit; else the customer's", read=figure),
        Column("net_terms", "days until a charge is due; else as the site says", read=whole_number),
        Column(
            "address_external_id", "the address's id elsewhere; without one an address that reads the same is meant"
        ),
        *(Column(name, "of the address") for name in list(_ADDRESS)[1:-1]),
        Column("address_default_for", "billing, shipping or both", read=word),
    )
    document = "a customer as PATCH /api/v1/customers/{id} takes it, with external_id or email, and addresses"

    def key(self, row: Row) -> Hashable:
        if external_id := identifier(row, "external_id"):
            return ("external_id", external_id)
        email = identifier(row, "email")
        return ("email", email.lower()) if email else None

    def store_one(self, record: Record) -> Written:
        document = validate(MergedCustomer, dict(record.values) if record.is_document else _body_of(record))
        if not document.external_id and not document.email:
            raise InvalidDocument(
                "Name the customer by external id or e-mail.", code="required", property="external_id"
            )
        return merge_customer(site=self.site, document=document)

    def place(self, record: Record, property: str) -> tuple[int, str]:
        if record.is_document:
            return record.line, property
        if found := _PLACE.fullmatch(property):
            row = _with_addresses(record)[int(found[1])]
            return row.line, next((name for name, member in _ADDRESS.items() if member == found[2]), found[2])
        on_account = {f"payment_on_account.{member}": column for column, member in _ON_ACCOUNT.items()}
        return record.line, on_account.get(property, property)


def _body_of(record: Record) -> dict[str, Any]:
    """The customer is said by any of its rows; where two say different things of it the record is refused."""
    said: dict[str, Any] = {}
    for row in record.rows:
        for column, value in row.values.items():
            if column not in _ADDRESS and said.setdefault(column, value) != value:
                message = f"Line {row.line} says something else of the same customer."
                raise InvalidDocument(message, property=column)
    on_account = {member: said.pop(column) for column, member in _ON_ACCOUNT.items() if column in said}
    may = said.pop("payment_on_account", True if on_account else None)
    if may is not None:
        said["payment_on_account"] = on_account if may else None
    addresses = [
        {member: row.values[column] for column, member in _ADDRESS.items() if column in row.values}
        for row in _with_addresses(record)
    ]
    return said | ({"addresses": addresses} if addresses else {})


def _with_addresses(record: Record) -> list[Row]:
    return [row for row in record.rows if not _ADDRESS.keys().isdisjoint(row.values)]
