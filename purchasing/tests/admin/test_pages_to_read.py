"""Who may only read sees every figure and word of a page that others have inputs for, amounts as money."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from catalog.models import ProductVariant, RetailPrice
from catalog.tests.cast import make_product
from core.models import Site, StaffMembership
from customers.tests.cast import make_customer as make_buyer
from customers.tests.cast import make_group
from purchasing.models import Package, PurchaseTransaction
from tests.callers import make_staff
from tests.cast import line, make_order, package, pay


@pytest.fixture
def reader(site: Site) -> Client:
    member = make_staff(site, email="reader@example.com")
    StaffMembership.objects.filter(user=member).update(role="read-only")
    browser = Client()
    browser.force_login(member)
    return browser


def read(browser: Client, address: str) -> str:
    """The page as text, a blank between any two pieces."""
    answer = browser.get(address)
    assert answer.status_code == 200
    main = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


SENT = {
    "dates": {"shipped_at": "2026-03-02T10:00:00Z"},
    "shipments": [{"carrier": "DPD", "tracking_number": "15501", "tracking_url": "https://example.com/15501"}],
    "shipping_method": {
        "name": "By van",
        "line_total": {
            "total_net": {"number": "1005.00", "currency": "GBP"},
            "tax_rate": 20,
        },
    },
}


def test_purchase_and_package_say_what_their_forms_hold(reader: Client, site: Site) -> None:
    order = make_order(site, packages=[{**package(line("ROPE")), **SENT}])
    pay(order, "100.50", platform_id="pay-1")
    row = Package.objects.get(purchase=order)
    for address in (f"/admin/purchasing/purchase/{order.pk}/change/", f"/admin/purchasing/package/{row.pk}/change/"):
        text = read(reader, address)
        assert "Carrier DPD" in text
        assert "Tracking number 15501" in text
        assert "Tracking link https://example.com/15501" in text
        assert "Shipping method By van" in text
        assert "Shipping net 1,005.00 GBP" in text
        assert "Shipping gross 1,206.00 GBP" in text
        assert "State Shipped" in text
        assert re.search(r"ROPE .* 1 \d+\.\d\d GBP — \d+\.\d\d GBP —", text), text
        assert not re.search(r"\d\.\d{4,}|Version", text)
    assert "pay-1 100.50 GBP" in read(reader, f"/admin/purchasing/purchase/{order.pk}/change/")
    assert re.search("(Amount|Total) 100.50 GBP", read(reader, _page(PurchaseTransaction.objects.get(purchase=order))))


def test_a_quote_says_where_it_stands(reader: Client, site: Site) -> None:
    quote = make_order(site, type="quote", quote_status="sent", quote_expires_at="2031-01-31T12:00:00Z")
    text = read(reader, f"/admin/purchasing/purchase/{quote.pk}/change/")
    assert "Quote status Sent" in text
    assert "Quote expires at 2031-01-31 12:00" in text


def test_minimums_and_recommended_prices_are_money(reader: Client, site: Site) -> None:
    group = make_group(site, "eu", GBP="1500", EUR="170.50")
    assert re.search(r"EUR 170\.50 .* GBP 1,500\.00 ", text := read(reader, _page(group))), text
    make_product(site, "ROPE")
    variant = ProductVariant.objects.get(site=site, sku="ROPE")
    RetailPrice.objects.create(site=site, variant=variant, value="1182.2", currency_code="GBP")
    text = read(reader, _page(variant))
    assert "1,182.20" in text
    assert not re.search(r"\d\.\d{3,}", text)
    buyer = make_buyer(site, discount_percentage="2.5")
    assert "Discount percentage 2.5 " in read(reader, _page(buyer))


def _page(row: object) -> str:
    meta = row._meta  # type: ignore[attr-defined]  # a row
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/change/"  # type: ignore[attr-defined]  # as above
