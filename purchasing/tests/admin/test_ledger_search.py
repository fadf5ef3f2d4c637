"""The ledger of the back office, searched: by order, payment, customer, and what was typed by hand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM
from core.models import Site
from customers.models import Customer
from customers.tests.cast import post_manual
from purchasing.admin import ledger
from purchasing.identity import Lookup
from purchasing.models import Purchase
from purchasing.operations import delete_purchase
from tests.cast import line, make_customer, make_order, package, pay
from tests.large_tables import take_for_large

ENTRIES = "/admin/customers/accountentry/"


def order(site: Site, customer: Customer, number: str, reference: str) -> Purchase:
    return make_order(
        site,
        customer,
        identifiers={"visible": number},
        customer_reference=reference,
        payment_method="on_account",
        packages=[package(line("ROPE-60", net="10.00"))],
    )


def found(browser: Client, text: str, **filters: str) -> list[str]:
    """The references that a search finds, in the order of the list."""
    answer = browser.get(ENTRIES, {"q": text, **filters})
    assert answer.status_code == 200, answer.content
    return [entry.reference for entry in answer.context["cl"].result_list]


@pytest.fixture
def books(site: Site, other_site: Site, customer: Customer) -> None:
    """Two customers here, with orders, a payment and an entry by hand; the same at a site that staff do not see."""
    for place, buyer in ((site, customer), (other_site, make_customer(other_site))):
        first = order(place, buyer, "JC-10", "PO 7")
        order(place, make_customer(place, "Summit Supplies", first_name="", last_name=""), "JC-2", "PO 8")
        pay(first, "4.00", platform_id="Card_9")
        post_manual(buyer, "3.00", reference="Opening 2026")


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("", ["Opening 2026", "Card_9", "JC-2", "JC-10"]),
        ("JC-10", ["Card_9", "JC-10"]),
        ("jc-1", ["Card_9", "JC-10"]),
        ("po 7", ["Card_9", "JC-10"]),
        ("rope-60", ["Card_9", "JC-2", "JC-10"]),
        ("Card_", ["Card_9"]),
        ("Card%", []),
        ("jones", ["Opening 2026", "Card_9", "JC-10"]),
        ("CLIMBING tom", ["Opening 2026", "Card_9", "JC-10"]),
        ("summit", ["JC-2"]),
        ("pening", ["Opening 2026"]),
        ("jones 2026", ["Opening 2026"]),
        ("nothing", []),
    ],
)
def test_finds(back_office: Client, books: None, text: str, references: list[str]) -> None:
    assert found(back_office, text) == references


def test_our_own_ids_find_one_alone(back_office: Client, books: None, site: Site, customer: Customer) -> None:
    purchase = Purchase.objects.get(site=site, visible_id="JC-10")
    assert found(back_office, f"o_{purchase.pk}") == ["Card_9", "JC-10"]
    assert found(back_office, customer.public_id) == ["Opening 2026", "Card_9", "JC-10"]
    elsewhere = Purchase.objects.exclude(site=site).get(visible_id="JC-10")
    assert found(back_office, f"o_{elsewhere.pk}") == []
    assert elsewhere.account_id is not None
    assert found(back_office, f"cu_{elsewhere.account_id}") == []


def test_a_deleted_order_s_entries_are_found_by_its_number(back_office: Client, site: Site, customer: Customer) -> None:
    purchase = order(site, customer, "JC-10", "PO 7")
    delete_purchase(site=site, lookup=Lookup("sparklayer", purchase.spark_id), actor=SYSTEM)
    assert found(back_office, "JC-10") == ["JC-10", "JC-10"]


def test_filters_hold_besides(back_office: Client, books: None) -> None:
    assert found(back_office, "jones", kind__exact="charge") == ["JC-10"]
    assert found(back_office, "JC-10", kind__exact="transaction") == ["Card_9"]


def test_of_a_customer_the_newest_are_found(back_office: Client, books: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "OF_CUSTOMERS", 1)
    monkeypatch.setattr(ledger, "purchases_found", lambda *_args, **_options: [])
    assert found(back_office, "jones") == ["Opening 2026"]


@pytest.mark.parametrize("text", ["JC-17", "Card_17", "tom", "nothing"])
def test_no_search_reads_the_whole_ledger(back_office: Client, site: Site, customer: Customer, text: str) -> None:
    """Each statement as PostgreSQL plans it for a ledger that it takes for a large one, of 300,000 rows."""
    for number in range(30):
        buyer = customer if number % 10 == 0 else make_customer(site, f"Summit {number}")
        pay(order(site, buyer, f"JC-{number}", f"PO {number}"), "1.00", platform_id=f"Card_{number}")
    with CaptureQueriesContext(connection) as asked:
        found(back_office, text)
    of_ledger = [row["sql"] for row in asked if 'FROM "customers_accountentry"' in row["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_site, customers_account, customers_customer, customers_accountentry")
        take_for_large(["customers_accountentry"])
        for statement in of_ledger:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row for (row,) in cursor.fetchall())
            assert "Seq Scan on customers_accountentry" not in plan, f"{statement}\n{plan}"
    assert len(of_ledger) >= 3
