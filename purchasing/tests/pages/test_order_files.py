"""`/account/orders.csv`, `.xlsx` and `orders/{id}/order.pdf`: the rows of the list, and one order on paper."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.pages import orders as pages
from purchasing.pages.filters import OrderFilters
from purchasing.pages.order_files import COLUMNS
from purchasing.tests.pages.conftest import sign_in
from purchasing.tests.test_statements import server_log
from tests.cast import line, make_buyer, make_order, package, pay

ORDERS = "/account/orders/"
Table = list[list[Any]]


def as_csv(browser: Client, query: dict[str, str]) -> Table:
    answer = browser.get("/account/orders.csv", query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.reader(io.StringIO(answer.getvalue().decode())))


def as_xlsx(browser: Client, query: dict[str, str]) -> Table:
    answer = browser.get("/account/orders.xlsx", query)
    assert answer.status_code == 200
    [sheet] = load_workbook(io.BytesIO(b"".join(answer))).worksheets
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def shown(browser: Client, query: dict[str, str]) -> list[str]:
    """The orders on all pages of the list, in its order."""
    found: list[str] = []
    for page in range(1, 30):
        rows = browser.get(ORDERS, query | {"page": str(page)}).context["page"].rows
        if not rows:
            break
        found += [str(row.spark_id) for row in rows]
    return found


VALUES: dict[str, st.SearchStrategy[str]] = {
    "search": st.sampled_from(["", "rope", "shoe-42", "so-1", "po", "nothing", "=1"]),
    "type": st.sampled_from(["order", "order_unconfirmed", "awaiting_approval", "no such"]),
    "fulfilment": st.sampled_from(["processing", "shipped", "cancelled"]),
    "payment": st.sampled_from(["paid", "unpaid"]),
    "placed_by": st.sampled_from(["head", "child", "stranger"]),
    "outstanding": st.just("on"),
    "since": st.sampled_from(["2026-02-01", "never"]),
    "until": st.just("2026-02-01"),
    "sort": st.sampled_from(["oldest", "number", "total", "outstanding"]),
}
"""What each filter may stand on; who placed it by his part in the test."""
QUERIES = st.fixed_dictionaries({}, optional=VALUES)
BOUGHT = st.lists(
    st.tuples(
        st.sampled_from(["ROPE-60", "SHOE-42"]),
        st.sampled_from(["order", "order_unconfirmed", "awaiting_approval", "quote"]),
        st.sampled_from(["2026-01-01T23:30:00Z", "2026-02-01T00:00:00Z", "2026-03-01T10:00:00Z"]),
        st.sampled_from(["", "PO-1", "=1+1", "@x"]),
        st.booleans(),
        st.sampled_from(["", "shipment", "cancelled"]),
    ),
    max_size=7,
)


def test_every_filter_is_drawn() -> None:
    assert set(VALUES) == set(OrderFilters.base_filters)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bought=BOUGHT, query=QUERIES)
def test_the_files_have_the_rows_of_the_page(
    site: Site, bought: list[tuple[str, str, str, str, bool, str]], query: dict[str, str]
) -> None:
    buyer = make_buyer(site)
    child = make_buyer(site, "Wales", parent=buyer)
    people = {"head": buyer, "child": child, "stranger": make_buyer(site, "Summit Supplies")}
    if "placed_by" in query:
        query = query | {"placed_by": people[query["placed_by"]].public_id}
    for sku, kind, placed, reference, by_child, state in bought:
        order = make_order(
            site,
            buyer,
            child=child if by_child else None,
            type=kind,
            customer_reference=reference,
            dates={"placed_at": placed},
            packages=[package(line(sku), type=state)],
        )
        if kind == "order" and sku == "ROPE-60":
            pay(order, "10.00")
    browser = sign_in(buyer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE_SIZE", 3)
        expected = shown(browser, query)

    tables = [as_csv(browser, query), as_xlsx(browser, query)]

    for titles, *rows in tables:
        assert tuple(titles) == COLUMNS
        assert [row[1] for row in rows] == expected
        assert all((row[3] or "")[:1] not in ("=", "@") for row in rows)


def test_what_a_row_says(browser: Client, site: Site, buyer: Customer) -> None:
    set_setting(site=site, key="time_zone", value="Europe/Berlin")
    order = make_order(
        site,
        buyer,
        identifiers={"visible": "=SO(1)"},
        customer_reference="PO 1",
        dates={"placed_at": "2026-03-01T23:30:00Z"},
        packages=[package(line(quantity=2, net="1234.50"))],
    )
    pay(order, "34.50")
    placed = "2026-03-02T00:30:00+01:00"
    words = ["PO 1", "Tom Jones Climbing", "Tom Jones", "order", "processing", "partially_paid"]

    [_titles, row] = as_csv(browser, {})
    [_titles, cells] = as_xlsx(browser, {})

    assert row == ["'=SO(1)", str(order.spark_id), placed, *words, "1234.50", "1200.00", "0.00", "GBP"]
    assert cells == ["'=SO(1)", str(order.spark_id), placed, *words, 1234.5, 1200, 0, "GBP"]


def test_a_stranger_s_files_are_empty(site: Site, buyer: Customer) -> None:
    make_order(site, buyer)
    browser = sign_in(make_buyer(site, "Summit Supplies"))

    assert as_csv(browser, {}) == as_xlsx(browser, {}) == [list(COLUMNS)]


def test_the_page_leads_to_its_files(browser: Client, site: Site, buyer: Customer) -> None:
    make_order(site, buyer)

    text = browser.get(ORDERS, {"search": "rope", "sort": "total"}).content.decode()

    for kind in ("csv", "xlsx"):
        assert f'href="/account/orders.{kind}?search=rope&amp;sort=total"' in text


def test_fifty_rows_cost_as_many_statements_as_one(browser: Client, site: Site, buyer: Customer) -> None:
    counts: list[int] = []
    for rows in (1, 50):
        for _ in range(rows - len(counts)):
            make_order(site, buyer)
        with server_log() as log:
            assert len(as_csv(browser, {})) == rows + 1
        counts.append(len(log.statements))

    assert counts[0] == counts[1]


class TestPaper:
    def printed(self, browser: Client, order: Purchase) -> tuple[list[str], Any]:
        answer = browser.get(f"{ORDERS}{order.spark_id}/order.pdf")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages], answer

    def test_an_order(self, browser: Client, site: Site, buyer: Customer) -> None:
        rate = {"total_net": {"number": "1000.00", "currency": "GBP"}, "tax_rate": 20}
        order = make_order(
            site,
            buyer,
            identifiers={"visible": "SO-1"},
            customer_reference="PO-7",
            payment_method="invoice",
            billing_address={"company": "Base Camp", "address_line1": "1 Way", "city": "Hull", "country_code": "GB"},
            dates={"placed_at": "2026-03-01T10:00:00Z"},
            packages=[
                package(line(quantity=4, line_total=rate), dates={"shipped_at": "2026-03-02T10:00:00Z"}),
                package(line("SHOE-42", net="5.00", custom_attributes=[{"key": "Size", "value": "靴 <b>"}])),
            ],
        )
        pay(order, "200.00")

        [page], answer = self.printed(browser, order)

        assert answer["Content-Disposition"] == 'attachment; filename="order-SO-1.pdf"'
        text = " ".join(page.split())
        for words in (
            "Order SO-1",
            "PO-7",
            "On account",
            "Base Camp",
            "ROPE-60",
            "£1,200.00",
            "£1,205.00",
            "£1,005.00",
        ):
            assert words in text
        assert "<b>" in text
        assert "Shipped, 2 Mar 2026" in text

    def test_in_the_language_of_the_site(self, browser: Client, site: Site, buyer: Customer) -> None:
        set_setting(site=site, key="languages", value=["de", "en"])

        [page], _answer = self.printed(browser, make_order(site, buyer))

        assert "Seite 1 von 1" in page
        assert "10,00 £" in page.replace("\xa0", " ")

    def test_a_long_order_goes_on_over_pages(self, browser: Client, site: Site, buyer: Customer) -> None:
        skus = [f"SKU-{number:03}" for number in range(200)]

        sheets, _answer = self.printed(browser, make_order(site, buyer, packages=[package(*map(line, skus))]))

        text = " ".join(sheets)
        assert len(sheets) > 3
        assert [sku for sku in skus if text.count(f"Product {sku}") != 1] == []
        assert all("Product" in sheet for sheet in sheets)

    @pytest.mark.parametrize("number", ['a"b\\c', "Auftrag/Ä 1\t", "x" * 255, "=1\r\nSet-Cookie: a=b"])
    def test_any_number_names_a_file(self, browser: Client, site: Site, buyer: Customer, number: str) -> None:
        _pages, answer = self.printed(browser, make_order(site, buyer, identifiers={"visible": number}))

        assert answer["Content-Disposition"].startswith('attachment; filename="order-')
