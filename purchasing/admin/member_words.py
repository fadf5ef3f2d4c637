"""What people call the members of a purchase's document: `packages[0].line_items[1].quantity` is that of a line."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

ITEMS: dict[str, Any] = {
    "packages": _("Package %(number)s"),
    "line_items": _("Line %(number)s"),
    "shipments": _("Shipment %(number)s"),
    "accounting_files": _("File %(number)s"),
    "custom_fields": _("Custom field %(number)s"),
    "metadata": _("Metadata %(number)s"),
    "custom_attributes": _("Attribute %(number)s"),
    "tax_lines": _("Tax line %(number)s"),
}
"""Of a list, what one of it is called."""

WORDS: dict[str, Any] = {
    "type": _("Type"),
    "purchase_identifiers.visible": _("Number"),
    "purchase_identifiers": _("Identifiers"),
    "customer_identifiers.sparklayer": _("Customer"),
    "customer_identifiers": _("Customer"),
    "identifiers": _("Identifiers"),
    "sparklayer": _("SparkLayer id"),
    "sparklayer_id": _("SparkLayer id"),
    "sparklayer_package_id": _("SparkLayer id"),
    "platform": _("Platform id"),
    "internal": _("Internal id"),
    "visible": _("Number"),
    "external_id": _("External id"),
    "internal_id": _("Internal id"),
    "sparklayer_impersonator": _("Impersonator"),
    "sparklayer_child": _("Child"),
    "payment_method": _("Payment method"),
    "dates": _("Dates"),
    "created_at": _("Created at"),
    "updated_at": _("Updated at"),
    "placed_at": _("Placed at"),
    "shipped_at": _("Shipped at"),
    "cancelled_at": _("Cancelled at"),
    "returned_at": _("Returned at"),
    "refunded_at": _("Refunded at"),
    "customer_reference": _("PO number"),
    "currency_code": _("Currency"),
    "currency": _("Currency"),
    "number": _("Amount"),
    "amount": _("Amount"),
    "billing_address": _("Billing address"),
    "shipping_address": _("Shipping address"),
    "name": _("Name"),
    "company": _("Company"),
    "address_line1": _("Street"),
    "address_line2": _("Street, second line"),
    "city": _("City"),
    "region_code": _("Region"),
    "postal_code": _("Postcode"),
    "country_code": _("Country"),
    "phone": _("Phone"),
    "mobile": _("Mobile"),
    "title": _("Title"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "nickname": _("Nickname"),
    "packages": _("Packages"),
    "line_items": _("Lines"),
    "sku": _("SKU"),
    "barcode": _("Barcode"),
    "name_parent": _("Name"),
    "name_child": _("Variant"),
    "quantity": _("Quantity"),
    "custom_attributes": _("Attributes"),
    "key": _("Key"),
    "value": _("Value"),
    "line_total": _("Amounts"),
    "total_net": _("Net"),
    "total_tax": _("Tax"),
    "total_gross": _("Gross"),
    "net": _("Net"),
    "gross": _("Gross"),
    "discount_net": _("Discount, net"),
    "discount_gross": _("Discount, gross"),
    "tax_rate": _("Tax %"),
    "rate": _("Tax %"),
    "tax_lines": _("Tax lines"),
    "refund_total": _("Credited"),
    "refund_shipping": _("Freight credited"),
    "image_url": _("Picture"),
    "product_slug": _("Product"),
    "rrp": _("Recommended price"),
    "parent_line": _("Parent line"),
    "relation": _("Relation"),
    "shipping_method": _("Shipping"),
    "shipments": _("Shipments"),
    "carrier": _("Carrier"),
    "carrier_id": _("Carrier id"),
    "tracking_number": _("Tracking number"),
    "tracking_url": _("Tracking link"),
    "accounting_files": _("Files"),
    "data": _("Contents"),
    "uri": _("Link"),
    "file_type": _("Kind"),
    "custom_fields": _("Custom fields"),
    "metadata": _("Metadata"),
    "total_paid": _("Paid"),
    "quote_status": _("Quote status"),
    "quote_expires_at": _("Quote expires at"),
    "spark_billing_chargeable": _("Charged for by SparkLayer"),
    "calculated_payment": _("Payment"),
    "approval": _("Approval"),
}
"""Of every member that may be sent (`purchasing.documents`), by its name, or by that of the one around it as well."""

SILENT = frozenset({"dates", "identifiers", "purchase_identifiers", "customer_identifiers", "line_total", "data"})
"""Say nothing of their own to what stands in them."""

_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def words_of(path: str) -> str:
    """`packages[0].dates.shipped_at` → `Package 1 › Shipped at`; a name that nobody knows, such as a key of a program's
    own, stands as it is.
    """
    steps = _STEP.findall(path)
    told, around = [], ""
    for place, (name, index) in enumerate(steps):
        if index and name in ITEMS:
            told.append(ITEMS[name] % {"number": int(index) + 1})
        elif name not in SILENT or place == len(steps) - 1:
            told.append(str(WORDS.get(f"{around}.{name}") or WORDS.get(name) or name))
        around = name
    return " › ".join(told)
