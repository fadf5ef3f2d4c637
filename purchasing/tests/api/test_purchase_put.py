"""PUT /api/v1/purchases/{lookupBy}/{identifier}: what is stored and answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from core.api.renderer import dump_json
from core.models import Site
from core.site_settings import set_setting
from purchasing.models import LineItem, Package, Purchase, PurchaseRevision
from purchasing.tests.bodies import ADDRESS, PURCHASES, changed, order, rich_order, sample
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

SPARK_ID = "63428136-658f-48a6-beb7-7f333dfd9686"
PATH = f"{PURCHASES}/internal/I-1"


def members(value: Any, path: str = "") -> set[str]:
    """Every member name of a document, with the names above it."""
    if isinstance(value, list):
        return set().union(*(members(item, path) for item in value))
    if isinstance(value, dict):
        own = {f"{path}.{name}" for name in value}
        return own.union(*(members(item, f"{path}.{name}") for name, item in value.items()))
    return set()


@pytest.mark.parametrize("path", [f"sparklayer/{SPARK_ID}", "internal/A-1", "platform/A-1", "visible/A-1"])
def test_the_reference_s_sample_goes_in_as_it_stands(api: ApiCaller, path: str) -> None:
    answer = api.put(f"{PURCHASES}/{path}", json=sample())

    assert answer.status_code == 200
    stored = answer.json()
    assert stored["calculated_total"] == {"number": "31.98", "currency": "GBP"}
    assert (stored["calculated_fulfilment_status"], stored["calculated_payment_status"]) == ("processing", "unpaid")
    assert (stored["currency_code"], stored["packages"][0]["type"]) == ("GBP", "processing")
    assert stored["custom_fields"] == [{"name": "Delivery Date", "value": None}]
    assert stored["accounting_files"][0]["data"] == {"type": "uri", "uri": ""}
    assert stored["calculated_shipping_address"] == "7 Philosophy Way, Willerby"
    assert stored["purchase_identifiers"]["sparklayer"] == SPARK_ID


def test_the_answer_has_the_reference_s_members(api: ApiCaller) -> None:
    stored = api.put(PATH, json=sample()).json()
    assert members(sample("purchase-answer")) - members(stored) == set()


@pytest.mark.parametrize("kind", ["platform", "internal", "visible"])
@pytest.mark.parametrize(
    "identifier",
    [
        "A/7",
        "/",
        "a b",
        " ",
        "100%",
        "%2F",
        "what?",
        "#1",
        "é",
        "\u6f22",
        "..",
        "a" * 255,
        "a+b",
        "A-1",
        "a-1",
        "\\",
        "\n",
    ],
)
def test_an_identifier_is_exact(api: ApiCaller, kind: str, identifier: str) -> None:
    path = f"{PURCHASES}/{kind}/{quote(identifier, safe='')}"
    stored = api.put(path, json=order()).json()["purchase_identifiers"]
    others = dict.fromkeys({"platform", "internal", "visible"} - {kind}, "")
    assert stored == {"sparklayer": stored["sparklayer"], kind: identifier, **others}
    assert UUID(stored["sparklayer"])

    assert api.get(path).json()["purchase_identifiers"] == stored
    assert api.get(f"{PURCHASES}/sparklayer/{stored['sparklayer'].upper()}").json()["purchase_identifiers"] == stored
    assert api.put(path, json=order()).json()["revision"] == 1
    near = f"{PURCHASES}/{kind}/{quote(identifier + ' ', safe='')}"
    assert api.get(near).status_code == 404


def test_a_sparklayer_id_in_the_path(api: ApiCaller) -> None:
    stored = api.put(f"{PURCHASES}/sparklayer/{SPARK_ID.upper()}", json=order()).json()
    assert stored["purchase_identifiers"] == {"sparklayer": SPARK_ID, "platform": "", "internal": "", "visible": ""}


@pytest.mark.parametrize(
    ("path", "property"),
    [
        ("number/A-1", "lookupBy"),
        ("Internal/A-1", "lookupBy"),
        ("sparklayer/A-1", "identifier"),
        (f"sparklayer/{SPARK_ID.replace('-', '')}", "identifier"),
        (f"sparklayer/%7B{SPARK_ID}%7D", "identifier"),
        (f"internal/{'a' * 256}", "identifier"),
    ],
)
def test_a_look_up_that_is_none(api: ApiCaller, path: str, property: str) -> None:
    answer = api.put(f"{PURCHASES}/{path}", json=order())
    assert (answer.status_code, answer.json()["errors"][0]["property"]) == (400, property)


def test_replacing_leaves_nothing_of_what_is_not_sent(api: ApiCaller, site: Site) -> None:
    api.put(PATH, json=rich_order())
    stored = api.put(PATH, json=order()).json()

    plain = api.put(f"{PURCHASES}/internal/plain", json=order()).json()
    left_out = {"id", "purchase_identifiers", "dates", "packages", "revision", "revision_date"}
    assert {name: stored[name] for name in stored.keys() - left_out} == {
        name: plain[name] for name in plain.keys() - left_out
    }
    assert [len(package["line_items"]) for package in stored["packages"]] == [1]
    assert Package.objects.filter(purchase__internal_id="I-1").count() == 1
    assert LineItem.objects.filter(purchase__internal_id="I-1").count() == 1
    assert PurchaseRevision.objects.filter(purchase__internal_id="I-1").count() == 2


def test_what_is_sent_is_answered(api: ApiCaller) -> None:
    stored = api.put(PATH, json=rich_order()).json()
    goods, returned = stored["packages"]

    assert stored["dates"]["created_at"] == "2026-01-02T01:04:05+00:00"
    assert stored["dates"]["placed_at"] == "2026-01-02T10:00:00+00:00"
    assert (stored["currency_code"], stored["customer_reference"]) == ("GBP", "PO 4711")
    assert goods["line_items"][0]["line_total"]["discount_net"] == {"number": "1.50", "currency": "GBP"}
    assert goods["line_items"][0]["line_total"]["tax_rate"] == 20
    assert goods["line_items"][0]["unit_total"] == {"number": "2.50", "currency": "GBP"}
    assert goods["line_items"][0]["rrp"] == {"number": "15.00", "currency": "GBP"}
    assert goods["identifiers"]["internal"] == "PKG-1"
    assert goods["shipping_address"]["phone"] == "01"
    assert (returned["type"], returned["dates"]["returned_at"]) == ("refund", "2026-01-06T00:00:00+00:00")
    assert returned["shipments"][0]["tracking_url"] == "https://x.example/t"
    assert stored["metadata"] == [{"name": "k", "value": "v"}]
    assert stored["calculated_total"] == {"number": "34.00", "currency": "GBP"}
    assert stored["calculated_payment"]["amount_due"] == {"number": "30.00", "currency": "GBP"}
    assert stored["calculated_quantities"] == {"open": 4, "shipped": 0, "returned": 1, "cancelled": 0}
    assert stored["calculated_shipping_address"].startswith("Tom Jones, Tom Jones Climbing, 7 Philosophy Way")


@pytest.mark.parametrize(
    ("number", "answered"),
    [
        ('"15.99"', "15.99"),
        ("15.99", "15.99"),
        ("10", "10.00"),
        ("1e2", "100.00"),
        ("1.0e-2", "0.01"),
        ('"+5"', "5.00"),
        ('".5"', "0.50"),
        ('"5."', "5.00"),
        ('"007"', "7.00"),
        ("-0", "0.00"),
        ("-0.0", "0.00"),
        ('"-0.00"', "0.00"),
        ("0.123456", "0.123456"),
        ('"0.1234560"', "0.123456"),
        ("0.30000000000000000", "0.30"),
        ('"999999999999.999999"', "999999999999.999999"),
        ("999999999999.999", "999999999999.999"),
    ],
)
def test_amounts_are_decimals(api: ApiCaller, number: str, answered: str) -> None:
    body = dump_json(changed(order(), "packages[0].line_items[0].line_total.total_net.number", "@"))
    stored = api.put(PATH, body=body.replace(b'"@"', number.encode())).json()
    assert stored["packages"][0]["line_items"][0]["line_total"]["total_net"]["number"] == answered
    again = api.put(PATH, json=stored).json()
    assert again["revision"] == 1


@pytest.mark.parametrize(("number", "quantity"), [("4", 4), ("4.0", 4), ("4e0", 4), ("0", 0), ("1000000000", 10**9)])
def test_a_quantity_is_whole(api: ApiCaller, number: str, quantity: int) -> None:
    body = dump_json(changed(order(), "packages[0].line_items[0].quantity", "@")).replace(b'"@"', number.encode())
    stored = api.put(PATH, body=body).json()
    assert stored["packages"][0]["line_items"][0]["quantity"] == quantity
    assert stored["calculated_quantities"]["open"] == quantity


@pytest.mark.parametrize(
    ("instant", "answered"),
    [
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00+00:00"),
        ("2026-01-31t09:30:00z", "2026-01-31T09:30:00+00:00"),
        ("2026-01-31 09:30:00+02:00", "2026-01-31T07:30:00+00:00"),
        ("2026-01-31T09:30+0530", "2026-01-31T04:00:00+00:00"),
        ("2026-01-31T09:30:00.123456-08:00", "2026-01-31T17:30:00.123456+00:00"),
        ("2026-01-31T09:30:00", "2026-01-31T08:30:00+00:00"),
        ("2026-07-31T09:30:00", "2026-07-31T07:30:00+00:00"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00+00:00"),
        ("9999-12-31T00:00:00Z", "9999-12-31T00:00:00+00:00"),
    ],
)
def test_instants_are_answered_in_utc(api: ApiCaller, site: Site, instant: str, answered: str) -> None:
    set_setting(site=site, key="time_zone", value="Europe/Berlin")
    body = order(dates={"placed_at": instant, "created_at": instant, "updated_at": instant})
    dates = api.put(PATH, json=body).json()["dates"]
    assert (dates["created_at"], dates["updated_at"], dates["placed_at"]) == (answered, answered, answered)


def test_identifiers_that_are_numbers_are_read_as_their_digits(api: ApiCaller) -> None:
    goods = line(identifiers={"sku": 4711})
    body = order(
        purchase_identifiers={"platform": 9007199254740993, "internal": "I-1", "visible": 0},
        packages=[package(goods, identifiers={"visible": 7})],
    )
    stored = api.put(PATH, json=body).json()
    identifiers = stored["purchase_identifiers"]
    assert (identifiers["platform"], identifiers["visible"]) == ("9007199254740993", "0")
    assert stored["packages"][0]["identifiers"]["visible"] == "7"
    assert stored["packages"][0]["line_items"][0]["identifiers"] == {"sku": "4711"}


def test_what_is_calculated_is_not_taken_from_the_body(api: ApiCaller) -> None:
    body = order(
        calculated_total={"number": "1", "currency": "EUR"},
        calculated_payment_status="paid",
        calculated_quantities="many",
        dates={"calculated_submitted_at": "never"},
        revision=77,
        revision_date="1999-01-01T00:00:00Z",
        warnings=5,
        id="o_1",
        site="cordell-outdoor",
    )
    stored = api.put(PATH, json=body).json()
    assert stored["calculated_total"] == {"number": "10.00", "currency": "GBP"}
    assert (stored["calculated_payment_status"], stored["revision"]) == ("unpaid", 1)
    assert stored["dates"]["calculated_submitted_at"].startswith("20")
    assert stored["calculated_quantities"]["open"] == 1


@pytest.mark.parametrize("named_by", ["public_id", "external_id"])
def test_customers_are_answered_by_our_ids(api: ApiCaller, site: Site, named_by: str) -> None:
    customer, agent, child = (make_customer(site, external_id=name) for name in ("HEAD", "AGENT", "CHILD"))
    body = order(
        customer_identifiers={
            "sparklayer": getattr(customer, named_by),
            "sparklayer_sales_rep": getattr(agent, named_by),
            "sparklayer_child": getattr(child, named_by),
        }
    )
    assert api.put(PATH, json=body).json()["customer_identifiers"] == {
        "sparklayer": customer.public_id,
        "sparklayer_impersonator": agent.public_id,
        "sparklayer_child": child.public_id,
    }


@pytest.mark.parametrize("named_by", ["public_id", "external_id"])
def test_a_customer_who_was_deleted_stays_where_he_is(api: ApiCaller, site: Site, named_by: str) -> None:
    customer = make_customer(site, external_id="HEAD")
    body = order(customer_identifiers={"sparklayer": getattr(customer, named_by)})
    first = api.put(PATH, json=body)
    assert api.delete(f"/api/v1/customers/{customer.public_id}").status_code == 204

    again = api.put(PATH, json=body)
    assert (again.status_code, again["ETag"]) == (200, first["ETag"])
    changed_one = api.put(PATH, json=body | {"customer_reference": "PO"})
    assert changed_one.json()["customer_identifiers"]["sparklayer"] == customer.public_id
    elsewhere = api.put(f"{PURCHASES}/internal/I-2", json=body)
    assert elsewhere.json()["errors"][0]["property"] == "customer_identifiers.sparklayer"


@pytest.mark.parametrize(
    ("type", "fulfilment", "payment"),
    [
        ("order", "processing", "unpaid"),
        ("order_unconfirmed", "processing", "unpaid"),
        ("awaiting_approval", None, None),
        ("quote", None, None),
        ("cart", None, None),
    ],
)
def test_types(api: ApiCaller, type: str, fulfilment: str | None, payment: str | None) -> None:
    stored = api.put(PATH, json=order(type=type)).json()
    assert (stored["calculated_fulfilment_status"], stored["calculated_payment_status"]) == (fulfilment, payment)
    assert (stored["calculated_payment"] is None) == (payment is None)
    assert stored["quote_status"] == ("sent" if type == "quote" else None)
    assert (stored["dates"]["calculated_submitted_at"] is None) == (type in ("quote", "cart"))


def test_an_unpacked_package_list_is_one_package(api: ApiCaller) -> None:
    assert len(api.put(PATH, json=order(packages=package())).json()["packages"]) == 1
    stored = api.put(PATH, json=order(packages=[], currency_code="JPY")).json()
    assert (stored["packages"], stored["calculated_total"]["number"]) == ([], "0")


def test_links_by_either_name(api: ApiCaller) -> None:
    files = [{"data": {"type": "uri", "url": "HTTPS://x.example/1"}}, {"data": {"uri": "http://x.example/2"}}]
    stored = api.put(PATH, json=order(accounting_files=files)).json()["accounting_files"]
    assert [file["data"] for file in stored] == [
        {"type": "uri", "uri": "HTTPS://x.example/1"},
        {"type": "uri", "uri": "http://x.example/2"},
    ]


def test_the_currency_when_nothing_of_the_body_says_it(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site, currency_code="EUR")
    body = order(packages=[], customer_identifiers={"sparklayer": customer.public_id})
    assert api.put(PATH, json=body).json()["currency_code"] == "EUR"
    set_setting(site=site, key="default_currency", value="CHF")
    assert api.put(f"{PURCHASES}/internal/I-2", json=order(packages=[])).json()["currency_code"] == "CHF"


def test_texts_are_kept_as_they_are(api: ApiCaller) -> None:
    text = " <b>é</b>\r\n\t{{ x }} \u202e'; DROP TABLE -- \U0001f9d7 "
    body = order(
        customer_reference=text, billing_address=ADDRESS | {"name": text}, metadata=[{"name": text, "value": text}]
    )
    api.put(PATH, json=body)
    stored = api.get(PATH).json()
    assert (stored["customer_reference"], stored["billing_address"]["name"]) == (text, text)
    assert stored["metadata"] == [{"name": text, "value": text}]


def test_a_refused_document_changes_nothing(api: ApiCaller) -> None:
    first = api.put(PATH, json=order())
    assert api.put(PATH, json=order(packages=[package(line(net="-1"))])).status_code == 400
    assert api.put(PATH, json=order(type="quote")).status_code == 409
    kept = api.get(PATH)
    assert (kept["ETag"], kept.json()) == (first["ETag"], first.json())
    assert Purchase.objects.count() == 1
