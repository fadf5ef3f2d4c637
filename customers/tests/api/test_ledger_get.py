"""GET /api/v1/customers/{id}/ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import Actor, ActorKind
from core.api.renderer import dump_json
from core.models import Site
from customers import ledger
from customers.api.entries import LedgerEntryAnswer
from customers.ledger import Posting
from customers.models import AccountEntry
from customers.tests.api.test_customers_post import faults
from customers.tests.cast import make_customer, post_manual
from tests.callers import ApiCaller

CUSTOMERS = "/api/v1/customers"
SPARK_ID = UUID("0190a3a0-64a5-7cc4-8d9f-6a1d1f9d4c11")
TRANSACTION_ID = UUID("0190a3a0-64a5-7cc4-8d9f-6a1d1f9d4c12")


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.content
    return list(answer.json())


def test_an_entry_says_everything_about_a_posting(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1", net_terms=14)
    postings = [
        Posting(
            customer_id=customer.pk,
            currency_code="KWD",
            kind=AccountEntry.Kind.CHARGE,
            amount=Decimal("100.5"),
            value_date=date(2026, 1, 31),
            purchase_id=7,
            purchase_spark_id=SPARK_ID,
            reference="SO-1",
        ),
        Posting(
            customer_id=customer.pk,
            currency_code="KWD",
            kind=AccountEntry.Kind.TRANSACTION,
            amount=Decimal(-10),
            value_date=date(2026, 2, 1),
            purchase_id=7,
            purchase_spark_id=SPARK_ID,
            transaction_id=TRANSACTION_ID,
            reason="cheque",
        ),
    ]
    ledger.post(site_id=site.pk, postings=postings, author=Actor(ActorKind.CLIENT, "erp"), net_terms_days=30)

    charge, payment = rows(api.get(f"{CUSTOMERS}/X1/ledger"))

    entries = AccountEntry.objects.order_by("id")
    posted_at = dump_json(entries[0].posted_at).decode().strip('"')
    assert charge == {
        "id": entries[0].pk,
        "kind": "charge",
        "amount": "100.500",
        "currency_code": "KWD",
        "balance_after": "100.500",
        "value_date": "2026-01-31",
        "due_date": "2026-02-14",
        "posted_at": posted_at,
        "reference": "SO-1",
        "purchase_spark_id": str(SPARK_ID),
        "transaction_id": None,
        "reason": "",
        "author": "client:erp",
    }
    assert list(charge) == list(LedgerEntryAnswer.model_fields)
    assert payment == charge | {
        "id": entries[1].pk,
        "kind": "transaction",
        "amount": "-10.000",
        "balance_after": "90.500",
        "value_date": "2026-02-01",
        "due_date": None,
        "reference": "",
        "transaction_id": str(TRANSACTION_ID),
        "reason": "cheque",
    }


def test_is_that_of_the_account_that_owes(api: ApiCaller, site: Site) -> None:
    head = make_customer(site, "head")
    buyer = make_customer(site, "buyer", parent=head)
    make_customer(site, "stranger", external_id="STRANGER")
    post_manual(head, "5.00")

    of_head = rows(api.get(f"{CUSTOMERS}/{head.public_id}/ledger"))

    assert [row["amount"] for row in of_head] == ["5.00"]
    assert rows(api.get(f"{CUSTOMERS}/{buyer.public_id}/ledger")) == of_head
    assert rows(api.get(f"{CUSTOMERS}/STRANGER/ledger")) == []


def test_filters_by_currency_and_time(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    post_manual(customer, "1.00")
    post_manual(customer, "1500", currency_code="JPY")
    post_manual(customer, "2.00")
    first, second, third = (row["posted_at"].replace("+", "%2B") for row in rows(api.get(f"{CUSTOMERS}/X1/ledger")))

    for query, amounts in {
        "currency_code=jpy": ["1500"],
        "currency_code=GBP": ["1.00", "2.00"],
        "currency_code=EUR": [],
        f"posted_at[gte]={second}": ["1500", "2.00"],
        f"posted_at[lte]={second}": ["1.00", "1500"],
        f"posted_at%5Bgte%5D={second}&posted_at%5Blte%5D={second}": ["1500"],
        f"posted_at[gte]={first}&posted_at[lte]={third}&currency_code=gbp": ["1.00", "2.00"],
        "posted_at[lte]=2000-01-01": [],
        "posted_at[lte]=9999-12-31T23:59:59.999999Z": ["1.00", "1500", "2.00"],
    }.items():
        assert [row["amount"] for row in rows(api.get(f"{CUSTOMERS}/X1/ledger?{query}"))] == amounts, query


def test_pages_lead_on_oldest_first(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    for number in range(1, 6):
        post_manual(customer, f"{number}.00")

    page = api.get(f"{CUSTOMERS}/X1/ledger?limit=2&offset=2")

    assert [row["amount"] for row in rows(page)] == ["3.00", "4.00"]
    assert page["Link"] == f'<http://testserver{CUSTOMERS}/X1/ledger?offset=4&limit=2>; rel="next"'
    assert "Link" not in api.get(f"{CUSTOMERS}/X1/ledger?limit=2&offset=4")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=charge", [("unknown-parameter", "kind")]),
        ("currency_code=XXX", [("invalid", "currency_code")]),
        ("limit=0&posted_at[gte]=soon", [("invalid", "posted_at[gte]"), ("invalid", "limit")]),
    ],
)
def test_what_cannot_be_asked_is_refused(api: ApiCaller, site: Site, query: str, found: list[tuple[str, str]]) -> None:
    make_customer(site, external_id="X1")
    answer = api.get(f"{CUSTOMERS}/X1/ledger?{query}")
    assert (answer.status_code, faults(answer)) == (400, found)


def test_only_its_own_site_reads_it(api: ApiCaller, other_site: Site) -> None:
    theirs = make_customer(other_site, external_id="X1")
    post_manual(theirs, "5.00")
    for identifier in (theirs.public_id, "X1"):
        assert api.get(f"{CUSTOMERS}/{identifier}/ledger").status_code == 404


def test_fifty_rows_cost_as_much_as_one(read_only_api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, external_id="X1")
    counts = []
    for number in range(50):
        post_manual(customer, "1.00")
        if number in (0, 49):
            with CaptureQueriesContext(connection) as queries:
                assert len(rows(read_only_api.get(f"{CUSTOMERS}/X1/ledger"))) == number + 1
            counts.append(len(queries))
    assert counts[0] == counts[1]
