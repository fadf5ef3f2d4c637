"""Staff at work in the back office, in a real browser: a package shipped, a payment recorded and un-applied."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.models import Site
from customers.models import AccountEntry, Customer
from purchasing.models import Purchase
from tests.callers import make_caller, make_staff
from tests.cast import PASSWORD, line, make_buyer, make_order, package, put
from tests.e2e.conftest import MakeContext

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "ann@jones-climbing.example"


@pytest.fixture
def staff_site() -> Site:
    site = Site.objects.create(slug="jones-climbing", name="Jones Climbing")
    make_staff(site, email=EMAIL, password=PASSWORD)
    return site


@pytest.fixture
def customer(staff_site: Site) -> Customer:
    return make_buyer(staff_site)


@pytest.fixture
def buyers_page(make_context: MakeContext, customer: Customer, purchase: Purchase) -> Page:
    """The order as the buyer sees it in My account."""
    page = make_context().new_page()
    page.goto(f"/account/orders/{purchase.spark_id}/")
    page.get_by_label("E-mail").fill(customer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order JC-1")
    return page


@pytest.fixture
def purchase(staff_site: Site, customer: Customer) -> Purchase:
    """On account, 40.00 GBP in two packages."""
    return make_order(
        staff_site,
        customer,
        identifiers={"visible": "JC-1"},
        payment_method="on_account",
        packages=[package(line("ROPE-60", net="30.00")), package(line("CHALK", net="10.00"))],
    )


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def figure(page: Page, name: str) -> Any:
    """A figure at the head of the purchase's page."""
    return page.locator("dl.figures > div").filter(has=page.locator(f"dt:text-is('{name}')")).locator("dd")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def open_purchase(page: Page) -> None:
    page.goto("/admin/purchasing/purchase/")
    page.get_by_role("link", name="JC-1").click()
    page.wait_for_url("**/change/**")


def test_staff_ship_record_a_payment_and_unapply_it(
    page: Page, buyers_page: Page, staff_site: Site, customer: Customer, purchase: Purchase
) -> None:
    """Each step is in revision and ledger by the author that the API shows, and the signed-in buyer sees it."""
    api = make_caller(staff_site)
    base = f"/api/v1/purchases/sparklayer/{purchase.spark_id}"
    sign_in(page)

    open_purchase(page)
    page.locator("#id_packages-0-shipped_at_0").fill("2026-03-01")
    page.locator("#id_packages-0-shipped_at_1").fill("12:00:00")
    page.locator("#id_packages-0-carrier").fill("DPD")
    save(page)
    open_purchase(page)
    expect(figure(page, "Fulfilment")).to_have_text("Partially shipped")
    expect(page.locator("#id_packages-0-carrier")).to_have_value("DPD")
    assert [item["by"] for item in api.get(f"{base}/revisions").json()] == ["system", f"staff:{EMAIL}"]

    buyers_page.reload()
    expect(buyers_page.get_by_text("Partly shipped")).to_be_visible()

    page.get_by_role("link", name="Ship", exact=True).click()
    page.get_by_label("Carrier").fill("DPD")
    page.get_by_role("button", name="Ship").click()
    expect(page.get_by_text("1 piece was shipped.")).to_be_visible()
    expect(figure(page, "Fulfilment")).to_have_text("Shipped")

    buyers_page.reload()
    expect(buyers_page.get_by_text("Partly shipped")).to_have_count(0)
    expect(buyers_page.get_by_text("Shipped", exact=True).first).to_be_visible()

    page.get_by_role("link", name="Record payment").click()
    expect(page.get_by_label("Total")).to_have_value("40.00")
    page.get_by_label("Total").fill("10.00")
    save(page)
    open_purchase(page)
    expect(figure(page, "Payment")).to_have_text("Partially paid")
    expect(figure(page, "Outstanding")).to_have_text("30.00 GBP")
    assert [item["message"] for item in api.get(f"{base}/history").json()] == ["Payment of 10.00 GBP received"]

    buyers_page.reload()
    payments = buyers_page.get_by_role("region", name="Payments and refunds")
    expect(payments).to_contain_text("£10.00")
    expect(buyers_page.get_by_text("Partly paid")).to_be_visible()

    page.locator("#id_transactions-0-apply_to_balance").click()
    save(page)
    open_purchase(page)
    expect(figure(page, "Payment")).to_have_text("Unpaid")
    buyers_page.reload()
    expect(payments).to_contain_text("None so far")
    assert api.get(f"{base}/history").json() == []
    entries = AccountEntry.objects.filter(account__customer=customer).order_by("id")
    assert [(entry.kind, str(entry.amount), entry.author) for entry in entries] == [
        ("charge", "40.0000", "system"),
        ("transaction", "-10.0000", f"staff:{EMAIL}"),
        ("reversal", "10.0000", f"staff:{EMAIL}"),
    ]


def test_a_line_and_a_payment_are_added_in_the_page(page: Page, purchase: Purchase) -> None:
    """By the buttons that add rows, one inside the other."""
    sign_in(page)
    open_purchase(page)
    page.locator("#packages-1-lines-data").get_by_text("Add another").click()
    page.locator("#id_packages-1-lines-1-sku").fill("SLING")
    page.locator("#id_packages-1-lines-1-name_parent").fill("Sling")
    page.locator("#id_packages-1-lines-1-quantity").fill("2")
    page.locator("#id_packages-1-lines-1-total_net").fill("5.00")
    page.locator("#transactions-data").get_by_text("Add another").click()
    page.locator("#id_transactions-0-total").fill("45.00")
    page.locator("#id_transactions-0-currency_code").fill("GBP")
    if not page.locator("#id_transactions-0-apply_to_balance").is_checked():
        page.locator("#id_transactions-0-apply_to_balance").click()
    save(page)
    open_purchase(page)
    expect(figure(page, "Total")).to_have_text("45.00 GBP")
    expect(figure(page, "Payment")).to_have_text("Paid")


def test_a_form_opened_before_a_newer_write_says_what_changed(
    page: Page, staff_site: Site, customer: Customer, purchase: Purchase
) -> None:
    sign_in(page)
    open_purchase(page)
    put(
        staff_site,
        purchase.spark_id,
        {
            "type": "order",
            "customer_identifiers": {"sparklayer": customer.public_id},
            "dates": {},
            "customer_reference": "from the ERP",
            "currency_code": "GBP",
            "packages": [],
        },
    )
    page.locator("#id_customer_reference").fill("typed by Ann")
    save(page)
    meanwhile = page.get_by_role("region", name="What changed meanwhile")
    expect(meanwhile.get_by_text("from the ERP")).to_be_visible()
    named = meanwhile.get_by_role("cell", name="Package 1").bounding_box()
    assert named
    assert named["width"] > 100, "a whole package beside it leaves its name readable"
    expect(page.locator("#id_customer_reference")).to_have_value("typed by Ann")
    meanwhile.get_by_role("link", name="Open it anew").click()
    expect(page.locator("#id_customer_reference")).to_have_value("from the ERP")
