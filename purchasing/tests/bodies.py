"""Purchases as programs send them, for tests of the API."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

import orjson

from tests.cast import line, package

PURCHASES = "/api/v1/purchases"
FLAT = "/api/v1/purchase-transactions"
SAMPLES = Path(__file__).parent / "samples"
ABSENT: Any = object()
"""A member that is not there."""

ADDRESS = {"address_line1": "7 Philosophy Way", "city": "Willerby", "country_code": "GB"}


def sample(name: str = "purchase-put") -> dict[str, Any]:
    """The reference's own sample."""
    content: dict[str, Any] = orjson.loads((SAMPLES / f"{name}.json").read_bytes())
    return content


def order(**members: Any) -> dict[str, Any]:
    """The smallest order there is: one line of 10.00 GBP, no customer."""
    return {"type": "order", "customer_identifiers": {}, "dates": {}, "packages": [package()]} | members


def rich_order() -> dict[str, Any]:
    """An order with something in every member, none of it shared between two."""
    money = {"number": "2.00", "currency": "GBP"}
    taxes = [{"title": "VAT", "amount": money, "rate": 20}]
    file = {"identifiers": {"internal": "INV-1"}, "data": {"type": "uri", "uri": "https://x.example/1"}}
    total = {
        "total_net": {"number": "10.00", "currency": "GBP"},
        "discount_net": {"number": "1.5", "currency": "GBP"},
        "tax_rate": 20,
        "total_tax": money,
        "total_gross": {"number": "12.00", "currency": "GBP"},
        "discount_gross": {"number": "1.80", "currency": "GBP"},
    }
    address = ADDRESS | {"name": "Tom Jones", "company": "Tom Jones Climbing", "postal_code": "BJ6 9MK", "phone": "01"}
    goods = line(
        "ROPE-60",
        quantity=4,
        identifiers={"sku": "ROPE-60", "external_id": "4711"},
        name_child="60 m",
        custom_attributes=[{"key": "Colour", "value": "red"}],
        line_total=total,
        tax_lines=taxes,
        image_url="https://x.example/rope.png",
        product_slug="rope",
        rrp={"number": "15", "currency": "GBP"},
        barcode="500",
    )
    document = order(
        purchase_identifiers={"platform": "P-1", "internal": "I-1", "visible": "V-1"},
        payment_method="on_account",
        dates={
            "created_at": "2026-01-02T03:04:05+02:00",
            "updated_at": "2026-01-03T00:00:00Z",
            "placed_at": "2026-01-02T10:00:00",
        },
        customer_reference="PO 4711",
        currency_code="gbp",
        billing_address=address,
        packages=[
            package(
                goods,
                identifiers={"internal": "PKG-1"},
                shipping_method={"name": "Courier", "sku": "SHIP", "line_total": total},
                shipping_address=address,
                accounting_files=[file],
            ),
            package(
                line(
                    "AXE",
                    refund_total={"net": money, "gross": money},
                    parent_line={"identifiers": {"external_id": "4711"}, "relation": "dependent"},
                ),
                type="refund",
                dates={"shipped_at": "2026-01-05T00:00:00Z", "refunded_at": "2026-01-06T00:00:00Z"},
                shipments=[{"carrier": "Van", "tracking_number": "T1", "tracking_url": "https://x.example/t"}],
                refund_shipping={"gross": money},
            ),
        ],
        accounting_files=[file],
        custom_fields=[{"name": "Delivery", "value": None}, {"name": "Gate", "value": "2"}],
        metadata=[{"name": "k", "value": "v"}],
        total_paid=money,
        tax_lines=taxes,
    )
    return cast("dict[str, Any]", orjson.loads(orjson.dumps(document)))


def payment(total: Any = "10.00", **members: Any) -> dict[str, Any]:
    """An applied payment in GBP."""
    return {"platform_id": "pay-1", "total": total, "currency_code": "GBP", "apply_to_balance": True} | members


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with the member at `packages[0].type` set, or taken out when `value` is ABSENT."""
    copy = deepcopy(document)
    *parents, last = [int(index) if index else name for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path)]
    node: Any = copy
    for part in parents:
        node = node[part]
    if value is ABSENT:
        del node[last]
    else:
        node[last] = value
    return copy


def faults(answer: Any) -> list[tuple[str, str | None]]:
    """Code and property of every error of a problem."""
    return [(error["code"], error["property"]) for error in answer.json()["errors"]]
