"""Packages: a list by state, date and customer, and one package with its lines. A save puts the purchase's document."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.admin import ExportAdmin, actor_of
from core.admin.display import page_of
from core.models import StaffRole
from purchasing.admin.columns import STATE_LABELS, change_table
from purchasing.admin.filters import DeletedFilter
from purchasing.admin.finding import by_number, purchases_found
from purchasing.admin.forms import PackagePageForm
from purchasing.admin.inlines import LineInline
from purchasing.admin.opened import EDITABLE_LINES, opened_with
from purchasing.admin.packing import packing_list
from purchasing.admin.parts import package_of
from purchasing.admin.reading import READ_FIELDS, READ_ROWS, PackageFacts
from purchasing.admin.saving import put_changes
from purchasing.admin.warning_words import warning_text
from purchasing.admin.whose import CustomerOfPurchaseFilter
from purchasing.models import Package


class OfDeletedPurchases(DeletedFilter):
    field = "purchase__deleted_at"


@admin.register(Package)
class PackageAdmin(PackageFacts, ExportAdmin):
    form = PackagePageForm
    changed_by = StaffRole.CLERK
    list_display = ("number", "purchase_shown", "customer_shown", "state_shown", "shipped_at", "ship_to")
    list_filter = (
        CustomerOfPurchaseFilter,
        "state",
        ("shipped_at", admin.DateFieldListFilter),
        "site",
        OfDeletedPurchases,
    )
    list_filter_sheet = False
    date_hierarchy = "purchase__ordered_at"
    search_fields = (
        "visible_id",
        "internal_id",
        "platform_id",
        "spark_package_id__iexact",
        "lines__sku",
        "purchase__visible_id",
        "purchase__customer__company_name",
    )
    search_help_text = _("The beginning of a package's or purchase's number, SKU or customer; a whole tracking number")
    sortable_by = ()  # no other order has an index: it would read and sort everything
    ordering = ("-purchase__ordered_at", "-purchase_id", "position")
    readonly_fields = ("purchase_shown", "customer_shown", "state_now", *READ_FIELDS)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("purchase_shown", "customer_shown", "state_now"),
                    ("visible_id", "internal_id", "platform_id"),
                    ("shipped_at", "carrier"),
                    ("returned_at", "tracking_number"),
                    ("cancelled_at", "tracking_url"),
                    ("shipping_name", "shipping_net", "shipping_total_gross", "refund_shipping"),
                    "ship_to",
                    "version",
                )
            },
        ),
    )
    fieldsets_to_read = (
        (
            None,
            {
                "fields": (
                    ("purchase_shown", "customer_shown", "state_now"),
                    ("visible_id", "internal_id", "platform_id"),
                    *READ_ROWS,
                    "ship_to",
                )
            },
        ),
    )
    change_form_before_template = "admin/purchasing/purchase/stale.html"
    actions_detail = ("packing_list",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Packages are added in their purchase."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Packages are taken away in their purchase."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Package | None = None) -> bool:
        stands = obj is None or obj.purchase.deleted_at is None
        return stands and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Package]:
        rows: QuerySet[Package] = super().get_queryset(request)
        # Said of the purchase too: then its index of the newest gives the order.
        rows = rows.filter(purchase__site=F("site")).select_related("purchase__customer", "purchase__site")
        asked_for_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return rows if asked_for_one else rows.defer("purchase__header", "purchase__contents", "purchase__words")

    def dated_rows(self, rows: QuerySet[Package]) -> QuerySet[Package]:
        return rows.filter(purchase__deleted_at=None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Package], search_term: str
    ) -> tuple[QuerySet[Package], bool]:
        """Packages in which every word occurs, among those of the purchases that the search finds; or by tracking."""
        text = search_term.strip()
        if not text:
            return queryset, False
        found, _duplicates = super().get_search_results(
            request, queryset.filter(purchase__in=purchases_found(request, text)), text
        )
        # Said apart, because the index holds the few that are tracked.
        tracked = queryset.filter(~Q(tracking=[]), tracking__contains=[{"number": text}])
        return by_number(queryset, found, tracked), False

    def get_inlines(self, request: HttpRequest, obj: Package | None) -> list[Any]:
        return [LineInline] if _has_few_lines(obj) and self.has_change_permission(request, obj) else []

    def get_fieldsets(self, request: HttpRequest, obj: Package | None = None) -> Any:
        lines = (_("Lines"), {"fields": ("lines_read",)})
        if not self.has_change_permission(request, obj):
            return (*self.fieldsets_to_read, lines)
        return self.fieldsets if _has_few_lines(obj) else (*self.fieldsets, lines)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Package:
        """The package as it was in the version of the purchase that the form was opened with."""
        row: Package = super().get_object(request, object_id, from_field)
        purchase = row.purchase
        version = request.POST.get("version") if request.method == "POST" else None
        purchase.opened = opened_with(purchase, version)  # type: ignore[attr-defined]  # for the form
        for stored in purchase.opened.document["packages"]:  # type: ignore[attr-defined]  # just set
            if stored["id"] == row.public_id:
                package = package_of(purchase, stored)
                package.purchase, package.site, package.ship_to = purchase, purchase.site, row.ship_to
                return package
        raise Http404

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        package: Package | None = options.get("obj")
        if package is not None:
            context["opened"] = package.purchase.opened  # type: ignore[attr-defined]  # set by get_object
            context["changes"] = change_table(context["opened"].changes)
        response: HttpResponse = super().render_change_form(request, context, **options)
        return response

    def save_model(self, request: HttpRequest, obj: Package, form: PackagePageForm, change: bool) -> None:
        """Package and lines are one save: see `save_related`."""

    def save_related(self, request: HttpRequest, form: PackagePageForm, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)
        purchase = form.instance.purchase
        warnings = put_changes(purchase, actor=actor_of(request, purchase), packages=[form.edit(formsets)])
        for warning in warnings:
            messages.warning(request, warning_text(warning))

    @action(description=_("Packing list"), url_path="packing-list")
    def packing_list(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To print; `?format=pdf` is the PDF."""
        package: Any = self.get_object(request, object_id)
        back = reverse("admin:purchasing_package_change", args=[package.pk])
        position = package.purchase.opened.document["packages"].index(package.stored)
        return packing_list(request, package.purchase, back=back, position=position)

    # --- columns ---------------------------------------------------------------------------------------------------

    @display(description=_("package"), ordering="visible_id")
    def number(self, package: Package) -> str:
        return str(package)

    @display(description=_("purchase"), ordering="purchase__visible_id")
    def purchase_shown(self, package: Package) -> SafeString | str:
        return page_of(package.purchase)

    @display(description=_("customer"), ordering="purchase__customer__company_name")
    def customer_shown(self, package: Package) -> SafeString | str:
        return page_of(package.purchase.customer)

    @display(description=_("state"), ordering="state", label=STATE_LABELS)
    def state_shown(self, package: Package) -> tuple[str, str]:
        return package.state, package.get_state_display()

    @display(description=_("state"))
    def state_now(self, package: Package) -> str:
        """On the page of a package, where a label would be shown as the pair that makes it."""
        return str(package.get_state_display())


def _has_few_lines(package: Package | None) -> bool:
    stored = getattr(package, "stored", None)
    return stored is None or len(stored["line_items"]) <= EDITABLE_LINES
