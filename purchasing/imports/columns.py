"""The columns of a file of purchases, and the members of the document that they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from core.imports.cells import figure, whole_number, word
from core.imports.rows import Column, as_written

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ADDRESS = {
    "name": "who it is for",
    "company": "the company",
    "address_line1": "needed in an address",
    "address_line2": "of the address",
    "city": "needed in an address",
    "region_code": "of the address",
    "postal_code": "of the address",
    "country_code": "needed in an address, such as GB",
    "phone": "of the address",
}
BILLING, SHIP_TO = "billing_", "ship_to_"
METADATA, CUSTOM_FIELD, ATTRIBUTE = "metadata:", "custom_field:", "attribute:"
IDENTIFIERS = {f"purchase_{kind}": kind for kind in ("sparklayer", "platform", "internal", "visible")}
"""The columns that name a purchase, by the look-up they are."""


def instant(cell: str) -> str:
    """A date-time as it is written; a date is its first moment in the site's time zone."""
    text = cell.strip()
    return f"{text}T00:00:00" if _DAY.fullmatch(text) else text


def money(cell: str) -> str:
    """An amount in the currency of the purchase."""
    return figure(cell)


class Member:
    """A column with the path of its member within the purchase, its package or its line."""

    def __init__(
        self, column: str, path: str, help: str, *, read: Callable[[str], Any] = as_written, for_file: bool = False
    ) -> None:
        self.name, self.path, self.is_money = column, path, read is money
        self.column = Column(column, help, read=read, for_file=for_file)


def _address(beginning: str, path: str, whose: str) -> list[Member]:
    return [Member(f"{beginning}{name}", f"{path}.{name}", f"{whose}: {what}") for name, what in _ADDRESS.items()]


OF_PURCHASE = [
    Member("purchase_sparklayer", "purchase_identifiers.sparklayer", "our id of the purchase; or one of the next"),
    Member("purchase_platform", "purchase_identifiers.platform", "its id on the shop platform"),
    Member("purchase_internal", "purchase_identifiers.internal", "its id in the books"),
    Member("purchase_visible", "purchase_identifiers.visible", "its number for people"),
    Member("type", "type", "order (where nothing is said), order_unconfirmed, awaiting_approval or quote", read=word),
    Member("customer", "customer_identifiers.sparklayer", "who buys: our id (cu_12) or the id elsewhere"),
    Member("customer_child", "customer_identifiers.sparklayer_child", "who buys for that company"),
    Member("customer_impersonator", "customer_identifiers.sparklayer_impersonator", "the sales agent"),
    Member("payment_method", "payment_method", "such as on_account"),
    Member("customer_reference", "customer_reference", "the PO number"),
    Member("placed_at", "dates.placed_at", "such as 2026-01-31 or 2026-01-31T09:30:00+00:00", read=instant),
    Member("created_at", "dates.created_at", "as placed_at", read=instant),
    Member("updated_at", "dates.updated_at", "as placed_at", read=instant),
    Member("currency_code", "currency_code", "of every amount, such as GBP", read=figure, for_file=True),
    Member("quote_status", "quote_status", "of a quote: draft, sent, accepted, rejected or expired", read=word),
    Member("quote_expires_at", "quote_expires_at", "of a quote, as placed_at", read=instant),
    *_address(BILLING, "billing_address", "billing address"),
]
STATE = [
    Member("package_type", "type", "processing (where nothing is said), shipment, refund or cancelled", read=word),
    Member("shipped_at", "dates.shipped_at", "of the package, as placed_at: it is shipped", read=instant),
    Member("cancelled_at", "dates.cancelled_at", "of the package: it is cancelled", read=instant),
    Member("returned_at", "dates.returned_at", "of the package: it came back", read=instant),
    Member("carrier", "shipments[0].carrier", "who carries the package"),
    Member("tracking_number", "shipments[0].tracking_number", "the carrier's number"),
    Member("tracking_url", "shipments[0].tracking_url", "an http or https address"),
]
"""What tells a package without a name of its own from the others."""
OF_PACKAGE = [
    Member("package", "identifiers.internal", "a name for the package; rows with the same one go into it"),
    *STATE,
    Member("shipping_method", "shipping_method.name", "how the package is sent"),
    Member("shipping_sku", "shipping_method.sku", "the SKU of that"),
    Member("shipping_net", "shipping_method.line_total.total_net", "what that costs, for the package", read=money),
    Member("shipping_tax_rate", "shipping_method.line_total.tax_rate", "per cent", read=figure),
    Member("shipping_gross", "shipping_method.line_total.total_gross", "with tax", read=money),
    *_address(SHIP_TO, "shipping_address", "where the package goes"),
]
OF_LINE = [
    Member("sku", "identifiers.sku", "of the line"),
    Member("line_external_id", "identifiers.external_id", "the line's id elsewhere"),
    Member("variant_id", "identifiers.variant_id", "our id of the variant"),
    Member("name", "name_parent", "what is bought; a line needs one"),
    Member("name_child", "name_child", "which variant of it"),
    Member("quantity", "quantity", "pieces; a line needs it", read=whole_number),
    Member("net", "line_total.total_net", "for all pieces, after discount; a line needs it", read=money),
    Member("discount_net", "line_total.discount_net", "what was taken off", read=money),
    Member("tax_rate", "line_total.tax_rate", "per cent", read=figure),
    Member("tax", "line_total.total_tax", "for all pieces", read=money),
    Member("gross", "line_total.total_gross", "for all pieces, with tax", read=money),
    Member("refund_gross", "refund_total.gross", "what was credited for a line that came back", read=money),
    Member("barcode", "barcode", "of the line"),
    Member("image_url", "image_url", "an http or https address"),
]
FAMILIES = [
    Column(METADATA, "such as metadata:Season, of the purchase", is_family=True),
    Column(CUSTOM_FIELD, "such as custom_field:Gate, of the purchase", is_family=True),
    Column(ATTRIBUTE, "such as attribute:Colour, of the line", is_family=True),
]
COLUMNS = [*(member.column for member in (*OF_PURCHASE, *OF_PACKAGE, *OF_LINE)), *FAMILIES]
