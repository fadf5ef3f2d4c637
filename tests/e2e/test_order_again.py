"""Ordering once more in a browser: look at what it comes to, press twice, find the one order; take files along."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from core.models import Site
from customers.models import Customer
from pricing.tests.cast import make_price_list, put_prices
from purchasing.models import Purchase
from tests.cast import line, make_buyer, make_order, package
from tests.e2e.conftest import MakeContext
from tests.e2e.test_my_account import LONG, PHONE, WIDE, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(site: Site) -> Purchase:
    put_prices(make_price_list(site), **{"ROPE-60": ["12.00"], LONG: ["5.00"]})
    address = {"company": "Base Camp", "address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
    return make_order(
        site,
        make_buyer(site, price_lists=["base"]),
        identifiers={"visible": "SO-1"},
        payment_method="platform_upfront",
        billing_address=address,
        packages=[package(line(quantity=3), line(LONG), line(f"GONE-{LONG}"), shipping_address=address)],
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_order_is_ordered_once_more(
    make_context: MakeContext,
    violations: Callable[[Page], list[str]],
    order: Purchase,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    page = make_context(viewport=viewport, color_scheme=scheme).new_page()
    sign_in(page, _buyer(order), at=f"/account/orders/{order.spark_id}/")
    page.get_by_role("link", name="Order again").click()
    expect(page.get_by_role("heading", name="This is left out")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

    page.get_by_label("PO number").fill("PO-2")
    page.get_by_role("button", name="Order the rest for £41.00").dblclick()

    expect(page.get_by_text("Thank you. Your order was sent.")).to_be_visible()
    expect(page.get_by_text("PO-2")).to_be_visible()
    [new] = Purchase.objects.exclude(pk=order.pk)
    assert (new.type, new.customer_reference) == ("order_unconfirmed", "PO-2")


def test_files_are_taken_along(page: Page, order: Purchase) -> None:
    sign_in(page, _buyer(order), at="/account/orders/")

    def taken(link: str) -> str:
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        return download.value.suggested_filename.rsplit(".", 1)[1]

    assert [taken("Download as CSV"), taken("Download as XLSX")] == ["csv", "xlsx"]
    page.get_by_role("link", name="SO-1").click()
    assert taken("PDF") == "pdf"


def test_a_long_order_is_printed_from_the_first_sheet_on(page: Page, site: Site, order: Purchase) -> None:
    """A package that is longer than a sheet does not wait for one of its own."""
    skus = [f"SKU-{number:03}" for number in range(120)]
    long = make_order(site, order.customer, packages=[package(*map(line, skus))])
    sign_in(page, _buyer(order), at=f"/account/orders/{long.spark_id}/")

    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]

    assert "SKU-000" in sheets[0]
    assert [sku for sku in skus if not any(sku in sheet for sheet in sheets)] == []
    assert not any(word in "".join(sheets) for word in ("Sign out", "Order again", "Still to come"))


def _buyer(order: Purchase) -> Customer:
    assert order.customer is not None
    return order.customer
