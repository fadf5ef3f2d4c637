"""The hypermedia face in a browser: somebody signs in, clicks to an option and submits an order, without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from tests.cast import PASSWORD, line, make_buyer, make_order, package
from tests.e2e.conftest import MakeContext

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}
LONG = "an-identifier-without-a-single-place-to-break-it-0123456789"


@pytest.fixture
def quote(site: Site) -> Purchase:
    """Ready to be submitted."""
    goods = line(custom_attributes=[{"key": "Engraving", "value": LONG}])
    parcel = package(goods, shipping_address=ADDRESS, shipping_method={"name": "Courier"})
    members = {"packages": [parcel], "billing_address": ADDRESS, "payment_method": "card"}
    buyer: Customer = make_buyer(site)
    return make_order(site, buyer, type="quote", identifiers={"visible": "Q-1", "internal": LONG}, **members)


def sign_in(page: Page, quote: Purchase) -> None:
    """By keyboard alone."""
    page.goto("/cortex")
    page.get_by_label("Site").focus()
    page.keyboard.type(quote.site.slug)
    page.keyboard.press("Tab")
    assert quote.customer
    page.keyboard.type(quote.customer.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="root.root")).to_be_visible()


def click(page: Page, *words: str) -> None:
    for link in words:
        page.get_by_role("link", name=link).first.click()


def test_a_person_clicks_through_and_submits(plain_page: Page, quote: Purchase) -> None:
    sign_in(plain_page, quote)
    click(plain_page, "defaultprofile", "orders", "element", "purchaseform")
    plain_page.get_by_role("button", name="submitorderaction").click()
    expect(plain_page.get_by_role("heading", name="purchases.purchase")).to_be_visible()
    expect(plain_page.get_by_text("Q-1", exact=True)).to_be_visible()
    click(plain_page, "lineitems", "element", "options", "element", "value")
    expect(plain_page.get_by_text(LONG).first).to_be_visible()
    plain_page.goto("/cortex")
    click(plain_page, "lookups", "purchaselookupform")
    plain_page.get_by_label("purchase-number").fill("Q-1")
    plain_page.get_by_role("button", name="purchaselookupaction").click()
    expect(plain_page.get_by_role("heading", name="purchases.purchase")).to_be_visible()
    plain_page.get_by_role("button", name="Sign out").click()
    expect(plain_page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_phone(
    make_context: MakeContext, violations: Callable[[Page], list[str]], quote: Purchase, scheme: str
) -> None:
    context = make_context(viewport=PHONE, color_scheme=scheme)
    page = context.new_page()
    page.goto("/cortex")
    shown = [violations(page)]
    sign_in(page, quote)
    for words in ((), ("defaultprofile",), ("orders",), ("element",), ("purchaseform",)):
        click(page, *words)
        shown.append(violations(page))
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], words
    page.goto("/cortex/none")
    shown.append(violations(page))
    assert shown == [[]] * len(shown)
