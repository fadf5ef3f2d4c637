"""From what was changed in a form to the document that is put. Pure functions.

Only what somebody changed is set; everything else of the stored document stays as it is, so that a member no form
shows survives every save.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.ids import CUSTOMER, public_id

Values = Mapping[str, Any]

_STATE_DATES = frozenset({"shipped_at", "cancelled_at", "returned_at"})
_SHIPMENT = {"carrier": "carrier", "tracking_number": "tracking_number", "tracking_url": "tracking_url"}
_AMOUNTS_OF_LINE = ("total_net", "total_tax", "total_gross")
_PARTIES = {"customer": "sparklayer", "child": "sparklayer_child", "impersonator": "sparklayer_impersonator"}
_IDENTIFIERS = {"visible_id": "visible", "internal_id": "internal", "platform_id": "platform"}


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What was changed of a line. `id`: ours (`orp_12`), None for a new line."""

    id: str | None
    values: Values = field(default_factory=dict)
    removed: bool = False


@dataclass(frozen=True, slots=True)
class PackageEdit:
    """What was changed of a package and its lines. `id`: ours, None for a new package."""

    id: str | None
    values: Values = field(default_factory=dict)
    lines: Sequence[LineEdit] = ()
    removed: bool = False


def edited_document(
    stored: dict[str, Any], *, header: Values | None = None, packages: Sequence[PackageEdit] = ()
) -> dict[str, Any]:
    """The stored document with these changes, to be put. `stored` itself is left alone.

    A package whose dates change takes its state from them: its former `type` no longer speaks.
    """
    document = copy.deepcopy(stored)
    _edit_header(document, header or {})
    currency_code = document["currency_code"]
    by_id = {package["id"]: package for package in document["packages"]}
    for edit in packages:
        package = by_id.get(edit.id or "")
        if edit.removed:
            if package is not None:
                document["packages"].remove(package)
            continue
        if package is None:
            if not edit.values and not edit.lines:
                continue
            package = {"line_items": [], "dates": {}, "identifiers": {}, "shipments": []}
            document["packages"].append(package)
        _edit_package(package, edit.values, currency_code)
        _edit_lines(package["line_items"], edit.lines, currency_code)
    return document


def _edit_header(document: dict[str, Any], values: Values) -> None:
    for name, value in values.items():
        if name in _IDENTIFIERS:
            # An empty identifier would keep the stored one; null removes it.
            document["purchase_identifiers"][_IDENTIFIERS[name]] = value or None
        elif name in _PARTIES:
            document["customer_identifiers"][_PARTIES[name]] = public_id(CUSTOMER, value.pk) if value else None
        elif name == "placed_at":
            document["dates"]["placed_at"] = value
        else:
            document[name] = value


def _edit_package(package: dict[str, Any], values: Values, currency_code: str) -> None:
    if _STATE_DATES & set(values):
        package["type"] = ""
    for name, value in values.items():
        if name in _STATE_DATES:
            package["dates"][name] = value
        elif name in _IDENTIFIERS:
            package["identifiers"][_IDENTIFIERS[name]] = value
        elif name == "refund_shipping":
            package["refund_shipping"] = _credited(value, currency_code)
    shipment = {_SHIPMENT[name]: value for name, value in values.items() if name in _SHIPMENT}
    if shipment:
        first = {**(package["shipments"] or [{}])[0], **shipment}
        package["shipments"][:1] = [first] if any(first.values()) else []
    _edit_shipping(package, values, currency_code)


def _edit_shipping(package: dict[str, Any], values: Values, currency_code: str) -> None:
    amounts = {"shipping_net": "total_net", "shipping_total_gross": "total_gross"}
    if not {"shipping_name", *amounts} & set(values):
        return
    method = package.get("shipping_method") or {"name": "", "sku": "", "line_total": None}
    method["name"] = values.get("shipping_name", method["name"])
    total = method["line_total"] or {}
    for name, member in amounts.items():
        if name in values:
            total[member] = _money(values[name], currency_code)
    method["line_total"] = total or None
    package["shipping_method"] = method


def _edit_lines(lines: list[dict[str, Any]], edits: Sequence[LineEdit], currency_code: str) -> None:
    by_id = {line["id"]: line for line in lines}
    for edit in edits:
        line = by_id.get(edit.id or "")
        if edit.removed:
            if line is not None:
                lines.remove(line)
            continue
        if line is None:
            if not edit.values:
                continue
            line = {"identifiers": {}, "line_total": {}}
            lines.append(line)
        _edit_line(line, edit.values, currency_code)


def _edit_line(line: dict[str, Any], values: Values, currency_code: str) -> None:
    for name, value in values.items():
        if name == "sku":
            line["identifiers"].pop("sku", None)
            if value:
                line["identifiers"]["sku"] = value
        elif name in _AMOUNTS_OF_LINE:
            line["line_total"][name] = _money(value, currency_code)
        elif name == "tax_rate":
            line["line_total"]["tax_rate"] = value
        elif name == "refund_total":
            line["refund_total"] = _credited(value, currency_code)
        else:
            line[name] = value


def _money(amount: Any, currency_code: str) -> dict[str, Any] | None:
    return None if amount is None else {"number": amount, "currency": currency_code}


def _credited(amount: Any, currency_code: str) -> dict[str, Any] | None:
    """What is credited, gross; how much of it is net is not known here."""
    return None if amount is None else {"gross": _money(amount, currency_code)}
