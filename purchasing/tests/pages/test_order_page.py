"""GET /account/orders/{sparklayer id}/: what a buyer reads about one order, and what he does not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM
from core.models import Site
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.operations import delete_transaction
from tests.cast import line, make_order, package, pay

MARKUP = '<i onclick="x">\'&'
ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "postal_code": "HU10 6EF", "country_code": "GB"}


def page_of(browser: Client, order: Purchase) -> str:
    answer = browser.get(f"/account/orders/{order.spark_id}/")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def events_of(browser: Client, order: Purchase) -> list[str]:
    return [event.kind.value for event in browser.get(f"/account/orders/{order.spark_id}/").context["timeline"]]


@pytest.fixture
def order(site: Site, buyer: Customer) -> Purchase:
    """Ten ropes: six shipped, three to come, one cancelled; two shoes that came back."""
    tax = {"number": "2.00", "currency": "GBP"}
    taxed = {"total_net": {"number": "10.00", "currency": "GBP"}, "total_tax": tax}
    return make_order(
        site,
        buyer,
        identifiers={"visible": "SO-1"},
        payment_method="on_account",
        customer_reference="PO 4711",
        dates={"placed_at": "2026-03-01T10:00:00Z"},
        billing_address={**ADDRESS, "company": "Head Office"},
        custom_fields=[{"name": "Delivery date", "value": "after Easter"}, {"name": "Gate", "value": None}],
        metadata=[{"name": "margin", "value": "secret-margin"}],
        accounting_files=[
            {
                "identifiers": {"visible": "INV1"},
                "file_type": "invoice",
                "data": {"uri": "https://example.com/inv1.pdf"},
            },
            {"identifiers": {"visible": "INV2"}, "file_type": "invoice", "data": {"uri": ""}},
        ],
        packages=[
            package(
                line(quantity=6, line_total=taxed, custom_attributes=[{"key": "Engraving", "value": "Summit"}]),
                identifiers={"visible": "PK-1"},
                shipping_address={**ADDRESS, "company": "Base Camp"},
                shipping_method={"name": "Express", "line_total": {"total_net": {"number": "5.00", "currency": "GBP"}}},
                shipments=[
                    {"carrier": "Royal Parcel", "tracking_number": "TR1", "tracking_url": "https://example.com/TR1"}
                ],
                dates={"shipped_at": "2026-03-02T10:00:00Z"},
            ),
            package(line(quantity=3, net="15.00", custom_attributes=[{"key": "Engraving", "value": "Summit"}])),
            package(line(quantity=1, net="5.00"), dates={"cancelled_at": "2026-03-03T10:00:00Z"}),
            package(
                line("SHOE-42", quantity=2, net="40.00"),
                dates={"shipped_at": "2026-03-02T10:00:00Z", "returned_at": "2026-03-04T10:00:00Z"},
            ),
        ],
    )


def test_packages_lines_and_totals(browser: Client, order: Purchase) -> None:
    text = page_of(browser, order)

    for words in (
        "Order SO-1 Partly shipped Unpaid",
        "Package PK-1 Shipped 2 Mar 2026",
        "Package 2 To come",
        "Package 3 Cancelled 3 Mar 2026",
        "Package 4 Returned 4 Mar 2026",
        "Base Camp 7 Philosophy Way Willerby HU10 6EF United Kingdom",
        "Express Royal Parcel · TR1",
        "Product ROPE-60 ROPE-60 Engraving: Summit 6 £1.6667 £10.00 £12.00".replace("£1.6667", "£1.666667"),
        "6 shipped, 3 to come, 2 returned, 1 cancelled",
        "Goods net £65.00 Shipping net £5.00 Tax £2.00 Total £72.00",
        "Credited for returns £40.00 Paid £0.00 Outstanding £32.00",
        "PO PO 4711",
        "Payment method On account",
        "Placed by Tom Jones",
        "Delivery date after Easter",
        "Bill to Head Office",
        "Files Invoice INV1 Invoice INV2",
    ):
        assert words in text


def test_files_and_payment_methods_are_german_for_germans(browser: Client, order: Purchase) -> None:
    html = browser.get(f"/account/orders/{order.spark_id}/", headers={"Accept-Language": "de"}).content.decode()

    assert ("Rechnung INV1" in html, "Invoice" in html, "Auf Rechnung" in html) == (True, False, True)


def test_what_is_shipped_and_to_come_of_each_product(browser: Client, order: Purchase) -> None:
    items = browser.get(f"/account/orders/{order.spark_id}/").context["contents"].items

    assert [(item.sku, item.ordered, item.shipped, item.to_come, item.returned, item.cancelled) for item in items] == [
        ("ROPE-60", 9, 6, 3, 0, 0),
        ("ROPE-60", 1, 0, 0, 0, 1),  # without the engraving it is another thing
        ("SHOE-42", 2, 0, 0, 2, 0),
    ]


def test_links_open_elsewhere_and_tell_nothing(browser: Client, order: Purchase) -> None:
    html = browser.get(f"/account/orders/{order.spark_id}/").content.decode()

    for url in ("https://example.com/TR1", "https://example.com/inv1.pdf"):
        assert f'<a href="{url}" rel="noopener noreferrer" target="_blank">' in html


def test_payments_and_refunds_come_and_go_with_their_transactions(browser: Client, site: Site, order: Purchase) -> None:
    before = page_of(browser, order)
    assert "Payments and refunds None so far" in before

    payment = pay(order, "50.00")
    pay(order, "-8.00")

    text = page_of(browser, order)
    assert re.search(r"Payment \d+ \w+ \d+ £50\.00 Refund \d+ \w+ \d+ -£8\.00", text)
    assert "Paid £50.00 Refunded £8.00 Credit £10.00" in text

    delete_transaction(site=site, transaction_id=payment.pk, actor=SYSTEM)

    assert "£50.00" not in page_of(browser, order)


def test_the_timeline_is_told_oldest_first(browser: Client, order: Purchase) -> None:
    pay(order, "50.00")
    pay(order, "-8.00")

    assert events_of(browser, order) == [
        "placed",
        "shipped",
        "shipped",
        "cancelled",
        "returned",
        "payment",
        "refund",
    ]
    text = page_of(browser, order)
    assert "6 units shipped Royal Parcel · TR1" in text
    assert "1 unit cancelled" in text
    assert "Payment of £50.00 received" in text
    assert "Refund of £8.00 paid out" in text


def test_what_is_the_merchant_s_own_is_not_told(browser: Client, site: Site, buyer: Customer) -> None:
    broken = {
        "total_net": {"number": "10.00", "currency": "GBP"},
        "total_gross": {"number": "19.00", "currency": "GBP"},
    }
    order = make_order(
        site,
        buyer,
        packages=[
            package(line(line_total={**broken, "total_tax": {"number": "1.00", "currency": "GBP"}}), type="shipment")
        ],
        metadata=[{"name": "margin", "value": "secret-margin"}],
    )
    informational = pay(order, "77.00", platform_id="secret-informational", applied=False)
    informational.full_transaction = "secret-full"
    informational.save()
    applied = pay(order, "3.00", platform_id="secret-platform")
    applied.full_transaction = "secret-full"
    applied.save()
    order.refresh_from_db()
    assert {warning["code"] for warning in order.warnings} >= {"total-mismatch", "package-date-missing"}

    html = browser.get(f"/account/orders/{order.spark_id}/").content.decode()

    for own in ("secret", "77.00", "mismatch", "date-missing", "differs by", "revision"):
        assert own not in html


def marked(**members: Any) -> dict[str, Any]:
    return {name: MARKUP if value is None else value for name, value in members.items()}


def test_markup_in_every_text_is_shown_as_text(browser: Client, site: Site, buyer: Customer) -> None:
    Customer.objects.filter(pk=buyer.pk).update(first_name=MARKUP, last_name=MARKUP, company_name=MARKUP)
    site.name = MARKUP
    site.save()
    address = marked(
        name=None,
        company=None,
        address_line1=None,
        address_line2=None,
        city=None,
        postal_code=None,
        region_code="<i>",
        country_code="GB",
    )
    url = f"https://example.com/{MARKUP}"
    order = make_order(
        site,
        buyer,
        identifiers={"visible": MARKUP, "internal": MARKUP, "platform": MARKUP},
        payment_method=MARKUP,
        customer_reference=MARKUP,
        billing_address=address,
        custom_fields=[marked(name=None, value=None)],
        accounting_files=[{"identifiers": {"visible": MARKUP}, "file_type": MARKUP, "data": {"uri": url}}],
        packages=[
            package(
                line(
                    MARKUP,
                    name_parent=MARKUP,
                    name_child=MARKUP,
                    custom_attributes=[marked(key=None, value=None)],
                    barcode=MARKUP,
                ),
                identifiers={"visible": MARKUP, "internal": MARKUP, "platform": MARKUP},
                shipping_method={"name": MARKUP},
                shipping_address=address,
                shipments=[marked(carrier=None, tracking_number=None, tracking_url=url)],
                dates={"shipped_at": "2026-03-02T10:00:00Z"},
            )
        ],
    )
    escaped = "&lt;i onclick=&quot;x&quot;&gt;&#x27;&amp;"

    for address_of_page, least in (("/account/orders/", 4), (f"/account/orders/{order.spark_id}/", 25)):
        html = browser.get(address_of_page, {"search": MARKUP}).content.decode()
        assert "<i" not in html.replace("<input", "")
        assert html.count(escaped) >= least


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x", "file:///etc"]
)
def test_no_link_of_another_scheme_is_ever_shown(browser: Client, order: Purchase, url: str) -> None:
    # The document refuses such a link; this is the second line.
    with transaction.atomic():
        with connection.cursor() as cursor:
            for known in ("https://example.com/TR1", "https://example.com/inv1.pdf"):
                cursor.execute(
                    "UPDATE purchasing_purchase SET contents = replace(contents::text, %s, %s)::json WHERE id = %s",
                    [known, url, order.pk],
                )
        html = browser.get(f"/account/orders/{order.spark_id}/").content.decode()
        transaction.set_rollback(True)

    assert f'href="{url}' not in html
    assert "INV1" in html


def test_an_order_of_many_lines_and_payments_costs_as_many_queries(
    browser: Client, site: Site, buyer: Customer
) -> None:
    small = make_order(site, buyer)
    large = make_order(site, buyer, packages=[package(*(line(f"SKU-{n}") for n in range(30)), type="shipment")] * 20)
    pay(small, "1.00")
    for _ in range(20):
        pay(large, "1.00")
    counts = []
    for order in (small, large):
        with CaptureQueriesContext(connection) as queries:
            page_of(browser, order)
        counts.append(len(queries))

    assert counts[0] == counts[1] < 12


@pytest.mark.parametrize("type", ["quote", "cart"])
def test_what_is_no_order_is_not_here(browser: Client, site: Site, buyer: Customer, type: str) -> None:
    order = make_order(site, buyer, type=type)

    assert browser.get(f"/account/orders/{order.spark_id}/").status_code == 404


def test_an_address_in_capitals_is_the_same_order(browser: Client, order: Purchase) -> None:
    assert browser.get(f"/account/orders/{str(order.spark_id).upper()}/").status_code == 200
