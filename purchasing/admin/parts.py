"""Packages and lines of a stored document as the objects and first values that forms start from. Pure functions."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from core.documents import read_instant
from core.ids import PACKAGE, number_of
from purchasing.models import LineItem, Package, Purchase

STATE_OF_TYPE = {"processing": "processing", "shipment": "shipped", "refund": "returned", "cancelled": "cancelled"}


def package_of(purchase: Purchase, stored: dict[str, Any]) -> Package:
    """The package as an object; the document's own part stays with it as `stored`."""
    package = Package(
        id=_number(stored),
        site_id=purchase.site_id,
        purchase_id=purchase.pk,
        state=STATE_OF_TYPE[stored["type"]],
        visible_id=stored["identifiers"]["visible"],
        internal_id=stored["identifiers"]["internal"],
        platform_id=stored["identifiers"]["platform"],
        **{name: _instant(stored["dates"][name]) for name in ("shipped_at", "cancelled_at", "returned_at")},
    )
    package._state.adding = False
    package.stored = stored  # type: ignore[attr-defined]  # read by the forms of the package and of its lines
    return package


def line_of(package: Package, stored: dict[str, Any]) -> LineItem:
    """The line as an object; the document's own part stays with it as `stored`."""
    line = LineItem(
        id=_number(stored),
        site_id=package.site_id,
        purchase_id=package.purchase_id,
        package_id=package.pk,
        sku=stored["identifiers"].get("sku", ""),
        name_parent=stored["name_parent"],
        name_child=stored["name_child"],
        quantity=stored["quantity"],
    )
    line._state.adding = False
    line.stored = stored  # type: ignore[attr-defined]  # read by the form of the line
    return line


def package_values(stored: dict[str, Any]) -> dict[str, Any]:
    """What a form of the package shows beside the object's own fields."""
    shipment = (stored["shipments"] or [{}])[0]
    method = stored["shipping_method"] or {}
    total = method.get("line_total") or {}
    return {
        "carrier": shipment.get("carrier", ""),
        "tracking_number": shipment.get("tracking_number", ""),
        "tracking_url": shipment.get("tracking_url", ""),
        "shipping_name": method.get("name", ""),
        "shipping_net": _amount(total.get("total_net")),
        "shipping_total_gross": _amount(total.get("total_gross")),
        "refund_shipping": _amount((stored["refund_shipping"] or {}).get("gross")),
    }


def line_values(stored: dict[str, Any]) -> dict[str, Any]:
    """What a form of the line shows beside the object's own fields."""
    total = stored["line_total"]
    rate = total.get("tax_rate")
    return {
        "total_net": _amount(total["total_net"]),
        "tax_rate": None if rate is None else Decimal(str(rate)),
        "total_tax": _amount(total.get("total_tax")),
        "total_gross": _amount(total.get("total_gross")),
        "refund_total": _amount((stored["refund_total"] or {}).get("gross")),
    }


def part_id(part: Package | LineItem) -> str | None:
    """`orp_12` of a stored package or line, None of a new one."""
    return part.stored["id"] if hasattr(part, "stored") else None


def _number(stored: dict[str, Any]) -> int:
    number = number_of(PACKAGE, stored["id"])
    assert number is not None  # we gave it
    return number


def _amount(money: dict[str, str] | None) -> Decimal | None:
    return None if money is None else Decimal(money["number"])


def _instant(text: str | None) -> datetime | None:
    return None if text is None else read_instant(text)
