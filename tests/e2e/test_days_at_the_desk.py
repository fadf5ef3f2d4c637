"""Two days in the back office, in a real browser: a clerk's, whom the buyer watches, and a manager's."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from core.models import Site, StaffMembership, StaffRole
from customers.models import AccountEntry, Customer, Masquerade
from pricing.tests.cast import make_price_list, put_prices
from purchasing.models import Purchase, PurchaseTransaction
from tests.callers import make_client, make_staff
from tests.cast import PASSWORD, line, make_buyer, make_customer, make_order, package, pay
from tests.e2e.conftest import MakeContext
from tests.e2e.pictures import picture

pytestmark = pytest.mark.django_db(transaction=True)

CLERK, MANAGER = "carl@jones-climbing.example", "mary@jones-climbing.example"
DEPOT = {"company": "Base Camp", "address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}


@pytest.fixture
def shop(transactional_db: None) -> Site:
    site = Site.objects.create(slug="jones-climbing", name="Jones Climbing")
    make_staff(site, email=MANAGER, password=PASSWORD)
    make_staff(site, email=CLERK, password=PASSWORD)
    StaffMembership.objects.filter(user__email=CLERK).update(role=StaffRole.CLERK)
    make_client(site, name="ERP")
    return site


@pytest.fixture
def buyer(shop: Site) -> Customer:
    return make_buyer(
        shop, payment_on_account=True, credit_limit=1_000, credit_currency_code="GBP", currency_code="GBP"
    )


@pytest.fixture
def order(shop: Site, buyer: Customer) -> Purchase:
    """60.00 GBP on account, among others."""
    summit = make_customer(shop, "Summit Supplies")
    for number in range(4):
        make_order(
            shop,
            summit if number % 2 else buyer,
            type="order" if number else "order_unconfirmed",
            identifiers={"visible": f"JC-9{number}"},
            dates={"placed_at": (timezone.now() - timedelta(weeks=number, days=1)).isoformat()},
            packages=[package(line("SHOE-42", quantity=number + 1, net=f"{80 * (number + 1)}.00"))],
        )
    return make_order(
        shop,
        buyer,
        identifiers={"visible": "JC-1"},
        payment_method="on_account",
        customer_reference="PO 4711",
        dates={"placed_at": timezone.now().isoformat()},
        packages=[
            package(
                line("ROPE-60", quantity=3, net="45.00", custom_attributes=[{"key": "Length", "value": "60 m"}]),
                line("CHALK", quantity=5, net="15.00"),
                shipping_address=DEPOT,
            )
        ],
    )


def sign_in(page: Page, email: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def press(page: Page, name: str, *, under_more: bool = False) -> None:
    """A button at the head of a page."""
    if under_more:
        page.locator("a:not([href])", has_text="More").first.click()
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def send(page: Page, name: str) -> None:
    """The button of a dialog."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def open_purchase(page: Page, number: str = "JC-1") -> None:
    page.goto("/admin/purchasing/purchase/")
    page.get_by_role("link", name=number, exact=True).click()
    page.wait_for_url("**/change/**")


def downloaded(page: Page, name: str) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(waiting.value.path())


def record(page: Page, total: str) -> None:
    """A new payment or refund."""
    page.get_by_label("Total").fill(total)
    send(page, "Save")


def test_a_clerks_day(page: Page, make_context: MakeContext, buyer: Customer, order: Purchase) -> None:
    watching = make_context().new_page()
    watching.goto(f"/account/orders/{order.spark_id}/")
    watching.get_by_label("E-mail").fill(buyer.email)
    watching.get_by_label("Password").fill(PASSWORD)
    watching.get_by_role("button", name="Sign in").click()
    expect(watching.get_by_role("heading", level=1)).to_have_text("Order JC-1")
    payments = watching.get_by_role("region", name="Payments and refunds")

    # The order that somebody calls about, by their PO.
    sign_in(page, CLERK)
    picture(page, "back-office")
    page.goto("/admin/purchasing/purchase/")
    page.locator("#searchbar").fill("PO 4711")
    page.locator("#searchbar").press("Enter")
    page.wait_for_url("**q=PO+4711**")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    exported = downloaded(page, "CSV")
    page.get_by_role("link", name="JC-1", exact=True).click()

    # A part of it leaves.
    press(page, "Ship")
    page.get_by_label("Product ROPE-60 (ROPE-60)").fill("2")
    page.get_by_label("Product CHALK (CHALK)").fill("0")
    page.get_by_label("Carrier").fill("DPD")
    send(page, "Ship")
    expect(page.get_by_text("2 pieces were shipped.")).to_be_visible()
    picture(page, "purchase")
    watching.reload()
    expect(watching.get_by_text("Partly shipped")).to_be_visible()
    expect(watching.get_by_text("DPD").first).to_be_visible()

    # Its packing list.
    sent = order.packages.get(state="shipped")
    page.goto(f"/admin/purchasing/package/{sent.pk}/change/")
    press(page, "Packing list")
    expect(page.get_by_role("cell", name="ROPE-60", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="Length: 60 m")).to_be_visible()
    paper = PdfReader(downloaded(page, "PDF")).pages[0].extract_text()
    assert ("PO 4711" in paper, "Willerby" in paper, "GBP" in paper) == (True, True, False)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Back")).to_be_hidden()
    page.emulate_media(media="screen")

    # Money comes, and some of it goes back.
    open_purchase(page)
    press(page, "Record payment")
    record(page, "60.00")
    open_purchase(page)
    press(page, "Record refund", under_more=True)
    record(page, "-5.00")
    watching.reload()
    expect(payments).to_contain_text("£60.00")
    expect(payments).to_contain_text("£5.00")

    # The payment bounces: that is for a manager.
    bounced = PurchaseTransaction.objects.get(total=60)
    page.goto(f"/admin/purchasing/purchasetransaction/{bounced.pk}/change/")
    expect(page.get_by_label("Apply to balance")).to_be_disabled()
    expect(page.get_by_role("link", name="Un-apply")).to_have_count(0)
    open_purchase(page)
    press(page, "Comment")
    page.get_by_label("Text").fill("The bank sent the 60.00 back. Mary, please un-apply it.")
    send(page, "Comment")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Mary, please un-apply it.")
    watching.reload()
    expect(watching.get_by_text("Mary, please")).to_have_count(0)

    with exported.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == ["JC-1"]


def test_a_managers_day(
    page: Page, violations: Callable[[Page], list[str]], shop: Site, buyer: Customer, order: Purchase
) -> None:
    bounced, _other = (pay(order, "30.00", platform_id=name) for name in ("bank-77", "bank-78"))
    new = make_customer(shop, "Willerby Walls", email="new@example.com")
    sign_in(page, MANAGER)

    # The payment that bounced, which looks like one sent twice.
    page.get_by_role("link", name="2 Suspected duplicates").click()
    page.get_by_role("link", name="bank-77", exact=True).click()
    expect(page.get_by_role("region", name="Suspected duplicates")).to_contain_text("bank-78")
    picture(page, "suspected-duplicates")
    page.get_by_role("link", name="Un-apply bank-77").click()
    send(page, "Un-apply")
    expect(page.get_by_text("bank-77 was un-applied.")).to_be_visible()
    reversal = AccountEntry.objects.filter(transaction_id=bounced.pk).latest("id")
    assert (reversal.kind, f"{reversal.amount:.2f}", reversal.author) == ("reversal", "30.00", f"staff:{MANAGER}")

    # What the customer may still buy, and his statement on paper.
    customers_page = f"/admin/customers/customer/{buyer.pk}/change/"
    page.goto(customers_page)
    press(page, "Credit")
    expect(page.locator("main, body").first).to_contain_text("970.00")
    page.goto(customers_page)
    press(page, "Statement")
    page.get_by_label("From").fill(f"{timezone.now() - timedelta(days=60):%Y-%m-%d}")
    send(page, "Show")
    statement = PdfReader(downloaded(page, "Download PDF"))
    assert "Tom Jones Climbing" in statement.pages[0].extract_text()

    # A buyer is invited.
    page.goto(f"/admin/customers/customer/{new.pk}/change/")
    press(page, "Invite to My account", under_more=True)
    send(page, "Invite")
    expect(page.get_by_text("The invitation was mailed to new@example.com.")).to_be_visible()
    assert [message.to for message in mail.outbox] == [["new@example.com"]]

    # The ERP gets another secret.
    page.goto("/admin/core/apiclient/")
    page.get_by_role("link", name="ERP", exact=True).click()
    press(page, "Rotate the secret")
    send(page, "Rotate the secret")
    expect(page.get_by_text("This is the only time the secret is shown.")).to_be_visible()

    # What does the customer see?
    page.goto(customers_page)
    press(page, "Log in as", under_more=True)
    send(page, "Log in as")
    page.wait_for_url("**/account/orders/")
    banner = page.get_by_role("complementary", name="Acting for a customer")
    assert [found for found in violations(page) if found.startswith(("critical", "serious"))] == []
    expect(banner).to_contain_text(f"{MANAGER}, you see My account as Tom Jones Climbing")
    picture(page, "log-in-as")
    page.get_by_role("link", name="JC-1", exact=True).first.click()
    expect(banner).to_be_visible()
    banner.get_by_role("button", name="Leave").click()
    page.wait_for_url(f"**{customers_page}")
    kept = Masquerade.objects.get()
    assert (kept.customer, kept.staff_email, kept.ended_at is not None) == (buyer, MANAGER, True)


def test_a_quote_from_the_desk(page: Page, shop: Site, buyer: Customer) -> None:
    """Made, sent and accepted, without a program."""
    put_prices(make_price_list(shop, "trade"), CHALK=["4.50"])
    Customer.objects.update(price_lists=["trade"])
    sign_in(page, CLERK)
    page.goto("/admin/purchasing/purchase/")
    press(page, "New quote")
    page.locator(".select2-selection").first.click()
    page.locator(".select2-search__field").fill("Tom")
    page.locator(".select2-results__option", has_text="Tom Jones Climbing").first.click()
    page.locator("#id_lines-0-sku").fill("ROPE-60")
    page.locator("#id_lines-0-quantity").fill("2")
    page.locator("#id_lines-0-unit_net").fill("95")
    page.locator("#id_lines-1-sku").fill("CHALK")
    page.locator("#id_lines-1-quantity").fill("10")
    send(page, "Propose prices")
    expect(page.locator("#id_lines-1-unit_net")).to_have_value("4.50")
    picture(page, "new-quote")
    send(page, "Make the quote")
    expect(page.get_by_text("The quote is a draft. Send it when it is ready.")).to_be_visible()
    press(page, "Send quote")
    send(page, "Send")
    press(page, "Accept for customer")
    send(page, "Accept")
    expect(page.get_by_text("The quote was accepted; it is an order now.")).to_be_visible()
    made = Purchase.objects.get()
    assert (made.type, made.customer, f"{made.calculated_total:.2f}") == ("order", buyer, "235.00")
