"""GET /account/orders/ with very many orders: what a search finds in whatever way it is asked, and by which index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.pages import finding
from purchasing.tests.pages.conftest import sign_in
from purchasing.tests.pages.test_order_list import ORDERS, listed
from tests.cast import line, make_buyer, make_order, package
from tests.large_tables import take_for_large

NAMES = ("Dry rope", "Chalk bag", "Dry chalk", "Rope bag", "Sling")


@pytest.fixture
def thirty(site: Site, buyer: Customer) -> None:
    """Thirty orders of five names, and as many of somebody else; `RARE` stands on the oldest but one."""
    somebody = make_buyer(site, "Summit Supplies")
    for number in range(30):
        goods = package(line(f"S-{number:02}", name_parent=NAMES[number % 5], name_child="RARE" * (number == 1)))
        for customer, letter in ((buyer, "P"), (somebody, "T")):
            make_order(
                site,
                customer,
                packages=[goods],
                identifiers={"visible": f"{letter}-{number * 7 % 30:02}"},
                dates={"placed_at": f"2026-01-01T00:{number:02}:00Z"},
                customer_reference=f"PO {number}",
            )


@pytest.mark.parametrize(("sort", "newest"), [("", 1), ("", 3), ("oldest", 30), ("number", 3), ("total", 2_000)])
def test_pages_are_those_of_what_is_found(
    browser: Client, site: Site, buyer: Customer, thirty: None, monkeypatch: pytest.MonkeyPatch, sort: str, newest: int
) -> None:
    monkeypatch.setattr(finding, "NEWEST", newest)
    monkeypatch.setattr("purchasing.pages.orders.PAGE_SIZE", 10)
    every = [number for page in range(1, 5) for number in listed(browser, sort=sort, page=page)]
    assert len(every) == 30
    for text in ("rope", "rope dry", "s-0", "po 1", "rare", "nothing dry"):
        own = Purchase.objects.for_site(site).filter(customer=buyer)
        expected = set(own.found_by(text, sites=[site.pk]).values_list("visible_id", flat=True))
        found = [number for page in range(1, 4) for number in listed(browser, search=text, sort=sort, page=page)]
        assert found == [number for number in every if number in expected], text
        assert bool(found) is (text != "nothing dry")


@pytest.mark.parametrize("newest", [1, 2_000])
def test_a_search_by_index_stays_within_what_one_sees(
    site: Site, buyer: Customer, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    monkeypatch.setattr(finding, "NEWEST", newest)
    child = make_buyer(site, "Wales", parent=buyer)
    agent = make_buyer(site, "Agents", role="sales-agent")
    lonely = make_buyer(site, "Lonely Agents", role="sales-agent", sales_agent_groups=["north"])
    stranger = make_buyer(site, "Summit Supplies")
    make_order(site, buyer, identifiers={"visible": "HEAD"})
    make_order(site, buyer, child=child, identifiers={"visible": "CHILD"})
    make_order(site, stranger, identifiers={"visible": "OTHER"})
    for reader, numbers in (
        (buyer, ["CHILD", "HEAD"]),
        (child, ["CHILD"]),
        (stranger, ["OTHER"]),
        (agent, ["OTHER", "CHILD", "HEAD"]),
        (lonely, []),
    ):
        assert sorted(listed(sign_in(reader), search="rope-60")) == sorted(numbers)
    monkeypatch.setattr(finding, "MOST_BUYERS", 1)
    assert sorted(listed(sign_in(buyer), search="rope-60")) == ["CHILD", "HEAD"]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "newest_"),
        ("type=order", "newest_"),  # those that wait have a short index of their own
        ("fulfilment=returned", "newest_"),
        ("payment=unpaid", "newest_"),
        ("outstanding=on", "newest_"),
        ("since=2026-01-01&until=2026-01-02", "newest_"),
        ("sort=oldest", "newest_"),
        ("sort=number", "purchases_by_number"),
        ("sort=total", "purchases_by_total"),
        ("search=rare", "purchases_by_words"),
        ("search=dry+rope&sort=total", "purchases_by_words"),
    ],
)
def test_each_has_its_index(
    browser: Client, thirty: None, monkeypatch: pytest.MonkeyPatch, query: str, index: str
) -> None:
    """As PostgreSQL plans it for a table that it takes for a large one, of 300,000 rows."""
    monkeypatch.setattr(finding, "NEWEST", 1)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(f"{ORDERS}?{query}").status_code == 200
    asked = [item["sql"] for item in queries if 'FROM "purchasing_purchase"' in item["sql"]]
    take_for_large(["purchasing_purchase"])
    with connection.cursor() as cursor:
        plans = []
        for text in asked:
            cursor.execute(f"EXPLAIN {text}")
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert any(f" {index}" in plan for plan in plans), plans
    assert not any("Seq Scan on purchasing_purchase" in plan for plan in plans), plans
