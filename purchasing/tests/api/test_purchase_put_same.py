"""PUT of what stands already: no revision, the same ETag, nothing written."""

from __future__ import annotations

from typing import Any

import pytest

from core.models import Site
from purchasing.models import Purchase, PurchaseRevision
from purchasing.tests.bodies import ABSENT, PURCHASES, changed, order, payment, rich_order, sample
from tests.callers import ApiCaller
from tests.cast import line, make_customer, package

PATH = f"{PURCHASES}/internal/I-1"
LINE = "packages[0].line_items[0]"


def expect_unchanged(api: ApiCaller, before: Any, body: Any) -> None:
    written = Purchase.objects.values_list("changed_at", "changes").get()
    answer = api.put(PATH, json=body)
    assert (answer.status_code, answer["ETag"]) == (200, before["ETag"])
    assert {**answer.json(), "warnings": []} == {**before.json(), "warnings": []}
    assert PurchaseRevision.objects.count() == 1
    assert Purchase.objects.values_list("changed_at", "changes").get() == written


@pytest.mark.parametrize("document", [order(), rich_order(), sample()], ids=["small", "rich", "sample"])
def test_the_same_body_again(api: ApiCaller, document: Any) -> None:
    expect_unchanged(api, api.put(PATH, json=document), document)


@pytest.mark.parametrize(
    "document",
    [
        order(),
        rich_order(),
        sample(),
        order(type="quote", quote_status="draft", quote_expires_at="2030-01-01T00:00:00Z"),
        order(packages=[package(line(), line(), line()), package(), package()]),
        order(packages=[package(type="shipment"), package(type="cancelled"), package(type="refund")]),
        order(packages=[], currency_code="KWD"),
    ],
    ids=["small", "rich", "sample", "quote", "equal lines", "states", "nothing in it"],
)
def test_the_answer_of_a_get_sent_back(api: ApiCaller, document: Any) -> None:
    assert api.put(PATH, json=document).status_code == 200
    read = api.get(PATH)
    expect_unchanged(api, read, read.json())


def test_the_answer_of_a_get_sent_back_when_it_is_paid(api: ApiCaller, site: Site) -> None:
    customer = make_customer(site)
    api.put(PATH, json=rich_order() | {"customer_identifiers": {"sparklayer": customer.public_id}})
    api.put(f"{PATH}/transactions", json=payment())
    api.put(f"{PATH}/transactions", json=payment("-5", platform_id="back"))
    read = api.get(PATH)
    expect_unchanged(api, read, read.json())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dates.created_at", "2026-01-02T01:04:05Z"),
        ("dates.placed_at", "2026-01-02T12:00:00+02:00"),
        ("dates.updated_at", "2026-01-04T00:00:00Z"),
        ("dates.updated_at", None),
        ("currency_code", "GBP"),
        ("currency_code", ABSENT),
        (f"{LINE}.line_total.total_net", {"number": 10, "currency": "gbp"}),
        (f"{LINE}.line_total.total_net", {"number": "+10.000000", "currency": "Gbp"}),
        (f"{LINE}.line_total.discount_net", {"number": 1.5, "currency": "GBP"}),
        (f"{LINE}.line_total.tax_rate", "20.00"),
        (f"{LINE}.quantity", 4.0),
        ("packages[0].type", "processing"),
        ("packages[0].type", "incoming"),
        ("packages[0].type", None),
        ("packages[0].identifiers.platform", ""),
        ("packages[0].shipments", None),
        ("packages[1].dates.returned_at", "2026-01-06T01:00:00+01:00"),
        ("packages[1].refund_shipping.net", None),
        ("packages[1].line_items[0].line_total.discount_net", {"number": "0", "currency": "GBP"}),
        ("quote_status", None),
        ("quote_expires_at", None),
        ("billing_address.mobile", None),
        ("billing_address.mobile", ""),
        ("custom_fields[0].value", ABSENT),
        ("purchase_identifiers", ABSENT),
        ("purchase_identifiers.visible", ""),
        ("customer_identifiers.sparklayer", None),
        ("customer_identifiers.sparklayer", ""),
        ("calculated_total", {"number": "0", "currency": "XXX"}),
        ("warnings", ["x"]),
        ("anything", {"else": [1, {}]}),
    ],
)
def test_another_way_to_write_the_same(api: ApiCaller, path: str, value: Any) -> None:
    before = api.put(PATH, json=rich_order())
    answer = api.put(PATH, json=changed(rich_order(), path, value))
    assert (answer.status_code, answer["ETag"]) == (200, before["ETag"])
    assert PurchaseRevision.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "order_unconfirmed"),
        ("purchase_identifiers.visible", "V-2"),
        ("purchase_identifiers.visible", None),
        ("payment_method", ""),
        ("dates.placed_at", "2026-01-02T10:00:01Z"),
        ("dates.created_at", None),
        ("customer_reference", "po 4711"),
        ("billing_address", None),
        ("billing_address.city", "Hull"),
        ("packages", []),
        ("packages[0].identifiers.internal", "PKG-2"),
        ("packages[0].type", "shipment"),
        ("packages[0].shipping_method", ABSENT),
        ("packages[1].shipments[0].tracking_number", "T2"),
        ("packages[1].dates.shipped_at", ABSENT),
        ("packages[1].refund_shipping", ABSENT),
        (f"{LINE}.quantity", 5),
        (f"{LINE}.name_child", ""),
        (f"{LINE}.identifiers.sku", "rope-60"),
        (f"{LINE}.custom_attributes", []),
        (f"{LINE}.line_total.total_net.number", "10.000001"),
        (f"{LINE}.line_total.tax_rate", 20.5),
        (f"{LINE}.line_total.total_tax", ABSENT),
        ("accounting_files", []),
        ("custom_fields[0].value", ""),
        ("metadata[0].name", "K"),
        ("total_paid.number", "3"),
        ("tax_lines[0].rate", ABSENT),
    ],
)
def test_a_change_is_a_revision(api: ApiCaller, path: str, value: Any) -> None:
    document = rich_order() | {"type": "quote"} if path == "type" else rich_order()
    before = api.put(PATH, json=document)
    answer = api.put(PATH, json=changed(document, path, value))
    assert (answer.status_code, answer.json()["revision"]) == (200, 2)
    assert answer["ETag"] != before["ETag"]
    assert api.get(PATH)["ETag"] == answer["ETag"]
    assert PurchaseRevision.objects.count() == 2


def test_lines_in_another_order_are_a_change(api: ApiCaller) -> None:
    api.put(PATH, json=order(packages=[package(line("A"), line("B"))]))
    answer = api.put(PATH, json=order(packages=[package(line("B"), line("A"))])).json()
    assert answer["revision"] == 2
    assert [each["identifiers"]["sku"] for each in answer["packages"][0]["line_items"]] == ["B", "A"]


def test_an_older_source_date_is_said_and_not_kept(api: ApiCaller) -> None:
    api.put(PATH, json=order(dates={"updated_at": "2026-01-02T00:00:00Z"}))
    same = api.put(PATH, json=order(dates={"updated_at": "2026-01-01T00:00:00Z"}))
    codes = [warning["code"] for warning in same.json()["warnings"]]
    assert "stale-source-date" in codes
    assert "stale-source-date" not in [warning["code"] for warning in api.get(PATH).json()["warnings"]]
