"""Lists taken along: exactly the rows, the order and the columns of the list, of the own sites, in both forms."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.admin import ExportAdmin
from core.models import Site, StaffRole
from purchasing.models import Purchase
from tests.cast import make_customer, make_order, pay
from tests.test_every_back_office_page import WORLD, base_of, fill, label
from tests.test_roles_of_staff import signed_in

EXPORTED = sorted(label(model) for model, page in admin.site._registry.items() if isinstance(page, ExportAdmin))


def exported(browser: Client, name: str, query: dict[str, str] | None = None) -> list[list[str]]:
    """Rows of the CSV, the titles first."""
    answer: Any = browser.get(f"{base_of(name)}export.csv", query or {})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode(), newline="")))


def sheet(browser: Client, name: str, query: dict[str, str] | None = None) -> list[list[Any]]:
    """Rows of the XLSX."""
    answer: Any = browser.get(f"{base_of(name)}export.xlsx", query or {})
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]


def test_what_is_exported() -> None:
    assert EXPORTED == [
        "catalog.product",
        "catalog.productvariant",
        "catalog.stock",
        "customers.account",
        "customers.accountentry",
        "customers.customer",
        "pricing.price",
        "purchasing.package",
        "purchasing.purchase",
        "purchasing.purchasetransaction",
    ]


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("name", EXPORTED)
def test_every_role_takes_along_what_the_own_sites_list(site: Site, other_site: Site, name: str, role: str) -> None:
    """Both sites hold rows of the same names: as many rows come as the list has, all of them of the own site."""
    fill(other_site)
    fill(site)
    browser = signed_in(site, role)
    listed = browser.get(base_of(name)).context["cl"].result_count
    assert WORLD[name](site) is not None
    assert listed > 0
    assert len(exported(browser, name)) == len(sheet(browser, name)) == listed + 1


@pytest.mark.parametrize("name", EXPORTED)
def test_a_stranger_takes_nothing(client: Client, db: None, name: str) -> None:
    for kind in ("csv", "xlsx"):
        assert client.get(f"{base_of(name)}export.{kind}").status_code == 302


@pytest.mark.parametrize("name", EXPORTED)
def test_the_list_leads_there_with_its_query(back_office: Client, site: Site, name: str) -> None:
    fill(site)
    text = back_office.get(base_of(name), {"q": "ROPE", "p": "1"}).content.decode()
    links = re.findall(r'href="([^"]*export\.(?:csv|xlsx)[^"]*)"', text)
    assert len(links) == 2
    assert all("q=ROPE" in link for link in links)
    for link in links:
        answer: Any = back_office.get(unescape(link))
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)


def test_columns_and_cells_are_those_of_the_list(back_office: Client, site: Site) -> None:
    order = make_order(site, make_customer(site), identifiers={"visible": "JC-1"}, payment_method="on_account")
    pay(order, "4.00")
    titles, row = exported(back_office, "purchasing.purchase")
    told = dict(zip(titles, row, strict=True))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", told.pop("Placed"))
    assert told == {
        "Number": "JC-1",
        "Customer": "Tom Jones Climbing",
        "Type": "Order",
        "Fulfilment": "Processing",
        "Payment": "Partially paid",
        "Total": "10.00",
        "Total currency": "GBP",
        "Outstanding": "6.00",
        "Outstanding currency": "GBP",
        "Warnings": "",
    }
    wide = dict(zip(*sheet(back_office, "purchasing.purchase"), strict=True))
    assert (wide["Total"], wide["Total currency"], wide["Number"]) == (10, "GBP", "JC-1")


def test_no_cell_is_a_formula_nor_breaks_a_sheet(back_office: Client, site: Site) -> None:
    make_customer(site, "=HYPERLINK(1)\x0b", external_id="@SUM(1)", accounting_id="+1")
    for rows in (exported(back_office, "customers.customer"), sheet(back_office, "customers.customer")):
        cells = [str(cell) for cell in rows[1] if cell]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
        assert any(cell.startswith("'=HYPERLINK(1)") for cell in cells)


def test_a_filter_that_is_none_leads_to_the_list(back_office: Client, site: Site) -> None:
    answer = back_office.get(f"{base_of('purchasing.purchase')}export.csv", {"customer__id__exact": "x"})
    assert (answer.status_code, answer["Location"]) == (302, f"{base_of('purchasing.purchase')}?e=1")


@pytest.fixture
def many(site: Site) -> list[Purchase]:
    """Purchases of several types, customers, currencies and states of payment."""
    customers = [make_customer(site, name) for name in ("Tom Jones Climbing", "Summit Supplies")]
    orders = []
    for number in range(12):
        kind = ("order", "order_unconfirmed", "quote")[number % 3]
        order = make_order(site, customers[number % 2], type=kind, identifiers={"visible": f"JC-{number}"})
        if kind == "order" and number % 2:
            pay(order, f"{number}.00")
        orders.append(order)
    return orders


QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "q": st.sampled_from(["JC", "JC-1", "Tom", "Summit", "ROPE-60", "nothing"]),
        "type__exact": st.sampled_from(["order", "quote", "cart"]),
        "calculated_payment_status__exact": st.sampled_from(["paid", "unpaid", "overpaid", "partially_paid"]),
        "money": st.sampled_from(["outstanding", "credit"]),
        "currency_code": st.sampled_from(["GBP", "EUR"]),
        "o": st.sampled_from(["1", "-1", "2.-1", "6", "-8"]),
        "p": st.sampled_from(["1", "2"]),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_the_rows_are_those_of_the_list(back_office: Client, many: list[Purchase], query: dict[str, str]) -> None:
    """Whatever filter, search and order: the file holds the list's rows, all pages, in the list's order."""
    without_page = {name: value for name, value in query.items() if name != "p"}
    listed = back_office.get(base_of("purchasing.purchase"), without_page).context["cl"]
    wanted = [row.number for row in listed.queryset]
    rows = exported(back_office, "purchasing.purchase", query)
    number = rows[0].index("Number")
    assert [row[number] for row in rows[1:]] == wanted
    assert len(wanted) == listed.result_count


@pytest.mark.parametrize("name", EXPORTED)
def test_as_many_queries_for_many_rows_as_for_one(back_office: Client, site: Site, name: str) -> None:
    fill(site)
    one = _queries(back_office, name)
    for number in range(30):
        customer = make_customer(site, f"Company {number}")
        pay(make_order(site, customer, identifiers={"visible": f"X-{number}"}, payment_method="on_account"), "1.00")
    assert _queries(back_office, name) == one


def _queries(browser: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        exported(browser, name)
    return len(queries)
