"""GET /api/v1/orders/{id}: a purchase read under its other face."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from customers.models import Customer
from purchasing.tests.bodies import ABSENT, PURCHASES, changed, rich_order
from purchasing.tests.orders import ORDERS, created, done
from tests.callers import ApiCaller, make_caller, make_person_caller
from tests.cast import line, make_buyer, make_order, package

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(api: ApiCaller, company: Customer) -> dict[str, Any]:
    """A purchase with something in every member, as the Purchasing API answers it."""
    body = rich_order() | {"customer_identifiers": {"sparklayer": company.public_id}}
    document: dict[str, Any] = done(api.put(f"{PURCHASES}/internal/I-1", json=body))
    return document


def test_a_purchase_reads_well_as_an_order(api: ApiCaller, rich: dict[str, Any]) -> None:
    order = done(api.get(f"{ORDERS}/I-1"))
    sent, returned = order.pop("packages")
    pounds = {"currency_code": "gbp"}
    address = order.pop("billing_address")
    assert {name: address[name] for name in ("first_name", "last_name", "company", "city", "id")} == {
        "first_name": "Tom",
        "last_name": "Jones",
        "company": "Tom Jones Climbing",
        "city": "Willerby",
        "id": None,
    }
    assert order == {
        "id": rich["id"],
        "customer_id": rich["customer_identifiers"]["sparklayer"],
        "spark_billing_chargeable": True,
        "payment_method": "paymentOnAccount",
        "status": "part_shipped",
        "currency_code": "gbp",
        "external_id": "I-1",
        "visible_id": "V-1",
        "customer_reference": "PO 4711",
        "created_at": "2026-01-02T10:00:00Z",
        "total_sub": {"tax_rate": 10, "net": 20, "gross": 22, **pounds},
        "total_shipping": {"tax_rate": 20, "net": 10, "gross": 12, **pounds},
        "total": {"tax_rate": 13.33, "net": 30, "gross": 34, **pounds},
        "invoice_url": None,
        "metadata": {"k": "v"},
        "custom_fields": [{"name": "Delivery", "value": None}, {"name": "Gate", "value": "2"}],
    }
    assert (sent["status"], sent["external_id"], sent["shipping_name"], sent["shipping_sku"]) == (
        "processing",
        "PKG-1",
        "Courier",
        "SHIP",
    )
    assert sent["items"] == [
        {
            "id": rich["packages"][0]["line_items"][0]["id"],
            "external_id": "4711",
            "variant_id": None,
            "sku": "ROPE-60",
            "name": "Product ROPE-60",
            "child_name": "60 m",
            "image_url": "https://x.example/rope.png",
            "slug": "rope",
            "quantity": 4,
            "unit_total": {"tax_rate": 20, "net": 2.5, "gross": 3, **pounds},
            "line_total": {"tax_rate": 20, "net": 10, "gross": 12, **pounds},
        }
    ]
    assert (returned["status"], returned["shipped_at"], returned["returned_at"]) == (
        "returned",
        "2026-01-05T00:00:00Z",
        "2026-01-06T00:00:00Z",
    )
    assert returned["shipment_tracking"] == [{"company": "Van", "url": "https://x.example/t", "reference": "T1"}]


def test_both_faces_show_one_etag(api: ApiCaller, rich: dict[str, Any]) -> None:
    tags = {api.get(path)["ETag"] for path in (f"{ORDERS}/I-1", f"{ORDERS}/{rich['id']}", f"{PURCHASES}/internal/I-1")}
    assert len(tags) == 1
    known = api.get(f"{ORDERS}/I-1", headers={"If-None-Match": tags.pop()})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"type": "order"}, "processing"),
        ({"type": "order_unconfirmed"}, "incoming"),
        ({"type": "order", "packages": []}, "processing"),
        ({"type": "order", "packages": [package(type="cancelled")]}, "cancelled"),
        ({"type": "order_unconfirmed", "packages": [package(type="cancelled")]}, "cancelled"),
        ({"type": "order", "packages": [package(), package(type="shipment")]}, "part_shipped"),
        ({"type": "order_unconfirmed", "packages": [package(), package(type="shipment")]}, "part_shipped"),
        ({"type": "order", "packages": [package(type="shipment"), package(type="cancelled")]}, "shipped"),
        ({"type": "order", "packages": [package(type="shipment"), package(type="refund")]}, "shipped"),
        ({"type": "order", "packages": [package(type="refund")]}, "returned"),
    ],
)
def test_the_status_is_the_core_api_s_word(api: ApiCaller, site: Site, members: dict[str, Any], status: str) -> None:
    make_order(site, identifiers={"internal": "A-1"}, **members)
    assert done(api.get(f"{ORDERS}/A-1"))["status"] == status


@pytest.mark.parametrize("type", ["quote", "cart", "awaiting_approval"])
def test_other_purchases_are_unknown_here(api: ApiCaller, site: Site, type: str) -> None:
    purchase = make_order(site, identifiers={"internal": "A-1"}, type=type)
    unknown = api.get(f"{ORDERS}/unknown")
    for name in ("A-1", f"o_{purchase.pk}"):
        answer = api.get(f"{ORDERS}/{name}")
        assert (answer.status_code, answer.content) == (404, unknown.content)


@pytest.mark.parametrize("name", ["o_", "o_0", "o_x", "o_999999999", "unknown", "x" * 300, "%00"])
def test_what_there_is_not_is_not_found(api: ApiCaller, name: str) -> None:
    assert api.get(f"{ORDERS}/{name}").status_code in ((400, 404) if name == "%00" else (404,))


def test_a_deleted_order_is_not_found(api: ApiCaller, rich: dict[str, Any]) -> None:
    api.delete(f"{PURCHASES}/internal/I-1")
    assert [api.get(f"{ORDERS}/{name}").status_code for name in ("I-1", rich["id"])] == [404, 404]


@pytest.mark.parametrize(
    ("method", "word"),
    [
        ("platform_upfront", "upfrontPayment"),
        ("Invoice", "paymentByInvoice"),
        ("paymentByInvoice", "paymentByInvoice"),
        ("ON_ACCOUNT", "paymentOnAccount"),
        ("hokodo", "hokodoPayment"),
        ("card", "other"),
        ("", "other"),
    ],
)
def test_every_payment_method_has_a_word(api: ApiCaller, site: Site, method: str, word: str) -> None:
    make_order(site, identifiers={"internal": "A-1"}, payment_method=method)
    assert done(api.get(f"{ORDERS}/A-1"))["payment_method"] == word


@pytest.mark.parametrize(
    ("total", "rate"),
    [
        ({"tax_rate": 5.5}, 5.5),
        ({"total_gross": {"number": "12", "currency": "GBP"}, "tax_rate": 19}, 19),
        ({"total_gross": {"number": "11.50", "currency": "GBP"}}, 15),
        ({"total_tax": {"number": "1.237", "currency": "GBP"}}, 12.4),
        ({}, 0),
        ({"total_net": {"number": "0", "currency": "GBP"}, "total_gross": {"number": "1", "currency": "GBP"}}, 0),
    ],
)
def test_the_rate_is_the_supplied_one_else_what_the_figures_say(
    api: ApiCaller, site: Site, total: dict[str, Any], rate: float
) -> None:
    goods = line()
    goods["line_total"] |= total
    make_order(site, identifiers={"internal": "A-1"}, packages=[package(goods)])
    [place] = done(api.get(f"{ORDERS}/A-1"))["packages"]
    assert place["items"][0]["line_total"]["tax_rate"] == place["total_sub"]["tax_rate"] == rate


def test_an_order_without_dates_is_of_when_it_was_stored(api: ApiCaller, site: Site) -> None:
    purchase = make_order(site, identifiers={"internal": "A-1"}, packages=[package(line(quantity=0))])
    order = done(api.get(f"{ORDERS}/A-1"))
    assert order["created_at"] == order["packages"][0]["created_at"]
    assert order["created_at"] == purchase.ordered_at.isoformat().replace("+00:00", "Z")
    assert order["packages"][0]["items"][0]["unit_total"] is None


def test_a_reader_may_read(api: ApiCaller, site: Site, company: Customer) -> None:
    order = created(api, company)
    reader = make_caller(site, name="reader", scopes=["orders.read"])
    assert done(reader.get(f"{ORDERS}/{order['id']}")) == order
    other = make_caller(site, name="other", scopes=["customers"])
    assert other.get(f"{ORDERS}/{order['id']}").status_code == 403


def test_cancelled_goods_are_not_in_the_order_s_totals(api: ApiCaller, site: Site) -> None:
    make_order(site, identifiers={"internal": "A-1"}, packages=[package(), package(type="cancelled")])
    order = done(api.get(f"{ORDERS}/A-1"))
    assert (order["total"]["gross"], [place["total"]["gross"] for place in order["packages"]]) == (10, [10, 10])
    assert changed(order, "id", ABSENT)["status"] == "processing"


def test_a_customer_reads_his_own_orders_and_nobody_else_s(api: ApiCaller, site: Site, summit: Customer) -> None:
    buyer = make_buyer(site)
    assert buyer.user is not None
    own, other = created(api, buyer), created(api, summit, external_id="SO-2")
    person = make_person_caller(site, buyer.user)
    assert [done(person.get(f"{ORDERS}/{name}")) for name in (own["id"], "SO-1")] == [own, own]
    unknown = person.get(f"{ORDERS}/unknown")
    for name in (other["id"], "SO-2"):
        answer = person.get(f"{ORDERS}/{name}")
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert person.patch(f"{ORDERS}/SO-1", json={"invoice_url": None}).status_code == 403
    assert person.post(f"{ORDERS}/SO-1/ship", json={}).status_code == 403
    assert person.post(ORDERS, json={}).status_code == 403
