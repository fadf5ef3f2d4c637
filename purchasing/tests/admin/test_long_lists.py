"""Lists of the back office with very many rows: what they count, the dates above them, searches, and indexes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.admin import lists
from core.models import Site
from core.templatetags.dates import DateLink, date_links
from customers.models import AccountEntry, Customer
from purchasing.models import Package, Purchase, PurchaseRevision, PurchaseTransaction
from tests.cast import line, make_order, package, pay
from tests.large_tables import take_for_large

PURCHASES = "/admin/purchasing/purchase/"
PAYMENTS = "/admin/purchasing/purchasetransaction/"
PACKAGES = "/admin/purchasing/package/"
REVISIONS = "/admin/purchasing/purchaserevision/"


def shown(browser: Client, address: str) -> list[str]:
    """The rows of a list, as text."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.content
    return sorted(str(row) for row in answer.context["cl"].result_list)


def placed(site: Site, customer: Customer, number: str, day: str, **members: Any) -> Purchase:
    identifiers = {"visible": number, "internal": f"i-{number}"}
    return make_order(site, customer, identifiers=identifiers, dates={"placed_at": f"{day}T12:00:00Z"}, **members)


def test_no_more_is_counted_than_one_pages_through(
    back_office: Client, site: Site, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "COUNTED", 3)
    for _number in range(3):
        make_order(site, customer)
    page = back_office.get(PURCHASES)
    assert (page.context["cl"].result_count, str(page.context["cl"].result_count)) == (3, "3")
    make_order(site, customer)
    page = back_office.get(PURCHASES)
    assert (page.context["cl"].result_count, str(page.context["cl"].result_count)) == (3, "3+")
    assert "3+" in page.content.decode()


def test_dates_lead_from_years_to_a_day(back_office: Client, site: Site, customer: Customer) -> None:
    placed(site, customer, "A", "2024-02-29")
    placed(site, customer, "B", "2026-02-28")

    def links(query: str) -> tuple[str | None, list[str]]:
        found = date_links(back_office.get(f"{PURCHASES}?{query}").context["cl"])
        return found.back.title if found.back else None, [choice.title for choice in found.choices]

    assert links("") == (None, ["2024", "2025", "2026"])
    back, months = links("ordered_at__year=2024")
    assert (back, months[0], months[-1], len(months)) == ("All dates", "January", "December", 12)
    back, days = links("ordered_at__year=2024&ordered_at__month=2")
    assert (back, days) == ("2024", [str(day) for day in range(1, 30)])
    assert links("ordered_at__year=2024&ordered_at__month=2&ordered_at__day=29") == (
        "February 2024",
        ["2024-02-29"],
    )


def test_a_date_is_a_list_with_the_filters_that_were_chosen(
    back_office: Client, site: Site, customer: Customer
) -> None:
    placed(site, customer, "A", "2024-02-29")
    placed(site, customer, "B", "2026-02-28")
    placed(site, customer, "C", "2024-03-01", type="quote")
    page = back_office.get(f"{PURCHASES}?type__exact=order").context["cl"]
    assert DateLink("2024", "?ordered_at__year=2024&type__exact=order") in date_links(page).choices
    assert shown(back_office, f"{PURCHASES}?type__exact=order&ordered_at__year=2024") == ["A"]


def test_a_list_without_rows_has_no_dates(back_office: Client) -> None:
    assert date_links(back_office.get(PURCHASES).context["cl"]).choices == []


def test_payments_are_found_by_their_id_and_by_their_purchase(
    back_office: Client, site: Site, customer: Customer
) -> None:
    first, second = placed(site, customer, "JC-1", "2026-01-01"), placed(site, customer, "JC-2", "2026-01-02")
    pay(first, "1.00", platform_id="PAY-1")
    pay(second, "1.00", platform_id="CARD_2")
    for text, ids in (
        ("PAY-1", ["PAY-1"]),
        ("PA", ["PAY-1"]),
        ("CARD%", []),
        ("CARD_", ["CARD_2"]),
        ("jc-1", ["PAY-1"]),
        ("i-JC", ["CARD_2", "PAY-1"]),
        ("tom jones", ["CARD_2", "PAY-1"]),
        ("nothing", []),
        ("", ["CARD_2", "PAY-1"]),
    ):
        assert shown(back_office, f"{PAYMENTS}?q={text.replace('%', '%25')}") == ids, text


def test_packages_are_found_by_what_is_in_them_and_how_they_travel(
    back_office: Client, site: Site, customer: Customer, purchase: Purchase
) -> None:
    placed(site, customer, "JC-9", "2026-01-02")
    for text, numbers in (
        ("P-1", ["P-1"]),
        ("CHALK", ["P-1"]),
        ("jc-1", ["P-1"]),
        ("2", ["P-1"]),  # the number under which UPS knows it
        ("nothing", []),
    ):
        assert shown(back_office, f"{PACKAGES}?q={text}") == numbers, text
    assert len(shown(back_office, f"{PACKAGES}?q=jones")) == 2


@pytest.mark.parametrize(
    ("address", "model", "index"),
    [
        (PURCHASES, Purchase, "newest_"),
        (f"{PURCHASES}?type__exact=cart", Purchase, "newest_of_type"),
        (f"{PURCHASES}?money=credit", Purchase, "newest_in_credit"),
        (f"{PURCHASES}?money=outstanding", Purchase, "newest_outstanding"),
        (f"{PURCHASES}?warning=any", Purchase, "purchases_with_warnings"),
        (f"{PURCHASES}?o=1", Purchase, "purchases_by_number"),
        (f"{PURCHASES}?ordered_at__year=2026&ordered_at__month=2", Purchase, "newest_"),
        (PAYMENTS, PurchaseTransaction, "transactions_by_time"),
        (f"{PAYMENTS}?kind=payment", PurchaseTransaction, "transactions_by_time"),
        (f"{PAYMENTS}?kind=refund", PurchaseTransaction, "refunds_by_time"),
        (f"{PAYMENTS}?suspected=duplicate", PurchaseTransaction, "purchases_with_twins"),
        ("/admin/purchasing/purchaserevision/", PurchaseRevision, "purchasing_purchaserevision_pkey"),
        ("/admin/customers/accountentry/", AccountEntry, "customers_accountentry_pkey"),
    ],
)
def test_each_has_its_index(
    back_office: Client, site: Site, customer: Customer, address: str, model: type[Model], index: str
) -> None:
    """As PostgreSQL plans it for a table that it takes for a large one, of 300,000 rows."""
    for number in range(30):
        pay(placed(site, customer, f"JC-{number}", "2026-01-01", payment_method="on_account"), "1.00")
    tables = {model._meta.db_table, "purchasing_purchase"}
    page = back_office.get(address).context["cl"]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE core_site, customers_account, customers_customer")  # not as tests before left them
    take_for_large(tables)
    plan = page.queryset[:50].explain()
    assert f" {index}" in plan, plan
    assert not any(f"Seq Scan on {table}" in plan for table in tables), plan


@pytest.mark.parametrize(
    ("address", "model", "text", "count"),
    [
        (PACKAGES, Package, "JC-17", 1),
        (PACKAGES, Package, "rope", 30),
        (PACKAGES, Package, "TRACK-17", 1),
        (PACKAGES, Package, "nothing", 0),
        (PAYMENTS, PurchaseTransaction, "JC-17", 1),
        (PAYMENTS, PurchaseTransaction, "Card_17", 1),
        (REVISIONS, PurchaseRevision, "JC-17", 1),
    ],
)
def test_a_search_reads_none_that_it_does_not_find(
    back_office: Client, site: Site, customer: Customer, address: str, model: type[Model], text: str, count: int
) -> None:
    """Each statement as PostgreSQL plans it for a table that it takes for a large one, of 300,000 rows."""
    for number in range(30):
        parcel = package(line("ROPE-60"), shipments=[{"carrier": "DPD", "tracking_number": f"TRACK-{number}"}])
        pay(
            placed(site, customer, f"JC-{number}", "2026-01-01", packages=[parcel]),
            "1.00",
            platform_id=f"Card_{number}",
        )
    with CaptureQueriesContext(connection) as asked:
        assert len(shown(back_office, f"{address}?q={text}")) == count
    table = model._meta.db_table
    of_table = [row["sql"] for row in asked if f'FROM "{table}"' in row["sql"]]
    searching = [statement for statement in of_table if " IN (" in statement or " LIKE " in statement]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE core_site, customers_customer, purchasing_purchase, {table}")
        take_for_large([table])
        for statement in searching:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row for (row,) in cursor.fetchall())
            assert f"Seq Scan on {table}" not in plan, f"{statement}\n{plan}"
            assert "SubPlan" not in plan, f"Every row is compared with those that were found:\n{plan}"
    assert searching or not count


def test_currencies_are_those_of_the_purchases(back_office: Client, site: Site, customer: Customer) -> None:
    make_order(site, customer, identifiers={"visible": "A"})
    net = {"total_net": {"number": "10", "currency": "EUR"}}
    euros = [package(line(line_total=net))]
    make_order(site, customer, identifiers={"visible": "B"}, currency_code="EUR", packages=euros)

    def chosen(query: str) -> list[str]:
        specs = back_office.get(f"{PURCHASES}?{query}").context["cl"].filter_specs
        return [code for spec in specs if spec.title == "currency" for code, _name in spec.lookup_choices]

    assert chosen("") == ["EUR", "GBP"]
    assert shown(back_office, f"{PURCHASES}?currency_code=EUR") == ["B"]
    assert shown(back_office, f"{PURCHASES}?currency_code=JPY") == []
    assert chosen("currency_code=JPY") == ["EUR", "GBP", "JPY"]


def test_payments_and_refunds_are_told_apart(back_office: Client, site: Site, customer: Customer) -> None:
    purchase = placed(site, customer, "JC-1", "2026-01-01")
    paid, refunded = str(pay(purchase, "5.00")), str(pay(purchase, "-2.00"))
    assert shown(back_office, f"{PAYMENTS}?kind=payment") == [paid]
    assert shown(back_office, f"{PAYMENTS}?kind=refund") == [refunded]
    assert shown(back_office, PAYMENTS) == sorted([paid, refunded])


def test_packages_come_in_the_order_of_their_purchases(back_office: Client, site: Site, customer: Customer) -> None:
    numbers = [f"JC-{number}" for number in range(3)]
    for place, number in enumerate(numbers):
        placed(site, customer, number, f"2026-01-0{3 - place}")
    rows = back_office.get(PACKAGES).context["cl"].result_list
    assert [row.purchase.visible_id for row in rows] == numbers
    assert Package.objects.count() == 3
