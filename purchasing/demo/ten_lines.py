"""The purchase that load tests and the benchmark send: 10 lines in 2 packages, 2.9 KB of JSON."""

from __future__ import annotations

from typing import Any

from purchasing.demo.catalogue import CLIMBING

LINES = 10
SHADES = 500
"""How many variants of each SKU there are over all purchases, so that a SKU is found in some and not in all."""


def ten_lines(
    number: int, *, customer: str, placed_at: str, payment_method: str = "", variant: int = 0, all_shipped: bool = False
) -> dict[str, Any]:
    """A document by `number`, which makes its identifiers, PO number and SKUs. `variant` changes items and pieces."""
    items = list(CLIMBING.values())
    lines = []
    for line in range(LINES):
        item = items[(variant * 3 + line * 2) % len(items)]
        pieces = 1 + (variant + line) % 7
        lines.append(
            {
                "identifiers": {"sku": sku(item.sku, number, line)},
                "name_parent": item.name,
                "name_child": item.variant,
                "quantity": pieces,
                "line_total": {
                    "total_net": {"number": f"{item.price * pieces:.2f}", "currency": "GBP"},
                    "tax_rate": 20,
                },
            }
        )
    address = {
        "name": "Ellis Park",
        "address_line1": "12 Quay Street",
        "city": "Whitby",
        "postal_code": "YO21 1QG",
        "country_code": "GB",
    }
    shipped = {"type": "shipment", "dates": {"shipped_at": placed_at}}
    freight = {"name": "Standard", "line_total": {"total_net": {"number": "7.50", "currency": "GBP"}, "tax_rate": 20}}
    return {
        "type": "order",
        "purchase_identifiers": {"platform": f"gid-{number}", "visible": visible_id(number)},
        "customer_identifiers": {"sparklayer": customer},
        "payment_method": payment_method,
        "dates": {"placed_at": placed_at},
        "customer_reference": f"PO {number}",
        "currency_code": "GBP",
        "billing_address": address,
        "packages": [
            {**shipped, "line_items": lines[:5], "shipping_method": freight, "shipping_address": address},
            {
                **(shipped if all_shipped else {"type": "processing"}),
                "line_items": lines[5:],
                "shipping_address": address,
            },
        ],
    }


def visible_id(number: int) -> str:
    return f"LT{number:09}"


def sku(base: str, number: int, line: int) -> str:
    return f"{base}-{(number * 7 + line) % SHADES:03}"
