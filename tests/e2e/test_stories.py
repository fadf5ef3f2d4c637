"""The stories of My account in a browser, each with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.models import Site
from customers.models import Customer
from pricing.tests.cast import make_price_list, put_prices
from purchasing.models import Purchase
from tests.callers import make_caller, make_staff
from tests.cast import PASSWORD, line, make_buyer, make_order, package
from tests.e2e import test_back_office as office
from tests.e2e.conftest import MakeContext
from tests.e2e.test_my_account import sign_in
from tests.mail_jobs import deliver

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"]),
]


@pytest.fixture
def page(make_context: MakeContext, scripts: bool) -> Page:
    """The buyer's browser."""
    return make_context(java_script_enabled=scripts).new_page()


@pytest.fixture
def buyer(site: Site) -> Customer:
    put_prices(make_price_list(site), **{"ROPE-60": ["12.00"]})
    return make_buyer(site, price_lists=["base"])


@pytest.fixture
def order(site: Site, buyer: Customer) -> Purchase:
    """Two ropes on account, placed now, beside another order."""
    make_order(site, buyer, identifiers={"visible": "SO-9"}, packages=[package(line("SHOE-42"))])
    return make_order(
        site,
        buyer,
        identifiers={"visible": "SO-1"},
        payment_method="on_account",
        dates={"placed_at": timezone.now().isoformat()},
        packages=[package(line("ROPE-60", quantity=2, net="20.00"))],
    )


def filtered(page: Page, *, scripts: bool) -> None:
    """A script filters by itself."""
    if not scripts:
        page.get_by_role("button", name="Filter").click()


def find_by_sku(page: Page, *, scripts: bool) -> None:
    page.get_by_label("Number, PO, SKU, product or ship-to").fill("rope-60")
    filtered(page, scripts=scripts)
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    page.get_by_role("link", name="SO-1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order SO-1")


def taken(page: Page, link: str) -> bytes:
    """What this link downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(download.value.path()).read_bytes()


def test_a_payment_that_a_program_records_is_in_order_balance_and_statement(
    page: Page, site: Site, buyer: Customer, order: Purchase, scripts: bool
) -> None:
    sign_in(page, buyer)
    expect(page.locator(".balance")).to_contain_text("£20.00 to pay")
    find_by_sku(page, scripts=scripts)
    payment = {"platform_id": "p-1", "total": "15", "currency_code": "GBP", "apply_to_balance": True}
    api = make_caller(site)

    assert api.put(f"/api/v1/purchases/sparklayer/{order.spark_id}/transactions", json=payment).status_code == 200
    page.reload()

    timeline = page.get_by_role("region", name="Timeline")
    expect(timeline.get_by_role("listitem").last).to_contain_text("Payment of £15.00 received")
    expect(page.get_by_text("Partly paid")).to_be_visible()
    assert taken(page, "PDF").startswith(b"%PDF")
    page.get_by_role("link", name="Orders", exact=True).first.click()
    expect(page.locator(".balance")).to_contain_text("£5.00 to pay")
    page.get_by_role("link", name="Statement", exact=True).click()
    expect(page.get_by_role("region", name="Balance", exact=True)).to_contain_text("£5.00")
    expect(page.get_by_role("row", name=re.compile("p-1"))).to_contain_text("15.00")
    assert b"p-1" in taken(page, "Download as CSV")
    assert taken(page, "Download as PDF").startswith(b"%PDF")


def test_an_order_is_found_taken_along_and_ordered_again(
    page: Page, buyer: Customer, order: Purchase, scripts: bool
) -> None:
    Customer.objects.filter(pk=buyer.pk).update(payment_on_account=True)
    sign_in(page, buyer)
    page.get_by_label("Number, PO, SKU, product or ship-to").fill("rope-60")
    filtered(page, scripts=scripts)
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    csv = taken(page, "Download as CSV").decode()
    assert ("SO-1" in csv, "SO-9" in csv) == (True, False)
    page.get_by_role("link", name="SO-1").click()

    page.get_by_role("link", name="Order again").click()
    page.get_by_label("PO number").fill("PO-2")
    page.get_by_role("button", name="Order for £24.00").click()

    expect(page.get_by_text("Thank you. Your order was sent.")).to_be_visible()
    expect(page.get_by_text("PO-2")).to_be_visible()
    page.get_by_role("link", name="Still to come").click()
    expect(page.get_by_role("row", name=re.compile("ROPE-60"))).to_contain_text("4")


def test_what_waits_is_approved(page: Page, site: Site, buyer: Customer, scripts: bool) -> None:
    colleague = make_buyer(site, parent=buyer, first_name="Ann", role="limited-customer")
    make_order(site, buyer, child=colleague, type="awaiting_approval", identifiers={"visible": "SO-2"})
    sign_in(page, buyer)

    page.get_by_role("link", name="Quotes and approvals").click()
    page.get_by_role("link", name="SO-2").click()
    page.get_by_role("button", name="Approve for £10.00").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Order SO-2")
    page.get_by_role("link", name="Orders", exact=True).first.click()
    page.get_by_label("Placed by").select_option(label=f"Ann Jones ({colleague.company_name})")
    filtered(page, scripts=scripts)
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")


def test_addresses_language_and_a_colleague(page: Page, buyer: Customer, scripts: bool) -> None:
    sign_in(page, buyer)
    page.get_by_role("link", name="Addresses").click()
    page.get_by_role("link", name="Add an address").first.click()
    page.get_by_label("Street and number").fill("7 Philosophy Way")
    page.get_by_label("City").fill("Willerby")
    page.get_by_label("Country").select_option("GB")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="7 Philosophy Way")).to_be_visible()

    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("Last name").fill("Lee")
    page.get_by_label("E-mail").fill("ann@example.com")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("row", name=re.compile("Ann Lee"))).to_contain_text("Has not signed up")
    deliver()
    assert [message.to for message in mail.outbox] == [["ann@example.com"]]

    page.get_by_role("link", name="My details").click()
    page.get_by_label("Language").select_option("Deutsch")
    page.get_by_label("Time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Save language and time zone").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Meine Daten")


def test_an_agent_picks_a_customer_and_leaves_him(page: Page, site: Site, order: Purchase, scripts: bool) -> None:
    other = make_buyer(site, "Summit Supplies")
    make_order(site, other, identifiers={"visible": "SO-OTHER"})
    sign_in(page, make_buyer(site, "Agency", role="sales-agent"))
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 3")

    page.get_by_role("link", name="Customers").click()
    page.get_by_role("button", name="Summit Supplies").click()

    expect(page.get_by_text("Purchases of")).to_contain_text("Summit Supplies")
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    expect(page.get_by_role("link", name="SO-OTHER")).to_be_visible()


def test_a_session_that_ended_comes_back_to_the_page_asked_for(
    page: Page, buyer: Customer, order: Purchase, scripts: bool
) -> None:
    sign_in(page, buyer)
    page.context.clear_cookies()

    sign_in(page, buyer, at=f"/account/orders/{order.spark_id}/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Order SO-1")


def test_staff_ship_and_refund_and_the_buyer_sees_it(
    make_context: MakeContext, page: Page, site: Site, buyer: Customer, order: Purchase, scripts: bool
) -> None:
    make_staff(site, email=office.EMAIL, password=PASSWORD)
    sign_in(page, buyer, at=f"/account/orders/{order.spark_id}/")
    staff = make_context().new_page()
    office.sign_in(staff)
    staff.goto(f"/admin/purchasing/purchase/{order.pk}/change/")

    staff.get_by_role("link", name="Ship", exact=True).click()
    staff.get_by_label("Carrier").fill("DPD")
    staff.get_by_role("button", name="Ship").click()
    expect(staff.get_by_text("2 pieces were shipped.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Shipped", exact=True).first).to_be_visible()
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("DPD")

    staff.goto(f"/admin/purchasing/purchase/{order.pk}/record-refund/")
    staff.get_by_label("Total").fill("5.00")
    office.save(staff)
    page.reload()
    expect(page.get_by_role("region", name="Payments and refunds")).to_contain_text("£5.00")
    expect(page.get_by_role("region", name="Timeline").get_by_role("listitem").last).to_contain_text("£5.00")
