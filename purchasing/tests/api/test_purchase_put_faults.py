"""PUT /api/v1/purchases/{lookupBy}/{identifier}: what is refused, with every fault named at its place."""

from __future__ import annotations

from typing import Any

import pytest

from core.api.renderer import dump_json
from purchasing.models import Purchase
from purchasing.tests.bodies import ABSENT, PURCHASES, changed, faults, order, rich_order
from tests.callers import ApiCaller
from tests.cast import line, package

PATH = f"{PURCHASES}/internal/I-1"
LINE = "packages[0].line_items[0]"
TOTAL = f"{LINE}.line_total"
LONG = "x" * 256


def refused(api: ApiCaller, body: Any) -> list[tuple[str, str | None]]:
    """The faults of a body that is refused, and nothing is stored of it."""
    answer = api.put(PATH, json=body)
    assert answer.status_code == 400
    assert answer.json()["title"] == "invalid-api-request-contents"
    assert not Purchase.objects.exists()
    return faults(answer)


@pytest.mark.parametrize(
    "path",
    [
        "type",
        "customer_identifiers",
        "dates",
        "packages",
        f"{LINE}.name_parent",
        f"{LINE}.quantity",
        f"{LINE}.line_total",
        f"{TOTAL}.total_net",
        f"{TOTAL}.total_net.number",
        f"{TOTAL}.total_net.currency",
        f"{TOTAL}.discount_net.number",
        f"{LINE}.custom_attributes[0].key",
        f"{LINE}.custom_attributes[0].value",
        "billing_address.address_line1",
        "billing_address.city",
        "billing_address.country_code",
        "packages[0].shipping_address.address_line1",
        "packages[1].refund_shipping.gross",
        "metadata[0].name",
        "tax_lines[0].amount",
    ],
)
@pytest.mark.parametrize("value", [ABSENT, None], ids=["absent", "null"])
def test_a_required_member(api: ApiCaller, path: str, value: Any) -> None:
    assert refused(api, changed(rich_order(), path, value)) == [("required", path)]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("type", "", "invalid"),
        ("type", "Order", "invalid"),
        ("type", 1, "invalid"),
        ("purchase_identifiers", [], "invalid"),
        ("purchase_identifiers.platform", LONG, "too-long"),
        ("purchase_identifiers.platform", True, "invalid"),
        ("purchase_identifiers.platform", 1.5, "invalid"),
        ("purchase_identifiers.sparklayer", "63428136658f48a6beb77f333dfd9686", "invalid"),
        ("purchase_identifiers.sparklayer", "{63428136-658f-48a6-beb7-7f333dfd9686}", "invalid"),
        ("purchase_identifiers.sparklayer", "urn:uuid:63428136-658f-48a6-beb7-7f333dfd9686", "invalid"),
        ("purchase_identifiers.sparklayer", None, "invalid"),
        ("customer_identifiers", "cu_1", "invalid"),
        ("customer_identifiers.sparklayer", {}, "invalid"),
        ("payment_method", "x" * 10_001, "too-long"),
        ("customer_reference", "x" * 513, "too-long"),
        ("customer_reference", 5, "invalid"),
        ("currency_code", "XXX", "invalid"),
        ("currency_code", "XAU", "invalid"),
        ("currency_code", "XTS", "invalid"),
        ("currency_code", "GB", "invalid"),
        ("currency_code", "ＧＢＰ", "invalid"),
        ("currency_code", 826, "invalid"),
        ("dates", [], "invalid"),
        ("billing_address", "7 Philosophy Way", "invalid"),
        ("billing_address.country_code", "G", "invalid"),
        ("billing_address.country_code", "GBRX", "invalid"),
        ("billing_address.country_code", "G1", "invalid"),
        ("billing_address.country_code", "GB\n", "invalid"),
        ("billing_address.city", "x" * 129, "too-long"),
        ("packages", "none", "invalid"),
        ("packages[0]", 5, "invalid"),
        ("packages[0]", None, "invalid"),
        ("packages[0].type", "shipped", "invalid"),
        ("packages[0].identifiers.sparklayer_package_id", "1", "invalid"),
        ("packages[0].line_items", {}, "invalid"),
        (f"{LINE}.identifiers", [], "invalid"),
        (f"{LINE}.identifiers.sku", LONG, "too-long"),
        (f"{LINE}.name_parent", LONG, "too-long"),
        (f"{LINE}.quantity", -1, "invalid"),
        (f"{LINE}.quantity", 2.5, "invalid"),
        (f"{LINE}.quantity", "4", "invalid"),
        (f"{LINE}.quantity", True, "invalid"),
        (f"{LINE}.quantity", 1_000_000_001, "invalid"),
        (f"{LINE}.image_url", "javascript:alert(1)", "invalid"),
        (f"{LINE}.image_url", " https://x.example", "invalid"),
        (f"{LINE}.image_url", "//x.example/a.png", "invalid"),
        (f"{TOTAL}.tax_rate", -1, "invalid"),
        (f"{TOTAL}.tax_rate", 1000.5, "invalid"),
        (f"{TOTAL}.tax_rate", {}, "invalid"),
        (f"{TOTAL}.total_net", "10.00", "invalid"),
        ("packages[1].shipments[0].tracking_url", "data:text/html,x", "invalid"),
        ("accounting_files[0].data.uri", "ftp://x.example", "invalid"),
        ("accounting_files[0].data.uri", "JavaScript:alert(1)", "invalid"),
        ("accounting_files[0].data.type", "file", "invalid"),
        ("custom_fields[0].value", 5, "invalid"),
        ("metadata[0].value", {}, "invalid"),
        ("quote_status", "open", "invalid"),
    ],
)
def test_a_faulty_value(api: ApiCaller, path: str, value: Any, code: str) -> None:
    assert refused(api, changed(rich_order(), path, value)) == [(code, path)]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("0.1234567", "more than 6 decimals"),
        ('"0.1234567"', "more than 6 decimals"),
        ("1234567890123", "more than 12 digits before the point"),
        ('"1234567890123"', "more than 12 digits before the point"),
        ("1234567890.123456", "more than 15 significant digits"),
        ("0.1234567890123456", "more than 15 significant digits"),
        ("1e20", "more than 12 digits before the point"),
        ("1e300", "more than 12 digits before the point"),
        (f'"1{"0" * 40}"', "more than 12 digits before the point"),
        ('"1e2"', "ASCII digits"),
        ('"1_000"', "ASCII digits"),
        ('"1,5"', "ASCII digits"),
        ('" 1"', "ASCII digits"),
        ('"1\\n"', "ASCII digits"),
        ('"+-1"', "ASCII digits"),
        ('"."', "ASCII digits"),
        ('""', "ASCII digits"),
        ('"NaN"', "ASCII digits"),
        ('"Infinity"', "ASCII digits"),
        ('"\u0661"', "ASCII digits"),
        ("true", "decimal string or a number"),
        ("[]", "decimal string or a number"),
    ],
)
def test_an_amount_that_is_none(api: ApiCaller, number: str, why: str) -> None:
    path = f"{TOTAL}.total_net.number"
    body = dump_json(changed(order(), path, "@")).replace(b'"@"', number.encode())
    answer = api.put(PATH, body=body)
    assert (answer.status_code, faults(answer)) == (400, [("invalid", path)])
    assert why in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "01", "0x1", "1."])
def test_a_number_that_json_does_not_know(api: ApiCaller, number: str) -> None:
    body = dump_json(changed(order(), f"{TOTAL}.total_net.number", "@")).replace(b'"@"', number.encode())
    answer = api.put(PATH, body=body)
    assert (answer.status_code, faults(answer)) == (400, [("invalid-json", None)])


@pytest.mark.parametrize(
    "instant",
    [
        "2026-01-31",
        "09:30",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-31T24:30:00Z",
        "1899-12-31T23:59:59Z",
        "1900-01-01T00:00:00+00:01",
        "9999-12-31T12:00:00Z",
        "0001-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2026-01-31T09:30:00+25:00",
        "2026-W05-6T09:30:00Z",
        "now",
        "",
        1769851800,
        {},
    ],
)
@pytest.mark.parametrize("path", ["dates.placed_at", "packages[1].dates.shipped_at"])
def test_an_instant_that_is_none(api: ApiCaller, path: str, instant: Any) -> None:
    assert refused(api, changed(rich_order(), path, instant)) == [("invalid", path)]


def test_every_fault_at_once(api: ApiCaller) -> None:
    body = {
        "type": "sale",
        "customer_identifiers": {"sparklayer": []},
        "dates": {"placed_at": "soon"},
        "billing_address": {"city": 5},
        "packages": [
            package(line(quantity=-1), line("B", line_total={"total_net": {"number": "1e3"}})),
            package(line() | {"quantity": 2.5}, type="lost"),
        ],
        "custom_fields": {},
    }
    assert refused(api, body) == [
        ("invalid", "type"),
        ("invalid", "customer_identifiers.sparklayer"),
        ("invalid", "dates.placed_at"),
        ("required", "billing_address.address_line1"),
        ("invalid", "billing_address.city"),
        ("required", "billing_address.country_code"),
        ("invalid", "packages[0].line_items[0].quantity"),
        ("invalid", "packages[0].line_items[1].line_total.total_net.number"),
        ("required", "packages[0].line_items[1].line_total.total_net.currency"),
        ("invalid", "packages[1].type"),
        ("invalid", "packages[1].line_items[0].quantity"),
        ("invalid", "custom_fields"),
    ]


def test_more_faults_than_anybody_reads(api: ApiCaller) -> None:
    found = refused(api, order(packages=[package(*[{}] * 400)] * 3))
    assert found[-1] == ("too-many-faults", None)
    assert found[:3] == [
        ("required", f"{LINE}.name_parent"),
        ("required", f"{LINE}.quantity"),
        ("required", f"{LINE}.line_total"),
    ]
    assert len(found) == 3 * 5 * 3 + 1


def test_an_empty_object_lacks_what_is_required(api: ApiCaller) -> None:
    assert refused(api, {}) == [("required", name) for name in ("type", "customer_identifiers", "dates", "packages")]


@pytest.mark.parametrize(
    "path",
    [
        "total_paid",
        "tax_lines[0].amount",
        "packages[0].shipping_method.line_total.total_net",
        "packages[1].refund_shipping.gross",
        f"{TOTAL}.total_net",
        f"{TOTAL}.discount_net",
        f"{TOTAL}.total_tax",
        f"{TOTAL}.total_gross",
        f"{TOTAL}.discount_gross",
        f"{LINE}.tax_lines[0].amount",
        f"{LINE}.rrp",
        "packages[1].line_items[0].refund_total.net",
        "packages[1].line_items[0].refund_total.gross",
    ],
)
def test_money_in_another_currency(api: ApiCaller, path: str) -> None:
    body = changed(rich_order(), path, {"number": "1", "currency": "eur"})
    assert refused(api, body) == [("currency-mismatch", f"{path}.currency")]


def test_every_money_in_another_currency_at_once(api: ApiCaller) -> None:
    body = changed(rich_order(), "currency_code", "EUR")
    found = refused(api, body)
    assert {code for code, _ in found} == {"currency-mismatch"}
    assert len(found) == 18


def test_money_of_two_currencies_where_none_is_named(api: ApiCaller) -> None:
    dear = {"total_net": {"number": "1", "currency": "EUR"}}
    body = order(packages=[package(line(), line("B", line_total=dear))])
    assert refused(api, body) == [("currency-mismatch", "packages[0].line_items[0].line_total.total_net.currency")]


def test_nothing_says_the_currency(api: ApiCaller) -> None:
    assert refused(api, order(packages=[])) == [("required", "currency_code")]


@pytest.mark.parametrize("role", ["sparklayer", "sparklayer_impersonator", "sparklayer_child"])
@pytest.mark.parametrize(
    "value", ["cu_999999999", "cu_", "cu_x", "cu_01", "nobody", "63428136-658f-48a6-beb7-7f333dfd9686"]
)
def test_a_customer_that_is_unknown(api: ApiCaller, role: str, value: str) -> None:
    body = order(customer_identifiers={role: value})
    assert refused(api, body) == [("resource-not-found", f"customer_identifiers.{role}")]


def test_every_unknown_customer_at_once(api: ApiCaller) -> None:
    body = order(customer_identifiers={"sparklayer": "a", "sparklayer_sales_rep": "b", "sparklayer_child": "c"})
    assert refused(api, body) == [
        ("resource-not-found", f"customer_identifiers.{role}")
        for role in ("sparklayer", "sparklayer_impersonator", "sparklayer_child")
    ]


@pytest.mark.parametrize(
    ("members", "property"),
    [
        ({"type": "cancelled", "dates": {"shipped_at": "2026-01-01T00:00:00Z"}}, "packages[1]"),
        ({"type": "shipment", "dates": {"cancelled_at": "2026-01-01T00:00:00Z"}}, "packages[1]"),
        ({"dates": {"cancelled_at": "2026-01-01T00:00:00Z", "refunded_at": "2026-01-01T00:00:00Z"}}, "packages[1]"),
    ],
)
def test_a_package_in_two_states(api: ApiCaller, members: Any, property: str) -> None:
    body = order(packages=[package(), package(**members)])
    assert refused(api, body) == [("package-state-conflict", property)]


def test_a_total_below_nothing(api: ApiCaller) -> None:
    body = order(packages=[package(line(net="10"), line("REBATE", net="-10.01"))])
    assert refused(api, body) == [("negative-total", "packages")]


def test_package_ids_are_unique_within_the_purchase(api: ApiCaller) -> None:
    twice = package(identifiers={"internal": "A", "visible": "B"})
    assert refused(api, order(packages=[twice, package(), twice])) == [
        ("invalid", "packages[2].identifiers.internal"),
        ("invalid", "packages[2].identifiers.visible"),
    ]


@pytest.mark.parametrize("name", ["custom_fields", "metadata"])
def test_more_entries_than_there_may_be(api: ApiCaller, name: str) -> None:
    entries = [{"name": str(number), "value": ""} for number in range(1001)]
    assert refused(api, order(**{name: entries})) == [("too-many", name)]
    assert api.put(PATH, json=order(**{name: entries[:1000]})).status_code == 200


def test_more_lines_than_there_may_be(api: ApiCaller) -> None:
    packages = [package(*[line()] * 5000), package(*[line()] * 5001)]
    answer = api.put(PATH, json=order(packages=packages))
    assert (answer.status_code, answer.json()["title"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid-json"),
        (b"{", "invalid-json"),
        (b"[]", "invalid-api-request-contents"),
        (b'{"type": "\\u0000"}', "nul-character"),
        (b'{"type": "\\ud800"}', "invalid-json"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too-deep"),
    ],
)
def test_a_body_that_is_no_document(api: ApiCaller, body: bytes, code: str) -> None:
    answer = api.put(PATH, body=body)
    assert (answer.status_code, faults(answer)) == (400, [(code, None)])


def test_a_body_that_is_no_json(api: ApiCaller) -> None:
    answer = api.put(PATH, body=b"type=order", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json()["title"]) == (415, "unsupported-media-type")


def test_a_body_over_the_limit(api: ApiCaller) -> None:
    answer = api.put(PATH, body=b" " * (8 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["title"]) == (413, "body-too-large")
