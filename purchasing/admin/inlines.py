"""What stands inside a purchase's page: packages with their lines, transactions."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import SiteInline, SiteStackedInline, has_role
from core.models import StaffRole
from purchasing.admin.columns import lines_of
from purchasing.admin.forms import LineForm, LineFormSet, PackageForm, PackageFormSet
from purchasing.admin.transaction_form import RowForm
from purchasing.models import LineItem, Package, Purchase, PurchaseTransaction

PACKAGE_ROWS = (
    ("state_now", "visible_id", "internal_id", "platform_id"),
    ("shipped_at", "carrier"),
    ("returned_at", "tracking_number"),
    ("cancelled_at", "tracking_url"),
    ("shipping_name", "shipping_net", "shipping_total_gross", "refund_shipping"),
)
"""What the form of a package shows, row by row."""


class OfPurchase:
    """Before an inline: what a deleted purchase holds is only looked at. To take something away is a manager's."""

    changed_by: ClassVar[StaffRole] = StaffRole.CLERK
    deleted_by: ClassVar[StaffRole] = StaffRole.MANAGER

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _stands(obj) and bool(super().has_add_permission(request, obj))  # type: ignore[misc]  # a mixin

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _stands(obj) and bool(super().has_change_permission(request, obj))  # type: ignore[misc]  # a mixin

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _stands(obj) and bool(super().has_delete_permission(request, obj))  # type: ignore[misc]  # a mixin


class LineInline(OfPurchase, SiteInline):
    model = LineItem
    fk_name = "package"
    form = LineForm
    formset = LineFormSet
    verbose_name, verbose_name_plural = _("line"), _("lines")
    fields = (
        "sku",
        "name_parent",
        "name_child",
        "quantity",
        "total_net",
        "tax_rate",
        "total_tax",
        "total_gross",
        "refund_total",
    )


class PackageInline(OfPurchase, SiteStackedInline):
    """Packages, each with its lines. Shipping one is entering when."""

    model = Package
    form = PackageForm
    formset = PackageFormSet
    inlines = [LineInline]
    fieldsets: Any = ((None, {"fields": PACKAGE_ROWS}),)
    readonly_fields: tuple[str, ...] = ("state_now",)

    @display(description=_("state"))
    def state_now(self, package: Package) -> str:
        return str(package.get_state_display()) if package.pk else str(_("Processing"))


class LongPackageInline(PackageInline):
    """The same for a purchase of many lines: they are a table to read."""

    inlines: list[Any] = []
    fieldsets = ((None, {"fields": (*PACKAGE_ROWS, "lines_now")}),)
    readonly_fields = ("state_now", "lines_now")

    @display(description=_("lines"))
    def lines_now(self, package: Package) -> SafeString | str:
        return lines_of(package) if hasattr(package, "stored") else "—"


class TransactionInline(OfPurchase, SiteInline):
    """Payments and refunds. To un-apply an applied one or to change its amount is, like deleting, a manager's."""

    model = PurchaseTransaction
    form = RowForm
    fields = ("platform_id", "total", "currency_code", "apply_to_balance", "created_at")
    show_change_link = True
    verbose_name_plural = _("transactions")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.is_watched = False  # the version of the purchase says it
        formset.form.may_unapply = has_role(request, self.deleted_by, obj)
        return formset


def _stands(purchase: Any) -> bool:
    return not isinstance(purchase, Purchase) or purchase.deleted_at is None
