"""My account in a browser: a buyer finds an order, opens it, and sees a payment arrive."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.actors import SYSTEM
from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.operations import delete_transaction
from tests.cast import PASSWORD, line, make_buyer, make_customer, make_order, package, pay
from tests.e2e.conftest import MakeContext

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
LONG = "an-identifier-without-a-single-place-to-break-it-0123456789"


@pytest.fixture
def buyer(site: Site) -> Customer:
    return make_buyer(site)


@pytest.fixture
def order(site: Site, buyer: Customer) -> Purchase:
    """Partly shipped, partly to come, paid on account; in the list with others."""
    address = {"company": "Base Camp", "address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
    for number in range(5):
        make_order(
            site, buyer, identifiers={"visible": f"SO-9{number:02}"}, dates={"placed_at": "2026-01-01T10:00:00Z"}
        )
    return make_order(
        site,
        buyer,
        identifiers={"visible": "SO-1", "internal": LONG},
        payment_method="on_account",
        customer_reference=f"PO {LONG}",
        dates={"placed_at": "2026-03-01T10:00:00Z"},
        billing_address=address,
        accounting_files=[{"identifiers": {"visible": "INV1"}, "data": {"uri": "https://example.com/1.pdf"}}],
        packages=[
            package(
                line("HARNESS-M", quantity=6, net="60.00", custom_attributes=[{"key": "Engraving", "value": LONG}]),
                shipping_address=address,
                shipments=[
                    {"carrier": "Royal Parcel", "tracking_number": LONG, "tracking_url": "https://example.com/"}
                ],
                dates={"shipped_at": "2026-03-02T10:00:00Z"},
            ),
            package(line("HARNESS-M", quantity=4, net="40.00")),
            package(line("SHOE-42", net="50.00"), dates={"returned_at": "2026-03-05T10:00:00Z"}),
            package(line("SHOE-43", net="50.00"), dates={"cancelled_at": "2026-03-04T10:00:00Z"}),
        ],
    )


def waiting_for(buyer: Customer) -> Purchase:
    """Placed by a limited colleague, for this buyer to approve."""
    colleague = make_buyer(buyer.site, parent=buyer, first_name="Ann", role="limited-customer")
    return make_order(
        buyer.site,
        buyer,
        child=colleague,
        type="awaiting_approval",
        identifiers={"visible": "SO-2"},
        packages=[package(line("ROPE-60", quantity=3, net="30.00"), line("SHOE-42", net="50.00"))],
    )


def sign_in(page: Page, buyer: Customer, *, at: str = "/account/") -> None:
    page.goto(at)
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(re.escape(at if at != "/account/" else "/account/orders/") + "$"))


def follow_a_payment(page: Page, order: Purchase) -> None:
    """On the open page of the order: a payment comes, is seen, is taken back, and is gone."""
    payments, timeline = (
        page.get_by_role("region", name="Payments and refunds"),
        page.get_by_role("region", name="Timeline"),
    )
    expect(payments).to_contain_text("None so far")

    payment = pay(order, "40.00")
    page.reload()

    expect(payments).to_contain_text("£40.00")
    expect(timeline.get_by_role("listitem").last).to_contain_text("Payment of £40.00 received")
    expect(page.get_by_text("Partly paid")).to_be_visible()
    expect(page.get_by_role("region", name="Total").get_by_role("definition").last).to_have_text("£60.00")

    delete_transaction(site=order.site, transaction_id=payment.pk, actor=SYSTEM)
    page.reload()

    expect(payments).to_contain_text("None so far")
    expect(timeline).not_to_contain_text("£40.00")


def test_find_an_order_while_typing_open_it_and_see_a_payment(page: Page, order: Purchase, buyer: Customer) -> None:
    sign_in(page, buyer)
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 6")
    expect(page.locator(".balance")).to_contain_text("£100.00 to pay")

    page.keyboard.press("/")
    page.keyboard.type("harness")

    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    assert page.url.endswith("/account/orders/?search=harness")
    page.get_by_role("link", name="SO-1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Order SO-1")
    follow_a_payment(page, order)
    page.go_back()
    expect(page.get_by_label("Number, PO, SKU, product or ship-to")).to_have_value("harness")
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")


def test_the_same_without_scripts(plain_page: Page, order: Purchase, buyer: Customer) -> None:
    sign_in(plain_page, buyer)

    plain_page.get_by_label("Number, PO, SKU, product or ship-to").fill("harness")
    plain_page.get_by_role("button", name="Filter").click()

    expect(plain_page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    plain_page.get_by_role("link", name="SO-1").click()
    expect(plain_page.get_by_role("button", name="Print")).to_have_count(0)
    follow_a_payment(plain_page, order)
    plain_page.get_by_role("button", name="Sign out").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Sign in to your account")


def test_filters_are_kept_in_the_address(page: Page, order: Purchase, buyer: Customer) -> None:
    sign_in(page, buyer)

    page.get_by_label("Delivery").select_option("Partly shipped")
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    page.get_by_label("Money outstanding").check()
    page.wait_for_url(re.compile(r"\?fulfilment=partially_shipped&outstanding=on$"))

    page.reload()

    expect(page.get_by_label("Money outstanding")).to_be_checked()
    expect(page.get_by_role("link", name="SO-1")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 6")


def test_a_session_that_ended_comes_back_to_what_was_shown(page: Page, order: Purchase, buyer: Customer) -> None:
    sign_in(page, buyer)
    page.get_by_label("Delivery").select_option("Partly shipped")
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    page.context.clear_cookies()

    page.get_by_label("Payment").select_option("Unpaid")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to your account")
    page.get_by_label("E-mail").fill(buyer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Delivery")).to_have_value("partially_shipped")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_agent_picks_a_customer(
    make_context: MakeContext,
    violations: Callable[[Page], list[str]],
    order: Purchase,
    site: Site,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    page = make_context(viewport=viewport, color_scheme=scheme).new_page()
    sign_in(page, make_buyer(site, "Agency", role="sales-agent"))
    make_order(site, make_customer(site, LONG), identifiers={"visible": "SO-OTHER"})

    page.get_by_role("link", name="Customers").click()
    assert violations(page) == []
    page.get_by_role("button", name=LONG).click()

    expect(page.get_by_text("Purchases of")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Orders 1 to 1")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_first_tab_skips_to_the_content(page: Page, buyer: Customer) -> None:
    sign_in(page, buyer)

    page.keyboard.press("Tab")

    link = page.get_by_role("link", name="Skip to the content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    assert link.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
