"""Customers: the company, its people and addresses, and what it owes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from core.admin import Confirmation, ImportAdmin, SiteModelForm, SiteStackedInline, actor_of
from core.admin.display import amount_text, money, page_of
from core.ids import CUSTOMER, number_of
from core.money import money_text
from customers.admin.accounts import BalanceInline
from customers.admin.buttons import CustomerButtons
from customers.admin.masquerades import MasqueradeButton
from customers.admin.saving import PROPERTY_FIELDS, save_addresses, save_customer
from customers.imports import CustomerImporter
from customers.models import Address, Customer
from customers.operations import delete_customer

STATUS_LABELS = {"pending": "warning", "active": "success", "inactive": "info", "rejected": "danger"}
CHILDREN_SHOWN = 50


class CustomerForm(SiteModelForm):
    money_in: ClassVar[Mapping[str, str]] = {"credit_limit": "credit_currency_code"}
    property_fields = PROPERTY_FIELDS


class AddressInline(SiteStackedInline):
    model = Address
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("nickname", "company", "external_id"),
                    ("title", "first_name", "last_name"),
                    ("address_line1", "address_line2"),
                    ("city", "region_code", "postal_code", "country_code"),
                    ("phone", "mobile"),
                )
            },
        ),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _present(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _present(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _present(obj) and super().has_delete_permission(request, obj)


class DeletedCustomers(admin.SimpleListFilter):
    """Deleted customers stay for the books; the list shows them when asked to."""

    title = _("deleted")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Deleted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> QuerySet[Customer]:
        return queryset.filter(deleted_at__isnull=self.value() != "yes")


@admin.register(Customer)
class CustomerAdmin(CustomerButtons, MasqueradeButton, ImportAdmin):
    importer = CustomerImporter
    form = CustomerForm
    list_display = ("name", "email", "parent", "group", "status_shown", "role", "balances", "external_id")
    list_filter = ("status", "role", "group", "payment_on_account", "site", DeletedCustomers)
    list_filter_sheet = False
    search_fields = ("company_name", "first_name", "last_name", "email", "external_id", "accounting_id")
    search_help_text = _("Name, e-mail or id")
    autocomplete_fields = ("parent",)
    inlines = (AddressInline, BalanceInline)
    actions_detail: tuple[Any, ...] = ("statement", "entry")
    readonly_fields = ("public_number", "children_shown", "purchases", "credit_limit_shown")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("company_name", "email"),
                    ("title", "first_name", "last_name"),
                    ("status", "role", "group"),
                    ("parent", "children_shown"),
                    ("public_number", "external_id", "accounting_id"),
                    "purchases",
                )
            },
        ),
        (
            _("Buying"),
            {
                "fields": (
                    ("currency_code", "discount_percentage", "tax_exempt"),
                    ("payment_on_account", "payment_by_invoice", "net_terms"),
                    ("credit_limit", "credit_currency_code"),
                    ("default_billing_address", "default_shipping_address"),
                    ("price_lists", "vatin_numbers"),
                    ("sales_agent_groups", "available_shipping_addresses"),
                )
            },
        ),
        (_("More"), {"fields": ("metadata", ("created_at", "updated_at"))}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "site",
                    ("company_name", "email"),
                    ("first_name", "last_name"),
                    ("status", "role", "group"),
                    ("parent", "external_id"),
                    ("currency_code", "payment_on_account"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        rows: QuerySet[Customer] = super().get_queryset(request)
        return rows.select_related("site", "parent", "group").prefetch_related("accounts")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        """`cu_5` finds the customer it names; a choice never offers deleted ones."""
        if "model_name" in request.GET:
            queryset = queryset.filter(deleted_at=None)
        number = number_of(CUSTOMER, search_term.strip())
        if number is not None:
            return queryset.filter(pk=number), False
        return super().get_search_results(request, queryset, search_term)

    def get_inlines(self, request: HttpRequest, obj: Customer | None) -> Any:
        return self.inlines if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        customer = getattr(request, "customer", None)
        if customer is not None and db_field.related_model is Address:
            field.queryset = field.queryset.filter(customer=customer)
        return field

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Customer:
        customer: Customer = super().get_object(request, object_id, from_field)
        request.customer = customer  # type: ignore[attr-defined]  # whose addresses may be chosen
        return customer

    def has_change_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return _present(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Customer | None = None) -> bool:
        return _present(obj) and super().has_delete_permission(request, obj)

    # --- writing ---------------------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Customer, form: CustomerForm, change: bool) -> None:
        obj.pk = save_customer(form, change=change, actor=actor_of(request), now=timezone.now()).pk

    def save_related(self, request: HttpRequest, form: CustomerForm, formsets: Any, change: bool) -> None:
        for formset in formsets:
            if formset.model is Address:
                save_addresses(form.instance, formset)
            else:
                formset.save(commit=False)

    def delete_model(self, request: HttpRequest, obj: Customer) -> None:
        delete_customer(site=obj.site, customer_id=obj.public_id, now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Customer]) -> None:
        for customer in queryset.filter(deleted_at=None).order_by("pk"):
            self.delete_model(request, customer)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Confirmation:
        """Customers are hidden; what they bought and owe stays."""
        told = _("%(customer)s: hidden; purchases, ledger and addresses stay")
        listed = [told % {"customer": customer} for customer in objs]
        return listed, {str(_("customers")): len(listed)}, set(), []

    def get_fieldsets(self, request: HttpRequest, obj: Customer | None = None) -> Any:
        """Who only reads sees the credit limit as money."""
        shown: Any = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return shown
        code, read = "credit_currency_code", "credit_limit_shown"
        return [
            (name, {**parts, "fields": tuple(read if code in row else row for row in parts["fields"])})
            for name, parts in shown
        ]

    # --- columns ---------------------------------------------------------------------------------------------------

    @display(description=_("name"), ordering="company_name")
    def name(self, customer: Customer) -> str:
        return str(customer)

    @display(description=_("status"), ordering="status", label=STATUS_LABELS)
    def status_shown(self, customer: Customer) -> tuple[str, str]:
        return customer.status, customer.get_status_display()

    @display(description=_("balance"), empty_value="—")
    def balances(self, customer: Customer) -> SafeString | None:
        """Of the account itself; a child owes through its company."""
        owed = [(money(account.balance, account.currency_code),) for account in customer.accounts.all()]
        return format_html_join("", "{}", owed) if owed else None

    def exported_balances(self, customer: Customer) -> str:
        accounts = customer.accounts.all()
        return "; ".join(f"{money_text(each.balance, each.currency_code)} {each.currency_code}" for each in accounts)

    @display(description=_("credit limit"), empty_value="—")
    def credit_limit_shown(self, customer: Customer) -> str | None:
        code = customer.credit_currency_code
        return amount_text(customer.credit_limit, code) if customer.credit_limit is not None and code else None

    @display(description=_("our id"))
    def public_number(self, customer: Customer) -> str:
        return customer.public_id if customer.pk else "—"

    @display(description=_("buy for this company"), empty_value="—")
    def children_shown(self, customer: Customer) -> SafeString | None:
        children = customer.children.filter(site=customer.site_id, deleted_at=None)[: CHILDREN_SHOWN + 1]
        links = format_html_join(", ", "{}", ((page_of(child),) for child in children[:CHILDREN_SHOWN]))
        return (
            format_html("{}{}", links, _(" and more") if len(children) > CHILDREN_SHOWN else "") if children else None
        )

    @display(description=_("purchases"))
    def purchases(self, customer: Customer) -> SafeString:
        address = reverse("admin:purchasing_purchase_changelist")
        return format_html(
            '<a href="{}?customer__id__exact={}">{}</a>',
            address,
            customer.pk,
            _("Purchases of %(name)s") % {"name": customer},
        )


def _present(customer: Any) -> bool:
    """A deleted customer is only looked at."""
    return not isinstance(customer, Customer) or customer.deleted_at is None
