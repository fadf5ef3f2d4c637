"""Transactions: payments and refunds with a list and a page of their own.

Saving records as the API does, deleting un-applies first; one by one or many at once.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from core.admin import Confirmation, ImportAdmin, actor_of, carried_out, has_role, sites_here
from core.admin.dialogs import dialog_page
from core.admin.display import amount_text, formatted, money, page_of
from core.ids import is_uuid
from core.models import StaffRole
from purchasing.admin.filters import CurrencyFilter, MoneyKindFilter, SuspectedFilter
from purchasing.admin.finding import by_number, purchases_found
from purchasing.admin.transaction_form import (
    TransactionForm,
    UnapplyForm,
    check_new,
    check_version,
    new_platform_id,
    record,
)
from purchasing.admin.twins import side_by_side
from purchasing.admin.warning_words import warning_text
from purchasing.admin.whose import CustomerOfPurchaseFilter
from purchasing.identity import Lookup
from purchasing.imports import TransactionImporter
from purchasing.models import Purchase, PurchaseTransaction
from purchasing.operations import delete_transaction, record_transaction
from purchasing.warnings import NOT_A_BADGE

_OF_PURCHASE = _("%(id)s: %(amount)s of %(purchase)s")

_TITLES = {"payment": _("Record payment"), "refund": _("Record refund")}


@admin.register(PurchaseTransaction)
class TransactionAdmin(ImportAdmin):
    importer = TransactionImporter
    money_columns = ("amount",)
    form = TransactionForm
    changed_by = StaffRole.CLERK
    list_display = ("platform_id", "purchase_shown", "customer_shown", "kind", "amount", "applied", "created_at")
    list_filter = (
        CustomerOfPurchaseFilter,
        MoneyKindFilter,
        SuspectedFilter,
        "apply_to_balance",
        CurrencyFilter,
        "site",
    )
    list_filter_sheet = False
    search_fields = ("platform_id",)  # by the rules of `get_search_results`
    search_help_text = _("The beginning of a transaction id, or what finds its purchase")
    date_hierarchy = "created_at"
    sortable_by = ("created_at",)  # what has an index: any other order would read and sort everything
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("purchase",)
    actions = ("apply", "unapply")
    actions_detail = ("unapply_one",)
    change_form_outer_before_template = "admin/purchasing/transaction/twins.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PurchaseTransaction]:
        rows: QuerySet[PurchaseTransaction] = super().get_queryset(request)
        return rows.select_related("purchase__customer", "purchase__site").defer(
            "full_transaction", "purchase__header", "purchase__contents", "purchase__words"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PurchaseTransaction], search_term: str
    ) -> tuple[QuerySet[PurchaseTransaction], bool]:
        """By the beginning of its id, in its own letters, and by the purchase it is of."""
        text = search_term.strip()
        if not text:
            return queryset, False
        of_purchase = queryset.filter(purchase__in=purchases_found(request, text))
        return by_number(queryset, of_purchase, queryset.filter(platform_id__startswith=text)), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Suspected duplicates stand below each other, unless a column is asked for."""
        if request.GET.get(SuspectedFilter.parameter_name):
            return ("-purchase_id", "total", "created_at", "id")
        return self.ordering

    def get_fieldsets(self, request: HttpRequest, obj: PurchaseTransaction | None = None) -> Any:
        may_change = self.has_change_permission(request, obj)
        money_fields: Any = ("total", "currency_code") if may_change else "amount"
        fields: tuple[Any, ...]
        if obj is None:
            fields = ("purchase", "platform_id", money_fields, "apply_to_balance", "full_transaction")
        else:
            fields = (
                ("purchase_shown", "customer_shown"),
                "platform_id",
                money_fields,
                "apply_to_balance",
                ("created_at", "updated_at", "recorded_by"),
                "sent",
                *(("version",) if may_change else ()),
            )
        return ((None, {"fields": fields}),)

    def get_readonly_fields(self, request: HttpRequest, obj: PurchaseTransaction | None = None) -> list[str]:
        if obj is None:
            return []
        return [
            "purchase_shown",
            "customer_shown",
            "platform_id",
            "created_at",
            "updated_at",
            "recorded_by",
            "sent",
            "amount",
        ]

    def has_change_permission(self, request: HttpRequest, obj: PurchaseTransaction | None = None) -> bool:
        return _stands(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: PurchaseTransaction | None = None) -> bool:
        return _stands(obj) and super().has_delete_permission(request, obj)

    def has_unapply_permission(self, request: HttpRequest, obj: PurchaseTransaction | None = None) -> bool:
        return has_role(request, self.role_for("unapply"), obj)

    def has_unapply_one_permission(self, request: HttpRequest, object_id: str) -> bool:
        """Where the row's site allows it; of a row nobody finds it says what the reader may anywhere."""
        row = self.get_queryset(request).filter(pk=object_id).first() if is_uuid(object_id) else None
        return self.has_unapply_permission(request, row)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        allowed = super().get_actions_detail(request, object_id)
        rows = PurchaseTransaction.objects.applied().filter(purchase__deleted_at=None)
        return list(allowed) if is_uuid(object_id) and rows.filter(pk=object_id).exists() else []

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        row: PurchaseTransaction | None = options.get("obj")
        if row is not None:
            may_unapply = _stands(row) and self.has_unapply_permission(request, row)
            context["twins"] = side_by_side(row, may_unapply=may_unapply)
        response: HttpResponse = super().render_change_form(request, context, **options)
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.may_unapply = self.has_unapply_permission(request, obj)
        form.kind = _kind_asked(request) if obj is None else ""
        return form

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Called what the button of the purchase was that led here."""
        number, words = request.GET.get("purchase", ""), _TITLES.get(_kind_asked(request))
        if words and number.isascii() and number.isdecimal() and len(number) < 19:
            rows = Purchase.objects.filter(site__in=sites_here(request), pk=number)
            if purchase := rows.defer("header", "contents", "words").first():
                extra_context = {**(extra_context or {}), "title": f"{words}: {purchase}"}
        response: HttpResponse = super().add_view(request, form_url, extra_context)
        return response

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Applied, under an id of ours that a second click on Save cannot use again."""
        return {
            "platform_id": new_platform_id(),
            "apply_to_balance": True,
            **super().get_changeform_initial_data(request),
        }

    # --- writing ---------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: PurchaseTransaction, form: TransactionForm, change: bool) -> None:
        purchase = obj.purchase
        if change:
            check_version(transaction=obj, version=form.cleaned_data["version"])
        else:
            check_new(purchase=purchase, platform_id=obj.platform_id)
        recorded = record(purchase=purchase, document=form.document, actor=actor_of(request, purchase))
        obj.pk = recorded.pk
        for warning in recorded.warnings:
            if warning["code"] not in NOT_A_BADGE:
                messages.warning(request, warning_text(warning))

    def response_post_save_add(self, request: HttpRequest, obj: PurchaseTransaction) -> HttpResponse:
        """Back to the purchase, where one came from to record a payment or refund of it."""
        if request.GET.get("purchase") == str(obj.purchase_id):
            return HttpResponseRedirect(reverse("admin:purchasing_purchase_change", args=[obj.purchase_id]))
        response: HttpResponse = super().response_post_save_add(request, obj)
        return response

    def delete_model(self, request: HttpRequest, obj: PurchaseTransaction) -> None:
        delete_transaction(site=obj.site, transaction_id=obj.pk, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PurchaseTransaction]) -> None:
        for transaction in queryset.order_by("purchase_id", "pk"):
            if _stands(transaction):
                self.delete_model(request, transaction)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Confirmation:
        """What the confirmation lists: each transaction, and whether it is un-applied first."""
        listed = [
            (_("%(id)s: %(amount)s of %(purchase)s, un-applied first") if item.apply_to_balance else _OF_PURCHASE)
            % {
                "id": item.platform_id,
                "amount": amount_text(item.total, item.currency_code),
                "purchase": item.purchase,
            }
            for item in objs
        ]
        return listed, {str(_("transactions")): len(listed)}, set(), []

    @action(description=_("Un-apply"), url_path="un-apply", permissions=["unapply_one"])
    def unapply_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks first, on the row as it was opened."""
        row: PurchaseTransaction = self.get_object(request, object_id)
        page = reverse("admin:purchasing_purchasetransaction_change", args=[row.pk])
        if not (_stands(row) and row.apply_to_balance):
            messages.info(request, gettext("It is not applied."))
            return HttpResponseRedirect(page)
        form = UnapplyForm(request.POST if request.method == "POST" else None, updated_at=row.updated_at)

        def work() -> None:
            check_version(transaction=row, version=form.cleaned_data["version"])
            self._record_applied(request, row, applied=False)

        if form.is_valid() and carried_out(form, work):
            messages.success(request, gettext("%(transaction)s was un-applied.") % {"transaction": row})
            return HttpResponseRedirect(page)
        return dialog_page(
            self,
            request,
            form=form,
            title=gettext("Un-apply %(transaction)s") % {"transaction": row},
            explanation=gettext(
                "%(amount)s of %(purchase)s no longer count in payment status, history and balance. The transaction "
                "stays listed and can be applied again."
            )
            % {"amount": amount_text(row.total, row.currency_code), "purchase": row.purchase},
            submit=gettext("Un-apply"),
            back=page,
        )

    @admin.action(description=_("Un-apply the selected transactions"), permissions=["unapply"])
    def unapply(self, request: HttpRequest, queryset: QuerySet[PurchaseTransaction]) -> None:
        self._set_applied(request, queryset, applied=False)

    @admin.action(description=_("Apply the selected transactions"), permissions=["change"])
    def apply(self, request: HttpRequest, queryset: QuerySet[PurchaseTransaction]) -> None:
        self._set_applied(request, queryset, applied=True)

    def _set_applied(self, request: HttpRequest, queryset: QuerySet[PurchaseTransaction], *, applied: bool) -> None:
        chosen = queryset.filter(apply_to_balance=not applied, purchase__deleted_at=None)
        count = 0
        for item in chosen.order_by("purchase_id", "pk"):
            self._record_applied(request, item, applied=applied)
            count += 1
        messages.success(
            request, (_("%(count)s applied.") if applied else _("%(count)s un-applied.")) % {"count": count}
        )

    def _record_applied(self, request: HttpRequest, item: PurchaseTransaction, *, applied: bool) -> None:
        record_transaction(
            site=item.site,
            lookup=Lookup("sparklayer", item.purchase.spark_id),
            platform_id=item.platform_id,
            total=item.total,
            currency_code=item.currency_code,
            apply_to_balance=applied,
            actor=actor_of(request, item),
        )
        self.log_change(request, item, gettext("Applied.") if applied else gettext("Un-applied."))

    # --- columns ---------------------------------------------------------------------------------------------------

    @display(description=_("purchase"), ordering="purchase__visible_id")
    def purchase_shown(self, transaction: PurchaseTransaction) -> SafeString | str:
        return page_of(transaction.purchase)

    @display(description=_("customer"), ordering="purchase__customer__company_name")
    def customer_shown(self, transaction: PurchaseTransaction) -> SafeString | str:
        return page_of(transaction.purchase.customer)

    @display(description=_("kind"), label={"payment": "success", "refund": "warning"})
    def kind(self, transaction: PurchaseTransaction) -> tuple[str, Any]:
        return ("payment", _("Payment")) if transaction.total > 0 else ("refund", _("Refund"))

    @display(description=_("total"), ordering="total")
    def amount(self, transaction: PurchaseTransaction) -> SafeString:
        return money(transaction.total, transaction.currency_code)

    @display(description=_("applied"), ordering="apply_to_balance", boolean=True)
    def applied(self, transaction: PurchaseTransaction) -> bool:
        return transaction.apply_to_balance

    @display(description=_("full transaction"), empty_value="—")
    def sent(self, transaction: PurchaseTransaction) -> SafeString | None:
        """The outside system's own text."""
        return formatted(transaction.full_transaction) if transaction.full_transaction else None


def _stands(transaction: PurchaseTransaction | None) -> bool:
    """What a deleted purchase holds is only looked at."""
    return transaction is None or transaction.purchase.deleted_at is None


def _kind_asked(request: HttpRequest) -> str:
    """Which button of a purchase led here; empty when none did."""
    kind = request.GET.get("kind", "")
    return kind if kind in _TITLES else ""
