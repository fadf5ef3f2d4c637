"""Purchases of any size, found by anything, read and saved in as many queries as one; every input with its name."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Site
from customers.models import Customer
from purchasing.models import Package, Purchase
from purchasing.tests.admin.pages import SHIPPED, address, current, opened, save
from tests.cast import line, make_customer, make_order, package, pay
from tests.html_forms import fields_of, unnamed_inputs


def test_twenty_packages_of_ten_lines_open_in_under_thirty_queries(
    back_office: Client, site: Site, customer: Customer
) -> None:
    packages = [package(*(line(f"S-{i}-{j}", net="1.00") for j in range(10))) for i in range(20)]
    order = make_order(site, customer, packages=packages)
    for _ in range(3):
        pay(order, "1.00")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = back_office.get(address(order))
    assert response.content.decode().count(">S-") == 200
    assert len(queries) < 30


@pytest.mark.parametrize(("packages", "lines"), [(50, 1), (51, 2), (1, 60), (300, 5)])
def test_purchases_of_any_size_are_saved(
    back_office: Client, site: Site, customer: Customer, packages: int, lines: int
) -> None:
    """What is too much for a form is a table to read, on the page of the package too."""
    goods = [package(*(line(f"S-{i}-{j}", net="1.00") for j in range(lines))) for i in range(packages)]
    order = make_order(site, customer, packages=goods)
    response = save(back_office, order, customer_reference="PO 8")
    assert (response.status_code, current(order)["customer_reference"]) == (302, "PO 8")
    row = Package.objects.filter(purchase=order.pk).earliest("position")
    page = f"/admin/purchasing/package/{row.pk}/change/"
    sent = fields_of(back_office.get(page), "package_form")
    back_office.post(page, {**sent, "shipped_at_0": "2026-03-01", "shipped_at_1": "12:00:00"})
    now = Purchase.objects.get(pk=order.pk)
    assert (now.shipped_quantity, now.open_quantity) == (lines, packages * lines - lines)


def test_packages_and_lines_cost_no_queries(back_office: Client, site: Site, customer: Customer) -> None:
    """Opening and saving a purchase asks the database as often for one line as for forty-eight."""
    counts = []
    for packages, lines in ((1, 1), (8, 6)):
        order = make_order(
            site,
            customer,
            packages=[package(*(line(f"S-{i}-{j}", net="1.00") for j in range(lines))) for i in range(packages)],
        )
        back_office.get(address(order))
        with CaptureQueriesContext(connection) as reading:
            sent = opened(back_office, order)
        with CaptureQueriesContext(connection) as writing:
            assert back_office.post(address(order), {**sent, **SHIPPED}).status_code == 302
        counts.append((len(reading), len(writing)))
    assert counts[0] == counts[1]


def test_every_input_says_its_name(back_office: Client, purchase: Purchase) -> None:
    pay(purchase, "1.00")
    assert unnamed_inputs(back_office.get(address(purchase)), "purchase_form") == []


@pytest.mark.parametrize(
    "term", ["JC-1", "i-1", "PO 7", "CHALK", "Tom Jones", "{spark_id}", "o_{pk}", "cu_{customer_id}"]
)
def test_purchases_are_found_by_whatever_is_known(
    back_office: Client, site: Site, purchase: Purchase, term: str
) -> None:
    other = make_customer(site, "Summit Supplies", first_name="Ann", last_name="Hill")
    make_order(site, other, packages=[package(line("SLING"))])
    found = back_office.get("/admin/purchasing/purchase/", {"q": term.format(**vars(purchase), pk=purchase.pk)})
    assert [row.pk for row in found.context["cl"].result_list] == [purchase.pk]


def test_the_list_costs_the_same_for_one_as_for_twenty(back_office: Client, site: Site) -> None:
    counts = []
    for number in (1, 19):
        for _ in range(number):
            make_order(site, make_customer(site))
        back_office.get("/admin/purchasing/purchase/")
        with CaptureQueriesContext(connection) as queries:
            back_office.get("/admin/purchasing/purchase/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
