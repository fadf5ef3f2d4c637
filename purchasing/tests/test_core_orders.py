"""One record, two faces: what goes in as an order comes out as it, and the purchase it is can be sent back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.api.renderer import dump_json
from core.models import Site
from core.money import round_money
from customers.models import Customer
from purchasing.core_orders import ORDER, order_path, with_invoice
from purchasing.fulfilment import create_order
from purchasing.order_documents import OrderDocument, read_order_body
from purchasing.order_rendering import order_answered
from purchasing.putting import Outcome
from purchasing.tests.bakers import ERP, answer, by_spark_id, put
from purchasing.tests.strategies import CURRENCIES, TEXT, documents

EACH = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True, max_examples=60
)
INSTANTS = st.sampled_from(["2026-03-02T09:00:00Z", "1999-12-31T23:59:59Z", "2026-03-02T09:00:00.123456Z"])
METHODS = st.sampled_from(["upfrontPayment", "paymentByInvoice", "paymentOnAccount", "hokodoPayment", "other"])
AMOUNTS = st.decimals(0, 10_000, places=2).map(float) | st.integers(0, 10_000)
PRICES = st.fixed_dictionaries({"net": AMOUNTS, "gross": AMOUNTS})
NAMES = TEXT.filter(lambda text: not text.startswith(("o_", "orp_", "ca_")))
LINKS = st.sampled_from(["https://files.example/1.pdf", "http://files.example/2"])
ADDRESS_TEXTS = (
    "title",
    "first_name",
    "last_name",
    "company",
    "address_line2",
    "postal_code",
    "phone",
    "mobile",
    "nickname",
)


def addresses() -> st.SearchStrategy[dict[str, Any]]:
    needed = {"address_line1": TEXT.filter(bool), "city": TEXT.filter(bool), "country_code": st.just("GB")}
    others = dict.fromkeys(ADDRESS_TEXTS, TEXT) | {"external_id": NAMES, "region_code": st.sampled_from(["CA", ""])}
    return st.fixed_dictionaries(needed, optional=others)


def items() -> st.SearchStrategy[dict[str, Any]]:
    needed = {"sku": TEXT.filter(bool), "name": TEXT.filter(bool), "quantity": st.integers(0, 50), "line_total": PRICES}
    return st.fixed_dictionaries(needed, optional={"variant_id": st.sampled_from(["pv_999999999", "EXT-1"])})


def parcels() -> st.SearchStrategy[dict[str, Any]]:
    dates = st.sampled_from([{}, {"shipped_at"}, {"cancelled_at"}, {"shipped_at", "returned_at"}, {"returned_at"}])
    needed = {"items": st.lists(items(), min_size=1, max_size=3), "shipping_address": addresses()}
    others = {
        "created_at": INSTANTS,
        "shipping_name": TEXT,
        "shipping_sku": TEXT,
        "total_shipping": PRICES,
    }
    return st.tuples(st.fixed_dictionaries(needed, optional=others), dates, INSTANTS).map(
        lambda parts: parts[0] | dict.fromkeys(parts[1], parts[2])
    )


def orders() -> st.SearchStrategy[dict[str, Any]]:
    needed = {
        "created_at": INSTANTS,
        "payment_method": METHODS,
        "currency_code": st.sampled_from([code.lower() for code in CURRENCIES]),
        "packages": st.lists(parcels(), min_size=1, max_size=3),
    }
    others = {
        "customer_reference": TEXT,
        "spark_billing_chargeable": st.booleans(),
        "billing_address": addresses(),
        "metadata": st.dictionaries(TEXT, TEXT | st.none(), max_size=3),
        "invoice_url": LINKS,
    }
    return st.fixed_dictionaries(needed, optional=others)


def expect_same(sent: Any, read: Any, code: str) -> None:
    """Every member that was sent reads as it was sent; nothing and its default are the same."""
    if isinstance(sent, dict) and set(sent) == {"net", "gross"}:
        assert Decimal(str(read["net"])) == Decimal(str(sent["net"]))
        assert Decimal(str(read["gross"])) == round_money(Decimal(str(sent["gross"])), code)
    elif isinstance(sent, dict):
        for name, value in sent.items():
            expect_same(value, read[name], code)
    elif isinstance(sent, list):
        for one, other in zip(sent, read, strict=True):
            expect_same(one, other, code)
    else:
        assert (sent or None) == (read or None)


@EACH
@given(body=orders())
def test_an_order_reads_as_it_was_sent(site: Site, company: Customer, body: dict[str, Any]) -> None:
    document = read_order_body(OrderDocument, body | {"customer_id": company.public_id})
    created = create_order(site=site, document=document, actor=ERP)
    read = orjson.loads(dump_json(order_answered(created.purchase)))
    expect_same(body, read, body["currency_code"].upper())

    purchase = answer(created.purchase)
    again = put(site, purchase, lookup=by_spark_id(created.purchase.spark_id))
    assert (again.outcome, again.purchase.etag) == (Outcome.UNCHANGED, created.purchase.etag)


@EACH
@given(body=documents(types=("order", "order_unconfirmed")))
def test_every_purchase_has_an_order_of_the_same_worth(site: Site, body: dict[str, Any]) -> None:
    stored = put(site, body, body["type"]).purchase
    read = orjson.loads(dump_json(order_answered(stored)))
    purchase = answer(stored)
    assert Decimal(str(read["total"]["gross"])) == Decimal(purchase["calculated_total"]["number"])
    assert [package["id"] for package in read["packages"]] == [package["id"] for package in purchase["packages"]]
    for package in read["packages"]:
        parts = Decimal(str(package["total_sub"]["gross"])) + Decimal(str(package["total_shipping"]["gross"]))
        assert parts == Decimal(str(package["total"]["gross"]))


@pytest.mark.parametrize(
    ("purchase", "order"),
    [
        ("purchase_identifiers.visible", "visible_id"),
        ("customer_identifiers.sparklayer", "customer_id"),
        ("packages", "packages"),
        ("packages[3]", "packages[3]"),
        ("packages[0].line_items[12].name_parent", "packages[0].items[12].name"),
        ("packages[0].line_items[12].line_total.total_gross.number", "packages[0].items[12].line_total.gross"),
        ("packages[1].identifiers.internal", "packages[1].external_id"),
        ("packages[1].shipping_method.line_total.total_net.number", "packages[1].total_shipping.net"),
        ("packages[1].shipping_address.sparklayer_id", "packages[1].shipping_address_id"),
        ("packages[1].shipping_address.city", "packages[1].shipping_address.city"),
        ("metadata[0].value", "metadata"),
        ("something.else", "something.else"),
    ],
)
def test_a_fault_is_named_in_the_order_s_words(purchase: str, order: str) -> None:
    assert order_path(purchase) == order


def test_no_member_of_the_order_has_two_twins() -> None:
    def check(twins: Any) -> None:
        assert len({twin.order for twin in twins}) == len(twins)
        for twin in twins:
            check(twin.parts)

    check(ORDER)


def test_the_invoice_is_the_one_without_identifiers() -> None:
    named = {"file_type": "invoice", "identifiers": {"internal": "1", "visible": ""}, "data": {"uri": "https://a"}}
    own = {"file_type": "invoice", "identifiers": {"internal": "", "visible": ""}, "data": {"uri": "https://b"}}
    assert with_invoice([named, own], "https://b") == [named, own]
    assert with_invoice([own, named], None) == [named]
    assert [file["data"]["uri"] for file in with_invoice([own, named], "https://c")] == ["https://a", "https://c"]


# --- from the purchase to the order and back --------------------------------------------------------------------------

NOT_TAKEN = {"id", "image_url", "slug", "child_name", "shipment_tracking", "custom_fields", "invoice_url"}
"""Members of the order that creating one does not take, or that this test leaves to others."""
STATE_DATES = {"shipment": "shipped_at", "refund": "returned_at", "cancelled": "cancelled_at"}


def as_core_has_it(body: dict[str, Any]) -> dict[str, Any]:
    """The purchase with what an order of the Core API cannot do without: goods, addresses, dates of what happened."""
    packages = []
    for package in body["packages"]:
        if not package.get("line_items"):
            continue
        address = package.get("shipping_address") or {"country_code": "GB"}
        named = {name: address.get(name) or "x" for name in ("address_line1", "city", "first_name", "last_name")}
        date = STATE_DATES.get(package["type"])
        dates = {"created_at": "2026-03-02T09:00:00Z"} | ({date: "2026-03-03T09:00:00Z"} if date else {})
        packages.append(package | {"shipping_address": address | named, "dates": dates})
    billing = body.get("billing_address")
    named = {name: (billing or {}).get(name) or "x" for name in ("address_line1", "city", "first_name", "last_name")}
    return body | {"packages": packages, "billing_address": billing and billing | named}


def order_sent(order: dict[str, Any]) -> dict[str, Any]:
    """The body that would create the order that was answered."""

    def price(answered: dict[str, Any]) -> dict[str, Any]:
        return {name: answered[name] for name in ("net", "gross")}

    def address(answered: dict[str, Any] | None) -> dict[str, Any] | None:
        return answered and {name: value for name, value in answered.items() if name != "id"}

    packages = [
        {
            **{name: package[name] for name in ("created_at", "shipped_at", "cancelled_at", "returned_at")},
            **{name: package[name] for name in ("shipping_name", "shipping_sku", "visible_id")},
            "shipping_address": address(package["shipping_address"]),
            "total_shipping": price(package["total_shipping"]),
            "items": [
                {name: item[name] for name in ("variant_id", "sku", "name", "quantity")}
                | {"line_total": price(item["line_total"])}
                for item in package["items"]
            ],
        }
        for package in order["packages"]
    ]
    same = ("created_at", "payment_method", "currency_code", "customer_id", "customer_reference", "metadata")
    return {name: order[name] for name in same} | {
        "billing_address": address(order["billing_address"]),
        "packages": packages,
    }


def without(value: Any, names: set[str]) -> Any:
    """The same without members of these names, at any depth; and without tax rates, which follow from the amounts."""
    if isinstance(value, dict):
        return {name: without(item, names) for name, item in value.items() if name not in names and name != "tax_rate"}
    return [without(item, names) for item in value] if isinstance(value, list) else value


def goods_of(purchase: dict[str, Any]) -> list[list[tuple[str, str, int]]]:
    """What is in each package: SKU, name and quantity of its lines."""
    return [
        [
            (line["identifiers"].get("sku") or "", line["name_parent"], line["quantity"])
            for line in package["line_items"]
        ]
        for package in purchase["packages"]
    ]


@settings(EACH, max_examples=25)
@given(body=documents(types=("order",)).filter(lambda body: any(one.get("line_items") for one in body["packages"])))
def test_a_purchase_made_anew_from_its_order_is_the_same(site: Site, company: Customer, body: dict[str, Any]) -> None:
    who = {"customer_identifiers": {"sparklayer": company.public_id}, "purchase_identifiers": {}}
    first = put(site, as_core_has_it(body) | who, "first").purchase
    order = orjson.loads(dump_json(order_answered(first)))

    document = read_order_body(OrderDocument, order_sent(order))
    second = create_order(site=site, document=document, actor=ERP).purchase

    again = orjson.loads(dump_json(order_answered(second)))
    unlike = NOT_TAKEN | {"external_id", "visible_id"}
    assert without(again, unlike) == without(order, unlike)
    one, other = answer(first), answer(second)
    for name in ("calculated_total", "calculated_quantities", "calculated_fulfilment_status", "currency_code"):
        assert one[name] == other[name]
    assert goods_of(one) == goods_of(other)
