"""Purchases: the list, and one purchase with its packages, lines, transactions and revisions.

A save puts the whole document, as the API does, on the condition that the purchase is still at the version the form
was opened with; then records what was changed of the transactions. Either everything is done or nothing.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.admin import Confirmation, ImportAdmin, actor_of, sites_here
from core.admin.display import amount_text
from core.admin.figures import replaced
from core.ids import CUSTOMER, PURCHASE, number_of
from core.models import StaffRole
from customers.models import Customer
from purchasing.admin.columns import change_table
from purchasing.admin.filters import CurrencyFilter, DeletedFilter, OwingFilter, WarningsFilter
from purchasing.admin.forms import PurchaseForm
from purchasing.admin.inlines import LongPackageInline, PackageInline, TransactionInline
from purchasing.admin.opened import opened_with
from purchasing.admin.purchase_actions import PurchaseActions
from purchasing.admin.purchase_columns import PurchaseColumns
from purchasing.admin.reading import READ_HEAD, PurchaseFacts, ReadPackageInline
from purchasing.admin.saving import save_purchase
from purchasing.admin.timeline import timeline_of
from purchasing.admin.warning_words import warning_text
from purchasing.admin.whose import CustomerFilter
from purchasing.contents import files_in
from purchasing.identity import Lookup
from purchasing.imports import PurchaseImporter
from purchasing.models import FailedSubmission, Purchase, PurchaseTransaction
from purchasing.operations import delete_purchase
from purchasing.search import WORDS

MOST_CUSTOMERS = 50
"""Whose purchases a search by a customer's name finds."""


@admin.register(Purchase)
class PurchaseAdmin(PurchaseActions, PurchaseColumns, PurchaseFacts, ImportAdmin):
    money_columns = ("total", "outstanding_shown")
    importer = PurchaseImporter
    form = PurchaseForm
    changed_by = StaffRole.CLERK
    list_display = (
        "number_shown",
        "customer_shown",
        "type",
        "fulfilment",
        "payment",
        "total",
        "outstanding_shown",
        "placed",
        "badge",
    )
    list_filter = (
        CustomerFilter,
        "type",
        "calculated_fulfilment_status",
        "calculated_payment_status",
        OwingFilter,
        WarningsFilter,
        CurrencyFilter,
        "site",
        DeletedFilter,
    )
    list_filter_sheet = False
    search_fields = ("words",)  # by the rules of `get_search_results`
    search_help_text = _("Any id, PO number, SKU, product, ship-to or customer")
    date_hierarchy = "ordered_at"
    sortable_by = ("number_shown", "placed")  # what has an index: any other order would read and sort everything
    ordering = ("-ordered_at", "-id")
    autocomplete_fields = ("customer", "child", "impersonator")
    readonly_fields = (
        "figures",
        "warnings_shown",
        "failed_submission",
        "billing_address",
        "shipping_address",
        "currency_code",
        "files_shown",
        "packages_shown",
        *READ_HEAD.values(),
    )
    fieldsets = (
        (None, {"fields": ("figures", "warnings_shown")}),
        (
            _("Order"),
            {
                "fields": (
                    ("type", "placed_at"),
                    ("visible_id", "customer_reference"),
                    ("internal_id", "platform_id"),
                    ("payment_method", "currency_code"),
                    ("quote_status", "quote_expires_at"),
                    "version",
                )
            },
        ),
        (
            _("Customer"),
            {"fields": (("customer", "child", "impersonator"), ("billing_address", "shipping_address"))},
        ),
    )
    change_form_after_template = "admin/purchasing/purchase/story.html"
    change_form_before_template = "admin/purchasing/purchase/stale.html"

    # --- who may do what -------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Purchases are born by the API and by buyers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Purchase | None = None) -> bool:
        return _stands(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Purchase | None = None) -> bool:
        return _stands(obj) and super().has_delete_permission(request, obj)

    # --- reading ---------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Purchase]:
        rows = super().get_queryset(request).select_related("site", "customer")
        asked_for_one = request.resolver_match is not None and "object_id" in request.resolver_match.kwargs
        return rows if asked_for_one else rows.defer("header", "contents")

    def dated_rows(self, rows: QuerySet[Purchase]) -> QuerySet[Purchase]:
        return rows.filter(deleted_at=None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Purchase], search_term: str
    ) -> tuple[QuerySet[Purchase], bool]:
        """By the rules of every search of purchases, and by customers as they are called today; `o_12` is one alone."""
        if "\x00" in search_term:  # no text that is kept has it
            return queryset.none(), False
        number, customer = number_of(PURCHASE, search_term.strip()), number_of(CUSTOMER, search_term.strip())
        if number is not None:
            return queryset.filter(pk=number), False
        if customer is not None:
            return queryset.filter(Q(customer=customer) | Q(child=customer)), False
        if not search_term.strip():
            return queryset, False
        sites = sites_here(request)
        customers = Customer.objects.filter(site__in=sites).matching(search_term.split()[:WORDS])[:MOST_CUSTOMERS]
        found = Purchase.objects.found_by(search_term, sites=sites, customers=customers)
        return queryset & found, False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Purchase:
        purchase: Purchase = super().get_object(request, object_id, from_field)
        version = request.POST.get("version") if request.method == "POST" else None
        purchase.opened = opened_with(purchase, version)  # type: ignore[attr-defined]  # for forms and inlines
        purchase.failed = FailedSubmission.objects.filter(site=purchase.site_id, purchase=purchase.pk).first()  # type: ignore[attr-defined]  # for the page
        return purchase

    def get_inlines(self, request: HttpRequest, obj: Purchase | None) -> list[Any]:
        opened = obj.opened  # type: ignore[union-attr]  # set by get_object; there is no page to add one
        if not opened.packages_are_editable:
            return [TransactionInline]
        if not self.has_change_permission(request, obj):
            return [ReadPackageInline, TransactionInline]
        return [PackageInline if opened.lines_are_editable else LongPackageInline, TransactionInline]

    def get_fieldsets(self, request: HttpRequest, obj: Purchase | None = None) -> Any:
        opened = obj.opened  # type: ignore[union-attr]  # as above
        many = () if opened.packages_are_editable else ((_("Packages"), {"fields": ("packages_shown",)}),)
        first: Any
        first, *others = self.fieldsets
        if obj.failed is not None:  # type: ignore[union-attr]  # as above
            first = (None, {"fields": ("figures", "warnings_shown", "failed_submission")})
        files = ((_("Files"), {"fields": ("files_shown",)}),) if files_in(opened.document) else ()
        shown = (first, *others, *files, *many)
        return shown if self.has_change_permission(request, obj) else replaced(shown, {**READ_HEAD, "version": None})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        purchase: Purchase | None = options.get("obj")
        if purchase is not None:
            context["opened"] = purchase.opened  # type: ignore[attr-defined]  # set by get_object
            context["changes"] = change_table(purchase.opened.changes)  # type: ignore[attr-defined]  # as above
            context["timeline"] = timeline_of(purchase)
        response: HttpResponse = super().render_change_form(request, context, **options)
        return response

    # --- writing ---------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Purchase, form: PurchaseForm, change: bool) -> None:
        """Header, packages and transactions are one save: see `save_related`."""

    def save_related(self, request: HttpRequest, form: PurchaseForm, formsets: Any, change: bool) -> None:
        for warning in save_purchase(form, formsets, actor=actor_of(request, form.instance)):
            messages.warning(request, warning_text(warning))

    def delete_model(self, request: HttpRequest, obj: Purchase) -> None:
        delete_purchase(site=obj.site, lookup=Lookup("sparklayer", obj.spark_id), actor=actor_of(request), unapply=True)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Purchase]) -> None:
        for purchase in queryset.order_by("pk"):
            if purchase.deleted_at is None:
                self.delete_model(request, purchase)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Confirmation:
        """What the confirmation lists: the purchases, and the transactions that are un-applied with them."""
        purchases = [purchase for purchase in objs if purchase.deleted_at is None]
        applied = PurchaseTransaction.objects.applied().filter(purchase__in=purchases)
        by_purchase: dict[int, list[str]] = {}
        for item in applied:
            text = _("un-apply %(id)s: %(amount)s") % {
                "id": item.platform_id,
                "amount": amount_text(item.total, item.currency_code),
            }
            by_purchase.setdefault(item.purchase_id, []).append(text)
        listed: list[Any] = []
        for purchase in purchases:
            listed.append(_("Purchase %(number)s") % {"number": purchase})
            if purchase.pk in by_purchase:
                listed.append(by_purchase[purchase.pk])
        count = {
            str(_("purchases")): len(purchases),
            str(_("transactions to un-apply")): sum(map(len, by_purchase.values())),
        }
        return listed, {name: number for name, number in count.items() if number}, set(), []


def _stands(purchase: Purchase | None) -> bool:
    """A deleted purchase is only looked at."""
    return purchase is None or purchase.deleted_at is None
