"""Purchases that say in every part whose writing they are, so that a blend of two shows."""

from __future__ import annotations

from typing import Any

PURCHASES = "/api/v1/purchases"


def written(mark: str, *, customer: str = "", lines: int = 3) -> dict[str, Any]:
    """An order in which reference, packages and lines all bear `mark`."""
    rows = [
        {
            "identifiers": {"sku": mark},
            "name_parent": mark,
            "quantity": 1,
            "line_total": {"total_net": {"number": "10.00", "currency": "GBP"}},
        }
        for _ in range(lines)
    ]
    return {
        "type": "order",
        "customer_identifiers": {"sparklayer": customer},
        "payment_method": "on_account" if customer else "",
        "customer_reference": mark,
        "currency_code": "GBP",
        "dates": {},
        "packages": [{"line_items": rows}, {"line_items": rows[:1]}],
    }


def marks_of(document: dict[str, Any]) -> set[str]:
    """Whose writing an answered purchase is: one mark, unless it is torn."""
    skus = {line["identifiers"]["sku"] for package in document["packages"] for line in package["line_items"]}
    return {document["customer_reference"], *skus}


def payment(name: str, total: str = "1.00", *, applied: bool = True) -> dict[str, Any]:
    return {"platform_id": name, "total": total, "currency_code": "GBP", "apply_to_balance": applied}
