"""POST /api/v1/orders."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from core.site_settings import set_setting
from customers.models import Customer
from purchasing.models import Purchase
from purchasing.tests.bodies import ABSENT, PURCHASES, changed, faults
from purchasing.tests.orders import ADDRESS, ORDERS, created, done, item, make_address, order_body, parcel, priced
from tests.callers import ApiCaller, make_caller

pytestmark = pytest.mark.django_db


def test_an_order_is_a_purchase(api: ApiCaller, site: Site, company: Customer) -> None:
    answer = api.post(ORDERS, json=order_body(company, parcel(freight=(5, 6)), visible_id="B2B-1"))
    order, purchase = done(answer), api.get(f"{PURCHASES}/internal/SO-1")
    assert answer["ETag"] == purchase["ETag"]
    document = purchase.json()
    assert (document["id"], document["type"], document["revision"]) == (order["id"], "order", 1)
    assert document["purchase_identifiers"]["visible"] == "B2B-1"
    assert document["customer_identifiers"]["sparklayer"] == company.public_id
    assert (document["payment_method"], document["currency_code"]) == ("on_account", "GBP")
    assert document["dates"]["placed_at"] == "2026-01-30T08:30:00+00:00"
    [package] = document["packages"]
    assert package["shipping_method"]["line_total"]["total_gross"] == {"number": "6.00", "currency": "GBP"}
    assert package["line_items"][0]["line_total"]["total_net"] == {"number": "10.00", "currency": "GBP"}
    assert document["calculated_total"]["number"] == "18.00"
    assert company.accounts.get().balance == 18


def test_prices_are_numbers_with_their_rate(api: ApiCaller, company: Customer) -> None:
    order = created(api, company, parcel(item(quantity=3, net=10, gross=12), freight=(5, 5)))
    [package] = order["packages"]
    [line] = package["items"]
    assert line["line_total"] == {"tax_rate": 20, "net": 10, "gross": 12, "currency_code": "gbp"}
    assert line["unit_total"] == {"tax_rate": 20, "net": 3.333333, "gross": 4, "currency_code": "gbp"}
    assert package["total_shipping"] == {"tax_rate": 0, "net": 5, "gross": 5, "currency_code": "gbp"}
    assert order["total"] == {"tax_rate": 13.33, "net": 15, "gross": 17, "currency_code": "gbp"}


def test_what_is_not_sent_is_answered_as_nothing(api: ApiCaller, company: Customer) -> None:
    order = created(api, company, external_id=None)
    nothing = ("external_id", "visible_id", "customer_reference", "billing_address", "metadata", "invoice_url")
    assert {name: order[name] for name in nothing} == dict.fromkeys(nothing)
    assert (order["custom_fields"], order["spark_billing_chargeable"]) == ([], True)


def test_an_imported_order_is_not_chargeable(api: ApiCaller, company: Customer) -> None:
    order = created(api, company, spark_billing_chargeable=False)
    assert order["spark_billing_chargeable"] is False
    document = done(api.get(f"{PURCHASES}/internal/SO-1"))
    assert document["spark_billing_chargeable"] is False
    assert done(api.put(f"{PURCHASES}/internal/SO-1", json=document))["revision"] == 1


def test_metadata_keeps_texts_and_writes_the_rest_as_json(api: ApiCaller, company: Customer) -> None:
    metadata = {"a": "b", "n": 1, "list": [1, {"x": None}], "null": None, "real": 0.5}
    order = created(api, company, metadata=metadata)
    assert order["metadata"] == {"a": "b", "n": "1", "list": '[1, {"x": null}]', "null": None, "real": "0.5"}


def test_the_customer_is_named_by_either_id(api: ApiCaller, site: Site, company: Customer) -> None:
    Customer.objects.filter(pk=company.pk).update(external_id="CUST-1")
    assert created(api, company, customer_id="CUST-1")["customer_id"] == company.public_id


def test_a_line_without_a_name_is_called_by_its_sku(api: ApiCaller, company: Customer) -> None:
    lines = [item("ROPE", name=None), item("", name="", variant_id="pv_1")]
    order = created(api, company, parcel(*lines))
    assert [(line["name"], line["variant_id"]) for line in order["packages"][0]["items"]] == [
        ("ROPE", None),
        ("pv_1", "pv_1"),
    ]


def test_a_variant_of_the_catalogue_lends_what_was_not_sent(api: ApiCaller, company: Customer) -> None:
    body = {"title": "Dry rope", "slug": "rope", "variants": [{"sku": "ROPE-60", "external_id": "EXT-1"}]}
    product = done(api.post("/api/v1/products", json=body))
    [variant] = product["variants"]
    lines = [
        item("", name="", variant_id=variant["id"]),
        item("MINE", name="My rope", variant_id="EXT-1"),
        item("", name="", variant_id="pv_999999"),
    ]
    [package] = created(api, company, parcel(*lines))["packages"]
    members = ("variant_id", "external_id", "sku", "name")
    assert [tuple(line[name] for name in members) for line in package["items"]] == [
        (variant["id"], "EXT-1", "ROPE-60", "Dry rope"),
        (variant["id"], "EXT-1", "MINE", "My rope"),
        ("pv_999999", None, "", "pv_999999"),
    ]


# --- addresses --------------------------------------------------------------------------------------------------------


def test_an_address_named_by_id_is_copied(api: ApiCaller, company: Customer) -> None:
    address = make_address(company, external_id="DOCK", last_name="Jones", region_code="BRS")
    by_id = parcel(shipping_address=None, shipping_address_id=address.public_id)
    order = created(api, company, by_id, billing_address_id="DOCK")
    [package] = order["packages"]
    assert package["shipping_address"] == order["billing_address"]
    assert (package["shipping_address_id"], package["shipping_address"]["city"]) == (address.public_id, "Bristol")
    address.delete()
    assert done(api.get(f"{ORDERS}/SO-1")) == order
    stored = done(api.get(f"{PURCHASES}/internal/SO-1"))
    assert stored["billing_address"]["name"] == "Bob Jones"


def test_of_both_the_address_is_stored_and_the_id_remembered(api: ApiCaller, company: Customer) -> None:
    address = make_address(company, external_id="DOCK")
    order = created(api, company, parcel(shipping_address_id="DOCK"))
    [package] = order["packages"]
    assert (package["shipping_address"]["city"], package["shipping_address_id"]) == ("Willerby", address.public_id)


def test_beside_an_address_an_unknown_id_is_nothing_to_remember(api: ApiCaller, company: Customer) -> None:
    order = created(api, company, parcel(shipping_address_id="ca_999999"))
    assert order["packages"][0]["shipping_address_id"] is None


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("packages[0].shipping_address", ABSENT, ("required", "packages[0].shipping_address")),
        ("billing_address_id", "ca_999999", ("resource-not-found", "billing_address_id")),
        ("billing_address_id", "nowhere", ("resource-not-found", "billing_address_id")),
        ("billing_address", {"city": "Willerby"}, ("required", "billing_address.address_line1")),
    ],
)
def test_an_address_that_is_not_there_is_named(
    api: ApiCaller, company: Customer, path: str, value: Any, fault: tuple[str, str]
) -> None:
    answer = api.post(ORDERS, json=changed(order_body(company), path, value))
    assert (answer.status_code, faults(answer)[0]) == (400, fault)


def test_every_address_is_looked_up_at_once(api: ApiCaller, company: Customer, django_assert_num_queries: Any) -> None:
    addresses = [make_address(company) for _ in range(20)]
    for count in (1, 20):
        parcels = [parcel(shipping_address=None, shipping_address_id=one.public_id) for one in addresses[:count]]
        body = order_body(company, *parcels, external_id=f"SO-{count}")
        with django_assert_num_queries(8):
            done(api.post(ORDERS, json=body))


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "code", "property"),
    [
        *(
            (name, ABSENT, "required", name)
            for name in ("created_at", "payment_method", "customer_id", "currency_code", "packages")
        ),
        *((name, None, "required", name) for name in ("created_at", "payment_method", "customer_id")),
        ("packages", [], "too-few", "packages"),
        ("packages[0].items", [], "too-few", "packages[0].items"),
        ("packages[0].items", ABSENT, "required", "packages[0].items"),
        ("payment_method", "invoice", "invalid", "payment_method"),
        ("currency_code", "xau", "invalid", "currency_code"),
        ("customer_id", "cu_999999", "resource-not-found", "customer_id"),
        ("customer_id", "", "too-short", "customer_id"),
        ("external_id", "o_1", "reserved-prefix", "external_id"),
        ("packages[0].external_id", "orp_1", "reserved-prefix", "packages[0].external_id"),
        ("customer_reference", "x" * 513, "too-long", "customer_reference"),
        ("invoice_url", "javascript:alert(1)", "invalid", "invoice_url"),
        ("invoice_url", "//evil.example", "invalid", "invoice_url"),
        ("packages[0].items[0].quantity", -1, "invalid", "packages[0].items[0].quantity"),
        ("packages[0].items[0].line_total", {"net": 1}, "required", "packages[0].items[0].line_total.gross"),
        ("packages[0].items[0].line_total.net", "1.1234567", "invalid", "packages[0].items[0].line_total.net"),
        ("packages[0].items[0]", {"quantity": 1, "line_total": priced(1, 1)}, "required", "packages[0].items[0]"),
        ("packages[0].items[0].line_total", priced(-9, -9), "negative-total", "packages"),
        ("metadata", {"x" * 256: "y"}, "too-long", None),
    ],
)
def test_what_is_wrong_is_named(
    api: ApiCaller, company: Customer, path: str, value: Any, code: str, property: str | None
) -> None:
    answer = api.post(ORDERS, json=changed(order_body(company), path, value))
    assert answer.status_code == 400, answer.content
    assert faults(answer)[0][0] == code
    assert property is None or faults(answer)[0][1] == property
    assert not Purchase.objects.exists()


def test_states_that_contradict_each_other_are_named(api: ApiCaller, company: Customer) -> None:
    both = parcel(shipped_at="2026-02-01T00:00:00Z", cancelled_at="2026-02-01T00:00:00Z")
    twice = [parcel(external_id="P-1"), parcel(external_id="P-1")]
    answers = [api.post(ORDERS, json=order_body(company, *parcels)) for parcels in ([both], twice)]
    assert [faults(answer) for answer in answers] == [
        [("package-state-conflict", "packages[0]")],
        [("invalid", "packages[1].external_id")],
    ]


@pytest.mark.parametrize("member", ["external_id", "visible_id"])
def test_a_taken_id_is_a_conflict(api: ApiCaller, company: Customer, member: str) -> None:
    created(api, company, visible_id="B2B-1")
    body = order_body(company, external_id="SO-2", visible_id="B2B-2") | {
        member: {"external_id": "SO-1"}.get(member, "B2B-1")
    }
    answer = api.post(ORDERS, json=body)
    assert (answer.status_code, answer.json()["title"]) == (409, "resource-already-exists")
    assert faults(answer) == [("resource-already-exists", member)]
    assert Purchase.objects.count() == 1


def test_the_id_of_a_quote_is_taken_too(api: ApiCaller, company: Customer) -> None:
    quote = {"type": "quote", "customer_identifiers": {}, "dates": {}, "packages": [], "currency_code": "GBP"}
    done(api.put(f"{PURCHASES}/internal/SO-1", json=quote))
    assert api.post(ORDERS, json=order_body(company)).status_code == 409


def test_a_repeat_under_its_key_is_one_order(api: ApiCaller, company: Customer) -> None:
    answers = [api.post(ORDERS, json=order_body(company), headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[0].content, answers[0]["ETag"]) == (answers[1].content, answers[1]["ETag"])
    assert Purchase.objects.count() == 1


def test_it_needs_the_scope_of_orders(site: Site, company: Customer) -> None:
    caller = make_caller(site, name="customers", scopes=["customers", "orders.read"])
    assert caller.post(ORDERS, json=order_body(company)).status_code == 403


def test_a_time_without_an_offset_is_of_the_site(api: ApiCaller, site: Site, company: Customer) -> None:
    set_setting(site=site, key="time_zone", value="Europe/Berlin")
    order = created(api, company, created_at="2026-01-30T08:30:00")
    assert order["created_at"] == "2026-01-30T07:30:00Z"


def test_the_address_needs_no_name(api: ApiCaller, company: Customer) -> None:
    [package] = created(api, company)["packages"]
    assert {name: package["shipping_address"][name] for name in ADDRESS} == ADDRESS
