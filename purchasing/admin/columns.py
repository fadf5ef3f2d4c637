"""How figures, states and documents look in the back office."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from purchasing.comparison import Change
from purchasing.payment import PaymentStatus
from purchasing.status import FulfilmentStatus, PackageState

FULFILMENT_LABELS = {
    FulfilmentStatus.PROCESSING: "info",
    FulfilmentStatus.PARTIALLY_SHIPPED: "warning",
    FulfilmentStatus.SHIPPED: "success",
    FulfilmentStatus.PARTIALLY_RETURNED: "warning",
    FulfilmentStatus.RETURNED: "primary",
    FulfilmentStatus.CANCELLED: "danger",
}
PAYMENT_LABELS = {
    PaymentStatus.UNPAID: "danger",
    PaymentStatus.PARTIALLY_PAID: "warning",
    PaymentStatus.PAID: "success",
    PaymentStatus.OVERPAID: "info",
    PaymentStatus.PARTIALLY_REFUNDED: "primary",
    PaymentStatus.REFUNDED: "primary",
}
STATE_LABELS = {
    PackageState.PROCESSING: "info",
    PackageState.SHIPPED: "success",
    PackageState.RETURNED: "primary",
    PackageState.CANCELLED: "danger",
}
"""Colours of the labels."""


def change_table(changes: Iterable[Change]) -> SafeString:
    """Each change of a document: which member, what it was, what it is."""
    rows = [(change.path, _shown(change.old), _shown(change.new)) for change in changes]
    body = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
    return format_html(
        '<table class="plain changes"><thead><tr><th scope="col">{}</th><th scope="col">{}</th>'
        '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>',
        *(_("Property"), _("Before"), _("Now")),
        body,
    )


def line_table(package: dict[str, Any]) -> SafeString:
    """The lines of a package, to read."""
    rows = [
        (
            line["identifiers"].get("sku", ""),
            f"{line['name_parent']} {line['name_child']}".strip(),
            line["quantity"],
            line["line_total"]["total_net"]["number"],
            line["line_total"]["calculated_gross"]["number"],
        )
        for line in package["line_items"]
    ]
    body = format_html_join(
        "",
        '<tr><td>{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td><td class="number">{}</td></tr>',
        rows,
    )
    return format_html(
        '<table class="plain"><thead><tr><th scope="col">{}</th><th scope="col">{}</th>'
        '<th scope="col" class="number">{}</th><th scope="col" class="number">{}</th>'
        '<th scope="col" class="number">{}</th></tr></thead><tbody>{}</tbody></table>',
        *(_("SKU"), _("Name"), _("Quantity"), _("Net"), _("Gross")),
        body,
    )


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, dict) and set(value) == {"number", "currency"}:
        return f"{value['number']} {value['currency']}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
