"""From what was changed in a form to the document: only that is set."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from purchasing.admin.editing import LineEdit, PackageEdit, edited_document

LINE = {
    "id": "orp_2",
    "identifiers": {"sku": "ROPE", "ean": "5"},
    "quantity": 3,
    "line_total": {"total_net": {"number": "9.00", "currency": "GBP"}, "tax_rate": 20},
    "refund_total": None,
    "barcode": "kept",
}
STORED: dict[str, Any] = {
    "type": "order",
    "currency_code": "GBP",
    "purchase_identifiers": {"sparklayer": "s", "platform": "p", "internal": "", "visible": "v"},
    "customer_identifiers": {"sparklayer": "cu_1", "sparklayer_child": None, "sparklayer_impersonator": None},
    "dates": {"placed_at": "then", "created_at": "before"},
    "metadata": [{"name": "till", "value": "3"}],
    "packages": [
        {
            "id": "orp_1",
            "type": "shipment",
            "identifiers": {"sparklayer_package_id": "u", "platform": "", "internal": "", "visible": ""},
            "dates": {"shipped_at": "then", "cancelled_at": None, "returned_at": None},
            "shipments": [{"carrier": "DPD", "carrier_id": "d", "tracking_number": "", "tracking_url": ""}],
            "shipping_method": None,
            "refund_shipping": None,
            "line_items": [LINE],
        }
    ],
}


def put(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """A copy with this member set."""
    changed = copy.deepcopy(document)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def money(number: str) -> dict[str, Any]:
    return {"number": Decimal(number), "currency": "GBP"}


def method(**total: Any) -> dict[str, Any]:
    return {"name": "", "sku": "", "line_total": total}


PACKAGE = ("packages", 0)
FIRST_LINE = (*PACKAGE, "line_items", 0)


@pytest.mark.parametrize(
    ("values", "path", "value"),
    [
        ({}, ("type",), "order"),
        ({"visible_id": ""}, ("purchase_identifiers", "visible"), None),
        ({"customer": None}, ("customer_identifiers", "sparklayer"), None),
        ({"placed_at": "now"}, ("dates", "placed_at"), "now"),
        ({"payment_method": "card"}, ("payment_method",), "card"),
    ],
)
def test_the_header(values: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    assert edited_document(STORED, header=values) == put(STORED, path, value)


@pytest.mark.parametrize(
    ("values", "path", "value"),
    [
        ({"visible_id": "P-1"}, ("identifiers", "visible"), "P-1"),
        ({"carrier": "UPS"}, ("shipments", 0, "carrier"), "UPS"),
        ({"refund_shipping": Decimal(5)}, ("refund_shipping",), {"gross": money("5")}),
        ({"shipping_net": Decimal(5)}, ("shipping_method",), method(total_net=money("5"))),
        ({"shipping_name": "Van"}, ("shipping_method",), {**method(), "name": "Van", "line_total": None}),
    ],
)  # fmt: skip
def test_a_package(values: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    edited = edited_document(STORED, packages=[PackageEdit("orp_1", values)])
    assert edited == put(STORED, (*PACKAGE, *path), value)


def test_a_changed_date_silences_the_type() -> None:
    edited = edited_document(STORED, packages=[PackageEdit("orp_1", {"shipped_at": None})])
    assert edited == put(put(STORED, (*PACKAGE, "dates", "shipped_at"), None), (*PACKAGE, "type"), "")


@pytest.mark.parametrize(
    ("values", "path", "value"),
    [
        ({"sku": "SLING"}, ("identifiers",), {"ean": "5", "sku": "SLING"}),
        ({"sku": ""}, ("identifiers",), {"ean": "5"}),
        ({"quantity": 4}, ("quantity",), 4),
        ({"total_net": Decimal(8)}, ("line_total", "total_net"), money("8")),
        ({"total_gross": None}, ("line_total", "total_gross"), None),
        ({"tax_rate": Decimal(5)}, ("line_total", "tax_rate"), Decimal(5)),
        ({"refund_total": Decimal(3)}, ("refund_total",), {"gross": money("3")}),
    ],
)
def test_a_line(values: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    edited = edited_document(STORED, packages=[PackageEdit("orp_1", lines=[LineEdit("orp_2", values)])])
    assert edited == put(STORED, (*FIRST_LINE, *path), value)


def test_parts_come_and_go() -> None:
    new_line = LineEdit(None, {"sku": "SLING", "quantity": 1})
    untouched = LineEdit(None)
    edits = [
        PackageEdit("orp_1", lines=[LineEdit("orp_2", removed=True), new_line, untouched]),
        PackageEdit(None, {"visible_id": "P-2"}),
        PackageEdit(None),
        PackageEdit(None, removed=True),
    ]
    packages = edited_document(STORED, packages=edits)["packages"]
    assert [len(package["line_items"]) for package in packages] == [1, 0]
    assert packages[0]["line_items"][0]["identifiers"] == {"sku": "SLING"}
    assert packages[1]["identifiers"] == {"visible": "P-2"}
    assert edited_document(STORED, packages=[PackageEdit("orp_1", removed=True)])["packages"] == []


def test_what_is_stored_is_left_alone() -> None:
    before = copy.deepcopy(STORED)
    edited_document(STORED, header={"visible_id": "new"}, packages=[PackageEdit("orp_1", {"carrier": "UPS"})])
    assert before == STORED
