"""What a page of a purchase or package says to those who only look, where others have inputs: members of the document.

The columns of a row hold less than its document, so a field that only the form knows is told from there.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin.display import price, when
from core.documents import read_instant
from purchasing.admin.columns import lines_of
from purchasing.admin.forms import QUOTE_WORDS
from purchasing.admin.inlines import PackageInline
from purchasing.admin.parts import package_values
from purchasing.contents import web_address
from purchasing.models import Package, Purchase


class PackageFacts:
    """Mixed into the page and the inline of a package: what its form has beside the fields of the row."""

    @display(description=_("Carrier"), empty_value="—")
    def carrier_read(self, package: Package) -> str | None:
        return _said(package, "carrier")

    @display(description=_("Tracking number"), empty_value="—")
    def tracking_number_read(self, package: Package) -> str | None:
        return _said(package, "tracking_number")

    @display(description=_("Tracking link"), empty_value="—")
    def tracking_url_read(self, package: Package) -> SafeString | str | None:
        address = _said(package, "tracking_url")
        if address is None or not web_address(address):
            return address
        return format_html('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>', address, address)

    @display(description=_("Shipping method"), empty_value="—")
    def shipping_name_read(self, package: Package) -> str | None:
        return _said(package, "shipping_name")

    @display(description=_("Shipping net"), empty_value="—")
    def shipping_net_read(self, package: Package) -> SafeString | None:
        return _money(package, "shipping_net")

    @display(description=_("Shipping gross"), empty_value="—")
    def shipping_gross_read(self, package: Package) -> SafeString | None:
        """As sent, else as worked out."""
        total = (package.stored["shipping_method"] or {}).get("line_total") or {}  # type: ignore[attr-defined]  # as below
        gross = total.get("calculated_gross")
        return price(Decimal(gross["number"]), gross["currency"]) if gross else None

    @display(description=_("Shipping credited"), empty_value="—")
    def refund_shipping_read(self, package: Package) -> SafeString | None:
        return _money(package, "refund_shipping")

    @display(description=_("lines"))
    def lines_read(self, package: Package) -> SafeString:
        return lines_of(package)


READ_ROWS: tuple[Any, ...] = (
    ("shipped_at", "carrier_read"),
    ("returned_at", "tracking_number_read"),
    ("cancelled_at", "tracking_url_read"),
    ("shipping_name_read", "shipping_net_read", "shipping_gross_read", "refund_shipping_read"),
)
"""Of a package, between its names and its lines."""
READ_FIELDS: tuple[str, ...] = (*(name for row in READ_ROWS for name in row if name.endswith("_read")), "lines_read")


class ReadPackageInline(PackageFacts, PackageInline):
    """Packages with their lines, to look at."""

    inlines: list[Any] = []
    fieldsets = (
        (None, {"fields": (("state_now", "visible_id", "internal_id", "platform_id"), *READ_ROWS, "lines_read")}),
    )
    readonly_fields = ("state_now", *READ_FIELDS)


class PurchaseFacts:
    """Mixed into the page of a purchase: the same of its head."""

    @display(description=_("Quote status"), empty_value="—")
    def quote_status_read(self, purchase: Purchase) -> str | None:
        status = purchase.opened.document["quote_status"]  # type: ignore[attr-defined]  # set by get_object
        return str(QUOTE_WORDS.get(status, status)) if status else None

    @display(description=_("Quote expires at"), empty_value="—")
    def quote_expires_at_read(self, purchase: Purchase) -> SafeString | str | None:
        expires_at = purchase.opened.document["quote_expires_at"]  # type: ignore[attr-defined]  # as above
        return when(read_instant(expires_at)) if expires_at else None


READ_HEAD = {"quote_status": "quote_status_read", "quote_expires_at": "quote_expires_at_read"}


def _said(package: Package, name: str) -> str | None:
    return package_values(package.stored)[name] or None  # type: ignore[attr-defined]  # set with the package


def _money(package: Package, name: str) -> SafeString | None:
    value: Decimal | None = package_values(package.stored)[name]  # type: ignore[attr-defined]  # as above
    return None if value is None else price(value, package.purchase.currency_code)
